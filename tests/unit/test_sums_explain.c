/*
 * test_sums_explain.c: checksums added up word by word: RFC 1071's own example, sums done by hand,
 * and that every explanation comes to what the check says.
 */
#include "craft_check.h"
#include "sample_frames.h"

#include <loopcraft/sums_explain.h>

#include <stdio.h>

/* The explanation of the first layer that is this record. */
static struct explanation_event explain(struct sum_steps *steps, const struct dissection *d,
                                        const struct record *record)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->nodes[i].kind == NODE_RECORD && d->nodes[i].record == record)
            return sum_explain(steps, d, i);
    fail_msg("no %s", record->title);
    return (struct explanation_event){0};
}

static void must_row(const struct sum_row *row, const char *what, uint16_t word, uint32_t sum)
{
    assert_string_equal(row->what, what);
    assert_int_equal(row->words[0], word);
    assert_int_equal(row->sum, sum);
}

/* --- by hand ------------------------------------------------------------------------ */

/* RFC 1071, 3: 0001 f203 f4f5 f6f7 come to 2ddf0, carries added ddf2; here they are a message. */
#define RFC_1071 "icmp.type=0 icmp.code=1 icmp.ident=0xf203 icmp.seq=0xf4f5 "

static void the_example_of_rfc_1071(void **state)
{
    (void)state;
    struct sum_steps steps = {0};
    struct packet *packet = must_craft("icmp", AF_INET, RFC_1071 "data=hex:f6f7");
    struct explanation_event e = explain(&steps, &packet->d, &proto_icmp);
    assert_string_equal(e.name, "icmp.checksum");
    assert_int_equal(e.row_count, 5);
    must_row(&e.rows[0], "icmp.type", 0x0001, 0x0001);
    assert_string_equal(e.rows[0].to, "icmp.code");
    must_row(&e.rows[1], "icmp.checksum", 0, 0x0001);
    assert_string_equal(e.rows[1].note, "taken as 0");
    must_row(&e.rows[2], "icmp.ident", 0xf203, 0xf204);
    must_row(&e.rows[3], "icmp.seq", 0xf4f5, 0x1e6f9);
    must_row(&e.rows[4], "data", 0xf6f7, 0x2ddf0);
    assert_int_equal(e.sum, 0x2ddf0);
    assert_int_equal(e.folded, 0xddf2);
    assert_int_equal(e.complement, 0x220d);
    assert_int_equal(e.expected, 0x220d);
    assert_int_equal(e.stored, 0x220d);
    assert_string_equal(e.means, "right: the receiver gets the same sum");
    sum_steps_free(&steps);
    packet_free(packet);
}

/* The same and a byte: 2ddf0 + 8000 = 35df0, 5df3. */
static void an_odd_byte_is_followed_by_a_zero(void **state)
{
    (void)state;
    struct sum_steps steps = {0};
    struct packet *packet = must_craft("icmp", AF_INET, RFC_1071 "data=hex:f6f780");
    struct explanation_event e = explain(&steps, &packet->d, &proto_icmp);
    assert_int_equal(e.row_count, 6);
    must_row(&e.rows[5], "data", 0x8000, 0x35df0);
    assert_string_equal(e.rows[5].note, "the last byte, and a 0");
    assert_int_equal(e.folded, 0x5df3);
    assert_int_equal(e.stored, 0xa20c);
    sum_steps_free(&steps);
    packet_free(packet);
}

/* 7f00+1+7f00+1+a+11 = fe1d; + ee48 + 2328 + a + 6869 = 27800, 7802, 87fd. */
static void the_pseudo_header_comes_first(void **state)
{
    (void)state;
    struct sum_steps steps = {0};
    struct packet *packet = must_craft("udp", AF_INET,
                                       "srcport=61000 dstport=9000 data=hi checksum=1");
    struct explanation_event e = explain(&steps, &packet->d, &proto_udp);
    static const struct {
        const char *what;
        uint32_t sum;
    } rows[] = {
        {"source address", 0x7f01}, {"destination address", 0xfe02}, {"length", 0xfe0c},
        {"protocol", 0xfe1d},       {"udp.srcport", 0x1ec65},        {"udp.dstport", 0x20f8d},
        {"udp.length", 0x20f97},    {"udp.checksum", 0x20f97},       {"data", 0x27800}};
    assert_int_equal(e.row_count, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(e.rows[i].what, rows[i].what);
        assert_int_equal(e.rows[i].sum, rows[i].sum);
        assert_int_equal(e.rows[i].pseudo, i < 4);
    }
    assert_int_equal(e.folded, 0x7802);
    assert_int_equal(e.expected, 0x87fd);
    assert_int_equal(e.stored, 1);
    assert_string_equal(e.means, "wrong: it should be 0x87fd");
    sum_steps_free(&steps);
    packet_free(packet);
}

/* RFC 768: a sum that comes to 0 is sent as ffff, for 0 says that there is none. */
static void udp_sends_no_zero(void **state)
{
    (void)state;
    struct sum_steps steps = {0};
    struct packet *packet = must_craft("udp", AF_INET, "srcport=61000 dstport=9000 data=hex:f066");
    struct explanation_event e = explain(&steps, &packet->d, &proto_udp);
    assert_int_equal(e.folded, 0xffff);
    assert_int_equal(e.complement, 0);
    assert_int_equal(e.expected, 0xffff);
    assert_int_equal(e.stored, 0xffff);
    sum_steps_free(&steps);
    packet_free(packet);
}

/* --- always what the check says ------------------------------------------------------- */

/* Adds the words up again, plainly; all words of what is covered, in their order, are there. */
static void must_agree(struct sum_steps *steps, const struct dissection *d, size_t layer)
{
    struct sum_check check = sum_check(d, layer);
    struct explanation_event e = sum_explain(steps, d, layer);
    struct text said = TEXT_EMPTY;
    sum_say(&said, &check);
    assert_string_equal(e.means, text_string(&said));
    text_free(&said);
    assert_int_equal(e.row_count == 0, check.verdict == SUM_UNKNOWN);
    if (!e.row_count)
        return;
    struct sum_covered covered;
    struct sum_place place = sum_place(d, layer);
    assert_true(sum_covered(&covered, d, &place));
    uint32_t sum = 0;
    size_t words = 0;
    for (size_t i = 0; i < e.row_count; i++) {
        assert_in_range(e.rows[i].count, 1, SUM_ROW_WORDS);
        for (unsigned w = 0; w < e.rows[i].count; w++)
            sum += e.rows[i].words[w];
        words += e.rows[i].pseudo ? 0 : e.rows[i].count;
        assert_int_equal(e.rows[i].sum, sum);
    }
    assert_int_equal(words, (covered.message.len + 1) / 2);
    assert_int_equal(e.sum, sum);
    assert_int_equal(e.stored, check.stored);
    assert_int_equal(e.expected, check.expected);
    assert_int_equal(e.expected, e.complement || check.expected == 0 ? e.complement : 0xffff);
}

static void agree_everywhere(struct sum_steps *steps, const struct dissection *d)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->nodes[i].kind == NODE_RECORD && d->nodes[i].record->sum != SUM_NONE)
            must_agree(steps, d, i);
}

#define SAMPLE(name)                        \
    {                                       \
        sample_##name, sizeof sample_##name \
    }

static const struct bytes frames[] = {
    SAMPLE(syn),  SAMPLE(syn6),  SAMPLE(request),          SAMPLE(sack),
    SAMPLE(rare), SAMPLE(udp),   SAMPLE(port_unreachable), SAMPLE(port_unreachable6),
    SAMPLE(echo), SAMPLE(echo6), SAMPLE(routed),           SAMPLE(extensions),
};

/* Whole, and cut at every byte. */
static void it_agrees_with_the_check(void **state)
{
    (void)state;
    struct sum_steps steps = {0};
    struct dissection d = {0};
    for (size_t i = 0; i < COUNT(frames); i++)
        for (size_t len = 1; len <= frames[i].len; len++) {
            walk(&d, &proto_ethernet, bytes_part(frames[i], 0, len), frames[i].len);
            agree_everywhere(&steps, &d);
        }
    dissection_free(&d);
    sum_steps_free(&steps);
}

static void at_every_length(void **state)
{
    (void)state;
    struct sum_steps steps = {0};
    for (size_t i = 0; i < 40; i++) {
        char words[32];
        snprintf(words, sizeof words, "data=%.*s", (int)i / 2, "abcdefghijklmnopqrst");
        struct packet *packet = must_craft("tcp", i % 2 ? AF_INET6 : AF_INET, words);
        agree_everywhere(&steps, &packet->d);
        packet_free(packet);
    }
    sum_steps_free(&steps);
}

/* All ones: nearly every word makes a carry. The largest payload that IPv6 can state. */
static void the_largest_packet(void **state)
{
    (void)state;
    static const uint8_t header[] = {0x60, 0, 0, 0, 0xff, 0xff, 6};
    struct sum_steps steps = {0};
    struct text packet = TEXT_EMPTY;
    struct dissection d = {0};
    text_repeat(&packet, "\xff", 40 + 0xffff);
    memcpy(packet.at, header, sizeof header);
    walk(&d, &proto_ipv6, text_bytes(&packet), packet.len);
    agree_everywhere(&steps, &d);
    assert_true(explain(&steps, &d, &proto_tcp).row_count > 0xffff / 16);
    text_free(&packet);
    dissection_free(&d);
    sum_steps_free(&steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_rfc_1071),
        cmocka_unit_test(an_odd_byte_is_followed_by_a_zero),
        cmocka_unit_test(the_pseudo_header_comes_first),
        cmocka_unit_test(udp_sends_no_zero),
        cmocka_unit_test(it_agrees_with_the_check),
        cmocka_unit_test(at_every_length),
        cmocka_unit_test(the_largest_packet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
