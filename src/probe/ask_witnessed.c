/*
 * ask_witnessed.c: with a witness one target is asked at a time, between two looks at the kernel's
 * counters, and once more behind its verdict: a count is evidence only if a repetition agrees.
 */
#include "ask.h"

#include <loopcraft/clock.h>

#include <limits.h>

/* What an answer draws belongs to it: our kernel's reset, a delivery on another CPU. */
enum { SETTLE_MS = 5 };

/* Listens until the target has one more answer than `answers`, or the deadline passes. */
static enum probe_result hear(struct asking *a, const struct target *t, unsigned answers,
                              int64_t deadline, struct err *err)
{
    while (t->answers <= answers) {
        struct reply reply;
        enum exchange_result next = exchange_next(a->x, deadline, &reply, err);
        if (next == EXCHANGE_TIMEOUT)
            return PROBE_DONE;
        if (next == EXCHANGE_SIGNAL)
            return PROBE_INTERRUPTED;
        if (next == EXCHANGE_FAILED || !ask_take(a, &reply, err))
            return PROBE_FAILED;
    }
    return PROBE_DONE;
}

/* One exchange between two looks at the kernel's counters. */
static enum probe_result ask_once(struct asking *a, struct target *t, struct err *err)
{
    struct witness *witness = a->x->wire.witness;
    unsigned answers = t->answers;
    bool ruled = t->ruling != NULL;
    witness_before(witness, t->testimony);
    if (!ask_send(a, t, err))
        return PROBE_FAILED;
    enum probe_result result = hear(a, t, answers, t->due, err);
    if (result == PROBE_DONE) /* what the answer draws in its turn belongs to the exchange */
        result = hear(a, t, UINT_MAX, clock_now() + SETTLE_MS * (int64_t)CLOCK_MS, err);
    if (t->ruling && !ruled)
        testimony_forget(t->testimony);                /* of tries that were lost */
    if (result == PROBE_DONE || (t->ruling && !ruled)) /* half an exchange is no repetition */
        witness_after(witness, t->testimony, 1);
    return result;
}

enum probe_result ask_witnessed(struct asking *a, struct err *err)
{
    enum probe_result result = PROBE_DONE;
    while (a->started < a->count && result == PROBE_DONE) {
        struct target *t = &a->targets[a->started++];
        target_question(t, a->x, a->words->proto->protocol, a->addr);
        while (!t->ruling && t->tries < PROBE_TRIES && result == PROBE_DONE)
            result = ask_once(a, t, err);
        if (result != PROBE_DONE)
            break;
        if (!t->ruling)
            ask_silence(a, t);
        else
            result = ask_once(a, t, err);
        target_testify(t);
    }
    return result;
}
