/* diff_pair.c: which conversation of A is which of B, then which packet. */
#include "diff_side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a conversation or a packet is found again by: a key, so without gaps. */
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
    return (struct mark){.ends = c->ends, .where = c->opened, .kind = c->opened ? c->first[0] : 0};
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

/* `conversation`: A's, for packets of both. */
static struct mark packet_mark(const struct diff_packet *p, uint32_t conversation)
{
    return (struct mark){.where = conversation, .kind = p->kind << 1 | p->from_server};
}

struct diff_pair *diff_pair(struct diff_side *a, struct diff_side *b, size_t *count)
{
    struct keys counts_a = {0}, counts_b = {0}, found = {0};
    struct diff_pair *pairs = malloc((a->count ? a->count : 1) * sizeof *pairs);
    if (!pairs) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    mate(a, b, same_connection);
    mate(a, b, same_service);
    for (uint32_t i = 0; i < b->count; i++) {
        struct diff_packet *p = &b->packets[i];
        uint32_t mate_of_it = b->conversations[p->conversation].mate;
        if (mate_of_it == DIFF_NOBODY)
            continue;
        struct mark mark = packet_mark(p, mate_of_it);
        count_in(&mark, &counts_b);
        *keys_at(&found, &mark, sizeof mark) = i + 1;
    }
    *count = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        struct diff_packet *p = &a->packets[i];
        struct mark mark = packet_mark(p, p->conversation);
        count_in(&mark, &counts_a);
        uint32_t other = keys_find(&found, &mark, sizeof mark);
        if (!other)
            continue;
        pairs[(*count)++] = (struct diff_pair){i, other - 1};
        p->paired = b->packets[other - 1].paired = true;
    }
    keys_free(&counts_a);
    keys_free(&counts_b);
    keys_free(&found);
    return pairs;
}
