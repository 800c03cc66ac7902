/* test_summary.c: the line that sums a packet up: title, details, both ends. */
#include "craft_check.h"
#include "sample_frames.h"

#include <loopcraft/dissect.h>

static void summary_of(struct summary *s, struct bytes bytes, int linktype)
{
    struct dissection d = {0};
    struct frame frame = {.linktype = linktype, .len = (uint32_t)bytes.len, .bytes = bytes};
    dissect(&d, &frame);
    summarise(s, &d);
    dissection_free(&d);
}

/* --- packets as they were on lo ------------------------------------------------- */

#define SAMPLE(name)                        \
    {                                       \
        sample_##name, sizeof sample_##name \
    }

static const struct {
    struct bytes frame;
    const char *title, *detail, *from, *from_port, *to, *to_port;
} cases[] = {
    {SAMPLE(syn), "SYN", "seq_raw=1581247735 ack_raw=0 window_size_value=65495", "127.0.0.1",
     "40664", "127.0.0.1", "8080"},
    {SAMPLE(syn_ack), "SYN-ACK", "seq_raw=3240551546 ack_raw=1581247736 window_size_value=65483",
     "127.0.0.1", "8080", "127.0.0.1", "40664"},
    {SAMPLE(syn6), "SYN", "seq_raw=3936111005 ack_raw=0 window_size_value=65476", "::1", "60304",
     "::1", "8080"},
    {SAMPLE(request), "PSH-ACK", "seq_raw=3936111006 ack_raw=2652592630 window_size_value=64",
     "::1", "60304", "::1", "8080"},
    {SAMPLE(udp), "UDP datagram", "length=11", "127.0.0.1", "51650", "127.0.0.1", "9001"},
    /* An ICMP error is between the ends of the ICMP packet, not of the quoted one. */
    {SAMPLE(port_unreachable), "Destination unreachable, Port unreachable", "", "127.0.0.1", "",
     "127.0.0.1", ""},
    {SAMPLE(port_unreachable6), "Destination unreachable, Port unreachable", "", "::1", "", "::1",
     ""},
    {SAMPLE(too_big), "Destination unreachable, Fragmentation needed", "mtu=1500", "127.0.0.1", "",
     "127.0.0.1", ""},
    {SAMPLE(echo), "Echo request", "seq=1", "127.0.0.1", "", "127.0.0.1", ""},
    {SAMPLE(echo6), "Echo request", "echo.sequence_number=2", "::1", "", "::1", ""},
    /* The middle of something: what it carries has no header here. */
    {SAMPLE(fragment), "Later fragment", "frag_offset=185", "127.0.0.1", "", "127.0.0.1", ""},
    {SAMPLE(extensions), "UDP datagram", "length=10", "::1", "61000", "::1", "9001"},
};

static void must_be(const struct summary *s, const char *title, const char *detail)
{
    struct summary copy = *s;
    assert_string_equal(text_string(&copy.title), title);
    assert_string_equal(text_string(&copy.detail), detail);
}

static void packets_of_lo_in_a_line(void **state)
{
    (void)state;
    struct summary s = {0}; /* used again and again: nothing of the one before is left */
    for (size_t i = 0; i < COUNT(cases); i++) {
        summary_of(&s, cases[i].frame, LINKTYPE_ETHERNET);
        must_be(&s, cases[i].title, cases[i].detail);
        assert_string_equal(s.from.addr, cases[i].from);
        assert_string_equal(s.from.port, cases[i].from_port);
        assert_string_equal(s.to.addr, cases[i].to);
        assert_string_equal(s.to.port, cases[i].to_port);
    }
    summary_free(&s);
}

/* ICMP that quotes TCP: the quoted SYN gives neither title nor ports. */
static void a_quoted_segment_does_not_speak(void **state)
{
    (void)state;
    struct packet *quoted = must_craft("tcp", AF_INET, "srcport=61000 dstport=8083 flags=SYN");
    struct text words = TEXT_EMPTY;
    text_put(&words, "type=3 code=13 ip.src=127.0.0.2 ip.dst=127.0.0.3 data=hex:");
    text_hex_bytes(&words, crafted_bytes(&quoted->crafted), 0);
    struct packet *packet = must_craft("icmp", AF_INET, text_string(&words));
    struct summary s = {0};
    assert_non_null(dissection_layer(&packet->d, &proto_tcp));
    summarise(&s, &packet->d);
    must_be(&s, "Destination unreachable, Administratively prohibited", "");
    assert_string_equal(s.from.addr, "127.0.0.2");
    assert_string_equal(s.to.addr, "127.0.0.3");
    assert_string_equal(s.from.port, "");
    assert_string_equal(s.to.port, "");
    summary_free(&s);
    text_free(&words);
    packet_free(quoted);
    packet_free(packet);
}

/* --- flags --------------------------------------------------------------------------- */

static void segments_are_named_by_their_flags(void **state)
{
    (void)state;
    static const char *const titles[][2] = {
        {"flags=SYN", "SYN"},         {"flags=SA", "SYN-ACK"}, {"flags=A", "ACK"},
        {"flags=RA", "RST-ACK"},      {"flags=R", "RST"},      {"flags=FA", "FIN-ACK"},
        {"flags=FPU", "FIN-PSH-URG"}, {"flags=0", "no flags"}, {"flags=SF", "FIN-SYN"},
        {"flags=0xe00", "no flags"},
    };
    for (size_t i = 0; i < COUNT(titles); i++) {
        struct packet *packet = must_craft("tcp", AF_INET, titles[i][0]);
        struct summary s = {0};
        summarise(&s, &packet->d);
        if (strcmp(text_string(&s.title), titles[i][1]) != 0)
            fail_msg("%s is called %s", titles[i][0], text_string(&s.title));
        summary_free(&s);
        packet_free(packet);
    }
}

/* --- what is not understood ------------------------------------------------------------- */

static void other_frames_have_a_title_too(void **state)
{
    (void)state;
    struct summary s = {0};
    struct bytes arp = BYTES(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x08, 0x06, 0,
                             1);
    summary_of(&s, arp, LINKTYPE_ETHERNET);
    must_be(&s, "ARP packet", "");
    assert_string_equal(s.from.addr, "02:00:00:00:00:01");
    summary_of(&s, arp, 147);
    must_be(&s, "data", "");
    assert_string_equal(s.from.addr, "");
    summary_of(&s, (struct bytes){NULL, 0}, LINKTYPE_ETHERNET);
    must_be(&s, "data", "");
    struct packet *packet = must_craft("icmp", AF_INET, "type=200 code=7");
    summarise(&s, &packet->d);
    must_be(&s, "Type 200", "");
    packet_free(packet);
    packet = must_craft("tcp", AF_INET, "ip.proto=254"); /* no table reads what it carries */
    summarise(&s, &packet->d);
    must_be(&s, "IPv4, protocol 254", "");
    packet_free(packet);
    packet = must_craft("tcp", AF_INET, "ip.proto=GRE");
    summarise(&s, &packet->d);
    must_be(&s, "IPv4, GRE", "");
    struct bytes other = BYTES(0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0x88, 0xb5, 'h', 'i');
    summary_of(&s, other, LINKTYPE_ETHERNET);
    must_be(&s, "Ethernet II, type 0x88b5", "");
    struct bytes tagged = BYTES(0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 7, 0x12, 0x34, 1);
    summary_of(&s, tagged, LINKTYPE_ETHERNET);
    must_be(&s, "VLAN tag, type 0x1234", "vlan=7");
    packet_free(packet);
    summary_free(&s);
}

/* What is said of the packet behind a false length is a guess: the line says so. */
static void a_false_length_is_in_the_line(void **state)
{
    (void)state;
    struct summary s = {0};
    uint8_t bytes[sizeof sample_syn];
    memcpy(bytes, sample_syn, sizeof bytes);
    bytes[16] = 0; /* ip.len 10: less than its own header */
    bytes[17] = 10;
    summary_of(&s, (struct bytes){bytes, sizeof bytes}, LINKTYPE_ETHERNET);
    must_be(&s, "SYN", "bad ip.len seq_raw=1581247735 ack_raw=0 window_size_value=65495");
    summary_free(&s);
}

/* A frame cut anywhere still has a title. */
static void cut_frames_have_a_title(void **state)
{
    (void)state;
    struct summary s = {0};
    for (size_t i = 0; i < SAMPLES; i++)
        for (size_t len = 0; len <= samples[i].bytes.len; len++) {
            summary_of(&s, bytes_part(samples[i].bytes, 0, len), LINKTYPE_ETHERNET);
            assert_true(s.title.len > 0);
            must_be_printable(text_string(&s.title));
            must_be_printable(text_string(&s.detail));
        }
    summary_free(&s);
}

/* --- layers and their numbers -------------------------------------------------------------- */

static void a_layer_s_own_number(void **state)
{
    (void)state;
    struct dissection d = {0};
    struct frame frame = {.linktype = LINKTYPE_ETHERNET,
                          .len = sizeof sample_port_unreachable,
                          .bytes = SAMPLE(port_unreachable)};
    uint64_t number = 0;
    dissect(&d, &frame);
    const struct node *ip = dissection_layer(&d, &proto_ipv4);
    const struct node *icmp = dissection_layer(&d, &proto_icmp);
    assert_non_null(ip);
    assert_non_null(icmp);
    assert_null(dissection_layer(&d, &proto_tcp));
    assert_null(dissection_layer(&d, &proto_ipv6));
    assert_true(dissection_number(&d, ip, "ip.proto", &number)); /* the outer one's */
    assert_int_equal(number, 1);
    assert_true(dissection_number(&d, icmp, "icmp.code", &number));
    assert_int_equal(number, 3);
    assert_false(dissection_number(&d, icmp, "ip.proto", &number)); /* the quoted one's */
    assert_false(dissection_number(&d, icmp, "no.such.row", &number));
    dissection_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_of_lo_in_a_line),
        cmocka_unit_test(a_quoted_segment_does_not_speak),
        cmocka_unit_test(segments_are_named_by_their_flags),
        cmocka_unit_test(other_frames_have_a_title_too),
        cmocka_unit_test(a_false_length_is_in_the_line),
        cmocka_unit_test(cut_frames_have_a_title),
        cmocka_unit_test(a_layer_s_own_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
