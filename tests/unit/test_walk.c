/*
 * test_walk.c: bytes to nodes: samples with what must come out of them, and lengths that lie.
 * test_walk_bytes.c goes on with any bytes.
 */
#include "walk_check.h"

/* --- what the samples say ------------------------------------------------------ */

/* The rows with these names, in this order, show these values. */
struct said {
    const char *name, *show;
};

static void must_say(struct bytes bytes, const struct said *said)
{
    struct dissection d = {0};
    struct text show = TEXT_EMPTY;
    walk(&d, &proto_ethernet, bytes, bytes.len);
    must_tile(&d);
    size_t from = 0;
    for (; said->name; said++) {
        const struct node *node = node_find(&d, from, said->name);
        if (!node)
            fail_msg("no %s (any more)", said->name);
        text_clear(&show);
        node_show(&show, &d, node);
        assert_string_equal(text_string(&show), said->show);
        from = (size_t)(node - d.nodes) + 1;
    }
    for (size_t i = 0; i < d.count; i++)
        if (d.nodes[i].fault)
            fail_msg("a sound frame has a fault: %s", d.nodes[i].why);
    text_free(&show);
    dissection_free(&d);
}

#define SAMPLE(name) ((struct bytes){sample_##name, sizeof sample_##name})

static void a_syn_with_all_its_options(void **state)
{
    (void)state;
    must_say(SAMPLE(syn), (const struct said[]){
        {"eth.type", "0x0800"}, {"ip.hdr_len", "20"}, {"ip.len", "60"}, {"ip.flags", "0x02"},
        {"ip.flags.df", "1"}, {"ip.ttl", "64"}, {"ip.proto", "6"}, {"ip.src", "127.0.0.1"},
        {"tcp.srcport", "40664"}, {"tcp.dstport", "8080"}, {"tcp.seq_raw", "1581247735"},
        {"tcp.ack_raw", "0"}, {"tcp.hdr_len", "40"}, {"tcp.flags", "0x0002"},
        {"tcp.flags.syn", "1"}, {"tcp.flags.str", "··········S·"},
        {"tcp.window_size_value", "65495"}, {"tcp.checksum", "0xfe30"},
        {"tcp.options.mss", "02:04:ff:d7"}, {"tcp.option_kind", "2"},
        {"tcp.options.mss_val", "65495"}, {"tcp.options.sack_perm", "04:02"},
        {"tcp.options.timestamp.tsval", "3493279538"}, {"tcp.options.timestamp.tsecr", "0"},
        {"tcp.options.nop", "01"}, {"tcp.options.wscale.shift", "10"},
        {"tcp.options.wscale.multiplier", "1024"}, {NULL, NULL}});
}

static void a_syn_ack(void **state)
{
    (void)state;
    must_say(SAMPLE(syn_ack), (const struct said[]){
        {"tcp.srcport", "8080"}, {"tcp.seq_raw", "3240551546"}, {"tcp.ack_raw", "1581247736"},
        {"tcp.flags", "0x0012"}, {"tcp.flags.ack", "1"}, {"tcp.flags.reset", "0"},
        {"tcp.flags.syn", "1"}, {NULL, NULL}});
}

static void data_over_ipv6(void **state)
{
    (void)state;
    must_say(SAMPLE(request), (const struct said[]){
        {"ipv6.version", "6"}, {"ipv6.tclass", "0x00000000"}, {"ipv6.flow", "0x0ef46c"},
        {"ipv6.plen", "106"}, {"ipv6.nxt", "6"}, {"ipv6.src", "::1"}, {"tcp.flags", "0x0018"},
        {"tcp.options.nop", "01"}, {"tcp.options.nop", "01"},
        {"tcp.options.timestamp.tsecr", "3582590450"}, {NULL, NULL}});
}

static void options_that_are_lists(void **state)
{
    (void)state;
    must_say(SAMPLE(sack), (const struct said[]){
        {"tcp.option_len", "18"}, {"tcp.options.sack_le", "1"}, {"tcp.options.sack_re", "2"},
        {"tcp.options.sack_le", "3"}, {"tcp.options.sack_re", "4"}, {"tcp.options.eol", "00"},
        {NULL, NULL}});
    must_say(SAMPLE(rare), (const struct said[]){
        {"tcp.flags", "0x0fff"}, {"tcp.flags.res", "1"}, {"tcp.flags.str", "RRRACEUAPRSF"},
        {"tcp.options.md5.digest", "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"},
        {"tcp.options.unknown.payload", "ab:cd:ef:01"}, {"tcp.payload", "68:69"},
        {NULL, NULL}});
}

static void ipv4_options(void **state)
{
    (void)state;
    must_say(SAMPLE(echo), (const struct said[]){
        {"ip.hdr_len", "60"}, {"ip.options.nop", "01"}, {"ip.opt.type", "1"},
        {"ip.opt.type", "7"}, {"ip.opt.type.number", "7"}, {"ip.opt.len", "39"},
        {"ip.opt.ptr", "8"},
        {"ip.rec_rt", "127.0.0.1"}, {"ip.empty_rt", "0.0.0.0"}, {"icmp.type", "8"},
        {"icmp.seq", "1"}, {"icmp.seq_le", "256"}, {NULL, NULL}});
    must_say(SAMPLE(echo_times), (const struct said[]){
        {"ip.opt.overflow", "0"}, {"ip.opt.flag", "0x00"}, {"ip.opt.time_stamp", "46157186"},
        {"ip.opt.time_stamp", "0"}, {NULL, NULL}});
    must_say(SAMPLE(routed), (const struct said[]){
        {"ip.options.route", "83:0b:08:7f:00:00:02:7f:00:00:03"}, {"ip.rec_rt", "127.0.0.2"},
        {"ip.src_rt", "127.0.0.3"}, {"ip.options.eol", "00"}, {NULL, NULL}});
}

static void ipv6_extension_headers(void **state)
{
    (void)state;
    must_say(SAMPLE(extensions), (const struct said[]){
        {"ipv6.nxt", "0"}, {"ipv6.hopopts.nxt", "60"}, {"ipv6.hopopts.len_oct", "8"},
        {"ipv6.hopopts.len", "0"}, {"ipv6.opt.router_alert", "0"},
        {"ipv6.dstopts.nxt", "43"}, {"ipv6.opt.padn", "00:00:00:00"}, {"ipv6.routing.type", "253"},
        {"ipv6.fraghdr.offset", "0"}, {"ipv6.fraghdr.ident", "0xdeadbeef"},
        {"udp.payload", "68:69"}, {NULL, NULL}});
}

static void errors_quote_the_packet(void **state)
{
    (void)state;
    must_say(SAMPLE(port_unreachable), (const struct said[]){
        {"ip.proto", "1"}, {"icmp.type", "3"}, {"icmp.code", "3"}, {"icmp.unused", "00:00:00:00"},
        {"ip.proto", "17"}, {"udp.dstport", "9001"}, {"udp.payload", "68:69:0a"}, {NULL, NULL}});
    must_say(SAMPLE(port_unreachable6), (const struct said[]){
        {"icmpv6.type", "1"}, {"icmpv6.code", "4"}, {"icmpv6.reserved", "00:00:00:00"},
        {"ipv6.nxt", "17"}, {"udp.dstport", "9001"}, {"data.data", "68:69:0a"}, {NULL, NULL}});
    must_say(SAMPLE(too_big), (const struct said[]){
        {"icmp.code", "4"}, {"icmp.unused", "00:00"}, {"icmp.mtu", "1500"}, {"ip.proto", "17"},
        {NULL, NULL}});
}

static void other_messages(void **state)
{
    (void)state;
    must_say(SAMPLE(udp), (const struct said[]){
        {"udp.srcport", "51650"}, {"udp.length", "11"}, {"udp.payload", "68:69:0a"},
        {NULL, NULL}});
    must_say(SAMPLE(clock), (const struct said[]){
        {"icmp.type", "14"}, {"icmp.ident", "1"}, {"icmp.ident_le", "256"},
        {"icmp.transmit_timestamp", "3"}, {NULL, NULL}});
    must_say(SAMPLE(echo6), (const struct said[]){
        {"ipv6.tclass.dscp", "46"}, {"icmpv6.type", "128"}, {"icmpv6.echo.identifier", "0x0001"},
        {"icmpv6.echo.sequence_number", "2"}, {"data.data", "61:62:63:64:65:66:67:68"},
        {NULL, NULL}});
    must_say(SAMPLE(fragment), (const struct said[]){
        {"ip.frag_offset", "185"}, {"ip.proto", "17"},
        {"data.data", "61:62:63:64:65:66:67:68:69:6a"}, {NULL, NULL}});
}

static void a_code_is_named_by_its_type(void **state)
{
    (void)state;
    struct dissection d = {0};
    struct text said = TEXT_EMPTY;
    struct bytes bytes = SAMPLE(port_unreachable);
    walk(&d, &proto_ethernet, bytes, bytes.len);
    node_say(&said, &d, node_find(&d, 0, "icmp.code"));
    assert_string_equal(text_string(&said), "3 Port unreachable");
    text_free(&said);
    dissection_free(&d);
}

/* --- lengths that lie ---------------------------------------------------------- */

#define SYN {sample_syn, sizeof sample_syn}
#define UDP {sample_udp, sizeof sample_udp}
#define SACK {sample_sack, sizeof sample_sack}
#define ECHO {sample_echo, sizeof sample_echo}
#define SYN6 {sample_syn6, sizeof sample_syn6}

/* One byte of a sample is changed; a node with this name (or no name) gets this fault. */
static const struct {
    struct bytes sample;
    size_t at;
    uint8_t to;
    const char *name, *why;
} lies[] = {
    {SYN, 14, 0x44, "ip.hdr_len", "less than the header's fixed part"},
    {SYN, 14, 0x40, "ip.hdr_len", "less than the header's fixed part"},
    {SYN, 17, 19, "ip.len", "less than its own header"},
    {SYN, 16, 0xff, "ip.len", "more than there is"},
    {SYN, 46, 0x40, "tcp.hdr_len", "less than the header's fixed part"},
    {SYN, 46, 0xf0, "tcp.hdr_len", "more than there is"},
    {SYN, 55, 0, NULL, "an option with an impossible length"},
    {SYN, 55, 1, NULL, "an option with an impossible length"},
    {SYN, 55, 21, NULL, "an option with an impossible length"},
    {SYN, 55, 3, "tcp.options.mss", "not the length that this option has: receivers ignore it"},
    {SYN, 55, 6, "tcp.options.mss", "not the length that this option has: receivers ignore it"},
    {SYN, 72, 2, "tcp.options.wscale", "not the length that this option has: receivers ignore it"},
    {SYN, 70, 8, NULL, "an option with an impossible length"}, /* kind 8, length 3 to its end */
    {SACK, 55, 17, NULL, "more than its elements hold"},
    {SACK, 55, 3, NULL, "more than its elements hold"},
    {ECHO, 36, 2, "ip.options.record_route",
     "not the length that this option has: receivers ignore it"},
    {ECHO, 36, 38, NULL, "more than its elements hold"},
    {UDP, 39, 7, "udp.length", "less than its own header"},
    {UDP, 39, 12, "udp.length", "more than there is"},
    {SYN6, 19, 41, "ipv6.plen", "more than there is"},
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
    uint8_t bytes[256];
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        memcpy(bytes, lies[i].sample.at, lies[i].sample.len);
        bytes[lies[i].at] = lies[i].to;
        walk_copy(&d, (struct bytes){bytes, lies[i].sample.len}, lies[i].sample.len);
        if (!has_fault(&d, lies[i].name, lies[i].why))
            fail_msg("byte %zu as %u: %s is not marked: %s", lies[i].at, lies[i].to,
                     lies[i].name ? lies[i].name : "nothing", lies[i].why);
    }
    dissection_free(&d);
}

static void what_follows_the_end_of_options_is_padding(void **state)
{
    (void)state;
    struct dissection d = {0};
    struct bytes bytes = SAMPLE(sack);
    walk(&d, &proto_ethernet, bytes, bytes.len);
    const struct node *end = node_find(&d, 0, "tcp.options.eol");
    assert_non_null(end);
    const struct node *padding = end + 2; /* after its kind */
    assert_int_equal(padding->kind, NODE_BYTES);
    assert_int_equal(padding->fault, FAULT_NONE);
    assert_string_equal(padding->why, "padding after the end of the options");
    dissection_free(&d);
}

static void bytes_after_the_packet_are_padding(void **state)
{
    (void)state;
    struct dissection d = {0};
    uint8_t bytes[60] = {0};
    memcpy(bytes, sample_udp, sizeof sample_udp);
    walk_copy(&d, (struct bytes){bytes, sizeof bytes}, sizeof bytes);
    const struct node *last = &d.nodes[d.count - 1];
    assert_string_equal(node_name(last), "eth.padding");
    assert_int_equal(node_size(last), sizeof bytes - sizeof sample_udp);
    assert_int_equal(last->depth, 0);
    bytes[sizeof bytes - 1] = 1; /* something else: a trailer, that has no name here */
    walk_copy(&d, (struct bytes){bytes, sizeof bytes}, sizeof bytes);
    last = &d.nodes[d.count - 1];
    assert_int_equal(last->kind, NODE_BYTES);
    assert_int_equal(last->bit / 8, sizeof sample_udp);
    assert_int_equal(last->depth, 0);
    dissection_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_syn_with_all_its_options),
        cmocka_unit_test(a_syn_ack),
        cmocka_unit_test(data_over_ipv6),
        cmocka_unit_test(options_that_are_lists),
        cmocka_unit_test(ipv4_options),
        cmocka_unit_test(ipv6_extension_headers),
        cmocka_unit_test(errors_quote_the_packet),
        cmocka_unit_test(other_messages),
        cmocka_unit_test(a_code_is_named_by_its_type),
        cmocka_unit_test(false_lengths_are_marked),
        cmocka_unit_test(what_follows_the_end_of_options_is_padding),
        cmocka_unit_test(bytes_after_the_packet_are_padding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
