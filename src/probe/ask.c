/*
 * ask.c: handmade probes of a few targets, every packet shown: send, listen, try again, rule.
 *
 * One loop for all kinds; how they differ stands in manner.c. Behind an open port that got a SYN,
 * the kernel's own reset tidies up.
 */
#include <loopcraft/probe.h>

#include "ask.h"

#include <loopcraft/clock.h>

#include <ctype.h>
#include <string.h>

enum {
    WAIT_MS = 200,   /* for an answer: on lo it takes a millisecond at most */
    FLOOD_MS = 2000, /* that silence is waited for, where something comes all the time */
};

/* --- send ----------------------------------------------------------------------- */

static unsigned tries_most(const struct asking *a)
{
    return a->x->tries ? a->x->tries : PROBE_TRIES;
}

static void say_asked(const struct asking *a, const struct target *t, struct text *note)
{
    const struct manner *m = a->manner;
    if (t->ruling) {
        text_format(note, "The same %s once more: does the kernel count the same again?", m->what);
        return;
    }
    if (t->tries > 1) {
        text_format(note, "No answer %s %s %u in %d ms: the same %s again, try %u of %u.",
                    a->kind == PROBE_ECHO ? "to" : "from", m->noun, t->port, WAIT_MS, m->what,
                    t->tries, tries_most(a));
        return;
    }
    text_put(note, m->asks[0]);
    text_number(note, t->port);
    text_put(note, m->asks[1]);
    if (m->acks) /* TCP's sentences end with its first number */
        text_format(note, "%u.", t->seq);
}

bool ask_send(const struct asking *a, struct target *t, struct err *err)
{
    struct recipe recipe = *a->words;
    struct text note = TEXT_EMPTY;
    struct remarks remarks = {0};
    recipe.values = TEXT_EMPTY;
    text_put_n(&recipe.values, a->words->values.at ? a->words->values.at : "",
               a->words->values.len);
    a->manner->shape(a, t, &recipe);
    t->tries += !t->ruling; /* behind the verdict it is for the witness */
    t->due = clock_now() + WAIT_MS * (int64_t)CLOCK_MS;
    say_asked(a, t, &note);
    a->manner->remark(a, &remarks);
    bool good = exchange_send(a->x, &recipe, &note, &remarks, NULL, err);
    text_free(&note);
    remarks_free(&remarks);
    text_free(&recipe.values);
    return good;
}

/* --- rule ------------------------------------------------------------------------ */

/* The one place where a target gets its verdict, by an answer or by silence. */
static bool rule(const struct asking *a, struct target *t, const struct reply *r)
{
    return target_rule(t, a->kind, a->x->family, r);
}

/* Silence tells of the target, unless the probe was shaped so that no kernel would take it. */
void ask_silence(const struct asking *a, struct target *t)
{
    static const struct reply silence = {.kind = REPLY_NONE};
    const struct recipe *words = a->words;
    bool tcp = words->proto->options != NULL; /* data with a SYN is odd; elsewhere it is usual */
    bool shaped = words->options_origin == ORIGIN_YOU || (tcp && words->data_origin == ORIGIN_YOU);
    for (size_t i = 0; i < words->count; i++)
        shaped = shaped || words->asked[i].origin == ORIGIN_YOU;
    rule(a, t, &silence);
    if (strcmp(a->addr, "127.255.255.255") == 0)
        text_put(&t->evidence, a->manner->broadcast);
    if (a->kind == PROBE_UDP && words->data_origin != ORIGIN_YOU)
        text_put(&t->evidence, "; many answer only what they understand (--data)");
    if (a->shifted)
        text_format(&t->evidence, "; what came from port %u meanwhile proves nothing of this one",
                    a->shifted);
    if (a->kind == PROBE_UDP && t->port == a->x->wire.port)
        text_put(&t->evidence, "; this command itself holds the port, to send from it");
    if (shaped)
        text_format(&t->evidence, "; or the kernel dropped this %s, for you shaped it",
                    a->manner->what);
}

/* --- receive ----------------------------------------------------------------------- */

/* "silence: ..." to "Silence: ...": evidence as a sentence of its own. */
static void put_sentence(struct text *out, struct text *evidence)
{
    size_t at = out->len;
    text_format(out, "%s.", text_string(evidence));
    out->at[at] = (char)toupper((unsigned char)out->at[at]);
}

static void put_name(struct text *out, const struct asking *a, const struct target *t)
{
    size_t at = out->len;
    text_format(out, "%s %u", a->manner->noun, t->port);
    out->at[at] = (char)toupper((unsigned char)out->at[at]);
}

static void explain(const struct asking *a, struct target *t, const struct reply *r)
{
    struct text *note = &a->x->note;
    bool again = t->ruling != NULL;
    if (again || !rule(a, t, r)) {
        put_name(note, a, t);
        text_put(note, again ? " once more: it has its verdict already."
                             : ": an answer that decides nothing.");
        return;
    }
    a->manner->answered(a, t, r);
    if (a->kind != PROBE_ECHO) {
        put_name(note, a, t);
        text_format(note, " is %s. ", t->ruling->state);
    }
    put_sentence(note, &t->evidence);
}

/* Which target a packet is about, and how. */
static enum about find_target(const struct asking *a, const struct reply *r, struct target **found)
{
    for (size_t i = 0; i < a->started; i++) {
        enum about about = a->manner->about(a, &a->targets[i], r);
        *found = &a->targets[i];
        if (about)
            return about;
    }
    return ABOUT_NOTHING;
}

/* To our port of UDP, from a port that was not asked: TFTP's servers do so, forgers too. */
static bool is_shifted(const struct asking *a, const struct reply *r)
{
    return a->kind == PROBE_UDP && r->kind == REPLY_UDP && !r->ours && r->to == a->ours;
}

bool ask_take(struct asking *a, const struct reply *r, struct err *err)
{
    struct target *t;
    struct exchange *x = a->x;
    switch (find_target(a, r, &t)) {
    case ABOUT_NOTHING:
        if (!is_shifted(a, r))
            return true; /* somebody else's */
        a->shifted = r->from;
        text_format(&x->note,
                    "From port %u, which was not asked: no verdict on any. Some servers go on from "
                    "another port; whoever knows our port could have sent it, too.",
                    r->from);
        return exchange_tell(x, err);
    case ABOUT_PROBE: t->sent_ns = r->time_ns; return true;
    case ABOUT_KERNEL:
        text_format(&x->note,
                    "Our own kernel hangs up on port %u: it has no socket for the answer. For us "
                    "that tidies up.",
                    t->port);
        return exchange_tell(x, err);
    case ABOUT_ANSWER:
        t->answers++;
        explain(a, t, r);
        break;
    }
    return exchange_tell(x, err);
}

/* --- the loop ---------------------------------------------------------------------- */

/*
 * Starts what may be started, repeats what was due at that time (clock_now()'s), gives up what was
 * tried often enough.
 */
static bool send_due(struct asking *a, int64_t then, struct err *err)
{
    int64_t due;
    while (a->started < a->count &&
           targets_open(a->targets, a->started, &due) < a->manner->under_way)
        if (!ask_send(a, &a->targets[a->started++], err))
            return false;
    for (size_t i = 0; i < a->started; i++) {
        struct target *t = &a->targets[i];
        if (t->ruling || t->due > then)
            continue;
        if (t->tries >= tries_most(a))
            ask_silence(a, t);
        else if (!ask_send(a, t, err))
            return false;
    }
    return true;
}

static enum probe_result run(struct asking *a, struct err *err)
{
    int64_t end = 0; /* when listening ends, though more should come */
    /*
     * Up to then all that came has been looked at: we may have slept longer than an answer took.
     * Unless what comes has no end: then it is some time ago.
     */
    int64_t then = 0;
    for (;;) {
        int64_t due;
        struct reply reply;
        if (!send_due(a, then, err))
            return PROBE_FAILED;
        /* With all ruled on, what has been captured already (the kernel's resets) is still told. */
        size_t open = targets_open(a->targets, a->started, &due);
        if (!open && a->started < a->count)
            continue;
        if (!open && !end)
            end = clock_now() + WAIT_MS * (int64_t)CLOCK_MS;
        if (!open && clock_now() > end)
            return PROBE_DONE;
        if (!open)
            due = clock_now();
        enum exchange_result next = exchange_next(a->x, due, &reply, err);
        then = next == EXCHANGE_TIMEOUT ? due : clock_now() - FLOOD_MS * (int64_t)CLOCK_MS;
        if (next == EXCHANGE_TIMEOUT && !open)
            return PROBE_DONE;
        if (next == EXCHANGE_SIGNAL)
            return PROBE_INTERRUPTED;
        if (next == EXCHANGE_FAILED || (next == EXCHANGE_REPLY && !ask_take(a, &reply, err)))
            return PROBE_FAILED;
    }
}

/* --- all together -------------------------------------------------------------------- */

enum probe_result probe_ask(struct exchange *x, enum probe_kind kind, const struct recipe *words,
                            const char *addr, const struct ports *ports, const char **states,
                            struct err *err)
{
    struct asking a = {.x = x,
                       .kind = kind,
                       .manner = manner_of(kind),
                       .words = words,
                       .addr = addr,
                       .targets = targets_new(ports),
                       .count = ports->count};
    a.ours = x->wire.port ? x->wire.port : (uint16_t)exchange_random();
    const char *proto = a.manner->protos[x->family == AF_INET6];
    bool (*tell)(struct exchange *, const char *, struct target *, size_t, const char *,
                 const char **, struct err *) = kind == PROBE_ECHO ? targets_tell_as_one
                                                                   : targets_tell;
    enum probe_result result = PROBE_FAILED;
    if (!a.manner->filter || capture_filter(x->wire.capture, a.manner->filter, err))
        result = x->wire.witness ? ask_witnessed(&a, err) : run(&a, err);
    if (result != PROBE_FAILED &&
        (!exchange_settle(x, err) || !tell(x, proto, a.targets, a.count, addr, states, err)))
        result = PROBE_FAILED;
    targets_free(a.targets, a.count);
    return result;
}
