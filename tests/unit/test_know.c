/*
 * test_know.c: the tables of facts are in order, agree with the system's, and have a line for every
 * word that the program prints.
 */
#include "../../src/probe/targets.h"

#include <loopcraft/addresses.h>
#include <loopcraft/advice.h>
#include <loopcraft/glossary.h>
#include <loopcraft/services.h>
#include <loopcraft/witness.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A phrase: short, on one line, no full stop, no capital that only a sentence has. */
static void must_be_a_phrase(const char *name, const char *phrase, size_t most)
{
    size_t len = phrase ? strlen(phrase) : 0;
    if (len < 2 || len > most || phrase[len - 1] == '.' || strpbrk(phrase, "\n\t\x1b") ||
        strstr(phrase, "  "))
        fail_msg("%s: not a phrase of 2 to %zu letters: %s", name, most, phrase ? phrase : "none");
}

/* --- services ------------------------------------------------------------------------ */

static void the_table_of_services_is_in_order(void **state)
{
    (void)state;
    const struct advice *row = NULL, *before = NULL;
    size_t count = 0;
    for (; (row = advice_next(row)); before = row) {
        count++;
        assert_true(row->over && !(row->over & ~(OVER_TCP | OVER_UDP)));
        if (before &&
            (before->port > row->port || (before->port == row->port && before->over & row->over)))
            fail_msg("%s and %s: not in order, or twice", before->name, row->name);
        must_be_a_phrase(row->name, row->purpose, 70);
        must_be_a_phrase(row->name, row->words, 46); /* a dump's line */
        assert_memory_equal(row->words, row->name, strlen(row->name));
        must_be_a_phrase(row->name, row->advice, 100);
        must_be_a_phrase(row->name, row->source, 60);
        if (row->instead)
            must_be_a_phrase(row->name, row->instead, 45);
        if (strncmp(row->source, "IANA", 4) != 0 && !strstr(row->source, "IANA"))
            fail_msg("%s: what does IANA say of %u?", row->name, row->port);
        if (row->secrecy == SECRECY_ENCRYPTED && row->instead)
            fail_msg("%s is encrypted, and has an encrypted alternative", row->name);
        assert_ptr_equal(advice_find(row->port, row->over & OVER_TCP ? OVER_TCP : OVER_UDP), row);
    }
    assert_true(count >= 60);
    assert_true(advice_system[0].port < 1024 && advice_user[0].port >= 1024);
    assert_null(advice_find(1, OVER_TCP));
    assert_null(advice_find(22, OVER_UDP));
    print_message("%zu services\n", count);
}

/* Where the system has the name too, it means the same port: `syn ldap` asks what `ss` shows. */
static void names_mean_the_ports_that_the_system_means(void **state)
{
    (void)state;
    const struct advice *row = NULL;
    size_t agreed = 0;
    while ((row = advice_next(row))) {
        char names[120];
        snprintf(names, sizeof names, "%s %s", row->name, row->others ? row->others : "");
        for (char *rest, *name = strtok_r(names, " ", &rest); name;
             name = strtok_r(NULL, " ", &rest)) {
            uint16_t port = 0;
            const char *proto = row->over & OVER_TCP ? "tcp" : "udp";
            const struct servent *system = getservbyname(name, proto);
            if (system && ntohs((uint16_t)system->s_port) != row->port)
                fail_msg("%s: port %u here, %u in /etc/services", name, row->port,
                         ntohs((uint16_t)system->s_port));
            assert_true(service_port(name, proto, &port));
            if (port != row->port)
                fail_msg("%s names %u and %u", name, port, row->port);
            agreed += system != NULL;
        }
    }
    if (getservbyname("ssh", "tcp"))
        assert_true(agreed > 40);
}

static void a_service_by_its_name(void **state)
{
    (void)state;
    uint16_t port;
    struct text names = TEXT_EMPTY;
    assert_true(service_port("dns", "udp", &port) && port == 53);
    assert_true(service_port("SSH", "tcp", &port) && port == 22);
    assert_true(service_port("ntp", "tcp", &port) && port == 123); /* UDP's, but its number */
    assert_false(service_port("wibble", "tcp", &port));
    assert_false(service_port("", "tcp", &port));
    assert_false(service_names(65000, "tcp", &names));
    if (getservbyname("http", "tcp")) {
        assert_true(service_names(80, "tcp", &names));
        assert_non_null(strstr(text_string(&names), "http"));
    }
    text_free(&names);
}

/* RFC 6335, 6. */
static void every_port_has_a_class(void **state)
{
    (void)state;
    for (uint32_t port = 0; port <= UINT16_MAX; port++) {
        const char *want = port == 0      ? "reserved"
                           : port < 1024  ? "system"
                           : port < 49152 ? "user"
                                          : "dynamic";
        if (strncmp(port_class((uint16_t)port), want, strlen(want)) != 0)
            fail_msg("%u: %s", port, port_class((uint16_t)port));
    }
}

/* --- addresses -------------------------------------------------------------------------- */

static void must_be_blocks(const struct block *blocks, int family)
{
    const unsigned most = family == AF_INET ? 32 : 128;
    uint8_t before[16] = {0}, first[16];
    unsigned bits_before = 0;
    for (const struct block *b = blocks; b->prefix; b++) {
        char text[64];
        uint8_t again[16];
        unsigned bits = block_prefix(b, first);
        size_t len = strcspn(b->prefix, "/");
        assert_true(b->family == family && bits <= most && len < sizeof text);
        memcpy(text, b->prefix, len);
        text[len] = '\0';
        assert_int_equal(inet_pton(family, text, again), 1);
        assert_memory_equal(again, first, address_size(family));
        for (unsigned bit = bits; bit < most; bit++)
            if (first[bit / 8] & 0x80 >> bit % 8)
                fail_msg("%s has bits behind its prefix", b->prefix);
        int order = b == blocks ? -1 : memcmp(before, first, address_size(family));
        if (order > 0 || (order == 0 && bits_before >= bits))
            fail_msg("%s: not in order, or twice", b->prefix);
        assert_ptr_equal(block_find(family, first, bits), b);
        must_be_a_phrase(b->prefix, b->name, 30);
        must_be_a_phrase(b->prefix, b->means, 80);
        assert_memory_equal(b->source, "RFC ", 4);
        memcpy(before, first, sizeof before);
        bits_before = bits;
    }
}

static void blocks_are_in_order(void **state)
{
    (void)state;
    must_be_blocks(blocks_ipv4, AF_INET);
    must_be_blocks(blocks_ipv6, AF_INET6);
}

static void must_be(const char *address, const char *name, const char *carried)
{
    uint8_t addr[16], four[4];
    char text[INET_ADDRSTRLEN] = "";
    int family = strchr(address, ':') ? AF_INET6 : AF_INET;
    assert_int_equal(inet_pton(family, address, addr), 1);
    const struct block *block = block_find(family, addr, 128);
    assert_non_null(block);
    if (strcmp(block->name, name) != 0)
        fail_msg("%s: %s, not %s", address, block->name, name);
    if (family == AF_INET6 && address_carried(addr, four))
        inet_ntop(AF_INET, four, text, sizeof text);
    assert_string_equal(text, carried);
}

static void an_address_is_what_its_longest_block_says(void **state)
{
    (void)state;
    must_be("127.8.8.8", "loopback", "");
    must_be("192.168.1.10", "private", "");
    must_be("172.15.255.255", "public", "");
    must_be("172.31.255.255", "private", "");
    must_be("172.32.0.0", "public", "");
    must_be("100.127.255.255", "shared (CGNAT)", "");
    must_be("255.255.255.255", "limited broadcast", "");
    must_be("255.255.255.254", "reserved", "");
    must_be("239.255.255.250", "SSDP", "");
    must_be("::", "unspecified", "");
    must_be("::1", "loopback", "");
    must_be("::2", "reserved", "");
    must_be("fe80::1", "link-local", "");
    must_be("fdff::", "unique local", "");
    must_be("ff02::1:ff12:3456", "solicited-node", "");
    must_be("::ffff:127.0.0.1", "IPv4-mapped", "127.0.0.1");
    must_be("64:ff9b::8.8.8.8", "NAT64", "8.8.8.8");
    must_be("2002:c000:204::1", "6to4", "192.0.2.4"); /* RFC 3056, 2 */
    /* the example of RFC 4380, 4: client 192.0.2.45, seen as 0x3fff:fdd2 */
    must_be("2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo", "192.0.2.45");
}

/* --- words ---------------------------------------------------------------------------- */

static void words_are_in_order(void **state)
{
    (void)state;
    for (const struct glossary *g = glossaries; g->kind; g++) {
        must_be_a_phrase(g->kind, g->source, 50);
        for (const struct word *w = g->words; w->name; w++) {
            must_be_a_phrase(w->name, w->means, 110);
            if (w->source)
                must_be_a_phrase(w->name, w->source, 60);
            assert_ptr_equal(glossary_find(g->kind, w->name), w); /* once in all of its kind */
            if (w->other)
                assert_ptr_equal(glossary_find(g->kind, w->other), w);
        }
    }
    assert_true(glossary_same("time_wait", "TIME-WAIT") && glossary_same("half-open", "half open"));
    assert_false(glossary_same("open", "open|filtered") || glossary_same("opens", "open"));
}

static void must_know(const char *kind, const char *word)
{
    if (!glossary_find(kind, word))
        fail_msg("no line in src/know/ for the %s %s", kind, word);
}

/* All that ruling_find() can say: probes, replies, families, types and codes. */
static void every_verdict_has_its_words(void **state)
{
    (void)state;
    const struct ruling *last = NULL;
    size_t seen = 0;
    for (unsigned probe = 0; probe <= PROBE_ECHO; probe++)
        for (unsigned number = 0; number < 0x400000; number++) {
            unsigned kind = number >> 17; /* below it the family, the type and the code */
            struct reply reply = {.kind = (enum reply_kind)kind,
                                  .type = (uint8_t)(number >> 8),
                                  .code = (uint8_t)number};
            const struct ruling *ruling = ruling_find(
                (enum probe_kind)probe, number >> 16 & 1 ? AF_INET6 : AF_INET, &reply);
            if (!ruling || ruling == last)
                continue;
            last = ruling;
            seen++;
            must_know("port state", ruling->state);
            must_know("reason", ruling->reason);
        }
    assert_true(seen > 100);
}

static void every_socket_state_has_its_word(void **state)
{
    (void)state;
    size_t seen = 0;
    for (unsigned i = 0; i <= UINT8_MAX; i++) {
        const char *name = socket_state_name((uint8_t)i);
        if (*name)
            must_know("TCP state", name);
        seen += *name != '\0';
    }
    assert_true(seen >= 12);
}

/* The witness says a reason's meaning in brackets, in the middle of a sentence. */
static void the_witness_has_the_same_words(void **state)
{
    (void)state;
    assert_ptr_equal(drop_means("TCP_FLAGS"), glossary_find("drop reason", "TCP_FLAGS")->means);
    assert_null(drop_means("WIBBLE"));
}

/* An errno's name is one that the system has: a slip in ours would never be found. */
static void errors_are_the_systems(void **state)
{
    (void)state;
    for (const struct glossary *g = glossaries; g->kind; g++) {
        if (strcmp(g->kind, "errno") != 0)
            continue;
        for (const struct word *w = g->words; w->name; w++) {
            int i = 1;
            while (i < 4096 && (!strerrorname_np(i) || strcmp(strerrorname_np(i), w->name) != 0))
                i++;
            if (i == 4096)
                fail_msg("%s is no errno", w->name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_services_is_in_order),
        cmocka_unit_test(names_mean_the_ports_that_the_system_means),
        cmocka_unit_test(a_service_by_its_name),
        cmocka_unit_test(every_port_has_a_class),
        cmocka_unit_test(blocks_are_in_order),
        cmocka_unit_test(an_address_is_what_its_longest_block_says),
        cmocka_unit_test(words_are_in_order),
        cmocka_unit_test(every_verdict_has_its_words),
        cmocka_unit_test(every_socket_state_has_its_word),
        cmocka_unit_test(the_witness_has_the_same_words),
        cmocka_unit_test(errors_are_the_systems),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
