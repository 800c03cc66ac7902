/* test_reply.c: captured packets as a probe sees them: answers, errors, and what they quote. */
#include "../../src/probe/reply.h"

#include "craft_check.h"
#include "sample_frames.h"

static struct reply reply_of(const struct dissection *d)
{
    struct reply reply = {.ours = true, .time_ns = 5}; /* all of it is written anew */
    reply_read(&reply, d);
    assert_false(reply.ours);
    assert_int_equal(reply.time_ns, 0);
    return reply;
}

static struct reply reply_to(const char *proto, int family, const char *words)
{
    struct packet *packet = must_craft(proto, family, words);
    struct reply reply = reply_of(&packet->d);
    reply.data = (struct bytes){NULL, reply.data.len}; /* the bytes go with the packet */
    packet_free(packet);
    return reply;
}

static void segments_by_their_flags(void **state)
{
    (void)state;
    static const struct {
        const char *flags;
        enum reply_kind kind;
    } cases[] = {
        {"SA", REPLY_SYN_ACK},  {"R", REPLY_RST},     {"RA", REPLY_RST},
        {"S", REPLY_TCP},       {"A", REPLY_TCP},     {"FA", REPLY_TCP},
        {"PA", REPLY_TCP},      {"0", REPLY_TCP},     {"SRA", REPLY_RST}, /* a reset is a reset */
        {"SAE", REPLY_SYN_ACK}, {"0xfff", REPLY_RST},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char words[64];
        strcpy(words, "srcport=8080 dstport=61000 flags=");
        strcat(words, cases[i].flags);
        if (reply_to("tcp", AF_INET, words).kind != cases[i].kind)
            fail_msg("%s", words);
        assert_int_equal(reply_to("tcp", AF_INET6, words).kind, cases[i].kind);
    }
}

static void what_a_segment_says(void **state)
{
    (void)state;
    struct packet *packet = must_craft(
        "tcp", AF_INET6,
        "srcport=8080 dstport=61000 flags=SA seq_raw=4294967295 ack_raw=1235 window_size_value=512 "
        "options=mss:1460,nop,nop,sackok data=hi");
    struct reply reply = reply_of(&packet->d);
    assert_int_equal(reply.from, 8080);
    assert_int_equal(reply.to, 61000);
    assert_int_equal(reply.seq, 4294967295);
    assert_int_equal(reply.ack, 1235);
    assert_int_equal(reply.flags, TCP_SYN | TCP_ACK);
    assert_int_equal(reply.window, 512);
    assert_bytes(reply.data, BYTES('h', 'i'));
    packet_free(packet);
    assert_int_equal(reply_to("tcp", AF_INET, "flags=A").data.len, 0);
    assert_int_equal(reply_to("tcp", AF_INET, "flags=A data=a").data.len, 1);
}

/* An Ethernet frame has 60 bytes at least: what fills it up is no data. */
static void padding_is_no_data(void **state)
{
    (void)state;
    struct packet *packet = must_craft("tcp", AF_INET, "flags=A");
    struct text frame = TEXT_EMPTY;
    text_put_n(&frame, packet->crafted.bytes.at, packet->crafted.bytes.len);
    text_put_n(&frame, "\0\0\0\0\0\0", 6);
    walk(&packet->d, &proto_ipv4, text_bytes(&frame), frame.len);
    assert_int_equal(reply_of(&packet->d).data.len, 0);
    text_free(&frame);
    packet_free(packet);
}

/* ICMP about one of our SYNs: its ports and sequence number are the quoted ones. */
static void errors_quote_what_they_are_about(void **state)
{
    (void)state;
    static const struct {
        int family;
        const char *message;
        bool error;
    } cases[] = {
        {AF_INET, "type=3 code=13", true}, {AF_INET, "type=3 code=4", true},
        {AF_INET, "type=11 code=0", true}, {AF_INET, "type=12 code=0", true},
        {AF_INET, "type=4", true},         {AF_INET, "type=5", true},
        {AF_INET6, "type=1 code=4", true}, {AF_INET6, "type=2", true},
        {AF_INET6, "type=3", true},        {AF_INET6, "type=4 code=1", true},
        {AF_INET, "type=8", false},        {AF_INET, "type=0", false},
        {AF_INET, "type=13", false},       {AF_INET6, "type=128", false},
        {AF_INET6, "type=129", false},     {AF_INET6, "type=135", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct packet *syn = must_craft("tcp", cases[i].family,
                                        "srcport=61000 dstport=8083 flags=SYN seq_raw=1234");
        struct text words = TEXT_EMPTY;
        text_format(&words, "%s data=hex:", cases[i].message);
        text_hex_bytes(&words, crafted_bytes(&syn->crafted), 0);
        struct reply reply = reply_to("icmp", cases[i].family, text_string(&words));
        if ((reply.kind == REPLY_ICMP_ERROR) != cases[i].error)
            fail_msg("%s", cases[i].message);
        if (cases[i].error) {
            assert_int_equal(reply.from, 61000);
            assert_int_equal(reply.to, 8083);
            assert_int_equal(reply.seq, 1234);
            assert_int_equal(reply.type, atoi(cases[i].message + 5));
        } else {
            bool answer = strstr(cases[i].message, "=0") || strstr(cases[i].message, "=129");
            assert_int_equal(reply.kind, answer ? REPLY_ECHO : REPLY_OTHER);
            assert_int_equal(reply.from, 0); /* its data is no quote */
        }
        text_free(&words);
        packet_free(syn);
    }
    assert_int_equal(reply_to("icmp", AF_INET, "type=3 code=13").code, 13);
    assert_int_equal(reply_to("icmp", AF_INET6, "type=1 code=6").code, 6);
}

/* --- what is quoted ------------------------------------------------------------- */

/* An error of ours about a packet made of these words, of which `quoted` bytes are in it. */
static struct reply error_about(int family, const char *proto, const char *about, size_t quoted)
{
    struct packet *packet = must_craft(proto, family, about);
    struct text words = TEXT_EMPTY;
    text_put(&words, family == AF_INET ? "type=3 code=13 data=hex:" : "type=1 code=4 data=hex:");
    text_hex_bytes(&words, bytes_part(crafted_bytes(&packet->crafted), 0, quoted), 0);
    struct reply reply = reply_to("icmp", family, text_string(&words));
    assert_int_equal(reply.kind, REPLY_ICMP_ERROR);
    assert_int_equal(reply.type, family == AF_INET ? 3 : 1);
    assert_int_equal(reply.code, family == AF_INET ? 13 : 4);
    text_free(&words);
    packet_free(packet);
    return reply;
}

/* Eight bytes behind IP are all that RFC 792 promises: ports and sequence number, or all of them.
 */
static void eight_quoted_bytes_are_enough(void **state)
{
    (void)state;
    for (int six = 0; six < 2; six++) {
        int family = six ? AF_INET6 : AF_INET;
        size_t eight = six ? 48 : 28;
        struct reply reply = error_about(family, "tcp", "srcport=61000 dstport=8083 seq_raw=1234",
                                         eight);
        assert_int_equal(reply.protocol, IPPROTO_TCP);
        assert_int_equal(reply.from, 61000);
        assert_int_equal(reply.to, 8083);
        assert_int_equal(reply.seq, 1234);
        for (size_t size = eight; size <= eight + 2; size += 2) { /* and with data, all of it */
            reply = error_about(family, "udp", "srcport=61000 dstport=9003 data=hi", size);
            assert_int_equal(reply.protocol, IPPROTO_UDP);
            assert_int_equal(reply.from, 61000);
            assert_int_equal(reply.to, 9003);
            reply = error_about(family, "icmp",
                                six ? "type=128 echo.identifier=77 echo.sequence_number=3 data=hi"
                                    : "type=8 ident=77 seq=3 data=hi",
                                size);
            assert_int_equal(reply.protocol, six ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
            assert_int_equal(reply.ident, 77);
            assert_int_equal(reply.echo, 3);
        }
        /* Less: nothing is said of what it is about. */
        reply = error_about(family, "udp", "srcport=61000 dstport=9003 data=hi", six ? 40 : 20);
        assert_int_equal(reply.from, 0);
        assert_int_equal(reply.to, 0);
    }
}

/* --- UDP and echo ----------------------------------------------------------------- */

static void what_a_datagram_says(void **state)
{
    (void)state;
    for (int six = 0; six < 2; six++) {
        struct packet *packet = must_craft("udp", six ? AF_INET6 : AF_INET,
                                           "srcport=9000 dstport=61000 data=hi");
        struct reply reply = reply_of(&packet->d);
        assert_int_equal(reply.kind, REPLY_UDP);
        assert_int_equal(reply.protocol, IPPROTO_UDP);
        assert_int_equal(reply.from, 9000);
        assert_int_equal(reply.to, 61000);
        assert_bytes(reply.data, BYTES('h', 'i'));
        packet_free(packet);
    }
    assert_int_equal(reply_to("udp", AF_INET, "dstport=1").data.len, 0);
    assert_int_equal(reply_to("tcp", AF_INET, "flags=A").protocol, IPPROTO_TCP);
}

/* Requests and replies have the same numbers; a reply alone is an answer. */
static void what_an_echo_says(void **state)
{
    (void)state;
    static const struct {
        int family;
        const char *words;
        enum reply_kind kind;
    } cases[] = {
        {AF_INET, "type=0 ident=77 seq=3 data=hi", REPLY_ECHO},
        {AF_INET, "type=8 ident=77 seq=3 data=hi", REPLY_OTHER},
        {AF_INET6, "type=129 echo.identifier=77 echo.sequence_number=3 data=hi", REPLY_ECHO},
        {AF_INET6, "type=128 echo.identifier=77 echo.sequence_number=3 data=hi", REPLY_OTHER},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct packet *packet = must_craft("icmp", cases[i].family, cases[i].words);
        struct reply reply = reply_of(&packet->d);
        assert_int_equal(reply.kind, cases[i].kind);
        assert_int_equal(reply.protocol,
                         cases[i].family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
        assert_int_equal(reply.ident, 77);
        assert_int_equal(reply.echo, 3);
        assert_bytes(reply.data, BYTES('h', 'i'));
        packet_free(packet);
    }
}

static void other_packets_are_other(void **state)
{
    (void)state;
    assert_int_equal(reply_to("icmp", AF_INET, "type=13").kind, REPLY_OTHER);
    assert_int_equal(reply_to("udp", AF_INET, "ip.frag_offset=1 data=hi").kind, REPLY_OTHER);
    assert_int_equal(reply_to("tcp", AF_INET, "ip.frag_offset=1 flags=SA").kind, REPLY_OTHER);
    assert_int_equal(reply_to("tcp", AF_INET, "ip.proto=254 flags=SA").kind, REPLY_OTHER);
    struct dissection d = {0};
    assert_int_equal(reply_of(&d).kind, REPLY_OTHER);
}

/* Samples cut anywhere: nothing breaks, and no data reaches outside. */
static void cut_packets_are_safe(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++)
        for (size_t len = 0; len <= samples[i].bytes.len; len++) {
            struct dissection d = {0};
            walk(&d, &proto_ethernet, bytes_part(samples[i].bytes, 0, len), samples[i].bytes.len);
            struct reply reply = reply_of(&d);
            assert_true(!reply.data.len || reply.data.at + reply.data.len <= d.bytes.at + len);
            dissection_free(&d);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_by_their_flags),
        cmocka_unit_test(what_a_segment_says),
        cmocka_unit_test(padding_is_no_data),
        cmocka_unit_test(errors_quote_what_they_are_about),
        cmocka_unit_test(eight_quoted_bytes_are_enough),
        cmocka_unit_test(what_a_datagram_says),
        cmocka_unit_test(what_an_echo_says),
        cmocka_unit_test(other_packets_are_other),
        cmocka_unit_test(cut_packets_are_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
