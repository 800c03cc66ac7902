/* syn.c: one SYN a port. The kernel's own reset tidies up behind an open one. */
#include <loopcraft/probe.h>

#include "targets.h"

#include <loopcraft/clock.h>
#include <loopcraft/proto.h>

#include <string.h>

enum {
    WAIT_MS = 200,      /* for an answer: on lo it takes a millisecond at most */
    UNDER_WAY_MOST = 64 /* ports at once: more would only fill the capture's buffer */
};

struct sweep {
    struct exchange *x;
    const struct recipe *words;
    struct target *targets;
    const char *addr;
    size_t count, started;
};

static bool send_syn(struct sweep *s, struct target *t, struct err *err)
{
    struct recipe recipe = *s->words;
    recipe.values = TEXT_EMPTY;
    text_put_n(&recipe.values, s->words->values.at ? s->words->values.at : "",
               s->words->values.len);
    recipe_default(&recipe, "tcp.srcport", s->x->wire.port);
    recipe_default(&recipe, "tcp.dstport", t->port);
    recipe_default(&recipe, "tcp.flags", TCP_SYN);
    if (!t->tries)
        t->seq = exchange_random();
    recipe_default(&recipe, "tcp.seq_raw", t->seq);
    t->seq = (uint32_t)recipe_number(&recipe, recipe_asked(&recipe, "tcp.seq_raw"));
    t->tries++;
    t->due = clock_now() + WAIT_MS * (int64_t)CLOCK_MS;

    struct text note = TEXT_EMPTY;
    struct remarks remarks = {0};
    if (t->tries > 1)
        text_format(&note, "No answer from port %u in %d ms: the same SYN again, try %u of %d.",
                    t->port, WAIT_MS, t->tries, PROBE_TRIES);
    else
        text_format(&note, "Is anybody listening on port %u? Our numbers would start at %u.",
                    t->port, t->seq);
    remarks_add(&remarks, &proto_tcp, "tcp.ack_raw", "nothing to acknowledge yet");
    bool good = exchange_send(s->x, &recipe, &note, &remarks, NULL, err);
    text_free(&note);
    remarks_free(&remarks);
    text_free(&recipe.values);
    return good;
}

/* The target that a packet is about; an answer must acknowledge its SYN, an error quote it. */
static struct target *find_target(struct sweep *s, const struct reply *r)
{
    uint16_t ours = s->x->wire.port;
    uint32_t most = (uint32_t)s->words->data.len + 1; /* a server need not take data with a SYN */
    for (size_t i = 0; i < s->started; i++) {
        struct target *t = &s->targets[i];
        bool sent = r->from == ours && r->to == t->port;
        bool answer = r->to == ours && r->from == t->port;
        uint32_t acked = (sent ? r->seq : r->ack) - t->seq;
        bool fits = acked >= 1 && acked <= most;
        if (r->ours && sent)
            return t;
        if (r->kind == REPLY_ICMP_ERROR && sent && r->seq == t->seq)
            return t;
        if (r->kind == REPLY_SYN_ACK && answer && fits)
            return t;
        if (r->kind == REPLY_RST && (answer || sent) && fits)
            return t;
    }
    return NULL;
}

static void explain(struct sweep *s, struct target *t, const struct reply *r)
{
    struct exchange *x = s->x;
    if (r->kind == REPLY_RST && r->from == x->wire.port) {
        text_format(&x->note,
                    "Our own kernel hangs up on port %u: it has no socket for the answer. For us "
                    "that tidies up.",
                    t->port);
        return;
    }
    if (!target_rule(t, PROBE_SYN, x->family, r)) {
        text_format(&x->note, "Port %u once more: it has its verdict already.", t->port);
        return;
    }
    text_format(&x->note, "Port %u is %s. %s.", t->port, t->ruling->state, t->ruling->evidence);
    if (r->kind != REPLY_ICMP_ERROR)
        remarks_add(&x->remarks, &proto_tcp, "tcp.ack_raw", "your %u + %u: SYN counts as one%s",
                    t->seq, r->ack - t->seq, r->ack - t->seq > 1 ? ", and your data" : "");
}

static bool take(struct sweep *s, const struct reply *r, struct err *err)
{
    struct target *t = find_target(s, r);
    if (r->ours) {
        if (t)
            t->sent_ns = r->time_ns;
        return true;
    }
    if (!t)
        return true; /* somebody else's */
    explain(s, t, r);
    return exchange_tell(s->x, err);
}

/* Silence tells of the port, unless the SYN was shaped so that no kernel would take it. */
static void rule_silence(struct sweep *s, struct target *t)
{
    static const struct reply silence = {.kind = REPLY_NONE};
    bool shaped = s->words->options_origin == ORIGIN_YOU || s->words->data_origin == ORIGIN_YOU;
    for (size_t i = 0; i < s->words->count; i++)
        shaped = shaped || s->words->asked[i].origin == ORIGIN_YOU;
    target_rule(t, PROBE_SYN, s->x->family, &silence);
    if (strcmp(s->addr, "127.255.255.255") == 0)
        text_put(&t->evidence,
                 "; or nothing: this is lo's broadcast address, where TCP never answers");
    if (shaped)
        text_put(&t->evidence, "; or the kernel dropped this SYN, for you shaped it");
}

/* Starts what may be started, repeats what is due, gives up what was tried often enough. */
static bool send_due(struct sweep *s, struct err *err)
{
    int64_t now = clock_now(), due;
    while (s->started < s->count && targets_open(s->targets, s->started, &due) < UNDER_WAY_MOST)
        if (!send_syn(s, &s->targets[s->started++], err))
            return false;
    for (size_t i = 0; i < s->started; i++) {
        struct target *t = &s->targets[i];
        if (t->ruling || t->due > now)
            continue;
        if (t->tries == PROBE_TRIES)
            rule_silence(s, t);
        else if (!send_syn(s, t, err))
            return false;
    }
    return true;
}

enum probe_result probe_syn(struct exchange *x, const struct recipe *words, const char *addr,
                            const struct ports *ports, const char **states, struct err *err)
{
    struct sweep s = {
        .x = x, .words = words, .addr = addr, .targets = targets_new(ports), .count = ports->count};
    enum probe_result result = PROBE_DONE;
    bool all_ruled = false;
    while (result == PROBE_DONE) {
        int64_t due;
        if (!send_due(&s, err)) {
            result = PROBE_FAILED;
            break;
        }
        /* With all ruled on, what has been captured already (the kernel's resets) is still told. */
        all_ruled = !targets_open(s.targets, s.started, &due) && s.started == s.count;
        struct reply reply;
        enum exchange_result next = exchange_next(x, all_ruled ? clock_now() : due, &reply, err);
        if (next == EXCHANGE_TIMEOUT && all_ruled)
            break;
        if (next == EXCHANGE_SIGNAL)
            result = PROBE_INTERRUPTED;
        if (next == EXCHANGE_FAILED || (next == EXCHANGE_REPLY && !take(&s, &reply, err)))
            result = PROBE_FAILED;
    }
    if (result != PROBE_FAILED &&
        (!exchange_settle(x, err) || !targets_tell(x, s.targets, s.count, addr, states, err)))
        result = PROBE_FAILED;
    targets_free(s.targets, s.count);
    return result;
}
