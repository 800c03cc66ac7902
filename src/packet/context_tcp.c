/*
 * context_tcp.c: TCP's arithmetic (RFC 9293, 3.4): each byte has a number, SYN and FIN count as
 * one, and what is acknowledged is the number expected next. Numbers wrap at 2^32.
 */
#include "context_parts.h"

enum {
    FIN = 1,
    SYN = 2,
    RST = 4,
    PSH = 8,
    ACK = 16,
    URG = 32,
    FLAGS = 63,    /* all but those of congestion (RFC 3168; RFC 9768) */
    SCALE_MOST = 14 /* RFC 7323, 2.3 */
};

/* How a segment stands to those of its side before it. */
enum order {
    ORDER_FIRST, /* there is none before it */
    ORDER_NEXT,
    ORDER_AGAIN,
    ORDER_PARTLY, /* sent again, and goes on */
    ORDER_GAP,    /* something is missing before it */
    ORDER_LATE,   /* it was missing */
    ORDER_ALIVE,  /* RFC 9293, 3.8.4: a keep-alive, one number back */
    ORDER_ANEW,   /* the SYN of both who ask at once, now with an ACK (RFC 9293, 3.5) */
    ORDER_OLD,    /* an old number, and no data */
    ORDER_RESET
};

struct segment {
    uint32_t seq, ack, len, end; /* len: of data; end: the number behind its last */
    uint16_t flags, window;
    enum order order;
    const struct node *tcp;
    struct side *me, *peer;
    bool answers_syn; /* the peer's SYN, and nothing further */
};

static bool before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

static bool knows(const struct side *side, unsigned what)
{
    return (side->known & what) == what;
}

/* False when it is cut, or its lengths make no sense. */
static bool segment_read(struct segment *s, const struct context *c, const struct layers *l)
{
    uint64_t seq, ack, header, flags, window;
    if (!row_number(c, l->tcp, c->tcp.seq, &seq) || !row_number(c, l->tcp, c->tcp.ack, &ack) ||
        !row_number(c, l->tcp, c->tcp.header, &header) ||
        !row_number(c, l->tcp, c->tcp.flags, &flags) ||
        !row_number(c, l->tcp, c->tcp.window, &window))
        return false;
    header = field_shown(c->tcp.header, header);
    size_t data = l->tcp->bit / 8 + (size_t)header, end = packet_end(c, l->ip);
    if (header < l->tcp->record->size || end < data)
        return false;
    *s = (struct segment){.seq = (uint32_t)seq,
                          .ack = (uint32_t)ack,
                          .len = (uint32_t)(end - data),
                          .flags = flags & FLAGS,
                          .window = (uint16_t)window,
                          .tcp = l->tcp};
    s->end = s->seq + s->len + !!(s->flags & SYN) + !!(s->flags & FIN);
    return true;
}

/* A SYN with a number of its own begins a conversation, with the ports of one before it. */
static void begin_anew(struct flow *flow, const struct segment *s)
{
    bool fresh = !knows(s->me, KNOWN_SYN) || s->me->first != s->seq;
    bool both_ask = !s->me->known && !knows(s->peer, KNOWN_ACKED);
    if (!(s->flags & SYN) || s->flags & RST || !fresh)
        return;
    *s->me = (struct side){.since = s->me->since};
    if (!(s->flags & ACK) && !both_ask)
        *flow = (struct flow){.key = flow->key};
}

static enum order order_of(const struct segment *s)
{
    const struct side *me = s->me;
    bool takes = s->end != s->seq, syn = s->flags & SYN;
    if (s->flags & RST)
        return ORDER_RESET;
    if (!knows(me, KNOWN_NEXT))
        return ORDER_FIRST;
    if (s->seq == me->next)
        return ORDER_NEXT;
    if (before(me->next, s->seq))
        return ORDER_GAP;
    if (s->seq + 1 == me->next && s->len <= 1 && !(s->flags & (SYN | FIN)))
        return ORDER_ALIVE;
    if (!takes)
        return ORDER_OLD;
    if (syn && s->flags & ACK && !knows(me, KNOWN_ACKED))
        return ORDER_ANEW;
    if (knows(me, KNOWN_GAP) && !before(s->seq, me->gap) && before(s->seq, me->gap_end))
        return ORDER_LATE;
    return before(me->next, s->end) ? ORDER_PARTLY : ORDER_AGAIN;
}

/* Is it an answer to the peer's SYN, the first or the same once more? */
static bool answers_syn(const struct segment *s)
{
    const struct side *peer = s->peer;
    return s->flags & ACK && knows(peer, KNOWN_SYN) && before(peer->first, s->ack) &&
           !before(peer->next, s->ack) && (s->flags & SYN || !knows(s->me, KNOWN_ACKED));
}

/* --- what is learned ---------------------------------------------------------------- */

static void learn_gap(struct side *me, const struct segment *s)
{
    if (s->order == ORDER_GAP) {
        me->gap = me->next;
        me->gap_end = s->seq;
        me->known |= KNOWN_GAP;
    } else if (s->order == ORDER_LATE && s->seq == me->gap) {
        me->gap = s->end;
        if (!before(me->gap, me->gap_end))
            me->known &= (uint8_t)~KNOWN_GAP;
    } else if (s->order == ORDER_LATE && !before(s->end, me->gap_end)) {
        me->gap_end = s->seq;
    }
}

static void learn_scale(struct context *c, struct side *me, const struct node *tcp)
{
    const struct dissection *d = c->d;
    const struct node *end = d->nodes + d->count;
    for (const struct node *node = tcp + 1; node < end && node->depth == tcp->depth; node++) {
        if (node->field != c->tcp.shift || node->fault)
            continue;
        uint64_t shift = node_number(d, node);
        me->scale = shift < SCALE_MOST ? (uint8_t)shift : SCALE_MOST;
        me->known |= KNOWN_SCALE;
    }
}

static void learn(struct context *c, const struct segment *s)
{
    struct side *me = s->me;
    if (s->order == ORDER_RESET)
        return;
    learn_gap(me, s);
    if (!knows(me, KNOWN_NEXT) || before(me->next, s->end))
        me->next = s->end;
    me->known |= KNOWN_NEXT;
    if (s->flags & SYN && !knows(me, KNOWN_SYN)) {
        me->first = s->seq;
        me->known |= KNOWN_SYN;
        learn_scale(c, me, s->tcp);
    }
    if (s->flags & FIN) {
        me->fin = s->end;
        me->known |= KNOWN_FIN;
    }
    if (s->flags & ACK && (!knows(me, KNOWN_ACKED) || before(me->acked, s->ack))) {
        me->acked = s->ack;
        me->known |= KNOWN_ACKED;
    }
}

/* --- what is said ------------------------------------------------------------------- */

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
        return again ? "sent again: the same FIN" : "next in line: FIN takes it";
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
    else if (known && c->remarks) {
        struct text *text = context_write(c, c->tcp.ack);
        if (text)
            put_sum(text, c, s, from);
    }
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
    bool data = s->len, third = knows(s->me, KNOWN_SYN) && knows(s->peer, KNOWN_SYN) &&
                                !knows(s->me, KNOWN_ACKED);
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

/* --- a segment ------------------------------------------------------------------------ */

void context_tcp(struct context *c, const struct layers *l)
{
    struct segment s;
    struct flow_key key;
    unsigned side;
    if (!talk_key(c, l, &key, &side) || !segment_read(&s, c, l))
        return;
    struct flow *flow = flow_find(&c->table, &key, true);
    s.me = &flow->sides[side];
    s.peer = &flow->sides[!side];
    begin_anew(flow, &s);
    s.order = order_of(&s);
    s.answers_syn = answers_syn(&s);
    if (c->remarks) {
        say_seq(c, &s);
        say_ack(c, &s);
        context_say(c, c->tcp.flags, flag_words(&s));
        say_window(c, &s);
        if (s.answers_syn && s.flags & (SYN | RST))
            note_answers(c, side_number(s.peer, s.peer->first));
    }
    learn(c, &s);
    side_came(s.me, s.peer, s.seq, c->frame->number, c->frame->time_ns);
}
