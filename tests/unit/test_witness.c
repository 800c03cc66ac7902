/* test_witness.c: the kernel's testimony of real exchanges, and what is made of it. */
#include <loopcraft/witness.h>

#include "netns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* --- real exchanges, in a namespace of our own ---------------------------------------- */

static const uint8_t loopback4[4] = {127, 0, 0, 1};
static const uint8_t loopback6[16] = {[15] = 1};

static void begin(struct testimony *t, int family, uint8_t proto, uint16_t port)
{
    testimony_begin(t, family, proto, family == AF_INET ? loopback4 : loopback6, port);
}

static int64_t by(const struct testimony *t, const char *name)
{
    for (size_t i = 0; i < t->counter_count; i++)
        if (strcmp(t->counters[i].name, name) == 0)
            return t->counters[i].by;
    fail_msg("no %s", name);
    return -1;
}

/* One datagram to that port; the kernel has dealt with it when sendto() returns. */
static void send_datagram(int family, uint16_t port)
{
    struct sockaddr_in v4 = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 v6 = {
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(sendto(fd, "hello", 5, 0,
                            family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6,
                            family == AF_INET ? sizeof v4 : sizeof v6),
                     5);
    close(fd);
}

static void assert_says(const struct testimony *t, const char *reason, const char *expected)
{
    struct text said = TEXT_EMPTY;
    witness_say(t, reason, &said);
    if (!strstr(text_string(&said), expected) || (!*expected && said.len))
        fail_msg("%s: \"%s\", without \"%s\"", reason, text_string(&said), expected);
    text_free(&said);
}

static struct witness *need_witness(void **state)
{
    if (!*state)
        skip();
    return witness_open();
}

static void a_closed_udp_port(void **state)
{
    struct witness *w = need_witness(state);
    for (int i = 0; i < 2; i++) {
        int family = i ? AF_INET6 : AF_INET;
        struct testimony t;
        begin(&t, family, IPPROTO_UDP, 9);
        for (int turn = 0; turn < 2; turn++) {
            witness_before(w, &t);
            send_datagram(family, 9);
            witness_after(w, &t, 1);
        }
        assert_int_equal(by(&t, i ? "Udp6NoPorts" : "UdpNoPorts"), 1);
        assert_int_equal(by(&t, i ? "UdpNoPorts" : "Udp6NoPorts"), 0);
        assert_int_equal(t.socket_count, 0);
        assert_says(&t, "port-unreach",
                    i ? "(Udp6NoPorts +1): the ICMP error is the kernel's own"
                      : "(UdpNoPorts +1): the ICMP error is the kernel's own");
        if (!*witness_unavailable(w)) {
            assert_true(t.drop_count >= 1);
            assert_string_equal(t.drops[0], "NO_SOCKET");
            assert_says(&t, "port-unreach",
                        "dropped what was sent: NO_SOCKET (no program has the port)");
        }
    }
    witness_close(w);
}

/* Bound, and never read: the table of sockets knows. */
static void a_silent_udp_program(void **state)
{
    struct witness *w = need_witness(state);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    struct testimony t;
    begin(&t, AF_INET, IPPROTO_UDP, ntohs(at.sin_port));
    for (int turn = 0; turn < 2; turn++) {
        witness_before(w, &t);
        send_datagram(AF_INET, ntohs(at.sin_port));
        witness_after(w, &t, 1);
    }
    assert_int_equal(t.socket_count, 1);
    assert_string_equal(seen_socket_state(&t, &t.sockets[0]), "BOUND");
    assert_true(t.sockets[0].now.receive_queue > t.sockets[0].queue_before);
    assert_says(&t, "no-response", "left what came unread");
    assert_says(&t, "no-response", "it reached UDP (IpInDelivers +1)");
    close(fd);
    witness_close(w);
}

/* The kernel's own refusal, and a listener that is there for both versions of IP. */
static void tcp_refused_and_taken(void **state)
{
    struct witness *w = need_witness(state);
    for (int i = 0; i < 2; i++) {
        int family = i ? AF_INET6 : AF_INET;
        uint16_t ours, port;
        struct testimony t;
        begin(&t, family, IPPROTO_TCP, 9);
        for (int turn = 0; turn < 2; turn++) {
            witness_before(w, &t);
            assert_int_equal(netns_connect(family, 9, &ours), -1);
            witness_after(w, &t, 1);
        }
        assert_says(&t, "conn-refused", "(TcpOutRsts +1): it was the kernel, not a firewall");

        int listener = netns_listen("::", false, &port);
        begin(&t, family, IPPROTO_TCP, port);
        for (int turn = 0; turn < 2; turn++) {
            witness_before(w, &t);
            assert_true(netns_connect(family, port, &ours) >= 0);
            witness_after(w, &t, 1);
        }
        assert_says(&t, "syn-ack", "(TcpPassiveOpens +1)");
        assert_string_equal(seen_socket_state(&t, &t.sockets[0]), "LISTEN");
        assert_int_equal(t.sockets[0].now.receive_queue, t.sockets[0].queue_before + 2);
        close(listener);
    }
    witness_close(w);
}

/* Somebody else's traffic within one of the exchanges: no evidence. */
static void a_busy_host(void **state)
{
    struct witness *w = need_witness(state);
    uint16_t ours;
    struct testimony t;
    begin(&t, AF_INET, IPPROTO_TCP, 9);
    for (int turn = 0; turn < 3; turn++) {
        witness_before(w, &t);
        for (int i = 0; i <= turn; i++)
            netns_connect(AF_INET, 9, &ours);
        witness_after(w, &t, 1);
    }
    assert_says(&t, "conn-refused", "TcpOutRsts +1, and a repetition did not agree");
    begin(&t, AF_INET, IPPROTO_TCP, 9);
    for (int turn = 0; turn < 2; turn++) {
        witness_before(w, &t);
        netns_connect(AF_INET, 9, &ours);
        netns_connect(AF_INET, 9, &ours);
        witness_after(w, &t, 1);
    }
    assert_says(&t, "conn-refused", "TcpOutRsts +2 is more than our packets explain");
    witness_close(w);
}

/* --- a testimony that is played --------------------------------------------------------- */

static struct testimony played(int family, uint8_t proto, const char *drop)
{
    struct testimony t;
    testimony_begin(&t, family, proto, family == AF_INET ? loopback4 : loopback6, 80);
    t.exchanges = 2;
    t.sent = 1;
    t.sockets_unknown = true;
    if (drop) {
        t.drop_count = 1;
        strcpy(t.drops[0], drop);
    }
    return t;
}

static struct counted *add(struct testimony *t, const char *name, int64_t moved)
{
    struct counted *counted = &t->counters[t->counter_count++];
    strcpy(counted->name, name);
    counted->by = moved;
    counted->agreed = true;
    return counted;
}

static void sentences(void **state)
{
    (void)state;
    struct testimony t = played(AF_INET, IPPROTO_TCP, NULL);
    assert_says(&t, "reset", ""); /* no counter was read: nothing to say */
    add(&t, "TcpOutRsts", 0);
    assert_says(&t, "reset",
                "no counter of resets moved (TcpOutRsts +0): so the reset was not the "
                "kernel's own: a firewall forged it");
    assert_says(&t, "open-sesame", "");
    assert_says(&t, "", "");
    t.exchanges = 1;
    assert_says(&t, "reset", "it was watched once");
    t.exchanges = 2;
    t.uneven = true;
    assert_says(&t, "reset", "");

    t = played(AF_INET, IPPROTO_TCP, "TCP_FLAGS");
    add(&t, "TcpInSegs", 1);
    add(&t, "TcpOutSegs", 0);
    assert_says(&t, "no-response", "silence, because the kernel dropped it: TCP_FLAGS (flags");
    assert_says(&t, "no-response", "TCP received it (TcpInSegs +1, TcpOutSegs +0): it was ignored");
    t.counters[1].by = 1;
    assert_says(&t, "no-response", "the kernel dropped the answer: TCP_FLAGS");
    t.drops_differ = true;
    assert_says(&t, "no-response", "a repetition had others");

    t = played(AF_INET6, IPPROTO_TCP, "A_REASON_OF_TOMORROW");
    add(&t, "TcpInSegs", 0);
    add(&t, "Ip6InReceives", 1);
    assert_says(&t, "no-response", "dropped it: A_REASON_OF_TOMORROW; it came in");
    assert_says(&t, "no-response", "(TcpInSegs +0, Ip6InReceives +1): something stopped it");
    t.sockets_unknown = false;
    assert_says(&t, "no-response", "the kernel has no socket at this port");

    t = played(AF_INET6, IPPROTO_ICMPV6, NULL);
    add(&t, "Icmp6OutEchoReplies", 1);
    assert_says(&t, "echo-reply", "the answer is the kernel's own");
}

static void meanings(void **state)
{
    (void)state;
    assert_string_equal(counter_means("TcpOutRsts"), "resets that TCP sent");
    assert_null(counter_means("TcpOut"));
    assert_string_equal(drop_means("TCP_CSUM"), "a wrong TCP checksum");
    assert_null(drop_means(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_udp_port),
        cmocka_unit_test(a_silent_udp_program),
        cmocka_unit_test(tcp_refused_and_taken),
        cmocka_unit_test(a_busy_host),
        cmocka_unit_test(sentences),
        cmocka_unit_test(meanings),
    };
    return cmocka_run_group_tests(tests, netns_setup, NULL);
}
