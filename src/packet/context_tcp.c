/* context_tcp.c: how a segment stands to those before it, and what is learned from it. */
#include "context_segment.h"

bool segment_read(struct segment *s, const struct context *c, const struct layers *l)
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
    if (s->seq - me->next > WINDOW_MOST && me->next - s->seq > WINDOW_MOST)
        return ORDER_STRAY;
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
    if (s->order == ORDER_STRAY) {
        me->known &= (uint8_t)~KNOWN_GAP;
    } else if (s->order == ORDER_GAP) {
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
    const struct node *node = tcp + 1 + tcp->record->field_count; /* options stand behind these */
    for (; node < end && node->depth == tcp->depth; node++) {
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
    if (s->order == ORDER_RESET || (s->order == ORDER_STRAY && knows(me, KNOWN_SYN)))
        return; /* nothing, or a forgery, that a connection goes on without */
    learn_gap(me, s);
    if (!knows(me, KNOWN_NEXT) || s->order == ORDER_STRAY || before(me->next, s->end))
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
        segment_say(c, &s);
        if (s.answers_syn && s.flags & (SYN | RST))
            note_answers(c, side_number(s.peer, s.peer->first));
    }
    learn(c, &s);
    side_came(s.me, s.peer, s.seq, c->frame->number, c->frame->time_ns);
}
