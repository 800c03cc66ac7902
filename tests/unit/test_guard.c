/* test_guard.c: what the guard lets pass, what it refuses, and that it can't be fooled. */
#include <loopcraft/guard.h>
#include <loopcraft/sandbox.h>

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct packet {
    uint8_t at[200];
    size_t len;
};

static void add(struct packet *p, const void *at, size_t len)
{
    memcpy(p->at + p->len, at, len);
    p->len += len;
}

/* An IPv4 packet: header, options (a multiple of 4 bytes), body. */
static struct packet ipv4(const char *from, const char *to, uint8_t protocol,
                          struct bytes options, struct bytes body)
{
    struct packet p = {.at = {(uint8_t)(0x45 + options.len / 4), [8] = 64, protocol}, .len = 20};
    assert_int_equal(inet_pton(AF_INET, from, p.at + 12), 1);
    assert_int_equal(inet_pton(AF_INET, to, p.at + 16), 1);
    add(&p, options.at, options.len);
    add(&p, body.at, body.len);
    return p;
}

static struct packet ipv6(const char *from, const char *to, uint8_t next, struct bytes body)
{
    struct packet p = {.at = {0x60, [6] = next, 64}, .len = 40};
    assert_int_equal(inet_pton(AF_INET6, from, p.at + 8), 1);
    assert_int_equal(inet_pton(AF_INET6, to, p.at + 24), 1);
    add(&p, body.at, body.len);
    return p;
}

#define BYTES(...) ((struct bytes){(const uint8_t[]){__VA_ARGS__}, \
                                   sizeof((const uint8_t[]){__VA_ARGS__})})
static const struct bytes none = {(const uint8_t *)"", 0};

/* The guard's answer about the first `len` bytes, copied so that ASan sees one read too many. */
static bool ask(const struct packet *p, size_t len, struct sockaddr_storage *to, struct err *err)
{
    uint8_t *copy = malloc(len ? len : 1);
    socklen_t to_len = 0;
    assert_non_null(copy);
    memcpy(copy, p->at, len);
    *err = (struct err){0};
    bool passed = guard_check((struct bytes){copy, len}, to, &to_len, err);
    free(copy);
    if (passed)
        assert_int_equal(to_len, to->ss_family == AF_INET ? sizeof(struct sockaddr_in)
                                                          : sizeof(struct sockaddr_in6));
    return passed;
}

static void passes(struct packet p)
{
    struct sockaddr_storage to;
    struct err err;
    if (!ask(&p, p.len, &to, &err))
        fail_msg("refused: %s", err.message);
}

/* Refused with STATUS_GUARD, for the reason that this word of the message names. */
static void refused(struct packet p, const char *word)
{
    struct sockaddr_storage to;
    struct err err;
    assert_false(ask(&p, p.len, &to, &err));
    assert_int_equal(err.status, STATUS_GUARD);
    if (!strstr(err.message, word))
        fail_msg("\"%s\" does not say \"%s\"", err.message, word);
}

static void address_comes_from_the_bytes(void **state)
{
    (void)state;
    struct sockaddr_storage to;
    struct err err;
    struct packet p = ipv4("127.0.0.1", "127.1.2.3", 6, none, none);
    assert_true(ask(&p, p.len, &to, &err));
    assert_int_equal(to.ss_family, AF_INET);
    assert_int_equal(ntohl(((struct sockaddr_in *)&to)->sin_addr.s_addr), 0x7f010203);
    p = ipv6("::1", "::1", 17, none);
    assert_true(ask(&p, p.len, &to, &err));
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&to;
    assert_int_equal(v6->sin6_family, AF_INET6);
    assert_memory_equal(&v6->sin6_addr, &in6addr_loopback, 16);
    assert_int_equal(v6->sin6_port, 0); /* a raw IPv6 socket refuses others: raw(7) */
    assert_int_equal(v6->sin6_scope_id, 0);
}

static void only_loopback_to_loopback(void **state)
{
    (void)state;
    static const char *const v4[] = {"8.8.8.8", "0.0.0.0", "126.255.255.255", "128.0.0.1",
                                     "10.0.0.1", "224.0.0.1", "255.255.255.255", "169.254.1.1"};
    static const char *const v6[] = {"::", "::2", "::ffff:127.0.0.1", "ff02::1", "fe80::1",
                                     "2001:db8::1", "1::1", "::1:0:0:1", "::127.0.0.1"};
    for (size_t i = 0; i < sizeof v4 / sizeof v4[0]; i++) {
        refused(ipv4("127.0.0.1", v4[i], 6, none, none), "destination");
        refused(ipv4(v4[i], "127.0.0.1", 6, none, none), "source");
    }
    for (size_t i = 0; i < sizeof v6 / sizeof v6[0]; i++) {
        refused(ipv6("::1", v6[i], 6, none), "destination");
        refused(ipv6(v6[i], "::1", 6, none), "source");
    }
    refused(ipv4("127.0.0.1", "8.8.8.8", 6, none, none),
            "8.8.8.8, is not a loopback address: loopcraft sends from and to 127.0.0.0/8 and ::1");
    passes(ipv4("127.0.0.1", "127.255.0.9", 6, none, none));
}

static void every_cut_is_refused(void **state)
{
    (void)state;
    struct sockaddr_storage to;
    struct err err;
    struct packet p = ipv4("127.0.0.1", "127.0.0.1", 1, BYTES(1, 1, 1, 0), BYTES(8, 0));
    for (size_t len = 0; len < p.len; len++)
        assert_int_equal(ask(&p, len, &to, &err), len > 24); /* from the ICMP type on */
    /* hop-by-hop, destination, fragment, ICMPv6 */
    p = ipv6("::1", "::1", 0, BYTES(60, 0, 1, 4, 0, 0, 0, 0, 44, 0, 1, 4, 0, 0, 0, 0,
                                    58, 0, 0, 1, 9, 9, 9, 9, 128, 0));
    for (size_t len = 0; len < p.len; len++)
        assert_int_equal(ask(&p, len, &to, &err), len > 64);
}

static void versions_and_header_lengths(void **state)
{
    (void)state;
    struct packet p = ipv4("127.0.0.1", "127.0.0.1", 6, none, none);
    for (unsigned first = 0; first < 256; first++) {
        p.at[0] = (uint8_t)first;
        if (first >> 4 != 4 && first >> 4 != 6)
            refused(p, "neither 4 nor 6");
        else if (first >> 4 == 6)
            refused(p, "cut short");
        else if ((first & 15) == 5)
            passes(p);
        else
            refused(p, "header length");
    }
    p.at[0] = 0x45;
    p.at[2] = p.at[3] = 0xff; /* a false total length can't make it leave */
    passes(p);
}

static void source_routes(void **state)
{
    (void)state;
    struct {
        struct bytes options;
        const char *word; /* NULL: passes */
    } rows[] = {
        {BYTES(0x83, 3, 4, 0), "source route"},
        {BYTES(0x89, 7, 4, 8, 8, 8, 8, 0), "source route"},
        {BYTES(1, 1, 1, 1, 0x83, 3, 4, 0), "source route"},
        {BYTES(0x44, 4, 5, 0, 0x89, 3, 4, 0), "source route"}, /* after a timestamp */
        {BYTES(0x03, 3, 4, 0), "source route"},                /* without the copy bit */
        {BYTES(0x83, 1, 0, 0), "to their end"},
        {BYTES(0x83, 0, 0, 0), "to their end"},
        {BYTES(0x07, 5, 4, 0), "to their end"},  /* past the header */
        {BYTES(1, 1, 1, 0x07), "to their end"},  /* its length is not there */
        {BYTES(0x44, 2, 1, 1), NULL},
        {BYTES(1, 1, 1, 1), NULL},
        {BYTES(0x07, 3, 4, 0), NULL},            /* record route */
        {BYTES(0, 0x83, 3, 4), NULL},            /* behind the end: nobody reads it */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct packet p = ipv4("127.0.0.1", "127.0.0.1", 6, rows[i].options, none);
        if (rows[i].word)
            refused(p, rows[i].word);
        else
            passes(p);
    }
}

/* These tests run outside a sandbox of loopcraft: the host's rules for ICMP hold. */
static void icmp_on_the_host(void **state)
{
    (void)state;
    if (sandbox_here()) {
        print_message("in a loopcraft sandbox: the host's rules do not hold here\n");
        skip();
    }
    for (unsigned type = 0; type < 256; type++) {
        struct packet p = ipv4("127.0.0.1", "127.0.0.1", 1, none, BYTES((uint8_t)type, 0));
        if (type == 0 || type == 8 || type == 13 || type == 14)
            passes(p);
        else
            refused(p, "can change how this host sends");
        p = ipv6("::1", "::1", 58, BYTES((uint8_t)type, 0));
        if (type == 128 || type == 129)
            passes(p);
        else
            refused(p, "can change how this host sends");
    }
    struct packet p = ipv4("127.0.0.1", "127.0.0.1", 1, none, BYTES(8, 0));
    p.at[6] = 0x20; /* more fragments, offset 0: the type is there */
    passes(p);
    p.at[7] = 1;
    refused(p, "does not show its type");
    refused(ipv4("127.0.0.1", "127.0.0.1", 1, none, none), "does not show its type");
}

static void ipv6_next_headers(void **state)
{
    (void)state;
    for (unsigned next = 0; next < 256; next++) {
        /* A header of 8 bytes whose own next header is TCP; as ICMPv6, type 6: refused. */
        struct packet p = ipv6("::1", "::1", (uint8_t)next, BYTES(6, 0, 0, 0, 0, 0, 0, 0));
        if (next == 0 || next == 60 || next == 44 || next == 6 || next == 17)
            passes(p);
        else if (next != 58)
            refused(p, "next header");
        p = ipv6("::1", "::1", 0, BYTES((uint8_t)next, 0, 1, 4, 0, 0, 0, 0));
        if (next == 6 || next == 17)
            passes(p);
        else if (next != 58)
            refused(p, next == 0 || next == 60 || next == 44 ? "cut short" : "next header");
    }
}

static void ipv6_chains(void **state)
{
    (void)state;
    struct {
        struct bytes body;
        uint8_t next;
        const char *word; /* NULL: passes */
    } rows[] = {
        {BYTES(43, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0), 60, "next header 43"},
        {BYTES(6, 1, 1, 4, 0, 0, 0, 0), 60, "ends past"},
        {BYTES(6, 255, 1, 4, 0, 0, 0, 0), 0, "ends past"},
        {BYTES(6, 0, 1, 5, 0, 0, 0, 0), 60, "to their end"},
        {BYTES(6, 0, 0, 0, 0, 0, 0, 5), 60, "to their end"},
        {BYTES(6, 0, 0xc9, 4, 0, 0, 0, 0), 60, "home address"},
        {BYTES(6, 0, 0, 0xc9, 0, 0, 0, 0), 60, "home address"},
        /* a later fragment: of TCP it passes, of what may hide headers not */
        {BYTES(6, 0, 0, 8, 0, 0, 0, 1, 0xff), 44, NULL},
        {BYTES(60, 0, 0, 8, 0, 0, 0, 1, 43, 0), 44, "next header 60"},
        {BYTES(44, 0, 0, 8, 0, 0, 0, 1, 43, 0), 44, "next header 44"},
        {BYTES(43, 0, 0, 8, 0, 0, 0, 1, 43, 0), 44, "next header 43"},
        /* a first fragment must hold the whole chain (RFC 7112) */
        {BYTES(60, 0, 0, 1, 0, 0, 0, 1), 44, "cut short"},
        {BYTES(60, 0, 0, 1, 0, 0, 0, 1, 6, 1, 1, 4, 0, 0, 0, 0), 44, "ends past"},
        {BYTES(44, 0, 0, 1, 0, 0, 0, 1, 6, 0, 0, 0, 0, 0, 0, 1), 44, "two IPv6 fragment"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct packet p = ipv6("::1", "::1", rows[i].next, rows[i].body);
        if (rows[i].word)
            refused(p, rows[i].word);
        else
            passes(p);
    }
}

/*
 * The oracle: written from RFC 791 and RFC 8200 alone, it looks at the fixed places only.
 * Whatever else the guard thinks of a packet, one that it lets pass must satisfy this.
 */
static bool oracle(const uint8_t *at, size_t len)
{
    static const uint8_t one[16] = {[15] = 1};
    if (len >= 20 && (at[0] & 0xf0) == 0x40)
        return at[12] == 127 && at[16] == 127 && (at[0] & 15) * 4u <= len && (at[0] & 15) >= 5 &&
               (at[9] != 1 || len > (at[0] & 15) * 4u);
    return len >= 40 && (at[0] & 0xf0) == 0x60 && !memcmp(at + 8, one, 16) &&
           !memcmp(at + 24, one, 16) && strchr("\x3c\x2c\x06\x11\x3a", at[6]);
}

static uint32_t draw(uint32_t *seed)
{
    *seed ^= *seed << 13; /* xorshift: the same each time */
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void fuzz(void **state)
{
    (void)state;
    struct packet seeds[] = {
        ipv4("127.0.0.1", "127.0.0.1", 6, BYTES(0x44, 4, 5, 0, 7, 3, 4, 0), BYTES(1, 2, 3, 4)),
        ipv4("127.0.0.1", "127.0.0.1", 1, none, BYTES(8, 0, 0, 0)),
        ipv6("::1", "::1", 0, BYTES(60, 0, 1, 4, 0, 0, 0, 0, 44, 0, 1, 4, 0, 0, 0, 0,
                                    58, 0, 0, 1, 9, 9, 9, 9, 128, 0)),
        ipv6("::1", "::1", 6, BYTES(0, 1, 2, 3)),
    };
    uint32_t seed = 20261120;
    unsigned passed = 0;
    for (int round = 0; round < 200000; round++) {
        struct packet p = seeds[draw(&seed) % 4];
        struct sockaddr_storage to;
        struct err err;
        unsigned changes = draw(&seed) % 16 == 0 ? 200 : draw(&seed) % 5;
        for (unsigned i = 0; i < changes; i++)
            p.at[draw(&seed) % p.len] = (uint8_t)draw(&seed);
        size_t len = draw(&seed) % 4 ? p.len : draw(&seed) % (p.len + 1);
        if (!ask(&p, len, &to, &err)) {
            assert_int_equal(err.status, STATUS_GUARD);
            continue;
        }
        passed++;
        if (!oracle(p.at, len))
            fail_msg("round %d: the guard let pass what the oracle does not", round);
        if (to.ss_family == AF_INET)
            assert_memory_equal(&((struct sockaddr_in *)&to)->sin_addr, p.at + 16, 4);
        else
            assert_memory_equal(&((struct sockaddr_in6 *)&to)->sin6_addr, &in6addr_loopback, 16);
    }
    assert_true(passed > 10000); /* else it proved little */
}

static void targets(void **state)
{
    (void)state;
    struct {
        const char *text;
        int family;
        enum status status;
        const char *word; /* of the message, or the address that comes out */
    } rows[] = {
        {"127.0.0.1", AF_UNSPEC, STATUS_DONE, "127.0.0.1"},
        {"127.45.6.7", AF_INET, STATUS_DONE, "127.45.6.7"},
        {"::1", AF_UNSPEC, STATUS_DONE, "::1"},
        {"0:0:0:0:0:0:0:1", AF_INET6, STATUS_DONE, "::1"},
        {"localhost", AF_UNSPEC, STATUS_DONE, "127.0.0.1"},
        {"localhost", AF_INET, STATUS_DONE, "127.0.0.1"},
        {"localhost", AF_INET6, STATUS_DONE, "::1"},
        {"127.0.0.1", AF_INET6, STATUS_USAGE, "is IPv4, and IPv6 was asked for"},
        {"::1", AF_INET, STATUS_USAGE, "is IPv6, and IPv4 was asked for"},
        {"8.8.8.8", AF_INET6, STATUS_GUARD, "8.8.8.8 is not a loopback address"},
        {"0.0.0.0", AF_UNSPEC, STATUS_GUARD, "is not a loopback address"},
        {"::", AF_UNSPEC, STATUS_GUARD, "is not a loopback address"},
        {"ff02::1", AF_UNSPEC, STATUS_GUARD, "is not a loopback address"},
        {"::ffff:127.0.0.1", AF_UNSPEC, STATUS_GUARD, "IPv4 inside IPv6"},
        {"127.1", AF_UNSPEC, STATUS_GUARD, "all four numbers"},
        {"0177.0.0.1", AF_UNSPEC, STATUS_GUARD, "all four numbers"},
        {"0x7f.0.0.1", AF_UNSPEC, STATUS_GUARD, "all four numbers"},
        {"2130706433", AF_UNSPEC, STATUS_GUARD, "all four numbers"},
        {"127.0.0.256", AF_UNSPEC, STATUS_GUARD, "all four numbers"},
        {"127.0.0.1 ", AF_UNSPEC, STATUS_GUARD, "not an address"},
        {"", AF_UNSPEC, STATUS_GUARD, "empty"},
        {"::1%lo", AF_UNSPEC, STATUS_GUARD, "zone"},
        {"[::1]", AF_UNSPEC, STATUS_GUARD, "write ::1"},
        {"example.com", AF_UNSPEC, STATUS_GUARD, "names are not looked up"},
        {"localhost.", AF_UNSPEC, STATUS_GUARD, "names are not looked up"},
        {"\x1b[31mred\n", AF_UNSPEC, STATUS_GUARD, "\\x1b[31mred\\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sockaddr_storage to;
        struct err err = {0};
        char text[INET6_ADDRSTRLEN] = "";
        bool read = guard_target(rows[i].text, rows[i].family, &to, &err);
        assert_int_equal(err.status, rows[i].status);
        assert_int_equal(read, rows[i].status == STATUS_DONE);
        const void *addr = &((struct sockaddr_in *)&to)->sin_addr;
        if (read && to.ss_family == AF_INET6)
            addr = &((struct sockaddr_in6 *)&to)->sin6_addr;
        if (read)
            inet_ntop(to.ss_family, addr, text, sizeof text);
        if (!strstr(read ? text : err.message, rows[i].word))
            fail_msg("%s: got %s", rows[i].text, read ? text : err.message);
    }
    char huge[5000];
    struct sockaddr_storage to;
    struct err err;
    memset(huge, '\x1b', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    assert_false(guard_target(huge, AF_UNSPEC, &to, &err));
    assert_null(strchr(err.message, '\x1b'));
    assert_non_null(strstr(err.message, "write 127.0.0.1"));
}

/* In a child, as a sandbox can't be left again. */
static void icmp_in_the_sandbox(void **state)
{
    (void)state;
    enum { PASSED, NO_SANDBOX, WRONG };
    struct packet p = ipv4("127.0.0.1", "127.0.0.1", 1, none, BYTES(3, 4));
    struct packet away = ipv4("127.0.0.1", "8.8.8.8", 1, none, BYTES(3, 4));
    pid_t child = fork();
    if (child == 0) {
        enum sandbox_entry entry;
        struct sockaddr_storage to;
        struct err err;
        if (!sandbox_enter(&entry, &err)) {
            print_message("%s\n", err.message);
            _exit(NO_SANDBOX);
        }
        bool right = ask(&p, p.len, &to, &err) && !ask(&away, away.len, &to, &err);
        _exit(right ? PASSED : WRONG);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_SANDBOX) {
        print_message("no sandbox can be had here\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), PASSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_comes_from_the_bytes),
        cmocka_unit_test(only_loopback_to_loopback),
        cmocka_unit_test(every_cut_is_refused),
        cmocka_unit_test(versions_and_header_lengths),
        cmocka_unit_test(source_routes),
        cmocka_unit_test(icmp_on_the_host),
        cmocka_unit_test(ipv6_next_headers),
        cmocka_unit_test(ipv6_chains),
        cmocka_unit_test(fuzz),
        cmocka_unit_test(targets),
        cmocka_unit_test(icmp_in_the_sandbox),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
