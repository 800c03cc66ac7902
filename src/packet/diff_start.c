/* diff_start.c: from where the two ends of a TCP connection count. */
#include "diff_side.h"

#include <string.h>

static void start_at(struct diff_start *start, uint32_t first, bool told)
{
    if (start->has && (start->told || !told))
        return;
    *start = (struct diff_start){
        .first = first, .last = first, .taken = first, .has = true, .told = told};
}

bool diff_is_bare(const struct diff_packet *p)
{
    return p->is_segment && (p->kind & DIFF_KIND_FLAGS) == DIFF_ACK && p->len == 0;
}

/* RFC 9293, 3.4: numbers are compared modulo 2^32. */
static bool advance(uint32_t *to, uint32_t number)
{
    bool further = (int32_t)(number - *to) > 0;
    if (further)
        *to = number;
    return further;
}

/* Whether a segment of that end begins or ends at this number. */
static uint32_t *edge(struct diff_side *side, const struct diff_packet *p, bool server,
                      uint32_t number)
{
    uint32_t key[] = {p->conversation, server, number};
    return keys_at(&side->edges, key, sizeof key);
}

void diff_note_numbers(struct diff_side *side, struct diff_packet *p)
{
    struct diff_conversation *c = &side->conversations[p->conversation];
    struct diff_start *own = &c->start[p->from_server], *other = &c->start[!p->from_server];
    bool syn = p->kind & DIFF_SYN, fin = p->kind & DIFF_FIN;
    uint32_t end = p->seq + p->len + syn + fin;
    /* A reset that answers a SYN says 0 (RFC 9293, 3.10.7.1): it counts from nowhere. */
    bool refuses = p->kind & DIFF_RST && other->told;
    if (!refuses)
        start_at(own, syn ? p->seq : p->seq - 1, syn);
    advance(&own->last, end);
    *edge(side, p, p->from_server, end) = 1;
    if (!syn)
        *edge(side, p, p->from_server, p->seq) = 1;
    if (!(p->kind & DIFF_ACK))
        return;
    start_at(other, p->ack - 1, syn);
    advance(&other->last, p->ack);
    bool fresh = advance(&other->taken, p->ack);
    p->in_step = diff_is_bare(p) && fresh && *edge(side, p, !p->from_server, p->ack);
}

/* The guess takes over what the other knows, if it lies among the numbers that the other saw. */
static void take_over(struct diff_start *guess, const struct diff_start *other)
{
    if (guess->has && other->has && !guess->told &&
        guess->first - other->first <= other->last - other->first) {
        guess->first = other->first;
        guess->told = other->told;
    }
}

void diff_share_starts(struct diff_conversation *a, struct diff_conversation *b)
{
    if (memcmp(&a->ends, &b->ends, sizeof a->ends) != 0)
        return;
    for (int i = 0; i < 2; i++) {
        take_over(&a->start[i], &b->start[i]);
        take_over(&b->start[i], &a->start[i]);
    }
}

uint32_t diff_relative(const struct diff_start *start, uint32_t number)
{
    return start->has ? number - start->first : number;
}
