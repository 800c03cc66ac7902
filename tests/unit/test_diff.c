/*
 * test_diff.c: which packets of two captures belong together, and what they differ in.
 *
 * Frames are made from a SYN as Linux sends it (sample_frames.h) by changing what a test is
 * about; sums are made to fit afterwards, full or partial.
 */
#include <loopcraft/catalog.h>
#include <loopcraft/checksum.h>
#include <loopcraft/diff.h>
#include <loopcraft/proto.h>
#include <loopcraft/sums.h>

#include "../../src/packet/diff_rules.h"
#include "sample_frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Where things are in Ethernet, IPv4 without options, TCP. */
enum {
    IP = 14,
    IP_LEN = IP + 2,
    IP_ID = IP + 4,
    IP_TTL = IP + 8,
    IP_SUM = IP + 10,
    TCP = IP + 20,
    SRCPORT = TCP,
    DSTPORT = TCP + 2,
    SEQ = TCP + 4,
    ACK = TCP + 8,
    OFFSET = TCP + 12,
    FLAGS = TCP + 13,
    WINDOW = TCP + 14,
    SUM = TCP + 16,
    OPTIONS = TCP + 20
};

enum { SYN = 2, SYN_ACK = 0x12, FLAG_ACK = 0x10, PSH_ACK = 0x18, RST = 4, FIN_ACK = 0x11 };

struct packet {
    uint8_t at[512];
    size_t len;
};

static void put16(struct packet *p, size_t at, unsigned value)
{
    p->at[at] = (uint8_t)(value >> 8);
    p->at[at + 1] = (uint8_t)value;
}

static void put32(struct packet *p, size_t at, uint32_t value)
{
    put16(p, at, value >> 16);
    put16(p, at + 2, value & 0xffff);
}

/* The IP header's sum, and TCP's: full, or the pseudo-header's alone (LINUX-FACTS). */
static void fit_sums(struct packet *p, bool partial)
{
    struct bytes source = {p->at + IP + 12, 4}, destination = {p->at + IP + 16, 4};
    put16(p, IP_LEN, (unsigned)(p->len - IP));
    put16(p, IP_SUM,
          sum_expected(&proto_ipv4, (struct bytes){p->at + IP, 20}, 10, source, destination));
    size_t len = p->len - TCP;
    put16(p, SUM,
          sum_expected(&proto_tcp, (struct bytes){p->at + TCP, len}, 16, source, destination));
    uint8_t pseudo[] = {127, 0, 0, 1, 127, 0, 0, 1, 0, 6, (uint8_t)(len >> 8), (uint8_t)len};
    if (partial)
        put16(p, SUM, checksum_fold(checksum_add(0, (struct bytes){pseudo, sizeof pseudo})));
}

/* Linux's SYN, partial sum and all. */
static struct packet kernel_syn(void)
{
    struct packet p = {.len = sizeof sample_syn};
    memcpy(p.at, sample_syn, sizeof sample_syn);
    return p;
}

/* A segment between client and server with these flags; without options. */
static struct packet segment(bool from_server, unsigned client, unsigned flags, uint32_t seq,
                             const char *data)
{
    struct packet p = kernel_syn();
    p.len = OPTIONS + strlen(data);
    memcpy(p.at + OPTIONS, data, strlen(data));
    put16(&p, from_server ? DSTPORT : SRCPORT, client);
    put16(&p, from_server ? SRCPORT : DSTPORT, 8080);
    put32(&p, SEQ, seq);
    put32(&p, ACK, flags & FLAG_ACK ? 1000 : 0);
    p.at[OFFSET] = 0x50;
    p.at[FLAGS] = (uint8_t)flags;
    fit_sums(&p, true);
    return p;
}

/* The same with an acknowledgment of one's own, and a full sum. */
static struct packet numbered(bool from_server, unsigned flags, uint32_t seq, uint32_t ack,
                              const char *data)
{
    struct packet p = segment(from_server, 40000, flags, seq, data);
    put32(&p, ACK, ack);
    fit_sums(&p, false);
    return p;
}

static void keep_at(struct diff_side *side, const struct packet *p, int64_t time)
{
    struct frame frame = {.number = diff_count(side) + 1,
                          .time_ns = time,
                          .linktype = LINKTYPE_ETHERNET,
                          .len = (uint32_t)p->len,
                          .bytes = {p->at, p->len}};
    assert_true(diff_keep(side, &frame));
}

static void keep(struct diff_side *side, struct packet p)
{
    keep_at(side, &p, 0);
}

/* --- a test's two captures --------------------------------------------------------- */

struct two {
    struct diff_side *a, *b;
    struct diff_pair *pairs;
    size_t count;
    struct differences found;
};

static struct two two(void)
{
    return (struct two){.a = diff_side_new(), .b = diff_side_new()};
}

static void pair(struct two *t)
{
    t->pairs = diff_pair(t->a, t->b, &t->count);
}

/* The difference with this name, or label, in the i-th pair, or NULL. */
static const struct diff_event *difference(struct two *t, size_t i, const char *name)
{
    assert_true(i < t->count);
    diff_compare(&t->found, t->a, t->b, t->pairs[i]);
    for (size_t k = 0; k < t->found.count; k++) {
        const struct diff_event *found = &t->found.each[k];
        if (strcmp(found->name ? found->name : found->label, name) == 0)
            return found;
    }
    return NULL;
}

static void must_differ(struct two *t, const char *name, enum diff_kind kind)
{
    const struct diff_event *found = difference(t, 0, name);
    if (!found)
        fail_msg("no difference in %s", name);
    assert_int_equal(found->kind, kind);
    assert_true(found->means && *found->means);
}

static size_t of_kind(struct two *t, enum diff_kind kind)
{
    size_t count = 0;
    diff_compare(&t->found, t->a, t->b, t->pairs[0]);
    for (size_t k = 0; k < t->found.count; k++)
        count += t->found.each[k].kind == kind;
    return count;
}

static void done(struct two *t)
{
    diff_side_free(t->a);
    diff_side_free(t->b);
    free(t->pairs);
    differences_free(&t->found);
}

/* A pair of one packet each. */
static struct two one_pair(struct packet a, struct packet b)
{
    struct two t = two();
    keep(t.a, a);
    keep(t.b, b);
    pair(&t);
    assert_int_equal(t.count, 1);
    return t;
}

/* --- comparing ------------------------------------------------------------------------ */

static void the_same_has_no_difference(void **state)
{
    (void)state;
    struct two t = one_pair(kernel_syn(), kernel_syn());
    diff_compare(&t.found, t.a, t.b, t.pairs[0]);
    assert_int_equal(t.found.count, 0);
    done(&t);
}

static void what_must_differ_is_told_apart(void **state)
{
    (void)state;
    struct packet other = kernel_syn();
    put16(&other, IP_ID, 0x1234);
    put16(&other, SRCPORT, 40000);
    put32(&other, SEQ, 1234);
    put32(&other, OPTIONS + 8, 77); /* the timestamp: behind MSS and SACK permitted, kind, length */
    fit_sums(&other, false);
    struct two t = two();
    struct packet syn = kernel_syn();
    keep_at(t.a, &syn, 1);
    keep_at(t.b, &other, 2);
    pair(&t);
    static const char *const names[] = {"frame.time_epoch",
                                        "ip.id",
                                        "ip.checksum",
                                        "tcp.srcport",
                                        "tcp.seq_raw",
                                        "tcp.checksum",
                                        "tcp.options.timestamp.tsval"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        must_differ(&t, names[i], DIFF_EXPECTED);
    assert_int_equal(of_kind(&t, DIFF_SUBSTANCE), 0);
    assert_int_equal(t.found.count, sizeof names / sizeof names[0]);
    assert_string_equal(difference(&t, 0, "tcp.seq_raw")->b_value, "1234 (+0)");
    done(&t);
}

/* Handmade: MSS alone, a full sum. The kernel's has all of its options, and a partial sum. */
static void an_option_on_one_side_alone(void **state)
{
    (void)state;
    struct packet mine = kernel_syn();
    mine.len = OPTIONS + 4;
    mine.at[OFFSET] = 0x60;
    fit_sums(&mine, false);
    struct two t = one_pair(mine, kernel_syn());
    const struct diff_event *sack = difference(&t, 0, "tcp.options.sack_perm");
    assert_non_null(sack);
    assert_int_equal(sack->kind, DIFF_SUBSTANCE);
    assert_null(sack->a_value);
    assert_non_null(sack->b_value);
    assert_ptr_equal(strstr(sack->means, "the kernel offers SACK; your SYN does not"), sack->means);
    must_differ(&t, "tcp.options.timestamp", DIFF_SUBSTANCE);
    must_differ(&t, "tcp.options.wscale", DIFF_SUBSTANCE);
    must_differ(&t, "tcp.options.nop", DIFF_FOLLOWS);
    must_differ(&t, "tcp.hdr_len", DIFF_FOLLOWS);
    must_differ(&t, "ip.len", DIFF_FOLLOWS);
    must_differ(&t, "tcp.checksum", DIFF_EXPECTED);
    /* The rows of an option that is not there are not told one by one. */
    assert_null(difference(&t, 0, "tcp.options.timestamp.tsval"));
    assert_int_equal(of_kind(&t, DIFF_SUBSTANCE), 3);
    done(&t);
}

static void options_in_another_order(void **state)
{
    (void)state;
    /* sackok,mss for mss,sackok */
    static const uint8_t turned[] = {4, 2, 2, 4, 0xff, 0xd7};
    struct packet other = kernel_syn();
    memcpy(other.at + OPTIONS, turned, sizeof turned);
    fit_sums(&other, true);
    struct two t = one_pair(kernel_syn(), other);
    must_differ(&t, "tcp.options", DIFF_SUBSTANCE);
    const struct diff_event *order = difference(&t, 0, "tcp.options");
    assert_string_equal(order->a_value, "mss,sackok,ts,nop,wscale");
    assert_string_equal(order->b_value, "sackok,mss,ts,nop,wscale");
    assert_int_equal(of_kind(&t, DIFF_SUBSTANCE), 1);
    done(&t);
}

static void a_wrong_sum_is_substance(void **state)
{
    (void)state;
    struct packet wrong = kernel_syn();
    put16(&wrong, SUM, 0xbad);
    struct two t = one_pair(kernel_syn(), wrong);
    must_differ(&t, "tcp.checksum", DIFF_SUBSTANCE);
    assert_non_null(
        strstr(difference(&t, 0, "tcp.checksum")->means, "is wrong: it should be 0x3ef5"));
    done(&t);
}

static void ttl_window_and_flags_are_substance(void **state)
{
    (void)state;
    struct packet a = segment(false, 40000, PSH_ACK, 1, "hello"),
                  b = segment(false, 40000, FLAG_ACK, 1, "hello");
    b.at[IP_TTL] = 3;
    put16(&b, WINDOW, 1);
    fit_sums(&b, true);
    struct two t = one_pair(a, b);
    must_differ(&t, "ip.ttl", DIFF_SUBSTANCE);
    must_differ(&t, "tcp.window_size_value", DIFF_SUBSTANCE);
    must_differ(&t, "tcp.flags.push", DIFF_SUBSTANCE);
    assert_int_equal(of_kind(&t, DIFF_SUBSTANCE), 3);
    done(&t);
}

static void data_says_where_it_differs(void **state)
{
    (void)state;
    struct two t = one_pair(segment(false, 1, PSH_ACK, 1, "hello\n"),
                            segment(false, 1, PSH_ACK, 1, "help!\x1b"));
    must_differ(&t, "Text", DIFF_SUBSTANCE);
    const struct diff_event *data = difference(&t, 0, "Text");
    assert_string_equal(data->a_value, "6 bytes \"hello\\n\"");
    assert_string_equal(data->b_value, "6 bytes 68 65 6c 70 21 1b"); /* foreign, never raw */
    assert_non_null(strstr(data->means, "from byte 4 on: 0x6c there, 0x70 here"));
    done(&t);
}

/* ping's struct timeval; beyond it the data is compared. */
static void ping_writes_the_time(void **state)
{
    (void)state;
    size_t data = IP + 4 * 15 + 8; /* IPv4 with 40 bytes of options, ICMP echo */
    for (size_t at = 0; at < 32; at += 31) {
        struct packet other = {.len = sizeof sample_echo}, ping = other;
        memcpy(ping.at, sample_echo, sizeof sample_echo);
        other = ping;
        other.at[data + at] ^= 1;
        struct two t = one_pair(ping, other);
        must_differ(&t, "data.data", at ? DIFF_SUBSTANCE : DIFF_EXPECTED);
        done(&t);
    }
}

static void what_was_not_captured_is_not_compared(void **state)
{
    (void)state;
    struct packet syn = kernel_syn();
    for (size_t len = IP; len < syn.len; len++) {
        struct two t = two();
        struct frame frame = {.number = 1,
                              .linktype = LINKTYPE_ETHERNET,
                              .len = (uint32_t)syn.len,
                              .bytes = {syn.at, len}};
        assert_true(diff_keep(t.a, &frame));
        frame.bytes.len = syn.len;
        assert_true(diff_keep(t.b, &frame));
        pair(&t);
        for (size_t i = 0; i < t.count; i++) {
            diff_compare(&t.found, t.a, t.b, t.pairs[i]);
            for (size_t k = 0; k < t.found.count; k++)
                fail_msg("%zu bytes: %s differs", len, t.found.each[k].name);
        }
        done(&t);
    }
}

/* --- numbers that are counted ---------------------------------------------------------- */

/* SYN, SYN-ACK, ACK: the client counts from `client`, the server from `server`. */
static void shake(struct diff_side *side, uint32_t client, uint32_t server, uint32_t ack)
{
    keep(side, numbered(false, SYN, client, 0, ""));
    keep(side, numbered(true, SYN_ACK, server, client + 1, ""));
    keep(side, numbered(false, FLAG_ACK, client + 1, ack, ""));
}

static void an_ack_off_by_one_is_substance(void **state)
{
    (void)state;
    for (uint32_t off = 0; off < 4; off++) {
        struct two t = two();
        shake(t.a, 10, 500, 501);
        shake(t.b, 99, UINT32_MAX, off - 1); /* 0 would be right: it wraps */
        pair(&t);
        assert_int_equal(t.count, 3);
        const struct diff_event *ack = difference(&t, 2, "tcp.ack_raw");
        assert_non_null(ack);
        assert_int_equal(ack->kind, off == 1 ? DIFF_EXPECTED : DIFF_SUBSTANCE);
        if (off == 0)
            assert_memory_equal(ack->means, "A acknowledges 1 byte more than B", 33);
        if (off == 2)
            assert_memory_equal(ack->means, "A acknowledges 1 byte less than B", 33);
        if (off == 3)
            assert_memory_equal(ack->means, "A acknowledges 2 bytes less than B", 34);
        assert_int_equal(difference(&t, 2, "tcp.seq_raw")->kind, DIFF_EXPECTED);
        done(&t);
    }
}

static void data_beyond_a_gap_is_substance(void **state)
{
    (void)state;
    struct two t = two();
    shake(t.a, 10, 500, 501);
    shake(t.b, 99, 700, 701);
    keep(t.a, numbered(false, PSH_ACK, 11, 501, "hello"));
    keep(t.b, numbered(false, PSH_ACK, 105, 701, "hello"));
    pair(&t);
    assert_int_equal(t.count, 4);
    const struct diff_event *seq = difference(&t, 3, "tcp.seq_raw");
    assert_int_equal(seq->kind, DIFF_SUBSTANCE);
    assert_memory_equal(seq->means, "A stands 5 bytes before B", 25);
    assert_string_equal(seq->b_value, "105 (+6)");
    done(&t);
}

/* The bytes are the same; what they say is not. */
static void the_same_number_from_another_start(void **state)
{
    (void)state;
    struct two t = two();
    shake(t.a, 10, 500, 501);
    keep(t.b, numbered(false, SYN, 17, 0, ""));
    keep(t.b, numbered(true, SYN_ACK, 500, 11, ""));
    pair(&t);
    assert_int_equal(t.count, 2);
    const struct diff_event *ack = difference(&t, 1, "tcp.ack_raw");
    assert_non_null(ack);
    assert_int_equal(ack->kind, DIFF_SUBSTANCE);
    assert_string_equal(ack->a_value, "11 (+1)");
    assert_string_equal(ack->b_value, "11 (-6)");
    done(&t);
}

static void without_a_handshake_the_first_number_counts(void **state)
{
    (void)state;
    for (uint32_t more = 0; more < 2; more++) {
        struct two t = two();
        shake(t.a, 10, 500, 501);
        keep(t.a, numbered(false, PSH_ACK, 11, 501, "hello"));
        keep(t.a, numbered(true, FLAG_ACK, 501, 16, ""));
        keep(t.b, numbered(false, PSH_ACK, 9000, 7000, "hello"));
        keep(t.b, numbered(true, FLAG_ACK, 7000, 9005 + more, ""));
        pair(&t);
        assert_int_equal(t.count, 2);
        assert_int_equal(difference(&t, 0, "tcp.seq_raw")->kind, DIFF_EXPECTED);
        assert_int_equal(difference(&t, 0, "tcp.ack_raw")->kind, DIFF_EXPECTED);
        const struct diff_event *ack = difference(&t, 1, "tcp.ack_raw");
        assert_int_equal(ack->kind, more ? DIFF_SUBSTANCE : DIFF_EXPECTED);
        assert_non_null(strstr(ack->means, "B has no handshake: the first number seen"));
        done(&t);
    }
}

/* The same connection, captured from later on: its numbers are the same, so is their start. */
static void a_part_counts_like_the_whole(void **state)
{
    (void)state;
    struct two t = two();
    shake(t.a, 10, 500, 501);
    keep(t.a, numbered(false, PSH_ACK, 11, 501, "one"));
    keep(t.a, numbered(false, PSH_ACK, 14, 501, "two"));
    keep(t.b, numbered(false, PSH_ACK, 14, 501, "two"));
    pair(&t);
    assert_int_equal(t.count, 1);
    assert_int_equal(t.pairs[0].a, 4);
    diff_compare(&t.found, t.a, t.b, t.pairs[0]);
    assert_int_equal(t.found.count, 0);
    done(&t);
}

/* What answers a SYN with a reset has no first number: 0, if it is the kernel (RFC 9293, 3.10.7.1).
 */
static void a_refusal_counts_from_nowhere(void **state)
{
    (void)state;
    struct two t = two();
    keep(t.a, numbered(false, SYN, 10, 0, ""));
    keep(t.a, numbered(true, RST | FLAG_ACK, 0, 11, ""));
    keep(t.b, numbered(false, SYN, 99, 0, ""));
    keep(t.b, numbered(true, RST | FLAG_ACK, 777, 100, ""));
    pair(&t);
    assert_int_equal(t.count, 2);
    assert_int_equal(difference(&t, 1, "tcp.seq_raw")->kind, DIFF_SUBSTANCE);
    assert_int_equal(difference(&t, 1, "tcp.ack_raw")->kind, DIFF_EXPECTED);
    done(&t);
}

/* A changed number with the sum that it had: the sums' bytes are the same, one of them is wrong. */
static void a_sum_that_no_longer_fits(void **state)
{
    (void)state;
    struct packet a = numbered(false, SYN, 10, 0, ""), b = a;
    put32(&b, SEQ, 17);
    struct two t = one_pair(a, b);
    const struct diff_event *sum = difference(&t, 0, "tcp.checksum");
    assert_non_null(sum);
    assert_int_equal(sum->kind, DIFF_SUBSTANCE);
    assert_string_equal(sum->a_value, sum->b_value);
    assert_non_null(strstr(sum->means, "A's checksum is right, B's is wrong: it should be 0x"));
    done(&t);
}

/* --- pairing ---------------------------------------------------------------------------- */

static void ports_by_chance_do_not_part(void **state)
{
    (void)state;
    struct two t = two();
    keep(t.a, segment(false, 40000, SYN, 1, ""));
    keep(t.a, segment(true, 40000, SYN_ACK, 1, ""));
    keep(t.b, segment(false, 50000, SYN, 99, ""));
    keep(t.b, segment(false, 50000, RST, 100, "")); /* no counterpart */
    keep(t.b, segment(true, 50000, SYN_ACK, 98, ""));
    pair(&t);
    assert_int_equal(t.count, 2);
    assert_int_equal(t.pairs[0].b, 0);
    assert_int_equal(t.pairs[1].b, 2);
    assert_false(diff_is_paired(t.b, 1));
    assert_true(diff_is_paired(t.b, 2) && diff_is_paired(t.a, 1));
    done(&t);
}

/* Ten answers of ten bytes; each is acknowledged unless `skips` has its bit. */
static void answers(struct diff_side *side, uint32_t client, uint32_t server, unsigned skips)
{
    shake(side, client, server, server + 1);
    for (uint32_t i = 0; i < 10; i++) {
        uint32_t at = server + 1 + 10 * i;
        keep(side, numbered(true, PSH_ACK, at, client + 1, "0123456789"));
        if (!(skips & 1u << i))
            keep(side, numbered(false, FLAG_ACK, client + 1, at + 10, ""));
    }
}

static void none_in_substance(struct two *t)
{
    for (size_t i = 0; i < t->count; i++) {
        diff_compare(&t->found, t->a, t->b, t->pairs[i]);
        for (size_t k = 0; k < t->found.count; k++)
            if (t->found.each[k].kind == DIFF_SUBSTANCE)
                fail_msg("pair %zu: %s", i, t->found.each[k].name);
    }
}

static void a_missing_ack_shifts_no_other(void **state)
{
    (void)state;
    static const struct {
        unsigned a, b;
        size_t pairs;
    } cases[] = {{0, 1 << 2, 22}, {0, 0x155, 18}, {1 << 3, 1 << 7, 21}, {0x155, 0x0aa, 14}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct two t = two();
        answers(t.a, 10, 500, cases[i].a);
        answers(t.b, 99, UINT32_MAX - 30, cases[i].b);
        pair(&t);
        assert_int_equal(t.count, cases[i].pairs);
        none_in_substance(&t);
        done(&t);
    }
}

/* Two at once: their packets come mixed, the order of the connections tells which is which. */
static void several_connections_in_their_order(void **state)
{
    (void)state;
    struct two t = two();
    keep(t.a, segment(false, 1001, SYN, 1, ""));
    keep(t.a, segment(false, 1002, SYN, 2, ""));
    keep(t.a, segment(false, 1001, PSH_ACK, 2, "one"));
    keep(t.a, segment(false, 1002, PSH_ACK, 3, "two"));
    keep(t.b, segment(false, 2001, SYN, 5, ""));
    keep(t.b, segment(false, 2002, SYN, 6, ""));
    keep(t.b, segment(false, 2002, PSH_ACK, 7, "two"));
    keep(t.b, segment(false, 2001, PSH_ACK, 6, "one"));
    pair(&t);
    assert_int_equal(t.count, 4);
    assert_int_equal(t.pairs[2].b, 3);
    assert_int_equal(t.pairs[3].b, 2);
    assert_null(difference(&t, 2, "Text"));
    done(&t);
}

/* A part of the same capture: the same connections find each other, whatever their order. */
static void the_same_connection_comes_first(void **state)
{
    (void)state;
    struct two t = two();
    keep(t.a, segment(false, 1001, SYN, 1, ""));
    keep(t.a, segment(false, 1002, SYN, 2, ""));
    keep(t.b, segment(false, 1002, SYN, 2, ""));
    pair(&t);
    assert_int_equal(t.count, 1);
    assert_int_equal(t.pairs[0].a, 1);
    done(&t);
}

static void a_port_used_again_is_another_connection(void **state)
{
    (void)state;
    struct two t = two();
    keep(t.a, segment(false, 1001, SYN, 1, ""));
    keep(t.a, segment(false, 1001, SYN, 1, "")); /* the same SYN again */
    keep(t.a, segment(false, 1001, SYN, 500, ""));
    keep(t.b, segment(false, 1001, SYN, 77, ""));
    keep(t.b, segment(false, 1001, SYN, 88, ""));
    pair(&t);
    assert_int_equal(t.count, 2);
    assert_int_equal(t.pairs[0].a, 0);
    assert_int_equal(t.pairs[1].a, 2);
    assert_false(diff_is_paired(t.a, 1));
    done(&t);
}

/* The client is who sent the first packet: here the answer was captured first. */
static void a_syn_ack_comes_from_the_server(void **state)
{
    (void)state;
    struct two t = two();
    keep(t.a, segment(true, 1001, SYN_ACK, 1, ""));
    keep(t.b, segment(false, 2001, SYN, 1, ""));
    keep(t.b, segment(true, 2001, SYN_ACK, 1, ""));
    pair(&t);
    assert_int_equal(t.count, 1);
    assert_int_equal(t.pairs[0].b, 1);
    done(&t);
}

/* ICMP 3/3 quotes a datagram: it belongs to that one's conversation, and differs by its port. */
static void an_error_belongs_to_what_it_quotes(void **state)
{
    (void)state;
    struct packet udp = {.len = sizeof sample_udp}, error = {.len = sizeof sample_port_unreachable};
    memcpy(udp.at, sample_udp, sizeof sample_udp);
    memcpy(error.at, sample_port_unreachable, sizeof sample_port_unreachable);
    struct packet other_udp = udp, other_error = error;
    put16(&other_udp, TCP, 40000);
    put16(&other_error, IP + 20 + 8 + 20, 40000);
    struct two t = two();
    keep(t.a, udp);
    keep(t.a, error);
    keep(t.b, other_udp);
    keep(t.b, other_error);
    keep(t.b, segment(false, 1001, SYN, 1, ""));
    pair(&t);
    assert_int_equal(t.count, 2);
    assert_int_equal(t.pairs[1].b, 1);
    assert_int_equal(difference(&t, 1, "udp.srcport")->kind, DIFF_EXPECTED);
    done(&t);
}

static void nothing_in_common(void **state)
{
    (void)state;
    struct packet udp = {.len = sizeof sample_udp}, six = {.len = sizeof sample_syn6};
    memcpy(udp.at, sample_udp, sizeof sample_udp);
    memcpy(six.at, sample_syn6, sizeof sample_syn6);
    struct two t = two();
    keep(t.a, kernel_syn());
    keep(t.b, udp);
    keep(t.b, six);
    pair(&t);
    assert_int_equal(t.count, 0);
    done(&t);
}

/* Any bytes, paired with any others: the sanitizers look on. */
static void any_bytes(void **state)
{
    (void)state;
    struct two t = two();
    uint32_t random = 1;
    for (int n = 0; n < 2000; n++) {
        struct packet p = kernel_syn();
        for (int i = 0; i < 4; i++) {
            random = random * 1664525 + 1013904223;
            p.at[IP + (random >> 8) % (p.len - IP)] = (uint8_t)(random >> 24);
        }
        p.len -= (random >> 16) % 40;
        keep(n % 2 ? t.a : t.b, p);
    }
    pair(&t);
    assert_true(t.count > 100);
    for (size_t i = 0; i < t.count; i++)
        diff_compare(&t.found, t.a, t.b, t.pairs[i]);
    done(&t);
}

static void memory_is_bounded(void **state)
{
    (void)state;
    struct diff_side *side = diff_side_new();
    struct packet syn = kernel_syn();
    for (unsigned i = 0; i < DIFF_PACKETS_MOST; i++)
        keep(side, syn);
    struct frame frame = {.number = 1,
                          .linktype = LINKTYPE_ETHERNET,
                          .len = (uint32_t)syn.len,
                          .bytes = {syn.at, syn.len}};
    assert_false(diff_keep(side, &frame));
    assert_int_equal(diff_count(side), DIFF_PACKETS_MOST);
    diff_side_free(side);
}

/* --- the tables ----------------------------------------------------------------------- */

/* A rule about a name that no table has is a slip of the pen, unless its protocol is not here yet.
 */
static void rules_are_about_fields_that_exist(void **state)
{
    (void)state;
    static const char *const names[] = {"ip.id",
                                        "ipv6.flow",
                                        "ipv6.fraghdr.ident",
                                        "tcp.srcport",
                                        "udp.dstport",
                                        "tcp.seq_raw",
                                        "tcp.ack_raw",
                                        "tcp.options.sack_le",
                                        "tcp.options.timestamp.tsval",
                                        "icmp.ident",
                                        "icmpv6.echo.identifier",
                                        "icmp.transmit_timestamp",
                                        "ip.opt.time_stamp",
                                        "tcp.options.nop",
                                        "ip.options.eol",
                                        "tcp.options.sack_perm",
                                        "tcp.options.ao",
                                        "data",
                                        "ipv6.hlim"};
    struct catalog catalog;
    catalog_open(&catalog);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_true(catalog_knows(&catalog, names[i]));
        assert_string_equal(diff_rule(names[i], NULL)->name, names[i]);
    }
    assert_int_equal(diff_rule("ip.nonsense", NULL)->kind, DIFF_SUBSTANCE);
    catalog_free(&catalog);
}

/* Is this the first entry of its protocol? */
static bool is_first(const struct catalog *catalog, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(catalog->each[i].protocol, catalog->each[j].protocol) == 0)
            return false;
    return true;
}

static void the_catalog_is_by_protocol_each_row_once(void **state)
{
    (void)state;
    struct catalog catalog;
    catalog_open(&catalog);
    size_t kinds = 0;
    for (size_t i = 0; i < catalog.count; i++) {
        const char *name = catalog_name(&catalog.each[i]);
        kinds += name && strcmp(name, "tcp.option_kind") == 0;
        bool changes = i == 0 ||
                       strcmp(catalog.each[i].protocol, catalog.each[i - 1].protocol) != 0;
        assert_true(changes == is_first(&catalog, i));
    }
    assert_int_equal(kinds, 1);
    assert_string_equal(catalog.each[0].protocol, "eth");
    assert_true(catalog_knows(&catalog, "tcp.flags.syn") && catalog_knows(&catalog, "tcp.flags"));
    assert_true(catalog_knows(&catalog, "tcp") && catalog_knows(&catalog, "tcp.options.sack_perm"));
    assert_false(catalog_knows(&catalog, "tcp.fla") || catalog_knows(&catalog, ""));
    catalog_free(&catalog);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_has_no_difference),
        cmocka_unit_test(what_must_differ_is_told_apart),
        cmocka_unit_test(an_option_on_one_side_alone),
        cmocka_unit_test(options_in_another_order),
        cmocka_unit_test(a_wrong_sum_is_substance),
        cmocka_unit_test(ttl_window_and_flags_are_substance),
        cmocka_unit_test(data_says_where_it_differs),
        cmocka_unit_test(ping_writes_the_time),
        cmocka_unit_test(what_was_not_captured_is_not_compared),
        cmocka_unit_test(an_ack_off_by_one_is_substance),
        cmocka_unit_test(data_beyond_a_gap_is_substance),
        cmocka_unit_test(the_same_number_from_another_start),
        cmocka_unit_test(without_a_handshake_the_first_number_counts),
        cmocka_unit_test(a_part_counts_like_the_whole),
        cmocka_unit_test(a_refusal_counts_from_nowhere),
        cmocka_unit_test(a_sum_that_no_longer_fits),
        cmocka_unit_test(ports_by_chance_do_not_part),
        cmocka_unit_test(a_missing_ack_shifts_no_other),
        cmocka_unit_test(several_connections_in_their_order),
        cmocka_unit_test(the_same_connection_comes_first),
        cmocka_unit_test(a_port_used_again_is_another_connection),
        cmocka_unit_test(a_syn_ack_comes_from_the_server),
        cmocka_unit_test(an_error_belongs_to_what_it_quotes),
        cmocka_unit_test(nothing_in_common),
        cmocka_unit_test(any_bytes),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(rules_are_about_fields_that_exist),
        cmocka_unit_test(the_catalog_is_by_protocol_each_row_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
