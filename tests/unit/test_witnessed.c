/*
 * test_witnessed.c: probes with the kernel as witness: an ignored segment is told from a dropped
 * one, and what got lost on the way does not spoil the testimony.
 */
#include <loopcraft/probe.h>

#include "child.h"
#include "netns.h"

#include <nftables/libnftables.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A sink that keeps the verdict. */
struct keeper {
    struct sink sink; /* first */
    unsigned verdicts;
    char state[32], evidence[2048];
    struct testimony testimony;
};

static bool keep(struct sink *sink, const struct event *event, struct err *err)
{
    struct keeper *keeper = (struct keeper *)sink;
    (void)err;
    if (event->kind != EVENT_VERDICT)
        return true;
    keeper->verdicts++;
    snprintf(keeper->state, sizeof keeper->state, "%s", event->verdict.state);
    snprintf(keeper->evidence, sizeof keeper->evidence, "%s", event->verdict.evidence);
    check(event->verdict.witness != NULL, "a testimony", "none");
    keeper->testimony = *event->verdict.witness;
    return true;
}

/* One port, asked in a child's namespace; the verdict is left in *keeper. */
static void ask(struct keeper *keeper, enum probe_kind kind, int family, uint16_t port)
{
    struct exchange x;
    struct err err = {0};
    struct recipe words = {0};
    const char *states[1] = {NULL};
    static struct ports ports;
    uint16_t each[1] = {port};
    struct sinks sinks = {.each = {&keeper->sink}, .count = 1};
    struct wants wants = {
        .family = family, .send = true, .capture = true, .reserve = true, .witness = true};
    *keeper = (struct keeper){.sink = {.event = keep}};
    ports = (struct ports){.each = each, .count = 1};
    check(exchange_open(&x, &wants, &sinks, &err), "an exchange", err.message);
    check(recipe_begin(&words, "tcp", family, &err), "a recipe", err.message);
    enum probe_result result = probe_ask(&x, kind, &words, family == AF_INET ? "127.0.0.1" : "::1",
                                         &ports, states, &err);
    check(result == PROBE_DONE, "done", err.message);
    check(keeper->verdicts == 1 && states[0], "a verdict", "none");
    exchange_close(&x);
    recipe_free(&words);
}

static void says(const struct keeper *keeper, const char *text)
{
    check(strstr(keeper->evidence, text) != NULL, text, keeper->evidence);
}

/* Each in a namespace of its own: opening an exchange gives up what the next would need. */
static void enter(void)
{
    check(netns_enter(), "a namespace", "none");
}

static void ignored(int family, enum probe_kind kind)
{
    struct keeper keeper;
    uint16_t port;
    enter();
    int listener = netns_listen(family == AF_INET ? "127.0.0.1" : "::1", true, &port);
    ask(&keeper, kind, family, port);
    check(strcmp(keeper.state, "open|filtered") == 0, "open|filtered", keeper.state);
    check(keeper.testimony.exchanges == 3, "three exchanges, of silence", "another number");
    says(&keeper, "TCP received it (TcpInSegs +1, TcpOutSegs +0): it was ignored, not stopped");
    says(&keeper, "the kernel has a listening socket at this port");
    if (!*keeper.testimony.unavailable) /* real root */
        says(&keeper, "silence, because the kernel dropped it: TCP_FLAGS");
    close(listener);
}

static void fin_to_a_listener(void)
{
    ignored(AF_INET, PROBE_FIN);
}
static void null_to_a_listener(void)
{
    ignored(AF_INET, PROBE_NULL);
}
static void xmas_to_a_listener(void)
{
    ignored(AF_INET6, PROBE_XMAS);
}

static void ack_to_a_listener(void)
{
    struct keeper keeper;
    uint16_t port;
    enter();
    int listener = netns_listen("127.0.0.1", true, &port);
    ask(&keeper, PROBE_ACK, AF_INET, port);
    check(strcmp(keeper.state, "unfiltered") == 0, "unfiltered", keeper.state);
    check(keeper.testimony.exchanges == 2, "two exchanges", "another number");
    says(&keeper, "(TcpOutRsts +1): it was the kernel, not a firewall");
    close(listener);
}

static void segments(void **state)
{
    if (!*state)
        skip();
    assert_true(child_run(fin_to_a_listener));
    assert_true(child_run(null_to_a_listener));
    assert_true(child_run(xmas_to_a_listener));
    assert_true(child_run(ack_to_a_listener));
}

/* The first SYN is lost on its way, the second is answered: the testimony is the answer's. */
static void lost_then_answered(void)
{
    struct keeper keeper;
    enter();
    struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
    check(nft_run_cmd_from_buffer(nft,
                                  "add table inet t; "
                                  "add chain inet t i { type filter hook input priority 0; }; "
                                  "add rule inet t i tcp dport 9 numgen inc mod 2 == 0 drop") == 0,
          "a firewall that drops every second", "none");
    nft_ctx_free(nft);
    ask(&keeper, PROBE_SYN, AF_INET, 9);
    check(strcmp(keeper.state, "closed") == 0, "closed", keeper.state);
    /* Of the answered and its repetition, the latter was lost: that is no agreement. */
    says(&keeper, "no evidence here: TcpOutRsts +1, and a repetition did not agree");
}

static void loss(void **state)
{
    if (!*state)
        skip();
    assert_true(child_run(lost_then_answered));
}

static void a_namespace(void)
{
    enter();
}

/* Without private namespaces the tests are skipped: netns.h tells why. */
static int setup(void **state)
{
    static char can;
    *state = child_run(a_namespace) ? &can : NULL;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments),
        cmocka_unit_test(loss),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
