/*
 * test_packet_filter.c: capture filters on frames from files: the link type decides where the
 * bytes are, and no word may make libpcap look up a name.
 */
#include "sample_frames.h"

#include <loopcraft/wire.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static bool selects(struct packet_filter *filter, const struct frame *frame)
{
    struct err err = {0};
    bool selected = false;
    if (!packet_filter_match(filter, frame, &selected, &err))
        fail_msg("%s", err.message);
    return selected;
}

static void the_link_type_decides(void **state)
{
    (void)state;
    enum { RAW = 101, ETHERNET_HEADER = 14 };
    struct err err = {0};
    struct packet_filter *filter = packet_filter_open("tcp dst port 8080", &err);
    assert_non_null(filter);
    struct bytes syn = {sample_syn, sizeof sample_syn},
                 answer = {sample_syn_ack, sizeof sample_syn_ack};
    for (unsigned round = 0; round < 20; round++) { /* changing to and fro */
        struct frame frame = {
            .linktype = LINKTYPE_ETHERNET, .len = (uint32_t)syn.len, .bytes = syn};
        assert_true(selects(filter, &frame));
        frame.bytes = answer;
        assert_false(selects(filter, &frame));
        frame.bytes = bytes_part(syn, ETHERNET_HEADER, syn.len);
        frame.linktype = RAW;
        assert_true(selects(filter, &frame));
        frame.bytes = bytes_part(syn, 0, 0);
        assert_false(selects(filter, &frame));
    }
    struct frame strange = {.number = 7, .linktype = 65000, .bytes = syn};
    bool selected;
    assert_false(packet_filter_match(filter, &strange, &selected, &err));
    assert_int_equal(err.status, STATUS_USAGE);
    assert_non_null(strstr(err.message, "packet 7"));
    packet_filter_close(filter);
}

static void takes_what_libpcap_takes(void **state)
{
    (void)state;
    static const char *const good[] = {
        "",
        "tcp",
        "tcp port 80 or udp port 53",
        "host 127.0.0.1",
        "ip6 host ::1",
        "net 127.0.0.0/8",
        "src net 127",
        "ether host 00:00:00:00:00:00",
        "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0",
        "ip[2:2] > 100",
        "icmp[icmptype] = icmp-echo",
        "len < 100",
        "portrange 8000-9000",
        "ip proto \\tcp",
        "port http or https",
        "not (arp or icmp6)",
        "ip6 host fe80::1:2",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct err err = {0};
        struct packet_filter *filter = packet_filter_open(good[i], &err);
        if (!filter)
            fail_msg("%s", err.message);
        packet_filter_close(filter);
    }
}

/* The words here would each be asked of a DNS server. */
static void refuses_names(void **state)
{
    (void)state;
    static const char *const names[] = {
        "host example.com",
        "src example.com",
        "net example",
        "tcp dst example.com",
        "1e.de",
        "host 1.2.3.4.5",
        "host 8000-9000",
        "port http and src foo",
        "host foo or 127.0.0.1",
        "port 80 or (foo)",
        "not foo",
        "port http and not foo",
        "host \\tcp",
        "host ab:cd.ef",
        "gateway foo",
        "ip and ether host foo",
        "host \xff",
        "len-20 > 3",
        "host AND foo",
        "host ::1.de",
        "port 80 or src net foo",
        "proto 6 or dst foo",
        "vlan foo",
        "host 0xzz",
        "host 127.1.de",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct err err = {0};
        if (packet_filter_open(names[i], &err))
            fail_msg("takes %s", names[i]);
        assert_int_equal(err.status, STATUS_USAGE);
        if (!strstr(err.message, "names are not looked up") && strcmp(names[i], "host \xff") != 0)
            fail_msg("%s: %s", names[i], err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_link_type_decides),
        cmocka_unit_test(takes_what_libpcap_takes),
        cmocka_unit_test(refuses_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
