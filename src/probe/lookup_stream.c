/*
 * lookup_stream.c: the same question over TCP (RFC 7766), by the kernel's own connection: what is
 * said over it is ours, its segments are the kernel's, and all are captured and shown.
 */
#include "lookup_parts.h"

#include "kernel_call.h"

#include <loopcraft/clock.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 3500, /* for all of it; the kernel repeats a SYN after one second */
    TICK_MS = 10,       /* from a packet on the wire to the socket that has it */
    QUIET_MS = 100,     /* after close(), for what comes of it */
    LENGTH_BYTES = 2    /* before each message (RFC 1035, 4.2.2) */
};

struct stream {
    struct exchange *x;
    const struct lookup *lookup;
    struct looked_up *found;
    struct kernel_call call;
    struct text say, heard; /* with their lengths in front */
    size_t said;
    bool syn;    /* one was seen on the wire */
    bool closed; /* our end */
    int64_t due;
};

static int64_t after(unsigned ms)
{
    return clock_now() + ms * (int64_t)CLOCK_MS;
}

/* --- the program's side ------------------------------------------------------------ */

static void hang_up(struct stream *s)
{
    if (s->call.fd >= 0)
        close(s->call.fd);
    s->call.fd = -1;
    s->closed = true;
    s->due = after(QUIET_MS);
}

/* The bytes of the message that are still to come; at first those of its length. */
static size_t missing(const struct stream *s)
{
    uint16_t len;
    struct bytes heard = {(const uint8_t *)s->heard.at, s->heard.len};
    size_t whole = bytes_u16(heard, 0, &len) ? LENGTH_BYTES + (size_t)len : LENGTH_BYTES;
    return whole - heard.len;
}

static void give_up(struct stream *s, const char *failure, const char *means)
{
    lookup_failed(s->found, failure, means);
    hang_up(s);
}

/* All of the message has come: is it the answer? */
static void take_answer(struct stream *s)
{
    const char *why;
    struct bytes message = {(const uint8_t *)s->heard.at + LENGTH_BYTES,
                            s->heard.len - LENGTH_BYTES};
    if (!dns_answers(s->lookup->query, message, &why)) {
        give_up(s, "malformed", why);
        return;
    }
    text_clear(&s->found->message);
    text_put_n(&s->found->message, (const char *)message.at, message.len);
    hang_up(s);
}

static bool connected(struct stream *s)
{
    struct pollfd wait = {.fd = s->call.fd, .events = POLLOUT};
    socklen_t len = sizeof s->call.error;
    if (s->call.error == EINPROGRESS && poll(&wait, 1, 0) > 0)
        getsockopt(s->call.fd, SOL_SOCKET, SO_ERROR, &s->call.error, &len);
    if (s->call.error && s->call.error != EINPROGRESS)
        give_up(s, s->call.error == ECONNREFUSED ? "conn-refused" : strerrorname_np(s->call.error),
                "the answer is too long for a datagram, and over TCP there is no connection");
    return s->call.error == 0;
}

static void talk(struct stream *s)
{
    char buffer[16384];
    ssize_t len = send(s->call.fd, s->say.at + s->said, s->say.len - s->said, MSG_NOSIGNAL);
    s->said += len > 0 ? (size_t)len : 0;
    for (;;) {
        size_t want = missing(s);
        if (want == 0) {
            take_answer(s);
            return;
        }
        len = recv(s->call.fd, buffer, want < sizeof buffer ? want : sizeof buffer, 0);
        if (len > 0)
            text_put_n(&s->heard, buffer, (size_t)len);
        else if (len < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        else {
            give_up(s, "malformed",
                    "the server ended the TCP connection before its answer was whole");
            return;
        }
    }
}

static void go_on(struct stream *s)
{
    if (!s->closed && connected(s))
        talk(s);
    if (!s->closed && clock_now() >= s->due)
        give_up(s, "no-response",
                "the answer is too long for a datagram, and over TCP nothing came in time");
}

/* --- the wire's side ------------------------------------------------------------------ */

static bool take(struct stream *s, const struct reply *r, struct err *err)
{
    uint16_t port = s->lookup->port, local = s->call.ends.peer_port;
    bool error = r->kind == REPLY_ICMP_ERROR, known = r->protocol == IPPROTO_TCP;
    bool sent = known && r->from == local && r->to == port;
    bool back = known && r->from == port && r->to == local;
    if (!(sent || (back && !error)))
        return true; /* somebody else's */
    sent = sent && !error;
    s->x->frame.direction = sent ? DIRECTION_SENT : DIRECTION_RECEIVED;
    if (sent && r->data.len)
        text_format(&s->x->note,
                    "Asks for %s again, its length in front: a stream has no ends of "
                    "messages.",
                    s->lookup->asks);
    else
        kernel_call_explain(&s->x->note, r, port, sent, s->syn);
    s->syn = s->syn || (sent && r->flags & TCP_SYN);
    return exchange_tell(s->x, err);
}

static enum probe_result follow(struct stream *s, struct err *err)
{
    while (!s->closed || clock_now() < s->due) {
        struct reply reply;
        int64_t tick = after(TICK_MS);
        switch (exchange_next(s->x, tick < s->due ? tick : s->due, &reply, err)) {
        case EXCHANGE_SIGNAL: return PROBE_INTERRUPTED;
        case EXCHANGE_FAILED: return PROBE_FAILED;
        case EXCHANGE_TIMEOUT: break;
        case EXCHANGE_REPLY:
            if (!take(s, &reply, err))
                return PROBE_FAILED;
        }
        go_on(s);
    }
    return PROBE_DONE;
}

enum probe_result lookup_stream(struct exchange *x, const struct lookup *lookup,
                                struct looked_up *found, struct err *err)
{
    struct stream s = {.x = x, .lookup = lookup, .found = found, .due = after(PATIENCE_MS)};
    if (!exchange_note(x, err,
                       "Over TCP the kernel makes the connection, by connect(); what is said "
                       "over it is made by hand.") ||
        !kernel_call(&s.call, x->family, lookup->addr, lookup->port, err))
        return PROBE_FAILED;
    text_char(&s.say, (char)(lookup->query.len >> 8));
    text_char(&s.say, (char)(lookup->query.len & 0xff));
    text_put_n(&s.say, (const char *)lookup->query.at, lookup->query.len);
    enum probe_result result = follow(&s, err);
    hang_up(&s);
    text_free(&s.say);
    text_free(&s.heard);
    return result;
}
