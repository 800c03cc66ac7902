/* context_words.c: what the rows of a TCP segment mean among the segments before it. */
#include "context_segment.h"

static void put_bytes(struct text *text, uint32_t count)
{
    text_number(text, count);
    text_put(text, count == 1 ? " byte" : " bytes");
}

static const char *seq_words(const struct segment *s)
{
    switch (s->order) {
    case ORDER_ALIVE: return "one less than its next: a keep-alive";
    case ORDER_ANEW: return "the same SYN, now with an ACK";
    case ORDER_STRAY: return "far from its last: no window reaches so far";
    case ORDER_OLD: return "behind what it has sent already";
    case ORDER_RESET:
        return s->answers_syn ? "there is no connection whose bytes it could count"
                              : "counts only if the other end expects this number";
    default: break;
    }
    bool again = s->order == ORDER_AGAIN;
    if (s->flags & SYN && !s->len)
        return again ? "sent again: the same SYN" : "its numbers start here: SYN takes the first";
    if (s->flags & FIN && !s->len && s->order != ORDER_GAP)
        return again                     ? "sent again: the same FIN"
               : s->order == ORDER_FIRST ? "FIN takes this number"
                                         : "next in line: FIN takes it";
    if (!s->len && s->order == ORDER_NEXT)
        return "next in line; there is no data";
    return NULL;
}

/* "26 bytes, up to 1260: next is 1261" */
static void put_numbers(struct text *text, const struct segment *s)
{
    uint32_t first = s->seq + !!(s->flags & SYN), last = first + s->len - 1;
    put_bytes(text, s->len);
    text_put(text, ", up to ");
    text_number(text, last);
    if (s->order == ORDER_NEXT || s->order == ORDER_FIRST) {
        text_put(text, ": next is ");
        text_number(text, s->end);
    }
}

static void say_seq(struct context *c, const struct segment *s)
{
    const char *words = seq_words(s);
    if (words) {
        context_say(c, c->tcp.seq, words);
        return;
    }
    if (!s->len && s->order != ORDER_GAP)
        return;
    struct text *text = context_write(c, c->tcp.seq);
    if (!text)
        return;
    if (s->order == ORDER_AGAIN || s->order == ORDER_PARTLY)
        text_put(text, s->order == ORDER_AGAIN ? "sent again: " : "partly sent again: ");
    if (s->order == ORDER_LATE)
        text_put(text, "late, it was missing: ");
    if (s->order == ORDER_GAP) {
        put_bytes(text, s->seq - s->me->next);
        text_put(text, " before it are missing");
        text_put(text, s->len ? "; here " : "");
    }
    if (s->len)
        put_numbers(text, s);
}

static const char *whose(const struct context *c)
{
    return c->frame->direction == DIRECTION_SENT       ? "their "
           : c->frame->direction == DIRECTION_RECEIVED ? "your "
                                                       : "the peer's ";
}

/* "the peer's 1234 + 1: SYN counts as one", "the peer's 1235 + 26 bytes + 1 for FIN" */
static void put_sum(struct text *text, const struct context *c, const struct segment *s,
                    uint32_t from)
{
    const struct side *peer = s->peer;
    uint32_t more = s->ack - from;
    bool syn = knows(peer, KNOWN_SYN) && from == peer->first;
    bool fin = more > syn && knows(peer, KNOWN_FIN) && s->ack == peer->fin;
    uint32_t data = more - syn - fin;
    text_put(text, whose(c));
    text_number(text, from);
    if (!data && syn + fin == 1) {
        text_put(text, syn ? " + 1: SYN counts as one" : " + 1: FIN counts as one");
        return;
    }
    text_put(text, syn ? " + 1 for SYN" : "");
    if (data) {
        text_put(text, " + ");
        put_bytes(text, data);
    }
    text_put(text, fin ? " + 1 for FIN" : syn ? "" : " of data");
}

static const char *ack_words(const struct segment *s, uint32_t from, bool known)
{
    if (!(s->flags & ACK))
        return s->flags & SYN ? "nothing to acknowledge yet" : "does not count: ACK is not set";
    if (knows(s->peer, KNOWN_NEXT) && before(s->peer->next, s->ack))
        return "more than the peer has sent in this capture";
    if (!known)
        return knows(s->peer, KNOWN_NEXT) && s->ack == s->peer->next
                   ? "all that the peer has sent so far"
                   : NULL;
    if (s->ack == from)
        return knows(s->me, KNOWN_ACKED) ? "the same as before: nothing new came"
                                         : "not the peer's SYN: no answer to it";
    if (before(s->ack, from))
        return knows(s->me, KNOWN_ACKED) ? "less than it acknowledged before: an old one"
                                         : "not the peer's SYN: no answer to it";
    return NULL;
}

static void say_ack(struct context *c, const struct segment *s)
{
    bool known = knows(s->me, KNOWN_ACKED) || knows(s->peer, KNOWN_SYN);
    uint32_t from = knows(s->me, KNOWN_ACKED) ? s->me->acked : s->peer->first;
    const char *words = ack_words(s, from, known);
    if (words)
        context_say(c, c->tcp.ack, words);
    if (words || !known || !knows(s->peer, KNOWN_NEXT))
        return;
    struct text *text = context_write(c, c->tcp.ack);
    if (text)
        put_sum(text, c, s, from);
}

static const char *window_words(const struct segment *s)
{
    if (s->flags & RST)
        return "of no use: after a reset nothing comes";
    if (s->flags & SYN)
        return "room for data; in a SYN never scaled";
    if (s->window == 0)
        return "no room: the peer has to wait";
    if (!knows(s->me, KNOWN_SYN) || !knows(s->peer, KNOWN_SYN))
        return "scale unknown: the handshake is not seen here";
    if (!knows(s->me, KNOWN_SCALE) || !knows(s->peer, KNOWN_SCALE))
        return "room for data; not scaled: not both offered it";
    return s->me->scale ? NULL : "room for data; agreed on: times 1";
}

static void say_window(struct context *c, const struct segment *s)
{
    const char *words = window_words(s);
    if (words) {
        context_say(c, c->tcp.window, words);
        return;
    }
    struct text *text = context_write(c, c->tcp.window);
    if (!text)
        return;
    text_number(text, s->window);
    text_put(text, " x ");
    text_number(text, UINT64_C(1) << s->me->scale);
    text_put(text, " = ");
    text_number(text, (uint64_t)s->window << s->me->scale);
    text_put(text, " bytes of room");
}

/* --- flags ---------------------------------------------------------------------------- */

static const char *reset_words(const struct segment *s)
{
    bool mine = knows(s->me, KNOWN_SYN), theirs = knows(s->peer, KNOWN_SYN);
    if (s->answers_syn && !mine)
        return "refuses: nobody listens, or a firewall says so";
    if (mine && theirs && !knows(s->me, KNOWN_ACKED))
        return "hangs up: it does not want what it asked for";
    if (!mine && !theirs)
        return "no such connection at this end, or it is over";
    return "breaks the connection off, both ways at once";
}

static const char *open_words(const struct segment *s)
{
    bool again = s->order == ORDER_AGAIN;
    if (s->flags & (RST | FIN))
        return "a mix that no connection sends: a probe";
    if (!(s->flags & ACK) && knows(s->peer, KNOWN_SYN) && !knows(s->peer, KNOWN_ACKED))
        return "asks as well: both open at once";
    if (!(s->flags & ACK))
        return again ? "opens a connection: asks again" : "opens a connection";
    if (s->order == ORDER_ANEW)
        return "agrees: both asked at once";
    if (!s->answers_syn)
        return "agrees to a SYN that is not seen here";
    return again ? "agrees, and asks back: once more" : "agrees, and asks back";
}

static const char *flag_words(const struct segment *s)
{
    bool data = s->len,
         third = knows(s->me, KNOWN_SYN) && knows(s->peer, KNOWN_SYN) && !knows(s->me, KNOWN_ACKED);
    if (s->flags & SYN)
        return open_words(s);
    if (s->flags & RST)
        return reset_words(s);
    if (s->flags == 0)
        return "none: no connection sends this, a probe";
    if (!(s->flags & ACK))
        return "no ACK: no connection sends this, a probe";
    if (s->flags & FIN)
        return s->order == ORDER_AGAIN ? "no more data from this side: says it again"
               : data                  ? "the last data from this side"
                                       : "no more data from this side";
    if (s->order == ORDER_ALIVE)
        return "are you still there? (a keep-alive)";
    if (data)
        return s->flags & PSH ? "data, for the program at once" : "data";
    return third ? "the third of three: the connection stands" : "acknowledges, has no data";
}

void segment_say(struct context *c, const struct segment *s)
{
    say_seq(c, s);
    say_ack(c, s);
    context_say(c, c->tcp.flags, flag_words(s));
    say_window(c, s);
}
