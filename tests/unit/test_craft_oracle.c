/*
 * test_craft_oracle.c: tshark reads in our packets what was asked for. Each packet goes into
 * a capture with an Ethernet header in front, and a display filter says what must be in it.
 */
#include "craft_rows.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static void skip_without_tshark(void)
{
    if (system("command -v tshark >/dev/null") == 0)
        return;
    print_message("tshark is not here: what it reads in our packets is not compared\n");
    skip();
}

/* --- a capture file in memory, and the filter of each packet in it ------------- */

struct capture {
    struct text file, filter;
    unsigned count;
};

static void put_u32(struct text *out,
                    uint32_t number) /* in the machine's own order, as pcap wants */
{
    text_put_n(out, (const char *)&number, sizeof number);
}

static void capture_add(struct capture *c, const struct packet *packet, const char *filter)
{
    struct bytes bytes = crafted_bytes(&packet->crafted);
    bool six = packet->recipe.ip == &proto_ipv6;
    if (!c->count) {
        put_u32(&c->file, 0xa1b2c3d4); /* microseconds; version 2.4; snaplen; Ethernet */
        put_u32(&c->file, 2 | 4 << 16);
        put_u32(&c->file, 0);
        put_u32(&c->file, 0);
        put_u32(&c->file, 262144);
        put_u32(&c->file, LINKTYPE_ETHERNET);
    }
    put_u32(&c->file, ++c->count);
    put_u32(&c->file, 0);
    put_u32(&c->file, (uint32_t)bytes.len + 14);
    put_u32(&c->file, (uint32_t)bytes.len + 14);
    text_put_n(&c->file, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
    text_put_n(&c->file, six ? "\x86\xdd" : "\x08\x00", 2);
    text_put_n(&c->file, (const char *)bytes.at, bytes.len);
    text_format(&c->filter, "%s(frame.number == %u && %s)", c->count > 1 ? " || " : "", c->count,
                filter);
}

/* Which packets pass their filters, as tshark sees it: a byte each. */
static void capture_ask(const struct capture *c, const char *preferences, uint8_t *passed)
{
    int fd = memfd_create("capture", 0); /* tshark inherits it */
    struct text command = TEXT_EMPTY;
    unsigned number, lines = 0;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, c->file.at, c->file.len), c->file.len);
    text_format(&command,
                "tshark -n -r /dev/fd/%d %s -o ip.defragment:FALSE "
                "-o tcp.relative_sequence_numbers:FALSE -T fields -e frame.number -Y '%s' "
                "2>/dev/null",
                fd, preferences, text_string((struct text *)&c->filter));
    FILE *said = popen(text_string(&command), "re");
    assert_non_null(said);
    for (; fscanf(said, "%u", &number) == 1; lines++) {
        assert_in_range(number, 1, c->count);
        passed[number - 1] = 1;
    }
    if (pclose(said) != 0)
        fail_msg("tshark refuses this:\n%s", text_string(&command));
    close(fd);
    text_free(&command);
}

static void capture_free(struct capture *c)
{
    text_free(&c->file);
    text_free(&c->filter);
}

/* --- by hand ------------------------------------------------------------------- */

static const struct {
    const char *proto;
    int family;
    const char *words, *filter;
} cases[] = {
    {"tcp", AF_INET,
     "srcport=61000 dstport=8080 flags=SYN seq_raw=1234 "
     "options=mss:65495,sackok,ts:3493279538:7,nop,wscale:10",
     "ip.checksum.status == 1 && tcp.checksum.status == 1 && tcp.flags == 2 && "
     "tcp.hdr_len == 40 && tcp.seq_raw == 1234 && tcp.options.mss_val == 65495 && "
     "tcp.options.sack_perm && tcp.options.timestamp.tsval == 3493279538 && "
     "tcp.options.timestamp.tsecr == 7 && tcp.options.wscale.shift == 10"},
    {"tcp", AF_INET6, "dstport=8080 flags=SA flow=0xabcde tclass=0xb9 hlim=3 data=hi",
     "tcp.checksum.status == 1 && ipv6.flow == 0xabcde && ipv6.tclass.dscp == 46 && "
     "ipv6.tclass.ecn == 1 && ipv6.hlim == 3 && tcp.len == 2"},
    {"tcp", AF_INET, "flags=0xfff options=sack:1:2:3:4",
     "tcp.flags == 0xfff && tcp.flags.res == 1 && tcp.options.sack_le == 3 && "
     "tcp.checksum.status == 1"},
    {"tcp", AF_INET, "flags.syn=1 options=uto:1:300",
     "tcp.options.user_to_granularity == 1 && tcp.options.user_to_val == 300"},
    {"tcp", AF_INET, "checksum=0xbeef", "tcp.checksum.status == 0"},
    {"tcp", AF_INET, "ip.checksum=0xbeef", "ip.checksum.status == 0"},
    {"udp", AF_INET, "srcport=61000 dstport=9000 data=hex:f066",
     "udp.checksum == 0xffff && udp.checksum.status == 1"},
    {"udp", AF_INET6, "srcport=61000 dstport=9000 data=hex:ee67",
     "udp.checksum == 0xffff && udp.checksum.status == 1"},
    {"udp", AF_INET, "checksum=0", "udp.checksum == 0 && udp.checksum.status == 3"},
    {"udp", AF_INET, "length=8 data=abc", "udp.length == 8 && udp.checksum.status == 1"},
    {"udp", AF_INET, "ttl=1 ip.src=127.0.0.2 ip.dst=127.255.255.255 flags=DF id=0x1234",
     "ip.ttl == 1 && ip.src == 127.0.0.2 && ip.dst == 127.255.255.255 && ip.flags.df == 1 && "
     "ip.id == 0x1234 && ip.checksum.status == 1 && udp.checksum.status == 1"},
    {"udp", AF_INET, "dstport=9000 ip.options=rr:4:0.0.0.0,ra:0,nop data=hi",
     "ip.hdr_len == 32 && ip.checksum.status == 1 && ip.opt.ptr == 4 && ip.opt.ra == 0 && "
     "udp.dstport == 9000 && udp.checksum.status == 1"},
    {"tcp", AF_INET, "dstport=80 flags=S ip.options=satid:7 options=mss:536",
     "ip.opt.sid == 7 && tcp.options.mss_val == 536 && tcp.checksum.status == 1"},
    {"ip", AF_INET, "ip.proto=254 data=hex:01020304",
     "ip.proto == 254 && ip.len == 24 && ip.checksum.status == 1 && data.data == 01:02:03:04"},
    {"ip", AF_INET6, "ipv6.nxt=60 data=hex:3a00010400000000800037b600000001",
     "ipv6.plen == 16 && icmpv6.type == 128"},
    {"icmp", AF_INET, "type=13 ident=3 originate_timestamp=5",
     "icmp.originate_timestamp == 5 && icmp.transmit_timestamp == 0 && icmp.checksum.status == 1"},
    {"icmp", AF_INET6, "type=135 icmpv6.nd.ns.target_address=::1 hlim=255",
     "icmpv6.nd.ns.target_address == ::1 && icmpv6.checksum.status == 1"},
    {"icmp", AF_INET, "ident=7 seq=9 data=abcde",
     "icmp.type == 8 && icmp.ident == 7 && icmp.seq == 9 && icmp.checksum.status == 1"},
    {"icmp", AF_INET, "type=3 code=4 mtu=576 data=hex:45", "icmp.mtu == 576"},
    {"icmp", AF_INET, "type=5 redir_gw=127.0.0.9 data=hex:45", "icmp.redir_gw == 127.0.0.9"},
    {"icmp", AF_INET6, "echo.identifier=7 echo.sequence_number=9 data=abcde",
     "icmpv6.type == 128 && icmpv6.echo.identifier == 7 && icmpv6.echo.sequence_number == 9 && "
     "icmpv6.checksum.status == 1"},
    {"icmp", AF_INET6, "type=2 mtu=1280 data=hex:60", "icmpv6.mtu == 1280"},
};

static void tshark_reads_what_was_asked(void **state)
{
    (void)state;
    struct capture c = {0};
    uint8_t passed[COUNT(cases)] = {0};
    skip_without_tshark();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct packet *packet = must_craft(cases[i].proto, cases[i].family, cases[i].words);
        capture_add(&c, packet, cases[i].filter);
        packet_free(packet);
    }
    capture_ask(&c,
                "-o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -o ip.check_checksum:TRUE",
                passed);
    for (size_t i = 0; i < COUNT(cases); i++)
        if (!passed[i])
            fail_msg("%s: tshark does not see %s", cases[i].words, cases[i].filter);
    capture_free(&c);
}

/* --- by chance ------------------------------------------------------------------- */

enum { PACKETS = 60 };

/* A few rows of one packet; what steers is left as it is, so that tshark gets to the end. */
static void random_packet(struct capture *c, struct chance *chance, const char *proto, int family,
                          struct text *words)
{
    struct settables all = settables_of(proto, family);
    struct text filter = TEXT_EMPTY, value = TEXT_EMPTY;
    text_put(&filter, proto);
    for (size_t i = 0; i < all.count; i++) {
        const struct settable *row = &all.each[i];
        bool group = row->row->role == ROLE_GROUP, sum = row->row->role == ROLE_CHECKSUM;
        bool version = strstr(row->row->name, "version") != NULL;
        if (row->type >= 0 || steers(row->row) || group || sum || version ||
            row->row->role == ROLE_MORE || chance_below(chance, 3) == 0)
            continue;
        text_clear(&value);
        put_random(&value, chance, row->row);
        text_format(words, "%s=%s ", row->row->name, text_string(&value));
        text_format(&filter, " && %s == %s", row->row->name, text_string(&value));
    }
    struct packet *packet = must_craft(proto, family, text_string(words));
    capture_add(c, packet, text_string(&filter));
    packet_free(packet);
    text_free(&filter);
    text_free(&value);
}

static void tshark_reads_what_chance_asked(void **state)
{
    (void)state;
    static const char *const protos[] = {"tcp", "udp"};
    struct capture c = {0};
    struct text words[PACKETS] = {0};
    uint8_t passed[PACKETS] = {0};
    skip_without_tshark();
    struct chance chance = chance_new();
    for (size_t i = 0; i < PACKETS; i++)
        random_packet(&c, &chance, protos[i % 2], i / 2 % 2 ? AF_INET6 : AF_INET, &words[i]);
    capture_ask(&c, "", passed);
    for (size_t i = 0; i < PACKETS; i++) {
        if (!passed[i])
            fail_msg("tshark does not see %s", text_string(&words[i]));
        text_free(&words[i]);
    }
    capture_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tshark_reads_what_was_asked),
        cmocka_unit_test(tshark_reads_what_chance_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
