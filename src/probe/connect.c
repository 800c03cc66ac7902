/* connect.c: the kernel's own connect(), and what the wire shows of it. */
#include <loopcraft/probe.h>

#include "kernel_call.h"
#include "targets.h"

#include <loopcraft/clock.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 1500, /* the kernel repeats its SYN after one second (RFC 6298, 2): seen once */
    ERRNO_MS = 100,     /* from the packet on the wire to the program's errno */
    QUIET_MS = 100      /* after the last close() */
};

struct callers {
    struct exchange *x;
    struct target *targets;
    size_t count;
};

/* Only what has to do with these ports; ICMP is sorted out by what it quotes. */
static bool filter_ports(struct callers *s, struct err *err)
{
    struct text filter = TEXT_EMPTY;
    text_put(&filter, "icmp or icmp6 or (tcp and (");
    for (size_t i = 0; i < s->count; i++)
        text_format(&filter, "%sport %u", i ? " or " : "", s->targets[i].port);
    text_put(&filter, "))");
    bool good = capture_filter(s->x->wire.capture, text_string(&filter), err);
    text_free(&filter);
    return good;
}

static bool start(struct callers *s, struct target *t, const char *addr, struct err *err)
{
    struct kernel_call call;
    if (!kernel_call(&call, s->x->family, addr, t->port, err))
        return false;
    t->fd = call.fd;
    t->error = call.error;
    t->local = call.ends.peer_port;
    t->tries = 1;
    t->due = clock_now() + PATIENCE_MS * (int64_t)CLOCK_MS;
    return true;
}

static void hang_up(struct target *t)
{
    if (t->fd >= 0)
        close(t->fd);
    t->fd = -1;
}

/* What connect() has come to, now that an answer was on the wire: the stack needs a moment. */
static void ask_socket(struct target *t)
{
    if (t->error != EINPROGRESS)
        return;
    struct pollfd wait = {.fd = t->fd, .events = POLLOUT};
    socklen_t len = sizeof t->error;
    if (poll(&wait, 1, ERRNO_MS) > 0)
        getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &t->error, &len);
}

static void put_program(struct text *out, const struct target *t)
{
    if (t->error == EINPROGRESS)
        text_format(
            out,
            "The program's connect() was still waiting after %.1f s (it would end in ETIMEDOUT)",
            PATIENCE_MS / 1000.0);
    else if (t->error)
        text_format(out, "The program's connect() got %s (%s)", strerrorname_np(t->error),
                    strerror(t->error));
    else
        text_put(out, "The program's connect() succeeded");
    text_put(out, "; ");
}

/*
 * The verdict: what the program saw, then what the wire saw. An ICMP error that finds the socket
 * busy in connect() is not taken notice of (tcp_v6_err, tcp_v4_err: sock_owned_by_user), and the
 * program hears nothing before the kernel has tried again: until then there is no verdict.
 */
static bool rule(struct callers *s, struct target *t, const struct reply *r)
{
    if (r->kind != REPLY_NONE)
        ask_socket(t);
    if (r->kind == REPLY_ICMP_ERROR && t->error == EINPROGRESS && clock_now() < t->due) {
        t->heard = *r;
        return false;
    }
    put_program(&t->evidence, t);
    bool ruled = target_rule(t, PROBE_CONNECT, s->x->family, r);
    if (!ruled)
        text_clear(&t->evidence);
    return ruled;
}

static struct target *find_target(struct callers *s, const struct reply *r)
{
    for (size_t i = 0; i < s->count; i++) {
        struct target *t = &s->targets[i];
        if ((r->from == t->local && r->to == t->port) || (r->to == t->local && r->from == t->port))
            return t;
    }
    return NULL;
}

static bool take(struct callers *s, const struct reply *r, struct err *err)
{
    struct exchange *x = s->x;
    struct target *t = r->kind == REPLY_OTHER ? NULL : find_target(s, r);
    if (!t)
        return true; /* somebody else's */
    bool sent = r->kind != REPLY_ICMP_ERROR && r->from == t->local;
    x->frame.direction = sent ? DIRECTION_SENT : DIRECTION_RECEIVED;
    if (sent && r->flags & TCP_SYN)
        t->tries += t->sent_ns != 0;
    if (!sent && !t->ruling && rule(s, t, r)) {
        text_format(&x->note, "Port %u is %s. %s.", t->port, t->ruling->state,
                    text_string(&t->evidence));
        hang_up(t); /* of an open one the goodbye is worth a look too */
    } else {
        kernel_call_explain(&x->note, r, t->port, sent, t->sent_ns != 0);
    }
    if (sent && r->flags & TCP_SYN)
        t->sent_ns = r->time_ns;
    return exchange_tell(x, err);
}

static void give_up_due(struct callers *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (!s->targets[i].ruling && s->targets[i].due <= clock_now())
            rule(s, &s->targets[i], &s->targets[i].heard); /* silence, if nothing was heard */
}

/* Until all are ruled on, and the wire has been quiet for a while. */
static enum probe_result watch(struct callers *s, struct err *err)
{
    for (;;) {
        int64_t due;
        bool open = targets_open(s->targets, s->count, &due) > 0;
        struct reply reply;
        enum exchange_result next = exchange_next(
            s->x, open ? due : clock_now() + QUIET_MS * (int64_t)CLOCK_MS, &reply, err);
        if (next == EXCHANGE_SIGNAL)
            return PROBE_INTERRUPTED;
        if (next == EXCHANGE_FAILED || (next == EXCHANGE_REPLY && !take(s, &reply, err)))
            return PROBE_FAILED;
        if (next == EXCHANGE_TIMEOUT && !open)
            return PROBE_DONE;
        give_up_due(s);
    }
}

/* One at a time, each twice: the second call is for the witness alone. */
static enum probe_result watch_witnessed(struct callers *s, const char *addr, struct err *err)
{
    struct exchange *x = s->x;
    enum probe_result result = PROBE_DONE;
    for (size_t i = 0; i < s->count && result == PROBE_DONE; i++) {
        struct target *t = &s->targets[i], again = {.port = t->port, .rtt_ns = -1, .fd = -1};
        struct target *turns[] = {t, &again};
        target_question(t, x, IPPROTO_TCP, addr);
        t->testimony->by_kernel = true;
        for (size_t turn = 0; turn < 2 && result == PROBE_DONE; turn++) {
            struct callers one = {.x = x, .targets = turns[turn], .count = 1};
            witness_before(x->wire.witness, t->testimony);
            result = start(&one, turns[turn], addr, err) ? watch(&one, err) : PROBE_FAILED;
            if (result == PROBE_DONE)
                witness_after(x->wire.witness, t->testimony, turns[turn]->tries);
            hang_up(turns[turn]); /* lest it asks again within the next */
        }
        text_free(&again.evidence);
        if (result == PROBE_DONE)
            target_testify(t);
    }
    return result;
}

enum probe_result probe_connect(struct exchange *x, const char *addr, const struct ports *ports,
                                const char **states, struct err *err)
{
    struct callers s = {.x = x, .targets = targets_new(ports), .count = ports->count};
    enum probe_result result = filter_ports(&s, err) ? PROBE_DONE : PROBE_FAILED;
    bool witness = x->wire.witness != NULL;
    for (size_t i = 0; i < s.count && result == PROBE_DONE && !witness; i++)
        if (!start(&s, &s.targets[i], addr, err))
            result = PROBE_FAILED;
    if (result == PROBE_DONE)
        result = witness ? watch_witnessed(&s, addr, err) : watch(&s, err);
    if (result != PROBE_FAILED && !targets_tell(x, "tcp", s.targets, s.count, addr, states, err))
        result = PROBE_FAILED;
    for (size_t i = 0; i < s.count; i++)
        hang_up(&s.targets[i]);
    targets_free(s.targets, s.count);
    return result;
}
