/* test_sockets.c: the kernel's table of sockets tells what real sockets are in. */
#include <loopcraft/sockets.h>

#include "netns.h"

#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* In a namespace of its own, or on the host when none can be had: only our own ports are asked. */
static int setup(void **state)
{
    struct err err;
    netns_enter();
    struct sockets *s = sockets_open(&err);
    *state = s;
    return s ? 0 : -1;
}

static int teardown(void **state)
{
    sockets_close(*state);
    return 0;
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(socket_state_name(TCP_ESTABLISHED), "ESTABLISHED");
    assert_string_equal(socket_state_name(TCP_SYN_RECV), "SYN-RECV");
    assert_string_equal(socket_state_name(TCP_FIN_WAIT2), "FIN-WAIT-2");
    assert_string_equal(socket_state_name(TCP_LISTEN), "LISTEN");
    assert_string_equal(socket_state_name(12), "SYN-RECV");
    assert_string_equal(socket_state_name(0), "");
    assert_string_equal(socket_state_name(255), "");
}

/* Server and client side of one connection, from LISTEN to TIME-WAIT. */
static void a_connection_lives(void **state)
{
    uint16_t port = 0, ours = 0;
    for (int i = 0; i < 2; i++) {
        int family = i ? AF_INET6 : AF_INET;
        int listener = netns_listen(i ? "::1" : "127.0.0.1", true, &port);
        assert_true(listener >= 0);
        assert_string_equal(netns_state(*state, family, port, 1), "LISTEN");
        int client = netns_connect(family, port, &ours);
        assert_true(client >= 0);
        assert_string_equal(netns_state(*state, family, port, ours), "ESTABLISHED");
        assert_string_equal(netns_state(*state, family, ours, port), "ESTABLISHED");
        assert_string_equal(netns_state(*state, family, port, 1), "LISTEN");
        int server = accept(listener, NULL, NULL);
        assert_true(server >= 0);
        shutdown(client, SHUT_WR);
        char end;
        assert_int_equal(read(server, &end, 1), 0); /* the FIN is here */
        assert_string_equal(netns_state(*state, family, port, ours), "CLOSE-WAIT");
        /* FIN-WAIT-2 once the server's kernel has acknowledged it: it may take its time */
        const char *client_state = netns_state(*state, family, ours, port);
        assert_memory_equal(client_state, "FIN-WAIT-", 9);
        close(server);
        assert_int_equal(read(client, &end, 1), 0);
        close(client);
        assert_string_equal(netns_state(*state, family, ours, port), "TIME-WAIT");
        close(listener);
        assert_string_equal(netns_state(*state, family, port, ours), "");
    }
}

/* A dual-stack listener stands in the table of IPv6, and so do its IPv4 connections. */
static void dual_stack_serves_ipv4(void **state)
{
    uint16_t port = 0, ours = 0;
    int listener = netns_listen("::", false, &port);
    assert_true(listener >= 0);
    assert_string_equal(netns_state(*state, AF_INET, port, 1), "LISTEN");
    assert_string_equal(netns_state(*state, AF_INET6, port, 1), "LISTEN");
    int client = netns_connect(AF_INET, port, &ours);
    assert_true(client >= 0);
    assert_string_equal(netns_state(*state, AF_INET, port, ours), "ESTABLISHED");
    assert_string_equal(netns_state(*state, AF_INET6, port, ours), "LISTEN");
    close(client);
    close(listener);
}

static void v6_only_does_not(void **state)
{
    uint16_t port = 0;
    int listener = netns_listen("::", true, &port);
    assert_true(listener >= 0);
    assert_string_equal(netns_state(*state, AF_INET, port, 1), "");
    assert_string_equal(netns_state(*state, AF_INET6, port, 1), "LISTEN");
    close(listener);
    listener = netns_listen("0.0.0.0", false, &port);
    assert_string_equal(netns_state(*state, AF_INET, port, 1), "LISTEN");
    assert_string_equal(netns_state(*state, AF_INET6, port, 1), "");
    close(listener);
}

struct seen {
    unsigned count, stop_after;
    struct socket_info last;
};

static bool see(void *context, const struct socket_info *info)
{
    struct seen *seen = context;
    seen->last = *info;
    return ++seen->count != seen->stop_after;
}

static void each_tells_all_of_it(void **state)
{
    uint16_t port = 0, ours = 0;
    struct err err;
    int listener = netns_listen("127.0.0.1", false, &port);
    int client = netns_connect(AF_INET, port, &ours);
    assert_true(client >= 0);
    assert_int_equal(write(client, "hello", 5), 5);
    struct seen seen = {0};
    assert_true(sockets_each(*state, AF_INET, IPPROTO_TCP, port, ours, see, &seen, &err));
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.last.family, AF_INET);
    assert_int_equal(seen.last.port, port);
    assert_int_equal(seen.last.peer_port, ours);
    assert_int_equal(seen.last.state, TCP_ESTABLISHED);
    assert_int_equal(seen.last.receive_queue, 5);
    assert_memory_equal(seen.last.addr, "\x7f\0\0\1", 4);
    assert_memory_equal(seen.last.peer_addr, "\x7f\0\0\1", 4);
    seen = (struct seen){0};
    assert_true(sockets_each(*state, AF_INET, IPPROTO_TCP, port, 0, see, &seen, &err));
    assert_int_equal(seen.count, 2); /* the listener as well */
    seen = (struct seen){.stop_after = 1};
    assert_true(sockets_each(*state, AF_INET, IPPROTO_TCP, port, 0, see, &seen, &err));
    assert_int_equal(seen.count, 1);
    /* and after an early stop the next question is answered as ever */
    assert_string_equal(netns_state(*state, AF_INET, port, ours), "ESTABLISHED");
    close(client);
    close(listener);
}

static void udp_too(void **state)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    struct err err;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
    getsockname(fd, (struct sockaddr *)&at, &len);
    struct seen seen = {0};
    assert_true(sockets_each(*state, AF_INET, IPPROTO_UDP, ntohs(at.sin_port), 0, see, &seen,
                             &err));
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.last.port, ntohs(at.sin_port));
    close(fd);
}

/* More sockets than one netlink message holds, stopped in the middle. */
static void many(void **state)
{
    enum { MANY = 600 };
    static int fds[MANY];
    uint16_t port;
    struct err err;
    int have = 0;
    while (have < MANY && (fds[have] = netns_listen("127.0.0.1", false, &port)) >= 0)
        have++;
    struct seen seen = {0}, some = {.stop_after = 10};
    assert_true(sockets_each(*state, AF_INET, IPPROTO_TCP, 0, 0, see, &some, &err));
    assert_int_equal(some.count, 10);
    assert_true(sockets_each(*state, AF_INET, IPPROTO_TCP, 0, 0, see, &seen, &err));
    assert_true(seen.count >= (unsigned)have);
    while (have > 0)
        close(fds[--have]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(a_connection_lives),
        cmocka_unit_test(dual_stack_serves_ipv4),
        cmocka_unit_test(v6_only_does_not),
        cmocka_unit_test(each_tells_all_of_it),
        cmocka_unit_test(udp_too),
        cmocka_unit_test(many),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
