/*
 * test_ask.c: handmade probes of a few ports in the sandbox: all kinds, IPv4 and IPv6.
 *
 *     test_ask                  the tests
 *     test_ask KIND 4|6 PORTS   one probe, told as JSON; in a network namespace (ask.bats)
 */
#include <loopcraft/probe.h>
#include <loopcraft/view.h>

#include "child.h"
#include "netns.h"

#include "../../src/cmd/ports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *word, *proto;
} kinds[PROBE_KINDS] = {
    [PROBE_SYN] = {"syn", "tcp"},   [PROBE_FIN] = {"fin", "tcp"}, [PROBE_NULL] = {"null", "tcp"},
    [PROBE_XMAS] = {"xmas", "tcp"}, [PROBE_ACK] = {"ack", "tcp"}, [PROBE_UDP] = {"udp", "udp"},
    [PROBE_ECHO] = {"echo", "icmp"}};

/* --- one probe --------------------------------------------------------------------- */

/* What was told of it: verdicts; segments of ours, and all others. */
struct heard {
    struct sink sink;
    struct verdict verdicts[16];
    size_t count;
    unsigned sent, received;
};

static bool hear(struct sink *sink, const struct event *event, struct err *err)
{
    struct heard *heard = (struct heard *)sink;
    (void)err;
    if (event->kind == EVENT_PACKET && event->packet.frame.direction == DIRECTION_SENT)
        heard->sent++;
    else if (event->kind == EVENT_PACKET)
        heard->received++;
    if (event->kind == EVENT_VERDICT) {
        struct verdict *verdict = &heard->verdicts[heard->count++];
        *verdict = event->verdict;
        verdict->evidence = strdup(event->verdict.evidence);
    }
    return true;
}

static void ask(struct sink *sink, enum probe_kind kind, int family, const char *ports_word,
                const char *word)
{
    static struct ports ports; /* large: a bit a port */
    struct sinks sinks = {.each = {sink}, .count = 1};
    struct err err;
    struct recipe words;
    struct exchange x;
    char addr[48] = "";
    const char *states[16] = {NULL};
    struct wants wants = {.family = family,
                          .send = true,
                          .capture = true,
                          .reserve = kind != PROBE_ECHO,
                          .datagram = kind == PROBE_UDP};
    check(ports_read(&ports, ports_word, "tcp", addr, &err), "ports", err.message);
    check(recipe_begin(&words, kinds[kind].proto, family, &err) &&
              (!word || recipe_word(&words, word, ORIGIN_YOU, &err)),
          "words", err.message);
    const struct asked *port = recipe_asked(&words, "tcp.srcport");
    wants.port = port ? (uint16_t)recipe_number(&words, port) : 0;
    check(exchange_open(&x, &wants, &sinks, &err), "an exchange", err.message);
    check(probe_ask(&x, kind, &words, family == AF_INET ? "127.0.0.1" : "::1", &ports, states,
                    &err) == PROBE_DONE,
          "an end", err.message);
    exchange_close(&x);
    recipe_free(&words);
    ports_free(&ports);
}

/* --- the sandbox's ports -------------------------------------------------------------- */

/* 8080 listens, 8081 nobody, 8082 dropped, 8083 rejected 3/13, 8084 rejected by a reset. */
static const struct {
    enum probe_kind kind;
    const char *states[5];
    unsigned sent, received; /* packets, in all */
} expected[] = {
    {PROBE_SYN, {"open", "closed", "filtered", "filtered", "closed"}, 8, 4}, /* and our RST */
    {PROBE_FIN, {"open|filtered", "closed", "open|filtered", "filtered", "closed"}, 9, 3},
    {PROBE_NULL, {"open|filtered", "closed", "open|filtered", "filtered", "closed"}, 9, 3},
    {PROBE_XMAS, {"open|filtered", "closed", "open|filtered", "filtered", "closed"}, 9, 3},
    {PROBE_ACK, {"unfiltered", "unfiltered", "filtered", "filtered", "unfiltered"}, 7, 4},
};

static void free_evidence(struct heard *heard)
{
    for (size_t i = 0; i < heard->count; i++)
        free((char *)heard->verdicts[i].evidence);
}

static void the_five_ports(int family)
{
    struct world world;
    struct err err;
    check(world_enter(WHERE_SANDBOX, &world, &err), "the sandbox", err.message);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        struct heard heard = {.sink = {.event = hear}};
        const char *word = kinds[expected[i].kind].word;
        /* wire_open() gives up privilege: each kind in a process of its own. */
        fflush(stdout);
        pid_t child = fork();
        int status;
        if (child > 0) {
            check(waitpid(child, &status, 0) == child && status == 0, word, "a failure");
            continue;
        }
        ask(&heard.sink, expected[i].kind, family, "8080-8084", NULL);
        check(heard.count == 5, word, "not five verdicts");
        for (size_t k = 0; k < 5; k++)
            check(strcmp(heard.verdicts[k].state, expected[i].states[k]) == 0, word,
                  heard.verdicts[k].evidence);
        check(heard.sent == expected[i].sent, word, "other packets sent");
        check(heard.received == expected[i].received, word, "other packets received");
        free_evidence(&heard);
        exit(0);
    }
}

static void five_over_ipv4(void)
{
    the_five_ports(AF_INET);
}
static void five_over_ipv6(void)
{
    the_five_ports(AF_INET6);
}

/* --- which answer is an answer --------------------------------------------------------- */

/*
 * A closed port's reset acknowledges what was sent: data counts, and its number is known, also
 * where it goes round (RFC 9293, 3.4); with an ACK it takes the number that the ACK names.
 */
static void numbers_are_reckoned(void)
{
    static const struct {
        enum probe_kind kind;
        const char *word, *state;
    } cases[] = {
        {PROBE_SYN, "data=hello", "closed"},
        {PROBE_FIN, "data=hello", "closed"},
        {PROBE_NULL, "data=hello", "closed"},
        {PROBE_NULL, "seq_raw=0", "closed"},
        {PROBE_XMAS, "seq_raw=4294967295", "closed"},
        {PROBE_SYN, "seq_raw=4294967295", "closed"},
        {PROBE_SYN, "seq_raw=0", "closed"},
        {PROBE_ACK, "ack_raw=0", "unfiltered"},
        {PROBE_ACK, "ack_raw=4294967295", "unfiltered"},
        {PROBE_ACK, "data=hello", "unfiltered"},
        {PROBE_SYN, "srcport=7", "closed"}, /* a port asks itself */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct heard heard = {.sink = {.event = hear}};
        fflush(stdout);
        pid_t child = fork();
        int status;
        if (child > 0) {
            check(waitpid(child, &status, 0) == child && status == 0, cases[i].word, "a failure");
            continue;
        }
        ask(&heard.sink, cases[i].kind, AF_INET, "7", cases[i].word);
        check(heard.count == 1 && heard.verdicts[0].tries == 1, "one try", "more");
        check(strcmp(heard.verdicts[0].state, cases[i].state) == 0, cases[i].state,
              heard.verdicts[0].evidence);
        free_evidence(&heard);
        exit(0);
    }
}

/* Several echoes are one verdict, of the address. */
static void echoes_are_one_verdict(void)
{
    struct heard heard = {.sink = {.event = hear}};
    ask(&heard.sink, PROBE_ECHO, AF_INET, "1-5", "data=hello");
    const struct verdict *verdict = &heard.verdicts[0];
    check(heard.count == 1 && verdict->port == 0 && verdict->tries == 5, "one verdict, five tries",
          "another");
    check(strcmp(verdict->proto, "icmp") == 0 && strcmp(verdict->reason, "echo-reply") == 0, "echo",
          verdict->reason);
    check(strstr(verdict->evidence, "5 of 5 came back, in ") && verdict->rtt_ns > 0, "5 of 5",
          verdict->evidence);
    check(heard.sent == 5 && heard.received == 5, "ten packets", "others");
    free_evidence(&heard);
}

static void run(void **state, void (*body)(void))
{
    if (!*state)
        skip();
    assert_true(child_run(body));
}

static void test_five(void **state)
{
    run(state, five_over_ipv4);
    run(state, five_over_ipv6);
}

static void test_numbers(void **state)
{
    run(state, numbers_are_reckoned);
}

static void test_echoes(void **state)
{
    run(state, echoes_are_one_verdict);
}

/* --- by hand ----------------------------------------------------------------------------- */

static int by_hand(char **words)
{
    struct err err;
    for (size_t i = 0; i < PROBE_KINDS; i++) {
        if (!kinds[i].word || strcmp(kinds[i].word, words[0]) != 0)
            continue;
        struct sink *sink = json_view(stdout, false);
        ask(sink, (enum probe_kind)i, *words[1] == '6' ? AF_INET6 : AF_INET, words[2], words[3]);
        return sink->end(sink, &err) ? 0 : 1;
    }
    return 2;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_five),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_echoes),
    };
    if (argc >= 4)
        return by_hand(argv + 1);
    return cmocka_run_group_tests(tests, netns_setup, NULL);
}
