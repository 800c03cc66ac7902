/*
 * test_provenance.c: who set each field of a packet that was sent: you, the command, libnet, or
 * the kernel on its way.
 */
#include "craft_check.h"

#include <loopcraft/dissect.h>

/* A packet of a recipe that was captured: with an Ethernet header, and what the kernel changed. */
struct captured {
    struct packet *packet;
    struct text frame, origins;
    struct dissection d;
};

static void capture(struct captured *c, struct packet *packet)
{
    struct bytes bytes = crafted_bytes(&packet->crafted);
    *c = (struct captured){.packet = packet};
    text_put_n(&c->frame, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
    text_put_n(&c->frame, packet->recipe.ip == &proto_ipv6 ? "\x86\xdd" : "\x08\x00", 2);
    text_put_n(&c->frame, (const char *)bytes.at, bytes.len);
}

/* After the kernel's changes to c->frame, if any. */
static void judge(struct captured *c)
{
    struct frame frame = {.linktype = LINKTYPE_ETHERNET,
                          .len = (uint32_t)c->frame.len,
                          .bytes = text_bytes(&c->frame)};
    dissect(&c->d, &frame);
    provenance(&c->origins, &c->d, &c->packet->crafted, &c->packet->recipe);
    assert_int_equal(c->origins.len, c->d.count);
}

static void captured_free(struct captured *c)
{
    packet_free(c->packet);
    text_free(&c->frame);
    text_free(&c->origins);
    dissection_free(&c->d);
}

static void must_be_from(const struct captured *c, enum origin origin, const char *const *names)
{
    for (; *names; names++) {
        const struct node *node = node_find(&c->d, 0, *names);
        if (!node)
            fail_msg("no %s", *names);
        enum origin got = (enum origin)c->origins.at[node - c->d.nodes];
        if (got != origin)
            fail_msg("%s is from %d and not from %d", *names, (int)got, (int)origin);
    }
}

#define MUST_BE_FROM(c, origin, ...) \
    must_be_from(c, origin, (const char *const[]){__VA_ARGS__, NULL})

/* A packet with a port that the command chose, as every probe makes them. */
static struct packet *with_defaults(const char *words, const char *name, uint64_t number)
{
    struct packet *packet = calloc(1, sizeof *packet);
    struct err err = {0};
    assert_non_null(packet);
    must_begin(&packet->recipe, "tcp", AF_INET);
    must_take(&packet->recipe, words);
    recipe_default(&packet->recipe, "tcp.srcport", 61000);
    recipe_default(&packet->recipe, name, number);
    assert_true(craft(&packet->crafted, &packet->recipe, &err));
    return packet;
}

static void you_the_command_libnet_and_the_link(void **state)
{
    (void)state;
    struct captured c;
    capture(&c, with_defaults("dstport=8080 ip.ttl=3", "tcp.flags", 2));
    judge(&c);
    MUST_BE_FROM(&c, ORIGIN_YOU, "tcp.dstport", "ip.ttl");
    MUST_BE_FROM(&c, ORIGIN_LOOPCRAFT, "tcp.srcport", "tcp.flags", "tcp.flags.syn", "tcp.flags.res",
                 "tcp.flags.str");
    MUST_BE_FROM(&c, ORIGIN_LIBNET, "tcp.seq_raw", "tcp.hdr_len", "tcp.window_size_value",
                 "ip.version", "ip.len", "ip.id", "ip.src", "ip.dst", "ip.proto");
    MUST_BE_FROM(&c, ORIGIN_KERNEL, "eth.dst", "eth.src", "eth.type");
    for (size_t i = 0; i < c.d.count; i++)
        if (c.d.nodes[i].kind == NODE_RECORD)
            assert_int_equal(c.origins.at[i], ORIGIN_UNKNOWN);
    captured_free(&c);
}

/* What the kernel fills in on a raw socket: the id, and with it the header's checksum. */
static void what_differs_is_the_kernel_s(void **state)
{
    (void)state;
    struct captured c;
    capture(&c, with_defaults("ip.id=0 ip.ttl=3 dstport=8080", "tcp.flags", 2));
    c.frame.at[14 + 4] = 0x12;
    c.frame.at[14 + 5] = 0x34;
    c.frame.at[14 + 10] ^= 0x55;
    judge(&c);
    MUST_BE_FROM(&c, ORIGIN_KERNEL, "ip.id", "ip.checksum");
    MUST_BE_FROM(&c, ORIGIN_YOU, "ip.ttl", "tcp.dstport");
    MUST_BE_FROM(&c, ORIGIN_LIBNET, "ip.len", "ip.src");
    captured_free(&c);
}

/* One bit of a byte: its row and the rows around it, not its neighbour. */
static void a_changed_bit_is_told_to_the_bit(void **state)
{
    (void)state;
    struct captured c;
    capture(&c, must_craft("tcp", AF_INET, "ip.flags=DF flags=SA flags.ece=1"));
    c.frame.at[14 + 20 + 13] |= 0x08; /* PSH */
    judge(&c);
    MUST_BE_FROM(&c, ORIGIN_KERNEL, "tcp.flags", "tcp.flags.push", "tcp.flags.str");
    MUST_BE_FROM(&c, ORIGIN_YOU, "tcp.flags.ack", "tcp.flags.ece", "tcp.flags.syn", "ip.flags",
                 "ip.flags.df", "ip.flags.mf");
    MUST_BE_FROM(&c, ORIGIN_LIBNET, "ip.frag_offset", "tcp.hdr_len");
    captured_free(&c);
}

/* The flags are the command's; a single one of them is yours, whichever was asked for first. */
static void a_word_of_its_own_counts_more_than_its_group(void **state)
{
    (void)state;
    for (int first = 0; first < 2; first++) {
        struct packet *packet = calloc(1, sizeof *packet);
        struct captured c;
        struct err err = {0};
        assert_non_null(packet);
        must_begin(&packet->recipe, "tcp", AF_INET);
        must_take(&packet->recipe, first ? "flags.ece=1" : "");
        recipe_default(&packet->recipe, "tcp.flags", 2);
        must_take(&packet->recipe, first ? "" : "flags.ece=1");
        assert_true(craft(&packet->crafted, &packet->recipe, &err));
        capture(&c, packet);
        judge(&c);
        must_show(&c.d, "tcp.flags", "0x0042");
        MUST_BE_FROM(&c, ORIGIN_YOU, "tcp.flags.ece");
        MUST_BE_FROM(&c, ORIGIN_LOOPCRAFT, "tcp.flags", "tcp.flags.syn", "tcp.flags.cwr");
        captured_free(&c);
    }
}

static enum origin origin_at(const struct captured *c, size_t byte)
{
    enum origin origin = ORIGIN_UNKNOWN;
    for (size_t i = 0; i < c->d.count; i++) {
        const struct node *node = &c->d.nodes[i];
        if ((node->kind == NODE_FIELD || node->kind == NODE_BYTES) && node_pos(node) <= byte &&
            node_pos(node) + node_size(node) > byte)
            origin = (enum origin)c->origins.at[i];
    }
    return origin;
}

static void options_and_data_and_the_padding_between(void **state)
{
    (void)state;
    struct captured c;
    capture(&c, must_craft("tcp", AF_INET, "options=mss:1460,eol data=hi"));
    judge(&c);
    MUST_BE_FROM(&c, ORIGIN_YOU, "tcp.options", "tcp.options.mss_val", "data.data");
    assert_int_equal(origin_at(&c, 14 + 40 + 4), ORIGIN_YOU);    /* EOL */
    assert_int_equal(origin_at(&c, 14 + 40 + 5), ORIGIN_LIBNET); /* padding */
    assert_int_equal(origin_at(&c, 14 + 40 + 8), ORIGIN_YOU);    /* "hi" */
    captured_free(&c);

    struct packet *packet = calloc(1, sizeof *packet);
    struct err err = {0};
    assert_non_null(packet);
    must_begin(&packet->recipe, "tcp", AF_INET);
    assert_true(recipe_word(&packet->recipe, "options=mss:1460", ORIGIN_LOOPCRAFT, &err));
    recipe_data(&packet->recipe, BYTES('h', 'i'), ORIGIN_LOOPCRAFT);
    assert_true(craft(&packet->crafted, &packet->recipe, &err));
    capture(&c, packet);
    judge(&c);
    MUST_BE_FROM(&c, ORIGIN_LOOPCRAFT, "tcp.options.mss_val", "data.data");
    captured_free(&c);
}

/* Checksums that nobody asked for are nobody's words; those that were asked for are yours. */
static void checksums(void **state)
{
    (void)state;
    struct captured c;
    capture(&c, must_craft("udp", AF_INET, "checksum=0"));
    judge(&c);
    MUST_BE_FROM(&c, ORIGIN_YOU, "udp.checksum");
    captured_free(&c);
    capture(&c, must_craft("udp", AF_INET, "dstport=1"));
    judge(&c);
    enum origin origin = (enum origin)c.origins.at[node_find(&c.d, 0, "udp.checksum") - c.d.nodes];
    assert_true(origin == ORIGIN_LIBNET || origin == ORIGIN_LOOPCRAFT);
    captured_free(&c);
}

static void over_ipv6_and_in_icmp(void **state)
{
    (void)state;
    struct captured c;
    capture(&c, must_craft("udp", AF_INET6, "flow=0xabcde ipv6.src=::1"));
    judge(&c);
    MUST_BE_FROM(&c, ORIGIN_YOU, "ipv6.flow", "ipv6.src");
    MUST_BE_FROM(&c, ORIGIN_LIBNET, "ipv6.dst", "ipv6.plen", "ipv6.hlim", "ipv6.version");
    captured_free(&c);
    /* A row of a case, in every message that has it. */
    static const char *const words[] = {"type=8 ident=5 seq=6",
                                        "type=13 ident=5 seq=6 data=hex:000000000000000000000000",
                                        "type=0 ident=5 seq=6"};
    for (size_t i = 0; i < COUNT(words); i++) {
        capture(&c, must_craft("icmp", AF_INET, words[i]));
        judge(&c);
        MUST_BE_FROM(&c, ORIGIN_YOU, "icmp.type", "icmp.ident", "icmp.seq");
        captured_free(&c);
    }
}

/* Cut short, there is nothing to compare. */
static void of_a_cut_capture_nothing_is_said(void **state)
{
    (void)state;
    struct captured c;
    capture(&c, must_craft("tcp", AF_INET, "dstport=8080 data=hello"));
    struct frame frame = {.linktype = LINKTYPE_ETHERNET,
                          .len = (uint32_t)c.frame.len,
                          .bytes = bytes_part(text_bytes(&c.frame), 0, 30)};
    dissect(&c.d, &frame);
    text_put(&c.origins, "left from the packet before");
    provenance(&c.origins, &c.d, &c.packet->crafted, &c.packet->recipe);
    assert_int_equal(c.origins.len, 0);
    captured_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(you_the_command_libnet_and_the_link),
        cmocka_unit_test(what_differs_is_the_kernel_s),
        cmocka_unit_test(a_changed_bit_is_told_to_the_bit),
        cmocka_unit_test(a_word_of_its_own_counts_more_than_its_group),
        cmocka_unit_test(options_and_data_and_the_padding_between),
        cmocka_unit_test(checksums),
        cmocka_unit_test(over_ipv6_and_in_icmp),
        cmocka_unit_test(of_a_cut_capture_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
