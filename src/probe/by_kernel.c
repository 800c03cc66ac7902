/*
 * by_kernel.c: the same story as handshake.c, told by the kernel: a program's connect(), send(),
 * recv() and close(), and what they put on the wire.
 */
#include <loopcraft/handshake.h>

#include "kernel_call.h"

#include <loopcraft/clock.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNECT_MS = 3500, /* the kernel asks again after a second (RFC 6298, 2.1) */
    ANSWER_MS = 2000,  /* for what the server has to say to our data */
    GREETING_MS = 300, /* for a server that talks first */
    QUIET_MS = 300,    /* after its last word; after the last packet of a close */
    TICK_MS = 10,      /* from a packet on the wire to the socket that has it */
    RECEIVE_MOST = 1 << 20
};

enum stage_now { CONNECTING, TALKING, CLOSING, OVER };

struct caller {
    struct exchange *x;
    const struct handshake *how;
    struct kernel_call call;
    enum stage_now now;
    int64_t due;                       /* clock_now() when this stage is over, come what may */
    size_t said, heard;                /* bytes */
    bool connected, told;              /* the step that says so was told */
    bool syn, reset, fin[2], last_ack; /* seen on the wire; fin: the server's, ours */
};

static int64_t after(unsigned ms)
{
    return clock_now() + ms * (int64_t)CLOCK_MS;
}

/* --- the program's side ------------------------------------------------------------------ */

static void hang_up(struct caller *c, bool reset)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0}; /* close() then resets: socket(7) */
    if (c->call.fd < 0)
        return;
    if (reset)
        setsockopt(c->call.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(c->call.fd);
    c->call.fd = -1;
    c->now = CLOSING;
    c->due = after(ANSWER_MS);
}

/* What connect() has come to; on the wire it may be seen a moment earlier. */
static void ask_connect(struct caller *c, int wait_ms)
{
    struct pollfd wait = {.fd = c->call.fd, .events = POLLOUT};
    socklen_t len = sizeof c->call.error;
    if (c->now != CONNECTING)
        return;
    if (c->call.error == EINPROGRESS && poll(&wait, 1, wait_ms) > 0)
        getsockopt(c->call.fd, SOL_SOCKET, SO_ERROR, &c->call.error, &len);
    if (c->call.error == EINPROGRESS)
        return;
    c->connected = c->call.error == 0;
    c->now = c->connected ? TALKING : CLOSING;
    c->due = after(!c->connected ? QUIET_MS : c->how->data.len ? ANSWER_MS : GREETING_MS);
}

/* Says what is left to say, takes in what there is; hangs up when the server has nothing more. */
static void talk(struct caller *c)
{
    char buffer[16384];
    struct bytes rest = bytes_part(c->how->data, c->said, c->how->data.len);
    ssize_t len = rest.len ? send(c->call.fd, rest.at, rest.len, MSG_NOSIGNAL) : 0;
    if (len > 0) {
        c->said += (size_t)len;
        c->due = after(ANSWER_MS);
    }
    bool more = true;
    while (more && c->heard < RECEIVE_MOST) {
        len = recv(c->call.fd, buffer, sizeof buffer, 0);
        more = len > 0;
        if (more) {
            c->heard += (size_t)len;
            c->due = after(QUIET_MS);
        }
    }
    bool waits = len < 0 && (errno == EAGAIN || errno == EINTR);
    if (!waits || clock_now() >= c->due)
        hang_up(c, c->how->close_rst);
}

/* --- the wire's side --------------------------------------------------------------------- */

static bool tell_step(struct caller *c, const char *title, const char *means, struct err *err)
{
    struct exchange *x = c->x;
    struct socket_pair ours = {
        .family = x->family, .port = x->server.peer_port, .peer_port = x->server.port};
    memcpy(ours.addr, x->server.peer_addr, sizeof ours.addr);
    memcpy(ours.peer_addr, x->server.addr, sizeof ours.peer_addr);
    struct event event = {.kind = EVENT_STEP};
    event.step = (struct step_event){.title = title,
                                     .ours = sockets_server_state(x->wire.sockets, &ours),
                                     .theirs = exchange_server_state(x),
                                     .means = means};
    return sinks_event(x->sinks, &event, err);
}

static void note_flags(struct caller *c, const struct reply *r, bool sent)
{
    c->syn = c->syn || (sent && r->flags & TCP_SYN);
    c->reset = c->reset || r->kind == REPLY_RST;
    c->last_ack = c->last_ack || (c->fin[0] && c->fin[1] && r->flags & TCP_ACK);
    c->fin[sent] = c->fin[sent] || r->flags & TCP_FIN;
}

static bool take(struct caller *c, const struct reply *r, struct err *err)
{
    struct exchange *x = c->x;
    uint16_t port = c->how->port, local = c->call.ends.peer_port;
    bool error = r->kind == REPLY_ICMP_ERROR, to_us = r->from == port && r->to == local;
    bool sent = r->from == local && r->to == port && !error;
    bool quoted = error && r->from == local && r->to == port;
    if (r->kind == REPLY_OTHER || !(to_us || sent || quoted))
        return true; /* somebody else's */
    x->frame.direction = sent ? DIRECTION_SENT : DIRECTION_RECEIVED;
    ask_connect(c, error ? TICK_MS : 0);
    if (error && c->call.error != EINPROGRESS)
        text_put(&x->note, "An ICMP error comes instead of an answer: a firewall may say so.");
    else
        kernel_call_explain(&x->note, r, port, sent, c->syn);
    bool agreed = sent && !c->told && c->syn && r->flags == TCP_ACK;
    if (!error)
        note_flags(c, r, sent);
    if (c->now == CLOSING)
        c->due = after(QUIET_MS);
    if (!exchange_tell(x, err))
        return false;
    c->told = c->told || agreed;
    return !agreed || tell_step(c, "connect() succeeded",
                                "The kernel did the handshake by itself: three packets, and the "
                                "program saw none of them.",
                                err);
}

/* --- together ------------------------------------------------------------------------------ */

static void go_on(struct caller *c)
{
    ask_connect(c, 0);
    if (c->now == TALKING && c->told)
        talk(c);
    bool done = c->reset || (c->fin[0] && c->fin[1] && c->last_ack);
    if (c->now == CLOSING && done)
        c->now = OVER;
    else if (clock_now() >= c->due && c->now == TALKING)
        hang_up(c, c->how->close_rst);
    else if (clock_now() >= c->due)
        c->now = OVER;
}

static enum handshake_result tell_end(const struct caller *c, struct text *told)
{
    int error = c->call.error;
    if (error == EINPROGRESS) {
        text_put(told, "No answer: the kernel's connect() was still waiting.");
        return HANDSHAKE_UNANSWERED;
    }
    if (error) {
        text_format(told, "Refused: the kernel's connect() got %s (%s).", strerrorname_np(error),
                    strerror(error));
        return HANDSHAKE_REFUSED;
    }
    if (c->reset && !c->how->close_rst)
        text_put(told, "The kernel connected; the connection ended with a reset.");
    else if (c->reset)
        text_put(told, "The kernel connected, and ended with a reset.");
    else if (c->fin[0] && c->fin[1])
        text_put(told, "The kernel connected, and both ends closed in order.");
    else
        text_put(told, "The kernel connected, and closed its half; the server kept its own open.");
    return HANDSHAKE_DONE;
}

static enum handshake_result follow(struct caller *c, struct text *told, struct err *err)
{
    while (c->now != OVER) {
        struct reply reply;
        int64_t tick = after(TICK_MS);
        enum exchange_result next = exchange_next(c->x, tick < c->due ? tick : c->due, &reply, err);
        if (next == EXCHANGE_SIGNAL)
            return HANDSHAKE_INTERRUPTED;
        if (next == EXCHANGE_FAILED || (next == EXCHANGE_REPLY && !take(c, &reply, err)))
            return HANDSHAKE_FAILED;
        go_on(c);
    }
    return tell_end(c, told);
}

enum handshake_result handshake_by_kernel(struct exchange *x, const struct handshake *how,
                                          const char *addr, struct text *told, struct err *err)
{
    struct caller c = {.x = x, .how = how, .due = after(CONNECT_MS)};
    struct text filter = TEXT_EMPTY;
    text_format(&filter, "icmp or icmp6 or tcp port %u", how->port);
    bool good = capture_filter(x->wire.capture, text_string(&filter), err);
    text_free(&filter);
    if (!good || !kernel_call(&c.call, x->family, addr, how->port, err))
        return HANDSHAKE_FAILED;
    x->server = c.call.ends;
    enum handshake_result result = follow(&c, told, err);
    hang_up(&c, result == HANDSHAKE_INTERRUPTED || result == HANDSHAKE_FAILED);
    return result;
}
