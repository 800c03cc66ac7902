/* diff_start.c: from where the two ends of a TCP connection count. */
#include "diff_side.h"

#include <string.h>

static void start_at(struct diff_start *start, uint32_t first, bool told)
{
    if (start->has && (start->told || !told))
        return;
    *start = (struct diff_start){.first = first, .last = first, .has = true, .told = told};
}

static void reach(struct diff_start *start, uint32_t number)
{
    if (start->has && (int32_t)(number - start->last) > 0) /* RFC 9293, 3.4: modulo 2^32 */
        start->last = number;
}

void diff_note_numbers(struct diff_conversation *c, const struct diff_packet *p)
{
    struct diff_start *own = &c->start[p->from_server], *other = &c->start[!p->from_server];
    bool syn = p->kind & DIFF_SYN;
    /* A reset that answers a SYN says 0 (RFC 9293, 3.10.7.1): it counts from nowhere. */
    bool refuses = p->kind & DIFF_RST && other->told;
    if (!refuses)
        start_at(own, syn ? p->seq : p->seq - 1, syn);
    reach(own, p->seq + p->len);
    if (!(p->kind & DIFF_ACK))
        return;
    start_at(other, p->ack - 1, syn);
    reach(other, p->ack);
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
