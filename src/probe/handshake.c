/*
 * handshake.c: the story of a connection: open, say, listen, close.
 *
 * Each part returns how it ended; HANDSHAKE_DONE means: go on with the next.
 */
#include <loopcraft/handshake.h>

#include "story.h"

#include <loopcraft/clock.h>
#include <loopcraft/proto.h>

#include <stdio.h>

enum {
    ANSWER_WAIT_MS = 2000,  /* for what the server has to say to our data */
    GREETING_WAIT_MS = 300, /* for a server that talks first */
    QUIET_MS = 300,         /* after its last word */
    RECEIVE_MOST = 1 << 20  /* bytes of data taken in: a lab, no download */
};

static const struct bytes no_data = {NULL, 0};

/* --- waiting ------------------------------------------------------------------------ */

static bool is_shown(const struct connection *c)
{
    return !c->x->pending;
}
static bool is_synced(const struct connection *c)
{
    return c->synced;
}
static bool is_acked(const struct connection *c)
{
    return c->una == c->nxt;
}
static bool is_fin_acked(const struct connection *c)
{
    return c->fin_acked;
}
static bool has_their_fin(const struct connection *c)
{
    return c->their_fin;
}
static bool has_enough(const struct connection *c)
{
    return c->their_fin || c->received >= RECEIVE_MOST;
}
static bool never(const struct connection *c)
{
    (void)c;
    return false;
}

/* --- the parts ------------------------------------------------------------------------ */

static bool send_syn(struct story *s, unsigned try)
{
    struct connection *c = &s->c;
    struct text note = TEXT_EMPTY;
    struct remarks remarks = {0};
    c->nxt = c->iss;
    if (try)
        text_format(&note, "No answer yet: the same SYN again, try %u of %d.", try + 1,
                    STORY_TRIES);
    else
        text_format(&note,
                    "We ask to talk. Our numbers start at %u; SYN counts as one, so our first "
                    "byte will be %u.",
                    c->iss, c->iss + 1);
    bool asked = recipe_asked(s->how->words, "tcp.seq_raw") != NULL;
    remarks_add(&remarks, &proto_tcp, "tcp.seq_raw", "our first number, %s",
                asked ? "as you asked" : "drawn by chance");
    remarks_add(&remarks, &proto_tcp, "tcp.ack_raw", "nothing to acknowledge yet");
    bool good = connection_send(c, TCP_SYN, no_data, &note, &remarks, "SYN sent", s->err);
    text_free(&note);
    remarks_free(&remarks);
    return good;
}

/* Without a shield the kernel answers the SYN-ACK itself, within microseconds: by a reset. */
static enum handshake_result expect_kernel(struct story *s)
{
    enum await await = connection_await(&s->c, never, clock_now() + QUIET_MS * (int64_t)CLOCK_MS,
                                        s->err);
    enum handshake_result result = story_judge(s, await);
    if (s->c.kernel_reset)
        return HANDSHAKE_KERNEL_RESET;
    if (result == HANDSHAKE_DONE)
        text_put(s->told, "No reset came from the kernel: something keeps it quiet.");
    return result == HANDSHAKE_DONE ? HANDSHAKE_UNANSWERED : result;
}

static enum handshake_result open_connection(struct story *s)
{
    struct connection *c = &s->c;
    enum handshake_result result = story_insist(s, send_syn, is_synced, "SYN");
    if (result == HANDSHAKE_DONE && s->how->kernel_resets)
        return expect_kernel(s);
    if (result != HANDSHAKE_DONE || s->how->stop == STOP_AFTER_SYN)
        return result;
    struct text note = TEXT_EMPTY;
    struct remarks remarks = {0};
    text_format(&note,
                "We acknowledge their number: %u + 1 = %u. Both ends have agreed: connected.",
                c->irs, c->rcv);
    remarks_add(&remarks, &proto_tcp, "tcp.ack_raw", "their %u + 1: SYN counts as one", c->irs);
    remarks_add(&remarks, &proto_tcp, "tcp.seq_raw", "our %u + 1: SYN counted as one", c->iss);
    bool good = connection_send(c, TCP_ACK, no_data, &note, &remarks, "ACK sent", s->err);
    text_free(&note);
    remarks_free(&remarks);
    if (!good)
        return HANDSHAKE_FAILED;
    /* Until the capture has shown it: the server's state is then that of a connection. */
    return story_judge(s, connection_await(c, is_shown,
                                           clock_now() + STORY_FIRST_WAIT_MS * (int64_t)CLOCK_MS,
                                           s->err));
}

/* Sends what of our data is not acknowledged and fits their window, in segments of their MSS. */
static bool send_data(struct story *s, unsigned try)
{
    struct connection *c = &s->c;
    uint32_t first = c->iss + 1, end = first + (uint32_t)s->how->data.len;
    c->nxt = c->una;
    uint32_t limit = seq_before(end, c->una + c->window) ? end : c->una + c->window;
    while (seq_before(c->nxt, limit)) {
        uint32_t at = c->nxt - first, len = limit - c->nxt < c->mss ? limit - c->nxt : c->mss;
        struct text note = TEXT_EMPTY;
        text_format(&note, "%s%u byte%s of data, numbers %u to %u.",
                    try ? "Not acknowledged yet, once more: " : "", len, len == 1 ? "" : "s",
                    c->nxt, c->nxt + len - 1);
        struct bytes part = bytes_part(s->how->data, at, len);
        bool good = connection_send(c, TCP_PSH | TCP_ACK, part, &note, NULL, "data sent", s->err);
        text_free(&note);
        if (!good)
            return false;
    }
    return true;
}

static enum handshake_result say(struct story *s)
{
    struct connection *c = &s->c;
    uint32_t end = c->iss + 1 + (uint32_t)s->how->data.len;
    while (seq_before(c->una, end)) {
        uint32_t before = c->una;
        enum handshake_result result = story_insist(s, send_data, is_acked, "data");
        if (result != HANDSHAKE_DONE)
            return result;
        if (c->una == before && c->window == 0) {
            text_put(s->told, "The server's window is closed: it takes no data.");
            return HANDSHAKE_UNANSWERED;
        }
    }
    return HANDSHAKE_DONE;
}

/* Takes in what the server says until it says FIN, has been quiet for a while, or said too much. */
static enum handshake_result listen_to_it(struct story *s)
{
    struct connection *c = &s->c;
    int64_t first = clock_now() +
                    (s->how->data.len ? ANSWER_WAIT_MS : GREETING_WAIT_MS) * (int64_t)CLOCK_MS;
    for (;;) {
        int64_t quiet = c->heard + QUIET_MS * (int64_t)CLOCK_MS;
        enum await await = connection_await(c, has_enough, c->received ? quiet : first, s->err);
        bool more = await == AWAIT_LATE && c->received &&
                    clock_now() < c->heard + QUIET_MS * (int64_t)CLOCK_MS;
        if (!more)
            return await == AWAIT_LATE ? HANDSHAKE_DONE : story_judge(s, await);
    }
}

static bool send_fin(struct story *s, unsigned try)
{
    struct connection *c = &s->c;
    struct text note = TEXT_EMPTY;
    c->nxt = c->una;
    if (try)
        text_put(&note, "Our FIN again: it was not acknowledged.");
    else
        text_format(&note, "FIN: we have nothing more to say. It counts as one: %u + 1 = %u.",
                    c->nxt, c->nxt + 1);
    bool good = connection_send(c, TCP_FIN | TCP_ACK, no_data, &note, NULL, "FIN sent", s->err);
    text_free(&note);
    return good;
}

/* A reset at exactly the next number: the other end drops the connection and says nothing. */
static bool send_reset(struct story *s, const char *why)
{
    struct text note = TEXT_EMPTY;
    text_put(&note, why);
    bool good = connection_send(&s->c, TCP_RST | TCP_ACK, no_data, &note, NULL, "RST sent", s->err);
    text_free(&note);
    return good;
}

static enum handshake_result close_connection(struct story *s)
{
    struct connection *c = &s->c;
    if (s->how->close_rst) {
        text_put(s->told, "Connected, and ended with a reset.");
        return send_reset(s, "RST: over at once, without a goodbye. The server drops what it has.")
                   ? HANDSHAKE_DONE
                   : HANDSHAKE_FAILED;
    }
    enum handshake_result result = story_insist(s, send_fin, is_fin_acked, "FIN");
    if (result != HANDSHAKE_DONE)
        return result;
    enum await await = connection_await(c, has_their_fin,
                                        clock_now() + ANSWER_WAIT_MS * (int64_t)CLOCK_MS, s->err);
    if (await != AWAIT_LATE) {
        result = story_judge(s, await);
        if (result == HANDSHAKE_DONE)
            text_put(s->told, "Connected, and closed in order by both ends.");
        return result;
    }
    text_put(
        s->told,
        "Connected; the server acknowledged our FIN and kept its own half open, so we reset it.");
    return send_reset(
               s, "The server does not close its half: a reset, so that nothing is left waiting.")
               ? HANDSHAKE_DONE
               : HANDSHAKE_FAILED;
}

static enum handshake_result hold(struct story *s, const char *where)
{
    struct connection *c = &s->c;
    c->silent = true;
    if (!exchange_note(
            c->x, s->err,
            "Stopped after %s: our end is %s, the server's socket is %s. Holding for %.3g s.",
            where, connection_state(c),
            *exchange_server_state(c->x) ? exchange_server_state(c->x) : "not to be seen",
            (double)s->how->hold_ns / (double)CLOCK_SECOND))
        return HANDSHAKE_FAILED;
    enum await await = connection_await(c, never, clock_now() + s->how->hold_ns, s->err);
    if (await != AWAIT_LATE) {
        enum handshake_result result = story_judge(s, await);
        if (result != HANDSHAKE_DONE)
            return result;
    }
    text_format(s->told, "Stopped after %s, as asked, and reset.", where);
    return send_reset(s, "A reset, so that the server does not wait for us.") ? HANDSHAKE_DONE
                                                                              : HANDSHAKE_FAILED;
}

static enum handshake_result tell_story(struct story *s)
{
    enum handshake_result result = open_connection(s);
    if (result != HANDSHAKE_DONE)
        return result;
    if (s->how->stop == STOP_AFTER_SYN)
        return hold(s, "SYN");
    if (s->how->stop == STOP_AFTER_ACK)
        return hold(s, "ACK");
    if (s->how->data.len && (result = say(s)) != HANDSHAKE_DONE)
        return result;
    if (s->how->stop == STOP_AFTER_DATA)
        return hold(s, "data");
    result = listen_to_it(s);
    return result == HANDSHAKE_DONE ? close_connection(s) : result;
}

enum handshake_result handshake_run(struct exchange *x, const struct handshake *how,
                                    struct text *told, struct err *err)
{
    struct story s = {.how = how, .told = told, .err = err};
    const struct asked *seq = recipe_asked(how->words, "tcp.seq_raw");
    s.c = (struct connection){.x = x, .words = how->words, .port = how->port, .mss = 536};
    s.c.iss = s.c.una = s.c.nxt = seq ? (uint32_t)recipe_number(how->words, seq)
                                      : exchange_random();
    exchange_watch_server(x, how->words, how->port);

    enum handshake_result result = tell_story(&s);
    bool closed = s.c.reset || s.c.unreachable || (s.c.fin_acked && s.c.their_fin);
    bool waiting = s.c.synced || result == HANDSHAKE_INTERRUPTED || result == HANDSHAKE_FAILED;
    if (result != HANDSHAKE_DONE && s.c.syn_sent && !closed && waiting) {
        struct err ignored; /* the reset goes out even when nothing can be shown any more */
        s.err = result == HANDSHAKE_FAILED ? &ignored : err;
        if (!send_reset(&s, "We give up here: a reset, so that the server does not wait for us."))
            result = HANDSHAKE_FAILED;
    }
    if (result != HANDSHAKE_FAILED && !exchange_settle(x, err))
        result = HANDSHAKE_FAILED;
    return result;
}
