/* diff_pair.c: which conversation of A is which of B, then which packet. */
#include "diff_side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a conversation is found again by: a key, so without gaps. */
struct mark {
    struct diff_ends ends;
    uint32_t where, kind, order, zero;
};

_Static_assert(sizeof(struct mark) == sizeof(struct diff_ends) + 16, "a key has no gaps");

/* The mark's order among its likes: counts them. */
static void count_in(struct mark *mark, struct keys *counts)
{
    mark->order = 0;
    mark->order = ++*keys_at(counts, mark, sizeof *mark);
}

/* --- conversations ------------------------------------------------------------------- */

/* The same connection: the same ports and, where there is one, the same first number. */
static struct mark same_connection(const struct diff_conversation *c)
{
    return (struct mark){
        .ends = c->ends, .where = c->opened, .kind = c->opened ? c->start[0].first : 0};
}

/* The same service, for the same client: its port is chosen by chance. */
static struct mark same_service(const struct diff_conversation *c)
{
    struct mark mark = {.ends = c->ends};
    memset(mark.ends.client.port, 0, sizeof mark.ends.client.port);
    return mark;
}

/* Those that have no mate yet, by what `alike` says of them, in their order. */
static void mate(struct diff_side *a, struct diff_side *b,
                 struct mark (*alike)(const struct diff_conversation *c))
{
    struct keys counts_a = {0}, counts_b = {0}, found = {0};
    for (uint32_t i = 0; i < a->conversation_count; i++) {
        if (a->conversations[i].mate != DIFF_NOBODY)
            continue;
        struct mark mark = alike(&a->conversations[i]);
        count_in(&mark, &counts_a);
        *keys_at(&found, &mark, sizeof mark) = i + 1;
    }
    for (uint32_t i = 0; i < b->conversation_count; i++) {
        if (b->conversations[i].mate != DIFF_NOBODY)
            continue;
        struct mark mark = alike(&b->conversations[i]);
        count_in(&mark, &counts_b);
        uint32_t other = keys_find(&found, &mark, sizeof mark);
        if (other) {
            b->conversations[i].mate = other - 1;
            a->conversations[other - 1].mate = i;
        }
    }
    keys_free(&counts_a);
    keys_free(&counts_b);
    keys_free(&found);
}

/* --- packets ---------------------------------------------------------------------------- */

/* What a packet is found again by: a key, so without gaps. `conversation`: A's, for both. */
struct packet_mark {
    uint32_t conversation, kind, seq, ack, len;
    uint32_t after,
        order; /* the last packet of its kind before it that has a mate; among its likes */
};

/* From what can't be chance to what is left: one packet too few shifts no others. */
enum by { BY_ALL, BY_PLACE, BY_ORDER };

/* Its direction and kind; false when there is nothing to know it by. */
static bool mark_packet(struct packet_mark *mark, const struct diff_side *side,
                        const struct diff_packet *p, enum by by)
{
    const struct diff_start *start = side->conversations[p->conversation].start;
    *mark = (struct packet_mark){.kind = p->kind << 1 | p->from_server};
    if (by == BY_ORDER)
        return true;
    if (by == BY_PLACE && !p->is_segment)
        return false;
    /* The place of what takes up numbers is where it begins, of a bare ACK what it takes in. */
    bool has_ack = p->is_segment && p->kind & DIFF_ACK;
    bool bare = diff_is_bare(p);
    if (p->is_segment && (by == BY_ALL || !bare))
        mark->seq = diff_relative(&start[p->from_server], p->seq);
    if (has_ack && (by == BY_ALL || bare))
        mark->ack = diff_relative(&start[!p->from_server], p->ack);
    if (by == BY_ALL)
        mark->len = p->len;
    return true;
}

/* One of the two while a round goes through its packets. */
struct walk {
    struct diff_side *side;
    bool is_a;
    struct keys counts, after;
};

/* The mark of packet `i`; false when it has a mate already, or can't have one. */
static bool next_mark(struct walk *w, uint32_t i, enum by by, struct packet_mark *mark)
{
    const struct diff_packet *p = &w->side->packets[i];
    const struct diff_conversation *c = &w->side->conversations[p->conversation];
    if (c->mate == DIFF_NOBODY || !mark_packet(mark, w->side, p, by))
        return false;
    mark->conversation = w->is_a ? p->conversation : c->mate;
    struct packet_mark kind = {.conversation = mark->conversation, .kind = mark->kind};
    uint32_t *after = keys_at(&w->after, &kind, sizeof kind);
    if (p->mate != DIFF_NOBODY) {
        *after = (w->is_a ? i : p->mate) + 1;
        return false;
    }
    mark->after = by == BY_ORDER ? *after : 0;
    mark->order = ++*keys_at(&w->counts, mark, sizeof *mark);
    return true;
}

/* How many segments an ACK waits for is a matter of time: two such are not one with an error. */
static bool are_other_acks(const struct diff_side *a, uint32_t i, const struct diff_side *b,
                           uint32_t j)
{
    return a->packets[i].in_step && b->packets[j].in_step;
}

static void mate_packets(struct diff_side *a, struct diff_side *b, enum by by)
{
    struct walk one = {.side = a, .is_a = true}, two = {.side = b};
    struct keys found = {0};
    struct packet_mark mark;
    for (uint32_t i = 0; i < b->count; i++)
        if (next_mark(&two, i, by, &mark))
            *keys_at(&found, &mark, sizeof mark) = i + 1;
    for (uint32_t i = 0; i < a->count; i++) {
        uint32_t other = next_mark(&one, i, by, &mark) ? keys_find(&found, &mark, sizeof mark) : 0;
        if (!other || (by == BY_ORDER && are_other_acks(a, i, b, other - 1)))
            continue;
        a->packets[i].mate = other - 1;
        b->packets[other - 1].mate = i;
    }
    keys_free(&one.counts);
    keys_free(&one.after);
    keys_free(&two.counts);
    keys_free(&two.after);
    keys_free(&found);
}

struct diff_pair *diff_pair(struct diff_side *a, struct diff_side *b, size_t *count)
{
    struct diff_pair *pairs = malloc((a->count ? a->count : 1) * sizeof *pairs);
    if (!pairs) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    mate(a, b, same_connection);
    mate(a, b, same_service);
    for (uint32_t i = 0; i < a->conversation_count; i++) {
        struct diff_conversation *c = &a->conversations[i];
        if (c->mate != DIFF_NOBODY)
            diff_share_starts(c, &b->conversations[c->mate]);
    }
    for (enum by by = BY_ALL; by <= BY_ORDER; by++)
        mate_packets(a, b, by);
    *count = 0;
    for (uint32_t i = 0; i < a->count; i++)
        if (a->packets[i].mate != DIFF_NOBODY)
            pairs[(*count)++] = (struct diff_pair){i, a->packets[i].mate};
    return pairs;
}
