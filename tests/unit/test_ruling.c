/* test_ruling.c: the table of verdicts: each probe and each reply to nmap's state and reason. */
#include "../../src/probe/targets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void must_rule(enum probe_kind probe, int family, const struct reply *reply,
                      const char *state, const char *reason, const char *seen)
{
    const struct ruling *ruling = ruling_find(probe, family, reply);
    assert_non_null(ruling);
    assert_string_equal(ruling->state, state);
    assert_string_equal(ruling->reason, reason);
    if (strncmp(ruling->evidence, seen, strlen(seen)) != 0)
        fail_msg("the evidence for %s, %s is: %s", state, reason, ruling->evidence);
    assert_int_not_equal(ruling->evidence[strlen(ruling->evidence) - 1], '.');
}

static void segments_and_silence(void **state)
{
    (void)state;
    static const struct {
        enum probe_kind probe;
        enum reply_kind reply;
        const char *state, *reason, *seen;
    } cases[] = {
        {PROBE_SYN, REPLY_SYN_ACK, "open", "syn-ack", "SYN-ACK"},
        {PROBE_SYN, REPLY_RST, "closed", "reset", "RST"},
        {PROBE_SYN, REPLY_NONE, "filtered", "no-response", "silence"},
        {PROBE_CONNECT, REPLY_SYN_ACK, "open", "syn-ack", "SYN-ACK"},
        {PROBE_CONNECT, REPLY_RST, "closed", "conn-refused", "RST"},
        {PROBE_CONNECT, REPLY_NONE, "filtered", "no-response", "silence"},
        {PROBE_FIN, REPLY_RST, "closed", "reset", "RST"},
        {PROBE_FIN, REPLY_NONE, "open|filtered", "no-response", "silence"},
        {PROBE_NULL, REPLY_RST, "closed", "reset", "RST"},
        {PROBE_NULL, REPLY_NONE, "open|filtered", "no-response", "silence"},
        {PROBE_XMAS, REPLY_RST, "closed", "reset", "RST"},
        {PROBE_XMAS, REPLY_NONE, "open|filtered", "no-response", "silence"},
        {PROBE_ACK, REPLY_RST, "unfiltered", "reset", "RST"},
        {PROBE_ACK, REPLY_NONE, "filtered", "no-response", "silence"},
        {PROBE_UDP, REPLY_UDP, "open", "udp-response", "a datagram"},
        {PROBE_UDP, REPLY_NONE, "open|filtered", "no-response", "silence"},
        {PROBE_ECHO, REPLY_ECHO, "open", "echo-reply", "an echo reply"},
        {PROBE_ECHO, REPLY_NONE, "filtered", "no-response", "silence"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reply reply = {.kind = cases[i].reply};
        must_rule(cases[i].probe, AF_INET, &reply, cases[i].state, cases[i].reason, cases[i].seen);
        must_rule(cases[i].probe, AF_INET6, &reply, cases[i].state, cases[i].reason, cases[i].seen);
    }
}

/* Every code of RFC 792, RFC 1812 5.2.7.1 and RFC 4443; whoever sent the SYN. */
static void icmp_errors(void **state)
{
    (void)state;
    static const char other[] = "an ICMP error";
    static const struct {
        int family;
        uint8_t type, code;
        const char *reason, *seen;
    } cases[] = {
        {AF_INET, 3, 0, "net-unreach", "ICMP 3/0"},
        {AF_INET, 3, 1, "host-unreach", "ICMP 3/1"},
        {AF_INET, 3, 2, "proto-unreach", "ICMP 3/2"},
        {AF_INET, 3, 3, "port-unreach", "ICMP 3/3"},
        {AF_INET, 3, 4, "host-unreach", other},
        {AF_INET, 3, 5, "host-unreach", other},
        {AF_INET, 3, 6, "host-unreach", other},
        {AF_INET, 3, 7, "host-unreach", other},
        {AF_INET, 3, 8, "host-unreach", other},
        {AF_INET, 3, 9, "net-prohibited", "ICMP 3/9"},
        {AF_INET, 3, 10, "host-prohibited", "ICMP 3/10"},
        {AF_INET, 3, 11, "host-unreach", other},
        {AF_INET, 3, 12, "host-unreach", other},
        {AF_INET, 3, 13, "admin-prohibited", "ICMP 3/13"},
        {AF_INET, 3, 14, "host-unreach", other},
        {AF_INET, 3, 15, "host-unreach", other},
        {AF_INET, 11, 0, "time-exceeded", "ICMP 11"},
        {AF_INET, 11, 1, "time-exceeded", "ICMP 11"},
        {AF_INET, 12, 0, "host-unreach", other},
        {AF_INET6, 1, 0, "no-route", "ICMPv6 1/0"},
        {AF_INET6, 1, 1, "admin-prohibited", "ICMPv6 1/1"},
        {AF_INET6, 1, 2, "host-unreach", other},
        {AF_INET6, 1, 3, "host-unreach", "ICMPv6 1/3"},
        {AF_INET6, 1, 4, "port-unreach", "ICMPv6 1/4"},
        {AF_INET6, 1, 5, "admin-prohibited", "ICMPv6 1/5"},
        {AF_INET6, 1, 6, "reject-route", "ICMPv6 1/6"},
        {AF_INET6, 1, 255, "host-unreach", other},
        {AF_INET6, 2, 0, "host-unreach", other},
        {AF_INET6, 3, 0, "time-exceeded", "ICMPv6 3"},
        {AF_INET6, 3, 1, "time-exceeded", "ICMPv6 3"},
        {AF_INET6, 4, 1, "host-unreach", other},
        /* 3/13 means something in ICMP alone; 1/1 in ICMPv6 alone. */
        {AF_INET6, 3, 13, "time-exceeded", "ICMPv6 3"},
        {AF_INET, 1, 1, "host-unreach", other},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reply reply = {
            .kind = REPLY_ICMP_ERROR, .type = cases[i].type, .code = cases[i].code};
        bool port = cases[i].type == (cases[i].family == AF_INET ? 3 : 1) &&
                    cases[i].code == (cases[i].family == AF_INET ? 3 : 4);
        for (enum probe_kind kind = 0; kind < PROBE_KINDS; kind++)
            must_rule(kind, cases[i].family, &reply,
                      kind == PROBE_UDP && port ? "closed" : "filtered", cases[i].reason,
                      cases[i].seen);
    }
}

/* Port unreachable: of UDP a kernel's own word, of TCP and echo a firewall's; it says which. */
static void port_unreachable_means_what_was_asked(void **state)
{
    (void)state;
    for (int six = 0; six < 2; six++) {
        struct reply reply = {.kind = REPLY_ICMP_ERROR, .type = six ? 1 : 3, .code = six ? 4 : 3};
        for (enum probe_kind kind = 0; kind < PROBE_KINDS; kind++) {
            const struct ruling *ruling = ruling_find(kind, six ? AF_INET6 : AF_INET, &reply);
            bool udp = kind == PROBE_UDP;
            assert_non_null(strstr(ruling->evidence, udp ? "no program has the port" : "firewall"));
        }
    }
}

/* Whatever type and code come, an ICMP error is a filter's word, with a reason of nmap's. */
static void every_icmp_error_has_a_ruling(void **state)
{
    (void)state;
    static const char known[] =
        " net-unreach host-unreach proto-unreach port-unreach net-prohibited "
        "host-prohibited admin-prohibited time-exceeded no-route reject-route ";
    for (unsigned number = 0; number < 0x20000; number++) {
        struct reply reply = {
            .kind = REPLY_ICMP_ERROR, .type = (uint8_t)(number >> 8), .code = (uint8_t)number};
        for (enum probe_kind kind = 0; kind < PROBE_KINDS; kind++) {
            const struct ruling *ruling = ruling_find(kind, number >> 16 ? AF_INET6 : AF_INET,
                                                      &reply);
            assert_non_null(ruling);
            bool closed = kind == PROBE_UDP && strcmp(ruling->reason, "port-unreach") == 0;
            assert_string_equal(ruling->state, closed ? "closed" : "filtered");
            assert_non_null(strstr(known, ruling->reason));
        }
    }
}

/* Each kind of probe with each kind of reply: has it a ruling? */
static void what_decides_and_what_does_not(void **state)
{
    (void)state;
    static const enum reply_kind own[PROBE_KINDS][2] = {
        [PROBE_SYN] = {REPLY_SYN_ACK, REPLY_RST}, [PROBE_CONNECT] = {REPLY_SYN_ACK, REPLY_RST},
        [PROBE_FIN] = {REPLY_RST, REPLY_RST},     [PROBE_NULL] = {REPLY_RST, REPLY_RST},
        [PROBE_XMAS] = {REPLY_RST, REPLY_RST},    [PROBE_ACK] = {REPLY_RST, REPLY_RST},
        [PROBE_UDP] = {REPLY_UDP, REPLY_UDP},     [PROBE_ECHO] = {REPLY_ECHO, REPLY_ECHO},
    };
    for (enum probe_kind kind = 0; kind < PROBE_KINDS; kind++)
        for (enum reply_kind seen = REPLY_NONE; seen <= REPLY_OTHER; seen++)
            for (int six = 0; six < 2; six++) {
                struct reply reply = {.kind = seen, .type = 3};
                bool rules = seen == REPLY_NONE || seen == REPLY_ICMP_ERROR ||
                             seen == own[kind][0] || seen == own[kind][1];
                if ((ruling_find(kind, six ? AF_INET6 : AF_INET, &reply) != NULL) != rules)
                    fail_msg("probe %d, reply %d", kind, seen);
            }
}

/* --- a port on its way --------------------------------------------------------- */

static void a_target_is_ruled_on_once(void **state)
{
    (void)state;
    uint16_t numbers[] = {80, 81, 82};
    static struct ports ports; /* large: a bit a port */
    ports = (struct ports){.each = numbers, .count = 3};
    struct target *targets = targets_new(&ports);
    int64_t due;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(targets[i].port, numbers[i]);
        assert_true(targets[i].rtt_ns < 0);
        targets[i].due = 300 - 100 * (int64_t)i;
    }
    assert_int_equal(targets_open(targets, 3, &due), 3);
    assert_int_equal(due, 100);

    struct reply data = {.kind = REPLY_TCP}, late = {.kind = REPLY_RST, .time_ns = 5000};
    struct reply answer = {.kind = REPLY_SYN_ACK, .time_ns = 4000};
    struct reply silence = {.kind = REPLY_NONE, .time_ns = 9000};
    targets[2].sent_ns = 1000;
    assert_false(target_rule(&targets[2], PROBE_SYN, AF_INET, &data));
    assert_true(target_rule(&targets[2], PROBE_SYN, AF_INET, &answer));
    assert_false(target_rule(&targets[2], PROBE_SYN, AF_INET, &late));
    assert_string_equal(targets[2].ruling->state, "open");
    assert_int_equal(targets[2].rtt_ns, 3000);
    assert_string_equal(text_string(&targets[2].evidence), targets[2].ruling->evidence);
    assert_int_equal(targets_open(targets, 3, &due), 2);
    assert_int_equal(due, 200);

    targets[1].sent_ns = 1000;
    assert_true(target_rule(&targets[1], PROBE_SYN, AF_INET, &silence));
    assert_true(targets[1].rtt_ns < 0); /* nothing came: no time either */
    assert_true(target_rule(&targets[0], PROBE_SYN, AF_INET, &answer));
    assert_true(targets[0].rtt_ns < 0); /* its probe was not seen */
    assert_int_equal(targets_open(targets, 3, &due), 0);
    targets_free(targets, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_and_silence),
        cmocka_unit_test(icmp_errors),
        cmocka_unit_test(every_icmp_error_has_a_ruling),
        cmocka_unit_test(what_decides_and_what_does_not),
        cmocka_unit_test(port_unreachable_means_what_was_asked),
        cmocka_unit_test(a_target_is_ruled_on_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
