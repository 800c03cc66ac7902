/*
 * test_walk_more.c: other link types, DNS, and how IPv6 neighbours find each other: samples with
 * what must come out of them, lengths and names that lie, and any bytes. LOOPCRAFT_SEED=N
 * repeats a run that failed.
 */
#include "sample_more.h"
#include "walk_check.h"

#include <loopcraft/dissect.h>

/* Dissects a copy of exactly these bytes: a read past the end is one past the heap block. */
static void dissect_copy(struct dissection *d, int linktype, struct bytes bytes, size_t wire_len)
{
    uint8_t *copy = malloc(bytes.len ? bytes.len : 1);
    assert_non_null(copy);
    memcpy(copy, bytes.at, bytes.len);
    struct frame frame = {
        .number = 1, .linktype = linktype, .len = (uint32_t)wire_len, .bytes = {copy, bytes.len}};
    dissect(d, &frame);
    must_tile(d);
    free(copy);
}

/* --- what the samples say ------------------------------------------------------ */

/* The rows with these names, in this order, show these values. */
struct said {
    const char *name, *show;
};

static size_t sample_number(const char *name)
{
    for (size_t i = 0; i < MORE_SAMPLES; i++)
        if (strcmp(more_samples[i].name, name) == 0)
            return i;
    fail_msg("no sample %s", name);
    return 0;
}

static void must_say(const char *sample, const struct said *said)
{
    struct dissection d = {0};
    struct text show = TEXT_EMPTY;
    size_t which = sample_number(sample), from = 0;
    struct bytes bytes = more_samples[which].bytes;
    struct frame frame = {.number = 1,
                          .linktype = more_samples[which].linktype,
                          .len = (uint32_t)bytes.len,
                          .bytes = bytes};
    dissect(&d, &frame);
    must_tile(&d);
    for (; said->name; said++) {
        const struct node *node = node_find(&d, from, said->name);
        if (!node)
            fail_msg("%s: no %s (any more)", sample, said->name);
        text_clear(&show);
        node_show(&show, &d, node);
        assert_string_equal(text_string(&show), said->show);
        from = (size_t)(node - d.nodes) + 1;
    }
    for (size_t i = 0; i < d.count; i++)
        if (d.nodes[i].fault)
            fail_msg("%s: a sound frame has a fault: %s", sample, d.nodes[i].why);
    text_free(&show);
    dissection_free(&d);
}

#define MUST_SAY(sample, ...) must_say(sample, (const struct said[]){__VA_ARGS__, {NULL, NULL}})

static void links(void **state)
{
    (void)state;
    MUST_SAY("vlan_arp", {"eth.type", "0x8100"}, {"vlan.priority", "3"}, {"vlan.id", "5"},
             {"vlan.etype", "0x0806"}, {"arp.opcode", "1"},
             {"arp.src.hw_mac", "02:00:00:00:00:01"}, {"arp.dst.proto_ipv4", "192.0.2.2"});
    MUST_SAY("two_tags", {"ieee8021ad.priority", "1"}, {"ieee8021ad.id", "7"}, {"vlan.id", "8"},
             {"ip.src", "127.0.0.1"}, {"udp.payload", "68:69"});
    MUST_SAY("spanning_tree", {"eth.dst", "01:80:c2:00:00:00"}, {"eth.len", "13"});
    MUST_SAY("cooked", {"sll.pkttype", "4"}, {"sll.hatype", "772"}, {"sll.halen", "6"},
             {"sll.src.eth", "00:00:00:00:00:00"}, {"sll.unused", "00:00"},
             {"sll.etype", "0x0800"}, {"udp.dstport", "9001"});
    MUST_SAY("cooked2", {"sll.etype", "0x86dd"}, {"sll.ifindex", "3"}, {"sll.hatype", "65534"},
             {"sll.unused", "00:00:00:00:00:00:00:00"}, {"ipv6.src", "::1"},
             {"udp.dstport", "9001"});
    MUST_SAY("bsd_loopback", {"null.family", "2"}, {"ip.src", "127.0.0.1"});
    MUST_SAY("no_link", {"ipv6.version", "6"}, {"udp.payload", "68:69"});
}

static void questions_and_answers(void **state)
{
    (void)state;
    MUST_SAY("dns_query", {"dns.id", "0x1234"}, {"dns.flags.response", "0"},
             {"dns.flags.authenticated", "1"}, {"dns.qry.name", "test"},
             {"dns.qry.name.len", "4"}, {"dns.count.labels", "1"}, {"dns.qry.type", "15"},
             {"dns.resp.name", "<Root>"}, {"dns.rr.udp_payload_size", "1232"},
             {"dns.opt.code", "10"}, {"dns.opt.cookie.client", "61:62:63:64:65:66:67:68"});
    MUST_SAY("dns_answer", {"dns.flags.rcode", "0"}, {"dns.qry.name", "test"},
             {"dns.resp.name", "test"}, {"dns.mx.preference", "20"},
             {"dns.mx.mail_exchange", "spa1.test"}, {"dns.mx.mail_exchange", "mail.test"},
             {"dns.resp.name", "mail.test"}, {"dns.a", "192.0.2.2"}, {"dns.resp.name", "<Root>"},
             {"dns.resp.z.do", "1"}, {"dns.opt.len", "8"});
}

static void messages_in_a_stream(void **state)
{
    (void)state;
    MUST_SAY("dns_stream", {"dns.length", "122"}, {"dns.qry.name", "_http._tcp.test"},
             {"dns.srv.service", "_http"}, {"dns.srv.proto", "_tcp"}, {"dns.srv.name", "test"},
             {"dns.srv.port", "80"}, {"dns.srv.target", "www.test"}, {"dns.resp.name", "test"},
             {"dns.txt.length", "3"}, {"dns.txt", "a\tb"}, {"dns.txt", "cd"},
             {"dns.soa.mname", "ns.test"}, {"dns.soa.rname", "me.test"},
             {"dns.soa.serial_number", "7"}, {"dns.soa.minimum_ttl", "60"},
             {"dns.length", "122"}, {"dns.srv.target", "www.test"});
}

static void neighbours(void **state)
{
    (void)state;
    MUST_SAY("solicitation", {"icmpv6.type", "135"}, {"icmpv6.nd.ns.target_address", "fe80::2"},
             {"icmpv6.opt", ""}, {"icmpv6.opt.type", "1"}, {"icmpv6.opt.length", "1"},
             {"icmpv6.opt.linkaddr", "02:00:00:00:00:01"});
    MUST_SAY("advertisement", {"icmpv6.nd.ra.flag.m", "1"},
             {"icmpv6.nd.ra.router_lifetime", "1800"}, {"icmpv6.opt.mtu", "1280"},
             {"icmpv6.opt.prefix.length", "64"}, {"icmpv6.opt.prefix.flag.a", "1"},
             {"icmpv6.opt.prefix", "2001:db8::"}, {"icmpv6.opt.rdnss", "2001:db8::53"});
    MUST_SAY("redirect6", {"icmpv6.nd.rd.target_address", "fe80::3"},
             {"icmpv6.rd.na.destination_address", "2001:db8::1"}, {"icmpv6.opt.type", "4"},
             {"ipv6.nxt", "17"}, {"udp.dstport", "9001"}, {"data.data", "64:61:74:61:64:61:74:61"});
    MUST_SAY("listener", {"ipv6.hopopts.nxt", "58"}, {"ipv6.opt.router_alert", "0"},
             {"icmpv6.mldr.nb_mcast_records", "2"},
             {"icmpv6.mldr.mar.multicast_address", "ff02::db"},
             {"icmpv6.mldr.mar.nb_sources", "1"},
             {"icmpv6.mldr.mar.multicast_address", "ff02::dc"},
             {"icmpv6.mldr.mar.source_address", "fe80::7"});
}

/* Wireshark would not call this data: so it has a label, and no name. */
static void text_has_no_false_name(void **state)
{
    (void)state;
    struct dissection d = {0};
    dissect_copy(&d, LINKTYPE_ETHERNET, more_samples[sample_number("http")].bytes,
                 sizeof sample_http);
    assert_non_null(node_find(&d, 0, "http"));
    assert_null(node_find(&d, 0, "data.data"));
    assert_string_equal(d.nodes[d.count - 1].field->label, "Text");
    dissection_free(&d);
}

/* --- names ---------------------------------------------------------------------- */

enum { ETHERNET = 14, UDP_PAYLOAD = 42, NAME = UDP_PAYLOAD + 12 };

/* The query, its name replaced by these bytes; then type and class. */
static size_t ask(uint8_t *frame, const void *name, size_t len)
{
    static const uint8_t rest[] = {0, 1, 0, 1};
    memcpy(frame, sample_dns_query, NAME);
    memcpy(frame + NAME, name, len);
    memcpy(frame + NAME + len, rest, sizeof rest);
    size_t all = NAME + len + sizeof rest;
    frame[UDP_PAYLOAD + 11] = 0; /* no additional record */
    frame[16] = (uint8_t)((all - ETHERNET) >> 8);
    frame[17] = (uint8_t)(all - ETHERNET);
    frame[38] = (uint8_t)((all - ETHERNET - 20) >> 8);
    frame[39] = (uint8_t)(all - ETHERNET - 20);
    return all;
}

/* tshark -T pdml's show="" for these names; NULL: it can't be read. */
static const struct {
    const char *bytes;
    size_t len;
    const char *show;
} names[] = {
    {"\3www\4test", 10, "www.test"},
    {"", 1, "<Root>"},
    {"\1a", 3, "a"},
    {"\xc0\x0c", 2, "<Name contains a pointer that loops>"},
    {"\1a\xc0\x0c", 4, "<Name contains a pointer that loops>"},
    {"\3a.b\4t\\s\7", 10, "a.b.t\\s\\a"},
    {"\4\xc3\xa4\xff\x1b", 6, "\xc3\xa4\xef\xbf\xbd\\033"},
    {"\5\xe2\x80\xae"
     "ab",
     7, "\\u202Eab"},
    {"\xc0\xff", 2, NULL},
    {"\x3fxyz", 5, NULL},
    {"\x80", 2, NULL},
    {"\x41\0", 3, NULL},
};

static void names_are_shown_as_tshark_does(void **state)
{
    (void)state;
    struct dissection d = {0};
    struct text text = TEXT_EMPTY;
    uint8_t frame[256];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t len = ask(frame, names[i].bytes, names[i].len);
        walk(&d, &proto_ethernet, (struct bytes){frame, len}, len);
        must_tile(&d);
        const struct node *node = node_find(&d, 0, "dns.qry.name");
        if (!node && names[i].show)
            fail_msg("%s can't be read", names[i].show);
        if (!node)
            continue;
        assert_non_null(names[i].show);
        text_clear(&text);
        node_show(&text, &d, node);
        assert_string_equal(text_string(&text), names[i].show);
        if (strchr(names[i].show, '<') == NULL)
            assert_int_equal(node_size(node), names[i].len);
        text_clear(&text);
        node_say(&text, &d, node);
        assert_null(strpbrk(text_string(&text), "\7\x1b")); /* foreign, never raw */
    }
    text_free(&text);
    dissection_free(&d);
}

/* As many names as a packet holds, each a chain of jumps: it takes no time, and ends. */
static void chains_of_pointers_are_cut_off(void **state)
{
    (void)state;
    static uint8_t name[60000], frame[65535];
    size_t before = 12; /* the first question: the root, 5 bytes in all */
    for (size_t i = 5; i + 6 <= sizeof name; i += 6) {
        name[i] = (uint8_t)(0xc0 | before >> 8); /* the name of each: the one before */
        name[i + 1] = (uint8_t)before;
        before = 12 + i < 0x3fff ? 12 + i : before;
    }
    size_t len = ask(frame, name, sizeof name);
    frame[UDP_PAYLOAD + 4] = 0xff; /* questions */
    struct dissection d = {0};
    walk(&d, &proto_ethernet, (struct bytes){frame, len}, len);
    must_tile(&d);
    struct text text = TEXT_EMPTY;
    size_t names_seen = 0, cut_off = 0;
    for (size_t i = 0; i < d.count; i++) {
        const char *own = node_name(&d.nodes[i]);
        if (!own || strcmp(own, "dns.qry.name") != 0)
            continue;
        text_clear(&text);
        node_show(&text, &d, &d.nodes[i]);
        names_seen++;
        cut_off += strcmp(text_string(&text), "<Name contains a pointer that loops>") == 0;
    }
    assert_true(names_seen > 9000);
    assert_int_equal(names_seen - cut_off, 257); /* 255 jumps, the root, what is left over */
    text_free(&text);
    dissection_free(&d);
}

/* --- lengths and counts that lie ------------------------------------------------ */

/* One byte of a sample is changed; a node with this name (or no name) gets this fault. */
static const struct {
    const char *sample;
    size_t at;
    uint8_t to;
    const char *name, *why;
} lies[] = {
    {"dns_answer", UDP_PAYLOAD + 7, 9, "dns.count.answers", "more than there are"},
    {"dns_answer", UDP_PAYLOAD + 9, 1, "dns.count.add_rr", "more than there are"},
    {"dns_answer", UDP_PAYLOAD + 32, 1, "dns.resp.len", "more than there is"},
    {"dns_answer", UDP_PAYLOAD + 36, 0x80, NULL, "can't be read"},
    {"dns_query", UDP_PAYLOAD + 36, 9, "dns.opt.len", "more than there is"},
    {"solicitation", 79, 0, NULL, "an option with an impossible length"},
    {"solicitation", 79, 2, NULL, "an option with an impossible length"},
    {"advertisement", 71, 2, "icmpv6.opt",
     "not the length that this option has: receivers ignore it"},
    {"listener", 69, 3, "icmpv6.mldr.nb_mcast_records", "more than there are"},
    {"listener", 93, 9, "icmpv6.mldr.mar.nb_sources", "more than there are"},
};

static bool has_fault(const struct dissection *d, const char *name, const char *why)
{
    for (size_t i = 0; i < d->count; i++) {
        const struct node *node = &d->nodes[i];
        const char *own = node_name(node);
        if (node->fault == FAULT_BAD && strcmp(node->why, why) == 0 &&
            (name ? own && strcmp(own, name) == 0 : node->kind == NODE_BYTES))
            return true;
    }
    return false;
}

static void false_lengths_are_marked(void **state)
{
    (void)state;
    struct dissection d = {0};
    uint8_t bytes[512];
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        size_t which = sample_number(lies[i].sample), len = more_samples[which].bytes.len;
        memcpy(bytes, more_samples[which].bytes.at, len);
        bytes[lies[i].at] = lies[i].to;
        dissect_copy(&d, more_samples[which].linktype, (struct bytes){bytes, len}, len);
        if (!has_fault(&d, lies[i].name, lies[i].why))
            fail_msg("%s, byte %zu as %u: %s is not marked: %s", lies[i].sample, lies[i].at,
                     lies[i].to, lies[i].name ? lies[i].name : "nothing", lies[i].why);
    }
    dissection_free(&d);
}

/* --- cut short, and any bytes --------------------------------------------------- */

static void cut_anywhere_it_is_a_cut_and_no_fault(void **state)
{
    (void)state;
    struct dissection d = {0};
    for (size_t i = 0; i < MORE_SAMPLES; i++) {
        struct bytes all = more_samples[i].bytes;
        for (size_t len = 0; len < all.len; len++) {
            dissect_copy(&d, more_samples[i].linktype, bytes_part(all, 0, len), all.len);
            for (size_t j = 0; j < d.count; j++)
                if (d.nodes[j].fault == FAULT_BAD)
                    fail_msg("%s cut at %zu: %s", more_samples[i].name, len, d.nodes[j].why);
            dissect_copy(&d, more_samples[i].linktype, bytes_part(all, 0, len), len);
        }
    }
    dissection_free(&d);
}

/* xorshift64 (Marsaglia 2003): the same numbers everywhere from the same seed. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void mutated_samples_tile(void **state)
{
    (void)state;
    struct dissection d = {0};
    const char *given = getenv("LOOPCRAFT_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : 0;
    seed = seed ? seed : UINT64_C(0x9e3779b97f4a7c15);
    print_message("LOOPCRAFT_SEED=%" PRIu64 "\n", seed);
    for (int i = 0; i < 40000; i++) {
        uint8_t bytes[512];
        size_t which = next_random(&seed) % MORE_SAMPLES, len = more_samples[which].bytes.len;
        memcpy(bytes, more_samples[which].bytes.at, len);
        for (uint64_t left = next_random(&seed) % 6; left > 0; left--)
            bytes[next_random(&seed) % len] = (uint8_t)next_random(&seed);
        if (next_random(&seed) % 4 == 0)
            len = next_random(&seed) % len;
        dissect_copy(&d, more_samples[which].linktype, (struct bytes){bytes, len},
                     len + next_random(&seed) % 2);
    }
    dissection_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links),
        cmocka_unit_test(questions_and_answers),
        cmocka_unit_test(messages_in_a_stream),
        cmocka_unit_test(neighbours),
        cmocka_unit_test(text_has_no_false_name),
        cmocka_unit_test(names_are_shown_as_tshark_does),
        cmocka_unit_test(chains_of_pointers_are_cut_off),
        cmocka_unit_test(false_lengths_are_marked),
        cmocka_unit_test(cut_anywhere_it_is_a_cut_and_no_fault),
        cmocka_unit_test(mutated_samples_tile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
