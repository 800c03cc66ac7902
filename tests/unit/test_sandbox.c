/* test_sandbox.c: the sandbox's table, and its firewall and services as a client meets them. */
#include "../../src/sandbox/firewall.h"
#include "../../src/sandbox/namespace.h"
#include "sandbox_client.h"

#include <loopcraft/caps.h>

/* --- the table --------------------------------------------------------------- */

static void table_finds_rows(void **state)
{
    (void)state;
    assert_ptr_equal(sandbox_port_find("tcp", 8080), &sandbox_ports[0]);
    assert_int_equal(sandbox_port_find("udp", 9003)->rule, RULE_REJECT_ADMIN);
    assert_null(sandbox_port_find("udp", 8080));
    assert_null(sandbox_port_find("tcp", 0));
}

static void list_is_aligned(void **state)
{
    (void)state;
    struct text list = TEXT_EMPTY;
    sandbox_list(&list, false);
    const char *at = text_string(&list);
    assert_non_null(strstr(at, "\ntcp 8080  open           a small HTTP server\n"));
    assert_non_null(strstr(at, "\nudp 9002  open|filtered  a server that never answers\n"));
    text_free(&list);
}

static void list_is_json(void **state)
{
    (void)state;
    struct text list = TEXT_EMPTY;
    sandbox_list(&list, true);
    static const char first[] = "{\"type\":\"port\",\"proto\":\"tcp\",\"port\":8080,"
                                "\"state\":\"open\",\"what\":\"a small HTTP server\"}\n";
    assert_memory_equal(text_string(&list), first, sizeof first - 1);
    text_free(&list);
}

static void firewall_comes_from_the_table(void **state)
{
    (void)state;
    struct text rules = TEXT_EMPTY;
    firewall_text(&rules);
    const char *at = text_string(&rules);
    assert_non_null(strstr(at, "iif lo tcp dport 8082 drop\n"));
    assert_non_null(strstr(at, "iif lo tcp dport 8084 reject with tcp reset\n"));
    assert_non_null(strstr(at, "iif lo udp dport 9003 reject with icmpx type admin-prohibited\n"));
    assert_null(strstr(at, "8080"));
    text_free(&rules);
}

/* --- inside ------------------------------------------------------------------ */

static void story_enter(void)
{
    enum sandbox_entry entry;
    must(!sandbox_here(), "tests start outside a sandbox");
    may_enter(&entry);
    must(entry == SANDBOX_MADE || entry == SANDBOX_JOINED, "made, or the user's running one");
    must(sandbox_here(), "sandbox_here() inside");
    must(namespace_lo_only(), "lo alone is up");
    must(sandbox_enter(&entry, &(struct err){0}) && entry == SANDBOX_INSIDE_ALREADY, "once");
    must(caps_drop_all(&(struct err){0}) && sandbox_here(), "sandbox_here() without privilege");
}

static void enters(void **state)
{
    (void)state;
    in_child(story_enter);
    assert_false(sandbox_here());
}

/* As an ordinary program sees them: connect(2). */
static void story_ports(void)
{
    enum sandbox_entry entry;
    may_enter(&entry);
    for (int i = 0; i < 2; i++) {
        int family = i ? AF_INET6 : AF_INET;
        int ms = TEST_PATIENCE_MS;
        must(client(family, SOCK_STREAM, 8080, ms) >= 0, "8080 is open");
        must(refused(family, 8081, ECONNREFUSED, ms), "8081 is closed");
        must(refused(family, 8082, ETIMEDOUT, 200), "8082 is dropped");
        /*
         * ICMP 3/13 is EHOSTUNREACH (icmp_err_convert), ICMPv6 1/1 EACCES (icmpv6_err_convert);
         * the latter takes a second: connect() still holds the socket when the first comes.
         */
        must(refused(family, 8083, i ? EACCES : EHOSTUNREACH, ms), "8083 is admin-prohibited");
        must(refused(family, 8084, ECONNREFUSED, ms), "8084 is reset");
    }
}

static void ports_are_as_listed(void **state)
{
    (void)state;
    in_child(story_ports);
}

static void story_http(void)
{
    static char huge[1 << 20];
    memset(huge, 'x', sizeof huge);
    enum sandbox_entry entry;
    may_enter(&entry);
    static const char get[] = "GET / HTTP/1.0\r\n\r\n", bare[] = "HEAD\n\n";
    static const char binary[] = "\0\xff\r\r\n\n";
    for (int i = 0; i < 2; i++) {
        int family = i ? AF_INET6 : AF_INET;
        ask(family, 8080, get, sizeof get - 1, false);
        ask(family, 8080, bare, sizeof bare - 1, false);
        ask(family, 8080, binary, sizeof binary - 1, false);
        ask(family, 8080, "hi", 2, true);
        ask(family, 8080, huge, sizeof huge, false);
    }
    /* A hundred that say nothing keep nobody out; the oldest make room. */
    for (int i = 0; i < 100; i++)
        must(client(AF_INET, SOCK_STREAM, 8080, TEST_PATIENCE_MS) >= 0, "an idle connection");
    ask(AF_INET, 8080, get, sizeof get - 1, false);
}

static void http_answers_whatever_is_asked(void **state)
{
    (void)state;
    in_child(story_http);
}

static void story_echo(void)
{
    enum sandbox_entry entry;
    may_enter(&entry);
    uint8_t out[1000], in[1500];
    for (size_t i = 0; i < sizeof out; i++)
        out[i] = (uint8_t)i;
    for (int i = 0; i < 2; i++) {
        int family = i ? AF_INET6 : AF_INET;
        int fd = client(family, SOCK_DGRAM, 9000, TEST_PATIENCE_MS);
        static const struct {
            size_t sent, echoed;
        } sizes[] = {{0, 0}, {1, 1}, {512, 512}, {1000, 512}};
        for (size_t n = 0; n < 4; n++) {
            must(send(fd, out, sizes[n].sent, 0) >= 0 && readable(fd, TEST_PATIENCE_MS), "an echo");
            must(recv(fd, in, sizeof in, 0) == (ssize_t)sizes[n].echoed, "capped, never longer");
            must(memcmp(in, out, sizes[n].echoed) == 0, "the bytes that were sent");
        }
        fd = client(family, SOCK_DGRAM, 9001, TEST_PATIENCE_MS);
        must(send(fd, "x", 1, 0) == 1 && readable(fd, TEST_PATIENCE_MS) &&
             recv(fd, in, 1, 0) < 0 && errno == ECONNREFUSED, "9001 is closed");
        fd = client(family, SOCK_DGRAM, 9002, TEST_PATIENCE_MS);
        must(send(fd, "x", 1, 0) == 1 && !readable(fd, 50), "9002 is silent");
    }
}

/* Asks the echo server from this port of 127.0.0.2. */
static bool echoes_to(uint16_t port)
{
    union address here, there;
    socklen_t len = loopback(&here, AF_INET, port);
    here.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    loopback(&there, AF_INET, 9000);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    must(bind(fd, &here.any, len) == 0, "a port of 127.0.0.2");
    must(sendto(fd, "x", 1, 0, &there.any, len) == 1, "a datagram");
    return readable(fd, port == 9005 ? TEST_PATIENCE_MS : 50);
}

static void story_loop(void)
{
    enum sandbox_entry entry;
    may_enter(&entry);
    must(echoes_to(9005), "any other port gets its echo");
    must(!echoes_to(9000) && !echoes_to(9002), "a service's port none: it could be echoed again");
}

static void echo_does_not_talk_to_services(void **state)
{
    (void)state;
    in_child(story_loop);
}

static void udp_ports_are_as_listed(void **state)
{
    (void)state;
    in_child(story_echo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_finds_rows),
        cmocka_unit_test(list_is_aligned),
        cmocka_unit_test(list_is_json),
        cmocka_unit_test(firewall_comes_from_the_table),
        cmocka_unit_test(enters),
        cmocka_unit_test(ports_are_as_listed),
        cmocka_unit_test(http_answers_whatever_is_asked),
        cmocka_unit_test(echo_does_not_talk_to_services),
        cmocka_unit_test(udp_ports_are_as_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
