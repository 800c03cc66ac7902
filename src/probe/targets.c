/* targets.c: several ports, each on its way to a verdict. */
#include "targets.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct target *targets_new(const struct ports *ports)
{
    struct target *targets = calloc(ports->count ? ports->count : 1, sizeof *targets);
    if (!targets)
        abort();
    for (size_t i = 0; i < ports->count; i++)
        targets[i] = (struct target){.port = ports->each[i], .rtt_ns = -1, .fd = -1};
    return targets;
}

void targets_free(struct target *targets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_free(&targets[i].evidence);
        free(targets[i].testimony);
    }
    free(targets);
}

size_t targets_open(const struct target *targets, size_t count, int64_t *due)
{
    size_t open = 0;
    *due = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        if (targets[i].ruling)
            continue;
        open++;
        if (targets[i].due < *due)
            *due = targets[i].due;
    }
    return open;
}

bool target_rule(struct target *target, enum probe_kind probe, int family,
                 const struct reply *reply)
{
    const struct ruling *ruling = ruling_find(probe, family, reply);
    if (target->ruling || !ruling)
        return false;
    target->ruling = ruling;
    if (reply->kind != REPLY_NONE && target->sent_ns)
        target->rtt_ns = reply->time_ns - target->sent_ns;
    text_put(&target->evidence, ruling->evidence);
    return true;
}

/* --- the kernel as witness ---------------------------------------------------------- */

void target_question(struct target *t, struct exchange *x, uint8_t proto, const char *addr)
{
    uint8_t bytes[16];
    bool ports = proto == IPPROTO_TCP || proto == IPPROTO_UDP;
    if (!x->wire.witness || t->testimony || inet_pton(x->family, addr, bytes) != 1)
        return;
    t->testimony = malloc(sizeof *t->testimony);
    if (!t->testimony)
        abort();
    testimony_begin(t->testimony, x->family, proto, bytes, ports ? t->port : 0);
}

void target_testify(struct target *t)
{
    struct text said = TEXT_EMPTY;
    if (!t->testimony || !t->ruling)
        return;
    witness_say(t->testimony, t->ruling->reason, &said);
    if (said.len)
        text_format(&t->evidence, "; %s", text_string(&said));
    text_free(&said);
}

/* --- verdicts ------------------------------------------------------------------------ */

static bool tell(struct exchange *x, const struct verdict *verdict, struct err *err)
{
    struct event event = {.kind = EVENT_VERDICT, .verdict = *verdict};
    return sinks_event(x->sinks, &event, err);
}

static struct verdict verdict_of(struct target *t, const char *proto, const char *addr)
{
    return (struct verdict){.proto = proto,
                            .addr = addr,
                            .port = t->port,
                            .state = t->ruling->state,
                            .reason = t->ruling->reason,
                            .tries = t->tries,
                            .rtt_ns = t->rtt_ns,
                            .evidence = text_string(&t->evidence),
                            .witness = t->testimony};
}

bool targets_tell(struct exchange *x, const char *proto, struct target *targets, size_t count,
                  const char *addr, const char **states, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct target *t = &targets[i];
        states[i] = t->ruling ? t->ruling->state : NULL;
        if (!t->ruling)
            continue;
        struct verdict verdict = verdict_of(t, proto, addr);
        if (!tell(x, &verdict, err))
            return false;
    }
    return true;
}

/* --- several echoes, one verdict -------------------------------------------------------- */

/* How they fared, all together. */
struct tally {
    struct target *best; /* the one that speaks for all; NULL: none has a ruling */
    unsigned ruled, answered, timed, tries;
    int64_t least, most, sum; /* round trips, in nanoseconds */
};

static void tally_add(struct tally *all, struct target *t)
{
    bool answered = t->ruling->reply == REPLY_ECHO;
    if (!all->best || (answered && !all->answered))
        all->best = t;
    all->ruled++;
    all->tries += t->tries;
    all->answered += answered;
    if (!answered || t->rtt_ns < 0)
        return;
    if (!all->timed || t->rtt_ns < all->least)
        all->least = t->rtt_ns;
    if (t->rtt_ns > all->most)
        all->most = t->rtt_ns;
    all->sum += t->rtt_ns;
    all->timed++;
}

bool targets_tell_as_one(struct exchange *x, const char *proto, struct target *targets,
                         size_t count, const char *addr, const char **states, struct err *err)
{
    struct tally all = {0};
    for (size_t i = 0; i < count; i++)
        if (targets[i].ruling)
            tally_add(&all, &targets[i]);
    if (!all.best)
        return true;
    if (all.ruled > 1)
        text_format(&all.best->evidence, "; %u of %u came back", all.answered, all.ruled);
    if (all.timed > 1)
        text_format(&all.best->evidence, ", in %lld to %lld microseconds",
                    (long long)all.least / 1000, (long long)all.most / 1000);
    struct verdict verdict = verdict_of(all.best, proto, addr);
    verdict.port = 0;
    verdict.tries = all.tries;
    if (all.timed)
        verdict.rtt_ns = all.sum / all.timed;
    states[0] = verdict.state;
    return tell(x, &verdict, err);
}

/* --- the summary ----------------------------------------------------------------- */

static void count_state(struct summary_event *summary, const char *state)
{
    for (size_t i = 0; i + 1 < sizeof summary->states / sizeof summary->states[0]; i++) {
        if (!summary->states[i].state)
            summary->states[i].state = state;
        if (strcmp(summary->states[i].state, state) == 0) {
            summary->states[i].count++;
            return;
        }
    }
}

bool probe_summarise(struct exchange *x, const char *const *states, size_t count, bool partial,
                     struct err *err)
{
    struct event event = {.kind = EVENT_SUMMARY};
    event.summary = (struct summary_event){.partial = partial,
                                           .sent = x->sent_count,
                                           .received = x->received_count,
                                           .dropped = capture_dropped(x->wire.capture),
                                           .asked_again = x->asks_again};
    unsigned unknown = 0;
    for (size_t i = 0; i < count; i++) {
        if (states[i])
            count_state(&event.summary, states[i]);
        else
            unknown++;
    }
    struct text text = TEXT_EMPTY;
    for (size_t i = 0; event.summary.states[i].state; i++)
        text_format(&text, "%s%u %s", i ? ", " : "", event.summary.states[i].count,
                    event.summary.states[i].state);
    if (unknown)
        text_format(&text, "%s%u without a verdict yet", text.len ? ", " : "", unknown);
    event.summary.text = text_string(&text);
    bool good = sinks_event(x->sinks, &event, err);
    text_free(&text);
    return good;
}
