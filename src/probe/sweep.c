/*
 * sweep.c: rounds of probes until every port has answered, or silence can be believed.
 *
 * The main thread sends a slice, takes what came back, and so on; in a long round a second thread
 * sends as well. State is one entry a port, and nothing else is remembered of a probe.
 */
#include <loopcraft/sweep.h>

#include "sweep_read.h"
#include "caller.h"
#include "keep.h"
#include "schedule.h"
#include "salvo.h"

#include <loopcraft/clock.h>

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    HELP_FROM = 2048, /* ports in a round that are worth a second thread */
    PROGRESS_MS = 200
};

struct sweep {
    struct exchange *x;
    const struct sweep_plan *plan;
    struct sweep_result *result;
    struct schedule schedule;
    struct mould mould;
    struct mark *marks;  /* SWEEP_PORTS, by port */
    int64_t *came;       /* likewise: when it was answered */
    uint16_t *silent;    /* the ports without an answer */
    size_t silent_count; /* as the round began */
    size_t done, wanted; /* ports that have answered; that would, if all did */
    uint64_t shuffles;
    bool syns; /* servers remember its probes */
    struct keep keep;
    int64_t started, told; /* clock_now(): the sweep; its progress */
};

/* --- what comes back --------------------------------------------------------------------- */

static bool take(struct sweep *s, const struct frame *frame, struct err *err)
{
    struct reply reply;
    bool bare, answer = sweep_read(&reply, &s->mould, frame);
    if (answer)
        mould_see(&s->mould, &reply);
    uint16_t port = answer ? mould_answered(&s->mould, &reply, &bare) : 0;
    struct finding *found = &s->result->found[port];
    const struct ruling *ruling = port ? ruling_find(s->plan->kind, s->mould.family, &reply) : NULL;
    if (s->plan->kept && !keep_packet(&s->keep, s->x, s->plan->kept, frame, ruling, err))
        return false;
    unsigned tries = atomic_load_explicit(&s->marks[port].tries, memory_order_relaxed);
    if (!ruling || !tries)
        return true;
    s->x->received_count++;
    if (found->ruling)
        return true; /* the first answer counts */
    *found = (struct finding){.ruling = ruling, .tries = tries, .bare = bare, .rtt_ns = -1};
    s->came[port] = frame->time_ns;
    s->done++;
    schedule_answer(&s->schedule, tries);
    return true;
}

static void progress(struct sweep *s)
{
    int64_t now = clock_now();
    if (!s->plan->progress || now - s->told < PROGRESS_MS * (int64_t)CLOCK_MS)
        return;
    s->told = now;
    s->plan->progress(s->plan->context, &(struct sweep_progress){.done = s->done,
                                                                 .all = s->schedule.ports,
                                                                 .sent = s->x->sent_count,
                                                                 .ns = now - s->started});
}

/* Takes what comes until the time given, or until nothing is missing any more. */
static enum probe_result listen_until(struct sweep *s, int64_t until, struct err *err)
{
    struct frame frame;
    bool all = s->plan->kept != NULL;
    for (;;) {
        bool missing = s->done < s->wanted;
        if (!missing && !all)
            return PROBE_DONE;
        int64_t soon = clock_now() + PROGRESS_MS * (int64_t)CLOCK_MS;
        int64_t deadline = !missing ? 0 : until < soon ? until : soon;
        switch (capture_next(s->x->wire.capture, deadline, s->x->signal_fd, &frame, err)) {
        case CAPTURE_FRAME:
            if (!take(s, &frame, err))
                return PROBE_FAILED;
            break;
        case CAPTURE_OTHER: exchange_read_signal(s->x); return PROBE_INTERRUPTED;
        case CAPTURE_FAILED: return PROBE_FAILED;
        case CAPTURE_TIMEOUT:
            if (deadline == until || !missing)
                return PROBE_DONE;
        }
        progress(s);
    }
}

/* --- a round ------------------------------------------------------------------------------ */

/*
 * What is left of the list, in a new order: no pattern of loss meets the same port each time. The
 * first time it stays as it is, and so does the memory that it leads through.
 */
static void shuffle(struct sweep *s)
{
    size_t left = 0;
    for (size_t i = 0; i < s->silent_count; i++)
        if (!s->result->found[s->silent[i]].ruling)
            s->silent[left++] = s->silent[i];
    s->silent_count = left;
    for (size_t i = s->schedule.rounds ? left : 0; i > 1; i--) {
        size_t other = siphash(&s->mould.key, ++s->shuffles << 32) % i;
        uint16_t port = s->silent[i - 1];
        s->silent[i - 1] = s->silent[other];
        s->silent[other] = port;
    }
}

static enum probe_result fire(struct sweep *s, struct salvo *v, struct err *err)
{
    unsigned rate = s->plan->rate, sent = s->x->sent_count;
    int64_t start = clock_now(), due = 0;
    for (bool over = false;;) {
        if (!salvo_fire(v, &over, err))
            return PROBE_FAILED;
        if (over)
            return PROBE_DONE;
        s->x->sent_count = sent + atomic_load(&v->sent);
        if (rate)
            due = start + (s->x->sent_count - sent) * CLOCK_SECOND / rate;
        enum probe_result result = listen_until(s, due, err);
        if (result != PROBE_DONE || s->done == s->wanted)
            return result;
    }
}

/* The round trips of this round's answers, and their mean for the patience of what follows. */
static void settle_times(struct sweep *s)
{
    int64_t sum = 0, count = 0;
    for (size_t i = 0; i < s->silent_count; i++) {
        uint16_t port = s->silent[i];
        struct finding *found = &s->result->found[port];
        int64_t sent = atomic_load_explicit(&s->marks[port].sent_ns, memory_order_relaxed);
        if (!found->ruling || s->came[port] <= sent)
            continue;
        found->rtt_ns = s->came[port] - sent;
        sum += found->rtt_ns;
        count++;
    }
    if (count)
        s->schedule.rtt_ns = sum / count;
}

static enum probe_result ask_all(struct sweep *s, struct err *err)
{
    enum { FEW = 256 }; /* ports, of which each gets a time of its own */
    unsigned rate = s->plan->rate, before = s->x->sent_count;
    struct salvo v = {.sender = s->x->wire.sender,
                      .mould = &s->mould,
                      .ports = s->silent,
                      .count = s->silent_count,
                      .slice = s->schedule.ports > FEW ? SEND_BATCH_MOST : 1,
                      .marks = s->marks,
                      .again = s->syns && s->schedule.rounds};
    if (rate)
        v.slice = rate / 100 ? rate / 100 : 1;
    else if (v.count >= HELP_FROM && !s->plan->kept && sysconf(_SC_NPROCESSORS_ONLN) > 1)
        salvo_help(&v);
    enum probe_result result = fire(s, &v, err);
    if (!salvo_end(&v, err))
        result = PROBE_FAILED;
    s->x->sent_count = before + atomic_load(&v.sent);
    s->result->withheld += atomic_load(&v.withheld);
    return result;
}

static enum probe_result go_round(struct sweep *s, struct err *err)
{
    shuffle(s);
    enum probe_result result = ask_all(s, err);
    s->schedule.rounds++;
    if (result != PROBE_DONE)
        return result;
    settle_times(s);
    bool last = schedule_enough(&s->schedule);
    result = listen_until(s, clock_now() + schedule_wait(&s->schedule, last), err);
    settle_times(s);
    return result;
}

/* --- the sweep ------------------------------------------------------------------------------ */

/* Of the others only what has to do with our port; without -w not even our own probes. */
static bool only_answers(struct sweep *s, struct err *err)
{
    char filter[64];
    snprintf(filter, sizeof filter, "%s port %u or %s",
             s->plan->kind == PROBE_UDP       ? "udp dst"
             : s->plan->kind == PROBE_CONNECT ? "tcp" /* the kernel's probes have its numbers */
                                              : "tcp dst",
             s->mould.source, s->mould.family == AF_INET6 ? "icmp6" : "icmp");
    return s->plan->kept || capture_filter(s->x->wire.capture, filter, err);
}

static void rule_silence(struct sweep *s)
{
    static const struct reply silence = {.kind = REPLY_NONE};
    const struct ruling *ruling = ruling_find(s->plan->kind, s->mould.family, &silence);
    for (size_t i = 0; i < s->silent_count; i++) {
        struct finding *found = &s->result->found[s->silent[i]];
        if (!found->ruling)
            *found = (struct finding){
                .ruling = ruling, .tries = s->marks[s->silent[i]].tries, .rtt_ns = -1};
    }
}

/* Asks the ports that are in the list until they have answered, or silence can be believed. */
static enum probe_result ask_list(struct sweep *s, struct err *err)
{
    enum probe_result result = PROBE_DONE;
    s->schedule.rounds = 0;
    s->wanted = s->done + s->silent_count;
    while (result == PROBE_DONE && s->done < s->wanted && !schedule_enough(&s->schedule))
        result = go_round(s, err);
    if (result == PROBE_DONE)
        rule_silence(s);
    return result;
}

/* Our own port, if it is among those to be asked, is taken off the list. */
static bool leave_out(struct sweep *s, uint16_t port)
{
    for (size_t i = 0; i < s->silent_count; i++)
        if (s->silent[i] == port) {
            s->silent[i] = s->silent[--s->silent_count];
            return true;
        }
    return false;
}

/* Of UDP it is silent because of us, as long as we hold it; connect() from it would meet itself. */
static enum probe_result ask_own(struct sweep *s, uint16_t own, struct err *err)
{
    struct reply reply = {.kind = REPLY_NONE};
    unsigned tries = 0;
    if (s->plan->kind == PROBE_CONNECT) {
        do {
            if (!caller_ask_own(&s->mould, &reply, err))
                return PROBE_FAILED;
        } while (++tries < s->schedule.rounds && reply.kind == REPLY_NONE);
        s->result->found[own] = (struct finding){
            ruling_find(PROBE_CONNECT, s->mould.family, &reply), .tries = tries, .rtt_ns = -1};
        return PROBE_DONE;
    }
    wire_release_port(&s->x->wire);
    s->silent[0] = own;
    s->silent_count = 1;
    return ask_list(s, err);
}

static enum probe_result sweep_all(struct sweep *s, struct err *err)
{
    uint16_t own = s->mould.source;
    bool apart = s->plan->kind == PROBE_UDP || s->plan->kind == PROBE_CONNECT;
    bool own_left = apart && leave_out(s, own);
    enum probe_result result = ask_list(s, err);
    if (result == PROBE_DONE) { /* interrupted: no silence was believed */
        double wrong = schedule_wrong(&s->schedule), silent = (double)(s->wanted - s->done);
        s->result->wrong = wrong < silent ? wrong : silent;
    }
    return result == PROBE_DONE && own_left ? ask_own(s, own, err) : result;
}

static void *room(size_t count, size_t size)
{
    void *room = calloc(count, size);
    if (!room)
        abort();
    return room;
}

enum probe_result probe_sweep(struct exchange *x, const struct sweep_plan *plan,
                              struct sweep_result *result, struct err *err)
{
    size_t count = plan->ports->count;
    struct sweep s = {.x = x,
                      .plan = plan,
                      .result = result,
                      .silent_count = count,
                      .schedule = {.ports = count, .programs = plan->kind == PROBE_UDP},
                      .syns = plan->kind == PROBE_SYN || plan->kind == PROBE_CONNECT,
                      .marks = room(SWEEP_PORTS, sizeof *s.marks),
                      .came = room(SWEEP_PORTS, sizeof *s.came),
                      .silent = room(count + 1, sizeof *s.silent),
                      .started = clock_now(),
                      .told = clock_now()};
    uint32_t *seen = plan->kind == PROBE_CONNECT ? room(SWEEP_PORTS, sizeof *seen) : NULL;
    if (count)
        memcpy(s.silent, plan->ports->each, count * sizeof *s.silent);
    enum probe_result end = PROBE_FAILED;
    x->asks_again = !plan->kept;
    if (mould_make(&s.mould, plan->kind, plan->words, x->family, x->wire.port, err) &&
        only_answers(&s, err) && (!seen || caller_share(x->wire.port_fd, err))) {
        s.mould.seen = seen;
        end = sweep_all(&s, err);
    }
    keep_free(&s.keep);
    free(s.marks);
    free(s.came);
    free(s.silent);
    free(seen);
    return end;
}
