/*
 * test_sums.c: checksums of packets as they were on lo, and as they were damaged: full, partial,
 * zero, wrong, or not to be known; and the remarks that say so.
 */
#include "craft_check.h"
#include "sample_frames.h"

#include <loopcraft/remarks.h>
#include <loopcraft/sums.h>

#include <stdio.h>

/* The checksum of the first layer that is this record. */
static struct sum_check check_of(const struct dissection *d, const struct record *record)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->nodes[i].kind == NODE_RECORD && d->nodes[i].record == record)
            return sum_check(d, i);
    fail_msg("no %s", record->title);
    return (struct sum_check){0};
}

static struct sum_check check_bytes(struct bytes frame, const struct record *record)
{
    struct dissection d = {0};
    walk(&d, &proto_ethernet, frame, frame.len);
    struct sum_check check = check_of(&d, record);
    dissection_free(&d);
    return check;
}

/* --- as they were on lo --------------------------------------------------------- */

#define SAMPLE(name)                        \
    {                                       \
        sample_##name, sizeof sample_##name \
    }

/* Stored as LINUX-FACTS has them; expected as tcpdump says, where it says so. */
static const struct {
    struct bytes frame;
    const struct record *record;
    enum sum_verdict verdict;
    uint16_t stored, expected;
} known[] = {
    {SAMPLE(syn), &proto_ipv4, SUM_FULL, 0x44d7, 0x44d7},
    {SAMPLE(syn), &proto_tcp, SUM_PARTIAL, 0xfe30, 0x3ef5},
    {SAMPLE(syn_ack), &proto_tcp, SUM_PARTIAL, 0xfe30, 0x21f2},
    {SAMPLE(syn6), &proto_tcp, SUM_PARTIAL, 0x0030, 0xaf03},
    {SAMPLE(request), &proto_tcp, SUM_PARTIAL, 0x0072, 0x8e66},
    {SAMPLE(sack), &proto_tcp, SUM_PARTIAL, 0xfe30, 0x4f06},
    /* Made from another packet by hand: fe30 would be right for 40 bytes, and these are 46. */
    {SAMPLE(rare), &proto_tcp, SUM_WRONG, 0xfe30, 0x1298},
    /* 7f00+1+7f00+1+11+b and, for all of it, c9c2+2329+b+6869+0a00 = 2 5d7d, sum 5d7f. */
    {SAMPLE(udp), &proto_udp, SUM_PARTIAL, 0xfe1e, 0xa280},
    {SAMPLE(port_unreachable), &proto_ipv4, SUM_FULL, 0x1dbd, 0x1dbd},
    {SAMPLE(port_unreachable), &proto_icmp, SUM_FULL, 0x9f7d, 0x9f7d},
    {SAMPLE(port_unreachable), &proto_udp, SUM_PARTIAL, 0xfe1e, 0xa280}, /* the quoted one */
    {SAMPLE(port_unreachable6), &proto_icmpv6, SUM_FULL, 0xf58e, 0xf58e},
    {SAMPLE(echo6), &proto_icmpv6, SUM_FULL, 0xee1a, 0xee1a},
    {SAMPLE(echo), &proto_ipv4, SUM_FULL, 0, 0}, /* with options; 0: not compared */
    {SAMPLE(echo), &proto_icmp, SUM_FULL, 0, 0},
    {SAMPLE(routed), &proto_ipv4, SUM_FULL, 0, 0},
    {SAMPLE(clock), &proto_icmp, SUM_FULL, 0xf1f6, 0xf1f6},
};

static void sums_as_they_were_on_lo(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        struct sum_check check = check_bytes(known[i].frame, known[i].record);
        if (check.verdict != known[i].verdict)
            fail_msg("case %zu: verdict %d, stored %04x, expected %04x", i, (int)check.verdict,
                     check.stored, check.expected);
        if (known[i].stored) {
            assert_int_equal(check.stored, known[i].stored);
            assert_int_equal(check.expected, known[i].expected);
        }
    }
}

/* Bytes behind the packet's end (an Ethernet frame has 60 at least) are no part of it. */
static void padding_does_not_count(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        struct text padded = TEXT_EMPTY;
        text_put_n(&padded, (const char *)known[i].frame.at, known[i].frame.len);
        text_put_n(&padded, "\x12\x34\x56\x78\x9a", 5);
        assert_int_equal(check_bytes(text_bytes(&padded), known[i].record).verdict,
                         known[i].verdict);
        text_free(&padded);
    }
}

/* --- full, at every length --------------------------------------------------------- */

static void what_we_craft_is_full_at_every_length(void **state)
{
    (void)state;
    static const struct {
        const char *proto;
        int family;
    } cases[] = {{"tcp", AF_INET},  {"tcp", AF_INET6}, {"udp", AF_INET},
                 {"udp", AF_INET6}, {"icmp", AF_INET}, {"icmp", AF_INET6}};
    for (size_t i = 0; i < COUNT(cases); i++)
        for (unsigned len = 0; len < 10; len++) {
            char words[32];
            snprintf(words, sizeof words, "data=%.*s", len, "abcdefghij");
            struct packet *packet = must_craft(cases[i].proto, cases[i].family, words);
            assert_int_equal(check_of(&packet->d, packet->recipe.proto).verdict, SUM_FULL);
            if (cases[i].family == AF_INET)
                assert_int_equal(check_of(&packet->d, &proto_ipv4).verdict, SUM_FULL);
            packet_free(packet);
        }
}

/* --- wrong: with what it should be --------------------------------------------------- */

/* Each bit of the message, and of the addresses where there is a pseudo-header. */
static void a_flipped_bit_makes_it_wrong(void **state)
{
    (void)state;
    static const char *const protos[] = {"tcp", "udp", "icmp"};
    for (size_t p = 0; p < COUNT(protos) * 2; p++) {
        struct packet *packet = must_craft(protos[p / 2], p % 2 ? AF_INET6 : AF_INET, "data=abc");
        const struct record *proto = packet->recipe.proto;
        const struct field *row = record_role(proto, ROLE_CHECKSUM);
        size_t header = packet->recipe.ip->size, at = header + row->bit / 8;
        uint8_t *bytes = (uint8_t *)packet->crafted.bytes.at;
        uint16_t right = check_of(&packet->d, proto).expected;
        for (size_t i = proto == &proto_icmp ? header : header - 8; i < packet->crafted.bytes.len;
             i++) {
            bool length = proto == &proto_udp && i >= header + 4 && i < header + 6;
            bytes[i] ^= 0x10;
            walk(&packet->d, packet->recipe.ip, packet->d.bytes, packet->d.bytes.len);
            struct sum_check check = check_of(&packet->d, proto);
            if (length)
                assert_int_equal(check.verdict, SUM_UNKNOWN);
            else if (check.verdict != SUM_WRONG)
                fail_msg("%s, byte %zu: %d", protos[p / 2], i, (int)check.verdict);
            if (i == at || i == at + 1)
                assert_int_equal(check.expected, right);
            bytes[i] ^= 0x10;
        }
        packet_free(packet);
    }
}

static void a_wrong_one_says_what_it_should_be(void **state)
{
    (void)state;
    struct packet *packet = must_craft("udp", AF_INET,
                                       "srcport=61000 dstport=9000 data=hi checksum=1");
    struct sum_check check = check_of(&packet->d, &proto_udp);
    struct text said = TEXT_EMPTY;
    assert_int_equal(check.verdict, SUM_WRONG);
    assert_int_equal(check.stored, 1);
    /* 7f00+1+7f00+1+11+a + ee48+2328+a+6869 = 2 7800, sum 7802 */
    assert_int_equal(check.expected, 0x87fd);
    sum_say(&said, &check);
    assert_string_equal(text_string(&said), "wrong: it should be 0x87fd");
    text_free(&said);
    packet_free(packet);
}

/* RFC 768: over IPv4 0 means none; RFC 8200, 8.1: over IPv6 there must be one. */
static void zero_is_none_over_ipv4_alone(void **state)
{
    (void)state;
    static const struct {
        const char *proto, *words;
        int family;
        enum sum_verdict verdict;
    } cases[] = {
        {"udp", "checksum=0", AF_INET, SUM_ZERO},
        {"udp", "checksum=0", AF_INET6, SUM_WRONG},
        {"udp", "checksum=0 srcport=61000 dstport=9000 data=hex:f066", AF_INET, SUM_ZERO},
        {"udp", "srcport=61000 dstport=9000 data=hex:f066", AF_INET, SUM_FULL}, /* ffff */
        {"tcp", "checksum=0", AF_INET, SUM_WRONG},
        {"icmp", "checksum=0", AF_INET, SUM_WRONG},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct packet *packet = must_craft(cases[i].proto, cases[i].family, cases[i].words);
        assert_int_equal(check_of(&packet->d, packet->recipe.proto).verdict, cases[i].verdict);
        packet_free(packet);
    }
}

/* --- not all here --------------------------------------------------------------------- */

/* Every sample, cut everywhere, by the capture or as if the frame had been so short. */
static void what_is_cut_is_unknown(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(known); i++)
        for (size_t len = 14; len < known[i].frame.len; len++)
            for (int by_capture = 0; by_capture < 2; by_capture++) {
                struct dissection d = {0};
                struct bytes cut = bytes_part(known[i].frame, 0, len);
                walk(&d, &proto_ethernet, cut, by_capture ? known[i].frame.len : len);
                for (size_t n = 0; n < d.count; n++) {
                    const struct node *node = &d.nodes[n];
                    if (node->kind != NODE_RECORD || node->record->sum == SUM_NONE)
                        continue;
                    const struct node *ihl = node_find(&d, n, "ip.hdr_len");
                    bool whole = node->record == &proto_ipv4 && ihl &&
                                 node->bit / 8 + node_number(&d, ihl) * 4 <= len;
                    assert_int_equal(sum_check(&d, n).verdict, whole ? SUM_FULL : SUM_UNKNOWN);
                }
                dissection_free(&d);
            }
}

/* ICMP quotes as much as it likes: the quoted sum can't be checked then, its own can. */
static void a_short_quotation_is_unknown(void **state)
{
    (void)state;
    struct text frame = TEXT_EMPTY;
    text_put_n(&frame, (const char *)sample_port_unreachable, sizeof sample_port_unreachable - 3);
    frame.at[14 + 3] = (char)(0x3b - 3);
    assert_int_equal(check_bytes(text_bytes(&frame), &proto_udp).verdict, SUM_UNKNOWN);
    assert_int_equal(check_bytes(text_bytes(&frame), &proto_icmp).verdict, SUM_WRONG);
    text_free(&frame);
}

static void a_fragment_is_unknown(void **state)
{
    (void)state;
    struct packet *first = must_craft("udp", AF_INET, "ip.flags.mf=1 data=abc");
    assert_int_equal(check_of(&first->d, &proto_udp).verdict, SUM_UNKNOWN);
    assert_int_equal(check_of(&first->d, &proto_ipv4).verdict, SUM_FULL);
    packet_free(first);

    /* IPv6, next header 44 (fragment): UDP, offset 0; then its first bit of "more". */
    struct text frame = TEXT_EMPTY;
    text_put_n(&frame, (const char *)sample_extensions, sizeof sample_extensions);
    struct sum_check whole = check_bytes(text_bytes(&frame), &proto_udp);
    assert_int_equal(whole.verdict, SUM_WRONG); /* fe1e, in a packet made by hand */
    /* 0+1+0+1+11+a + ee48+2329+a+6869 = 1 7a01, sum 7a02 */
    assert_int_equal(whole.expected, 0x85fd);
    size_t fragment = sizeof sample_extensions - 10 - 8;
    assert_int_equal(frame.at[fragment], 17);
    frame.at[fragment + 3] = 1;
    assert_int_equal(check_bytes(text_bytes(&frame), &proto_udp).verdict, SUM_UNKNOWN);
    text_free(&frame);
}

static void a_length_that_can_t_be_is_unknown(void **state)
{
    (void)state;
    static const struct {
        const char *proto, *words;
        int family;
    } cases[] = {
        {"udp", "length=7 data=abc", AF_INET},  {"udp", "length=12 data=abc", AF_INET},
        {"udp", "length=0 data=abc", AF_INET6}, {"tcp", "ip.len=19", AF_INET},
        {"tcp", "ip.len=41", AF_INET},          {"tcp", "ip.len=39", AF_INET},
        {"tcp", "plen=21", AF_INET6},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct packet *packet = must_craft(cases[i].proto, cases[i].family, cases[i].words);
        assert_int_equal(check_of(&packet->d, packet->recipe.proto).verdict, SUM_UNKNOWN);
        packet_free(packet);
    }
    /* A datagram that claims the padding behind its packet. */
    struct packet *packet = must_craft("udp", AF_INET, "length=12 data=abc");
    struct text padded = TEXT_EMPTY;
    text_put_n(&padded, packet->crafted.bytes.at, packet->crafted.bytes.len);
    text_put(&padded, "padding");
    walk(&packet->d, &proto_ipv4, text_bytes(&padded), padded.len);
    assert_int_equal(check_of(&packet->d, &proto_udp).verdict, SUM_UNKNOWN);
    text_free(&padded);
    packet_free(packet);
    packet = must_craft("tcp", AF_INET, "ip.hdr_len=16");
    assert_int_equal(check_of(&packet->d, &proto_ipv4).verdict, SUM_UNKNOWN);
    packet_free(packet);
}

/* A length that is false and can be: the sum is that of what a receiver looks at. */
static void a_shorter_length_is_believed(void **state)
{
    (void)state;
    struct packet *packet = must_craft("udp", AF_INET, "length=9 data=abc");
    assert_int_equal(check_of(&packet->d, &proto_udp).verdict, SUM_FULL);
    packet_free(packet);
    packet = must_craft("tcp", AF_INET, "ip.hdr_len=24");
    assert_int_equal(check_of(&packet->d, &proto_ipv4).verdict, SUM_FULL);
    packet_free(packet);
}

/* --- remarks ----------------------------------------------------------------------------- */

static const char *remark_on(struct remarks *remarks, const struct record *record, const char *name)
{
    const struct remark *list = remarks_list(remarks);
    for (size_t i = 0; i < remarks->count; i++)
        if (list[i].field == record_field(record, name))
            return list[i].text;
    return NULL;
}

static void the_sums_of_a_frame_are_remarked(void **state)
{
    (void)state;
    struct dissection d = {0};
    struct remarks remarks = {0};
    walk(&d, &proto_ethernet, (struct bytes)SAMPLE(syn), sizeof sample_syn);
    remarks_add_sums(&remarks, &d);
    assert_int_equal(remarks.count, 2);
    assert_string_equal(remark_on(&remarks, &proto_ipv4, "ip.checksum"),
                        "right: the receiver gets the same sum");
    assert_string_equal(
        remark_on(&remarks, &proto_tcp, "tcp.checksum"),
        "not wrong: the kernel leaves this to a network card that loopback doesn't have");
    dissection_free(&d);
    remarks_free(&remarks);
}

static void the_first_remark_on_a_field_stays(void **state)
{
    (void)state;
    struct remarks remarks = {0};
    remarks_add(&remarks, &proto_tcp, "tcp.ack_raw", "your %u + 1", 1234);
    remarks_add(&remarks, &proto_tcp, "tcp.ack_raw", "something else");
    remarks_add(&remarks, &proto_tcp, "tcp.no_such_row", "nothing");
    assert_int_equal(remarks.count, 1);
    assert_string_equal(remark_on(&remarks, &proto_tcp, "tcp.ack_raw"), "your 1234 + 1");
    remarks_clear(&remarks);
    assert_int_equal(remarks.count, 0);
    remarks_add(&remarks, &proto_tcp, "tcp.ack_raw", "anew");
    assert_string_equal(remark_on(&remarks, &proto_tcp, "tcp.ack_raw"), "anew");
    remarks_clear(&remarks);
    for (size_t i = 0; i < proto_tcp.field_count; i++)
        remarks_add(&remarks, &proto_tcp, proto_tcp.fields[i].name, "%zu", i);
    assert_int_equal(remarks.count, REMARKS_MOST);
    remarks_free(&remarks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_as_they_were_on_lo),
        cmocka_unit_test(padding_does_not_count),
        cmocka_unit_test(what_we_craft_is_full_at_every_length),
        cmocka_unit_test(a_flipped_bit_makes_it_wrong),
        cmocka_unit_test(a_wrong_one_says_what_it_should_be),
        cmocka_unit_test(zero_is_none_over_ipv4_alone),
        cmocka_unit_test(what_is_cut_is_unknown),
        cmocka_unit_test(a_short_quotation_is_unknown),
        cmocka_unit_test(a_fragment_is_unknown),
        cmocka_unit_test(a_length_that_can_t_be_is_unknown),
        cmocka_unit_test(a_shorter_length_is_believed),
        cmocka_unit_test(the_sums_of_a_frame_are_remarked),
        cmocka_unit_test(the_first_remark_on_a_field_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
