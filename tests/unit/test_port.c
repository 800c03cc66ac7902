/* test_port.c: the reserved source port, and where a command takes place. */
#include <loopcraft/sandbox.h>
#include <loopcraft/wire.h>

#include "child.h"
#include "netns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

enum { FIRST = 61000, COUNT = 1000 };

static bool reserve(struct wire *wire, int family, uint16_t wanted, struct err *err)
{
    struct wants wants = {.family = family, .reserve = true, .port = wanted};
    return wire_open(wire, &wants, err);
}

static void two_never_share(void)
{
    struct wire one, two;
    struct err err;
    check(reserve(&one, AF_INET, 0, &err), "a port", err.message);
    check(one.port >= FIRST && one.port < FIRST + COUNT, "61000-61999", "another");
    check(one.port_fd >= 0 && !one.sender && !one.capture && !one.shield, "it alone", "more");
    check(!reserve(&two, AF_INET, one.port, &err), "refused", "shared");
    check(err.status == STATUS_SYSTEM && strstr(err.message, "is taken"), "taken", err.message);
    check(two.port_fd == -1, "nothing open", "a descriptor");
    check(reserve(&two, AF_INET6, one.port, &err), "the same of IPv6", err.message);
    wire_close(&two);
    uint16_t port = one.port;
    wire_close(&one);
    check(reserve(&one, AF_INET, port, &err), "free again", err.message);
    wire_close(&one);
}

/* A datagram to the port, from an address of ours: ECONNREFUSED is ICMP's port unreachable. */
static bool refuses(const char *addr, uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, addr, &to.sin_addr);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    check(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0, "a socket", "none");
    check(send(fd, "?", 1, 0) == 1, "a datagram", "none"); /* on lo the answer is there by then */
    bool refused = send(fd, "?", 1, 0) < 0 && errno == ECONNREFUSED;
    close(fd);
    return refused;
}

/* A port of UDP: one of TCP's has the same number, and the kernel refuses nothing to it. */
static void datagrams_have_ports_of_their_own(void)
{
    struct wire tcp, udp, other;
    struct err err;
    struct wants wants = {.family = AF_INET, .reserve = true, .datagram = true};
    check(reserve(&tcp, AF_INET, 0, &err), "a port", err.message);
    check(refuses("127.0.0.1", tcp.port), "refused: TCP's is no port of UDP", "taken");
    wants.port = tcp.port;
    check(wire_open(&udp, &wants, &err), "the same of UDP", err.message);
    check(!refuses("127.0.0.1", udp.port), "taken", "refused");
    check(!wire_open(&other, &wants, &err) && strstr(err.message, "is taken"), "taken",
          err.message);
    /* Where packets come from another address, answers go there. */
    check(refuses("127.0.0.5", udp.port), "refused", "taken");
    inet_pton(AF_INET, "127.0.0.5", &wants.source);
    check(wire_open(&other, &wants, &err), "the same of 127.0.0.5", err.message);
    check(!refuses("127.0.0.5", udp.port), "taken", "refused");
    wire_close(&other);
    wants = (struct wants){.family = AF_INET6, .reserve = true, .datagram = true};
    check(wire_open(&other, &wants, &err), "one of IPv6", err.message);
    check(other.port >= FIRST && other.port < FIRST + COUNT, "61000-61999", "another");
    wire_close(&other);
    wire_close(&udp);
    wire_close(&tcp);
}

static int bound(uint16_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    check(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0, "a port", "none");
    return fd;
}

/* A connection from this port that the server, dual-stack, closed first: TIME-WAIT is there. */
static void leave_time_wait(uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    uint16_t server_port = 0;
    char end;
    int listener = netns_listen("::", false, &server_port), client = bound(port);
    to.sin_port = htons(server_port);
    check(connect(client, (struct sockaddr *)&to, sizeof to) == 0, "a connection", "none");
    close(accept(listener, NULL, NULL));
    check(read(client, &end, 1) == 0, "the end", "more");
    close(client);
    close(listener);
}

/* With all ports taken but two, of which a server remembers one, the other is chosen. */
static void last_port_is_found(void)
{
    enum { FREE = FIRST + 777, WAITING = FIRST + 333 };
    struct rlimit limit;
    struct wire wire, none;
    struct err err;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    check(limit.rlim_max > COUNT + 20, "enough descriptors (ulimit -Hn)", "fewer");
    leave_time_wait(WAITING);
    for (uint16_t port = FIRST; port < FIRST + COUNT; port++)
        if (port != FREE && port != WAITING)
            bound(port);
    check(reserve(&wire, AF_INET, 0, &err), "a port", err.message);
    check(wire.port == FREE, "the free one", "another");
    check(!reserve(&none, AF_INET, 0, &err), "refused", "one");
    check(err.status == STATUS_SYSTEM && strstr(err.message, "all source ports"), "all taken",
          err.message);
    wire_close(&wire);
    check(reserve(&wire, AF_INET, WAITING, &err), "it, when it is asked for", err.message);
    wire_close(&wire);
}

static void world_of_the_privileged(void)
{
    struct world world;
    struct err err;
    check(world_enter(WHERE_DEFAULT, &world, &err) && !world.sandbox, "the host", err.message);
    check(strncmp(world.place, "host: ", 6) == 0, "host: ...", world.place);
    check(world_enter(WHERE_HOST, &world, &err) && !world.sandbox, "the host", err.message);
}

static void host_without_privilege(void)
{
    struct world world;
    struct err err;
    check(privilege_drop(&err), "dropped", err.message);
    check(!world_enter(WHERE_HOST, &world, &err), "refused", "the host");
    check(err.status == STATUS_SYSTEM && strstr(err.message, "sudo"), "sudo", err.message);
}

static void world_of_the_sandbox(void)
{
    struct world world;
    struct err err;
    if (!world_enter(WHERE_SANDBOX, &world, &err)) {
        printf("no sandbox can be had here: %s\n", err.message);
        return;
    }
    check(world.sandbox && strncmp(world.place, "sandbox: ", 9) == 0, "sandbox: ...", world.place);
    check(world_enter(WHERE_DEFAULT, &world, &err) && world.sandbox, "in it still", err.message);
    check(!world_enter(WHERE_HOST, &world, &err), "refused", "the host");
    check(err.status == STATUS_SYSTEM && strstr(err.message, "leave it"), "leave", err.message);
}

static void run(void **state, void (*body)(void))
{
    if (!*state)
        skip();
    assert_true(child_run(body));
}

static void test_two(void **state)
{
    run(state, two_never_share);
}

static void test_datagrams(void **state)
{
    run(state, datagrams_have_ports_of_their_own);
}

static void test_last(void **state)
{
    run(state, last_port_is_found);
}

static void test_host(void **state)
{
    run(state, world_of_the_privileged);
    run(state, host_without_privilege);
}

static void test_sandbox(void **state)
{
    run(state, world_of_the_sandbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two),
        cmocka_unit_test(test_datagrams),
        cmocka_unit_test(test_last),
        cmocka_unit_test(test_host),
        cmocka_unit_test(test_sandbox),
    };
    return cmocka_run_group_tests(tests, netns_setup, NULL);
}
