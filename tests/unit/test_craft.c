/*
 * test_craft.c: words to packets: the bytes, the sums, and what libnet alone would get wrong.
 * test_craft_words.c goes on with every row there is.
 */
#include "child.h"
#include "craft_check.h"

#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* --- whole packets, as worked out by hand ------------------------------------- */

/*
 *     IP (tos 0x0, ttl 64, id 0, offset 0, flags [none], proto TCP (6), length 48)
 *     127.0.0.1.61000 > 127.0.0.1.8080: Flags [S], cksum 0x7781 (correct), seq 1234, win 64240,
 *     options [mss 1460,sackOK,nop,nop], length 0
 */
static const uint8_t syn[] = {
    0x45, 0x00, 0x00, 0x30, 0x00, 0x00, 0x00, 0x00, 0x40, 0x06, 0x7c, 0xc6, 0x7f, 0x00, 0x00, 0x01,
    0x7f, 0x00, 0x00, 0x01, 0xee, 0x48, 0x1f, 0x90, 0x00, 0x00, 0x04, 0xd2, 0x00, 0x00, 0x00, 0x00,
    0x70, 0x02, 0xfa, 0xf0, 0x77, 0x81, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4, 0x04, 0x02, 0x01, 0x01};

/*
 *     IP6 (class 0xb8, flowlabel 0xabcde, hlim 64, next-header TCP (6) payload length: 24)
 *     ::1.61000 > ::1.8080: Flags [P.], cksum 0x0f7a (correct), seq 1235:1239, ack 5678, win 512,
 *     length 4
 * libnet 1.1.6 alone makes that flow label 0xadede.
 */
static const uint8_t push6[] = {
    0x6b, 0x8a, 0xbc, 0xde, 0x00, 0x18, 0x06, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0xee, 0x48, 0x1f, 0x90, 0x00, 0x00, 0x04, 0xd3,
    0x00, 0x00, 0x16, 0x2e, 0x50, 0x18, 0x02, 0x00, 0x0f, 0x7a, 0x00, 0x00, 0x68, 0x69, 0x0d, 0x0a};

/*
 *     IP (tos 0x0, ttl 3, id 4660, offset 0, flags [DF], proto UDP (17), length 31)
 *     127.0.0.2.61000 > 127.0.0.3.9000: [udp sum ok] UDP, length 3
 */
static const uint8_t datagram[] = {0x45, 0x00, 0x00, 0x1f, 0x12, 0x34, 0x40, 0x00, 0x03, 0x11, 0x67,
                                   0x95, 0x7f, 0x00, 0x00, 0x02, 0x7f, 0x00, 0x00, 0x03, 0xee, 0x48,
                                   0x23, 0x28, 0x00, 0x0b, 0x2b, 0xff, 0x61, 0x62, 0x63};

/*
 *     IP6 (hlim 64, next-header UDP (17) payload length: 10) ::1.61000 > ::1.9000: [udp sum ok]
 *     UDP, length 2
 */
static const uint8_t datagram6[] = {0x60, 0x00, 0x00, 0x00, 0x00, 0x0a, 0x11, 0x40, 0x00, 0x00,
                                    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
                                    0xee, 0x48, 0x23, 0x28, 0x00, 0x0a, 0x85, 0xfe, 0x68, 0x69};

/*
 *     IP (tos 0x0, ttl 64, id 0, offset 0, flags [none], proto ICMP (1), length 33)
 *     127.0.0.1 > 127.0.0.1: ICMP echo request, id 7, seq 9, length 13
 */
static const uint8_t echo[] = {0x45, 0x00, 0x00, 0x21, 0x00, 0x00, 0x00, 0x00, 0x40, 0x01, 0x7c,
                               0xda, 0x7f, 0x00, 0x00, 0x01, 0x7f, 0x00, 0x00, 0x01, 0x08, 0x00,
                               0xce, 0x28, 0x00, 0x07, 0x00, 0x09, 0x61, 0x62, 0x63, 0x64, 0x65};

/*
 *     IP6 (hlim 64, next-header ICMPv6 (58) payload length: 13) ::1 > ::1: [icmp6 sum ok] ICMP6,
 *     echo request, id 7, seq 9
 */
static const uint8_t echo6[] = {0x60, 0x00, 0x00, 0x00, 0x00, 0x0d, 0x3a, 0x40, 0x00, 0x00, 0x00,
                                0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x80, 0x00, 0x55, 0xdf,
                                0x00, 0x07, 0x00, 0x09, 0x61, 0x62, 0x63, 0x64, 0x65};

static const struct {
    const char *proto;
    int family;
    const char *words;
    struct bytes bytes;
} whole[] = {
    {"tcp",
     AF_INET,
     "srcport=61000 dstport=8080 flags=SYN seq_raw=1234 options=mss:1460,sackok,nop,nop",
     {syn, sizeof syn}},
    {"tcp",
     AF_INET6,
     "srcport=61000 dstport=8080 flags=PA seq_raw=1235 ack_raw=5678 window_size_value=512 "
     "flow=0xabcde tclass=0xb8 data=hi\\r\\n",
     {push6, sizeof push6}},
    {"udp",
     AF_INET,
     "srcport=61000 dstport=9000 ip.src=127.0.0.2 ip.dst=127.0.0.3 ttl=3 id=0x1234 flags=DF "
     "data=abc",
     {datagram, sizeof datagram}},
    {"udp", AF_INET6, "srcport=61000 dstport=9000 data=hi", {datagram6, sizeof datagram6}},
    {"icmp", AF_INET, "ident=7 seq=9 data=abcde", {echo, sizeof echo}},
    {"icmp",
     AF_INET6,
     "echo.identifier=7 echo.sequence_number=9 data=abcde",
     {echo6, sizeof echo6}},
};

static void words_become_these_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(whole); i++) {
        struct packet *packet = must_craft(whole[i].proto, whole[i].family, whole[i].words);
        assert_bytes(crafted_bytes(&packet->crafted), whole[i].bytes);
        packet_free(packet);
    }
}

/* The same buffer again and again: nothing of the packet before is left (libnet's ptag trap). */
static void a_second_packet_is_not_longer(void **state)
{
    (void)state;
    struct err err = {0};
    struct packet *packet = must_craft(whole[0].proto, whole[0].family, whole[0].words);
    for (int i = 0; i < 3; i++) {
        assert_true(craft(&packet->crafted, &packet->recipe, &err));
        assert_bytes(crafted_bytes(&packet->crafted), whole[0].bytes);
        assert_int_equal(packet->crafted.builders.len, whole[0].bytes.len);
    }
    packet_free(packet);
}

/* --- sums and lengths -------------------------------------------------------------- */

/* f066 is the payload that makes the rest sum to 0xffff: over ::1 it is ee67 (RFC 768). */
static void a_udp_sum_of_0_is_sent_as_ffff(void **state)
{
    (void)state;
    struct packet *packet = must_craft("udp", AF_INET, "srcport=61000 dstport=9000 data=hex:f066");
    must_show(&packet->d, "udp.checksum", "0xffff");
    packet_free(packet);
    packet = must_craft("udp", AF_INET6, "srcport=61000 dstport=9000 data=hex:ee67");
    must_show(&packet->d, "udp.checksum", "0xffff");
    packet_free(packet);
    packet = must_craft("udp", AF_INET, "srcport=61000 dstport=9000 data=hex:f066 checksum=0");
    must_show(&packet->d, "udp.checksum", "0x0000"); /* asked for: 0 is 0, not "compute it" */
    packet_free(packet);
}

static void options_are_padded_to_whole_words(void **state)
{
    (void)state;
    static const struct {
        const char *words, *hdr_len, *area;
    } cases[] = {
        {"options=mss:1460", "24", "02:04:05:b4"},
        {"options=mss:1460,sackok", "28", "02:04:05:b4:04:02:00:00"},
        {"options=nop data=hi", "24", "01:00:00:00"},
        {"options=254:beef,nop,nop,nop data=hi", "28", "fe:04:be:ef:01:01:01:00"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct packet *packet = must_craft("tcp", AF_INET, cases[i].words);
        must_show(&packet->d, "tcp.hdr_len", cases[i].hdr_len);
        must_show(&packet->d, "tcp.options", cases[i].area);
        struct bytes bytes = crafted_bytes(&packet->crafted),
                     data = text_bytes(&packet->recipe.data);
        assert_bytes(bytes_part(bytes, bytes.len - data.len, data.len), data);
        packet_free(packet);
    }
}

/* What libnet's builders can't say, each seen in the dissected packet. */
static const struct {
    const char *proto;
    int family;
    const char *words, *row, *show;
} overridden[] = {
    {"tcp", AF_INET, "flags.res=7 flags=SYN", "tcp.flags", "0x0e02"},
    {"tcp", AF_INET, "flags=0xfff", "tcp.flags", "0x0fff"},
    {"tcp", AF_INET, "hdr_len=60", "tcp.hdr_len", "60"},
    {"tcp", AF_INET, "hdr_len=0", "tcp.hdr_len", "0"},
    {"tcp", AF_INET, "checksum=0", "tcp.checksum", "0x0000"},
    {"tcp", AF_INET6, "checksum=0xbeef", "tcp.checksum", "0xbeef"},
    {"tcp", AF_INET, "ip.len=1500", "ip.len", "1500"},
    {"tcp", AF_INET, "ip.len=0", "ip.len", "0"},
    {"tcp", AF_INET, "ip.checksum=0", "ip.checksum", "0x0000"},
    {"tcp", AF_INET, "ip.version=6", "ip.version", "6"},
    {"tcp", AF_INET, "ip.hdr_len=24", "ip.hdr_len", "24"},
    {"tcp", AF_INET, "ip.flags.rb=1", "ip.flags", "0x04"},
    {"tcp", AF_INET, "ip.proto=254", "ip.proto", "254"},
    {"tcp", AF_INET6, "ipv6.version=4", "ipv6.version", "4"},
    {"tcp", AF_INET6, "plen=0xffff", "ipv6.plen", "65535"},
    {"tcp", AF_INET6, "nxt=17", "ipv6.nxt", "17"},
    {"udp", AF_INET, "length=0", "udp.length", "0"},
    {"udp", AF_INET, "length=65535", "udp.length", "65535"},
    {"udp", AF_INET6, "checksum=0", "udp.checksum", "0x0000"},
    {"icmp", AF_INET, "checksum=0", "icmp.checksum", "0x0000"},
    {"icmp", AF_INET6, "checksum=1", "icmpv6.checksum", "0x0001"},
    /* Types that are no echo, and cases of a case. */
    {"icmp", AF_INET, "type=5 redir_gw=127.0.0.9 data=hex:45", "icmp.redir_gw", "127.0.0.9"},
    {"icmp", AF_INET, "type=3 code=4 mtu=576", "icmp.mtu", "576"},
    {"icmp", AF_INET, "type=12 pointer=20", "icmp.pointer", "20"},
    {"icmp", AF_INET, "type=12 unused=00:12:34:56", "icmp.unused", "12:34:56"},
    {"icmp", AF_INET, "type=14 receive_timestamp=5 data=hex:000000000000000000000000",
     "icmp.receive_timestamp", "5"},
    {"icmp", AF_INET6, "type=2 mtu=1280", "icmpv6.mtu", "1280"},
};

static void any_field_can_be_overridden(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(overridden); i++) {
        struct packet *packet = must_craft(overridden[i].proto, overridden[i].family,
                                           overridden[i].words);
        must_show(&packet->d, overridden[i].row, overridden[i].show);
        packet_free(packet);
    }
}

/* Whichever was typed first: `syn` fills in tcp.flags after the user's words. */
static void a_flag_of_its_own_counts_beside_the_group(void **state)
{
    (void)state;
    static const char *const orders[] = {"flags=SYN flags.ece=1 flags.syn=0",
                                         "flags.syn=0 flags.ece=1 flags=SYN"};
    for (size_t i = 0; i < COUNT(orders); i++) {
        struct packet *packet = must_craft("tcp", AF_INET, orders[i]);
        must_show(&packet->d, "tcp.flags", "0x0040");
        packet_free(packet);
    }
    struct recipe recipe;
    struct crafted crafted = {0};
    struct err err = {0};
    uint64_t flags = 0;
    must_begin(&recipe, "tcp", AF_INET);
    must_take(&recipe, "flags.cwr=1");
    recipe_default(&recipe, "tcp.flags", 2);
    assert_true(craft(&crafted, &recipe, &err));
    assert_true(bytes_number(crafted_bytes(&crafted), 20 * 8 + 100, 12, &flags));
    assert_int_equal(flags, 0x82);
    crafted_free(&crafted);
    recipe_free(&recipe);
}

/* A false length that a receiver believes: the sum is right over what it will look at. */
static void sums_go_by_the_lengths_that_are_told(void **state)
{
    (void)state;
    /* UDP 61000 > 9000, length 8: 7f00+1+7f00+1+11+8 + ee48+2328+8 = 2 0f93, sum 0f95. */
    struct packet *packet = must_craft("udp", AF_INET,
                                       "srcport=61000 dstport=9000 length=8 data=abc");
    must_show(&packet->d, "udp.checksum", "0xf06a");
    packet_free(packet);
    /* A header of 24 bytes: 4600+2c+4006+7f00+1+7f00+1, and the ports ee48 1f90. */
    packet = must_craft("tcp", AF_INET, "srcport=61000 dstport=8080 ip.hdr_len=24 ip.len=0x2c");
    uint32_t sum = 0x4600 + 0x2c + 0x4006 + 0x7f00 + 1 + 0x7f00 + 1 + 0xee48 + 0x1f90;
    uint64_t got = 0;
    assert_true(bytes_number(crafted_bytes(&packet->crafted), 80, 16, &got));
    assert_int_equal(got, 0xffff - (sum % 0xffff));
    packet_free(packet);
}

/* --- what can't be -------------------------------------------------------------------- */

static void must_not_craft(const char *proto, int family, const char *words, const char *message)
{
    struct recipe recipe;
    struct crafted crafted = {0};
    struct err err = {0};
    must_begin(&recipe, proto, family);
    must_take(&recipe, words);
    assert_false(craft(&crafted, &recipe, &err));
    assert_int_equal(err.status, STATUS_USAGE);
    assert_string_equal(err.message, message);
    crafted_free(&crafted);
    recipe_free(&recipe);
}

static void a_row_that_the_message_has_not_is_refused(void **state)
{
    (void)state;
    must_not_craft("icmp", AF_INET, "type=8 redir_gw=127.0.0.1",
                   "icmp.redir_gw: there is no such field in a message of type 8, code 0");
    must_not_craft("icmp", AF_INET, "type=3 code=1 mtu=5",
                   "icmp.mtu: there is no such field in a message of type 3, code 1");
    must_not_craft("icmp", AF_INET, "type=12 unused=01:00:00:00",
                   "icmp.unused: too large for its 24 bits in this message");
    must_not_craft("icmp", AF_INET6, "type=3 mtu=5",
                   "icmpv6.mtu: there is no such field in a message of type 3, code 0");
}

/* A message has the size of its type without being told; the data stands behind it. */
static void a_message_has_room_for_its_rows(void **state)
{
    (void)state;
    struct packet *packet = must_craft("icmp", AF_INET, "type=13 originate_timestamp=5");
    struct bytes bytes = crafted_bytes(&packet->crafted);
    assert_int_equal(bytes.len, 20 + 20); /* RFC 792, Timestamp */
    assert_bytes(bytes_part(bytes, 28, 12), BYTES(0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0));
    packet_free(packet);
    packet = must_craft("icmpv6", AF_INET6, "type=135 icmpv6.nd.ns.target_address=::1 data=hi");
    bytes = crafted_bytes(&packet->crafted);
    assert_int_equal(bytes.len, 40 + 24 + 2); /* RFC 4861, 4.3 */
    assert_bytes(bytes_part(bytes, 40 + 8 + 15, 3), BYTES(1, 'h', 'i'));
    packet_free(packet);
    packet = must_craft("icmp", AF_INET, "type=3 code=4 mtu=600 data=hex:4500");
    assert_bytes(bytes_part(crafted_bytes(&packet->crafted), 24, 6),
                 BYTES(0, 0, 0x02, 0x58, 0x45, 0x00)); /* RFC 1191, 4 */
    packet_free(packet);
}

static void ip_carries_data_alone(void **state)
{
    (void)state;
    struct packet *packet = must_craft("ip", AF_INET, "ip.proto=254 data=hex:01020304");
    struct bytes bytes = crafted_bytes(&packet->crafted);
    assert_int_equal(bytes.len, 24);
    must_show(&packet->d, "ip.proto", "254");
    must_show(&packet->d, "ip.len", "24");
    assert_bytes(bytes_part(bytes, 20, 4), BYTES(1, 2, 3, 4));
    packet_free(packet);
    packet = must_craft("ip", AF_INET6, "ipv6.nxt=60 data=hex:3a00010400000000");
    must_show(&packet->d, "ipv6.plen", "8");
    packet_free(packet);
}

/* RFC 791, 3.1: record route with room for one address, a no-op, router alert; padded with 0. */
static void options_of_ipv4(void **state)
{
    (void)state;
    struct packet *packet =
        must_craft("udp", AF_INET, "dstport=9000 ip.options=rr:4:0.0.0.0,ra:0,nop data=hi");
    struct bytes bytes = crafted_bytes(&packet->crafted);
    must_show(&packet->d, "ip.hdr_len", "32");
    must_show(&packet->d, "ip.len", "42");
    must_show(&packet->d, "udp.dstport", "9000");
    must_show(&packet->d, "udp.length", "10");
    assert_bytes(bytes_part(bytes, 20, 12), BYTES(7, 7, 4, 0, 0, 0, 0, 148, 4, 0, 0, 1));
    assert_int_equal(bytes.len, 42);
    packet_free(packet);
    packet = must_craft("tcp", AF_INET, "dstport=80 flags=S ip.options=nop options=nop");
    must_show(&packet->d, "ip.hdr_len", "24");
    must_show(&packet->d, "tcp.hdr_len", "24");
    must_show(&packet->d, "tcp.flags", "0x0002");
    packet_free(packet);
    packet = must_craft("ip", AF_INET, "ip.options=68:0500000000000000");
    must_show(&packet->d, "ip.hdr_len", "32");
    packet_free(packet);
}

static void as_much_data_as_a_packet_holds(void **state)
{
    (void)state;
    static const struct {
        const char *proto, *words;
        int family;
        size_t most;
    } cases[] = {
        {"udp", "", AF_INET, 65535 - 28},
        {"tcp", "options=mss:1460,sackok", AF_INET, 65535 - 20 - 28},
        {"tcp", "", AF_INET6, 65535 - 40 - 20},
        {"icmp", "", AF_INET, 65535 - 28},
        {"ip", "", AF_INET, 65535 - 20},
        {"udp", "ip.options=nop", AF_INET, 65535 - 32},
        {"icmp", "type=13", AF_INET, 65535 - 40},
    };
    uint8_t *data = calloc(1, 70000);
    assert_non_null(data);
    for (size_t i = 0; i < COUNT(cases) * 2; i++) {
        bool fits = i % 2 == 0;
        struct recipe recipe;
        struct crafted crafted = {0};
        struct err err = {0};
        must_begin(&recipe, cases[i / 2].proto, cases[i / 2].family);
        must_take(&recipe, cases[i / 2].words);
        recipe_data(&recipe, (struct bytes){data, cases[i / 2].most + !fits}, ORIGIN_YOU);
        assert_int_equal(craft(&crafted, &recipe, &err), fits);
        char message[128];
        snprintf(message, sizeof message, "data: %zu bytes do not fit into one packet; at most %zu",
                 cases[i / 2].most + 1, cases[i / 2].most);
        assert_string_equal(err.message, fits ? "" : message);
        assert_int_equal(crafted_bytes(&crafted).len, fits ? 65535 : 0);
        crafted_free(&crafted);
        recipe_free(&recipe);
    }
    free(data);
}

/* --- no privilege, no descriptor --------------------------------------------------------- */

/* An ordinary user that may open nothing: any socket or file would fail. */
static void craft_with_nothing(void)
{
    struct rlimit before, none;
    check(geteuid() != 0 || setuid(65534) == 0, "an ordinary user", "setuid failed");
    check(getrlimit(RLIMIT_NOFILE, &before) == 0, "the limit", "getrlimit failed");
    none = (struct rlimit){0, before.rlim_max};
    check(setrlimit(RLIMIT_NOFILE, &none) == 0, "no descriptors", "setrlimit failed");
    check(dup(0) < 0, "no descriptors", "one more");
    for (size_t i = 0; i < COUNT(whole); i++) {
        struct packet *packet = must_craft(whole[i].proto, whole[i].family, whole[i].words);
        check(bytes_equal(crafted_bytes(&packet->crafted), whole[i].bytes), "the bytes", "others");
        packet_free(packet);
    }
    setrlimit(RLIMIT_NOFILE, &before); /* what follows is for the leak sanitizer: it reads /proc */
    prctl(PR_SET_DUMPABLE, 1);
}

static void crafting_needs_no_privilege_and_opens_nothing(void **state)
{
    (void)state;
    assert_true(child_run(craft_with_nothing));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_become_these_bytes),
        cmocka_unit_test(a_second_packet_is_not_longer),
        cmocka_unit_test(a_udp_sum_of_0_is_sent_as_ffff),
        cmocka_unit_test(options_are_padded_to_whole_words),
        cmocka_unit_test(any_field_can_be_overridden),
        cmocka_unit_test(a_flag_of_its_own_counts_beside_the_group),
        cmocka_unit_test(sums_go_by_the_lengths_that_are_told),
        cmocka_unit_test(a_row_that_the_message_has_not_is_refused),
        cmocka_unit_test(a_message_has_room_for_its_rows),
        cmocka_unit_test(ip_carries_data_alone),
        cmocka_unit_test(options_of_ipv4),
        cmocka_unit_test(as_much_data_as_a_packet_holds),
        cmocka_unit_test(crafting_needs_no_privilege_and_opens_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
