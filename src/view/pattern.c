/* pattern.c: what packets looked like, by their nodes. */
#include "pattern.h"

#include <stdio.h>
#include <stdlib.h>

/* As many as a capture has of kinds of packets; of two that want the same place the later stays. */
enum { PATTERNS = 64 };

struct patterns {
    struct pattern *each[PATTERNS]; /* made when they are needed */
};

static void *must_have(void *memory)
{
    if (memory)
        return memory;
    fputs("loopcraft: out of memory\n", stderr);
    abort();
}

struct patterns *patterns_new(void)
{
    return must_have(calloc(1, sizeof(struct patterns)));
}

void patterns_free(struct patterns *patterns)
{
    for (size_t i = 0; i < PATTERNS; i++) {
        struct pattern *pattern = patterns->each[i];
        if (!pattern)
            continue;
        text_free(&pattern->bytes);
        text_free(&pattern->text);
        free(pattern);
    }
    free(patterns);
}

_Static_assert(sizeof(struct node) == 4 * sizeof(void *) + 4 * sizeof(uint32_t),
               "a node has no holes: nodes are compared byte by byte");

/* A guess, from what tells packets apart best: how long they are, how they end. */
static uint64_t hash_of(const struct dissection *d)
{
    const struct node *last = &d->nodes[d->count - 1];
    uint64_t hash = d->count ^ (uint64_t)d->bytes.len << 16 ^ (uint64_t)last->bit << 40;
    hash ^= (uintptr_t)last->record ^ (uintptr_t)d->nodes[d->count / 2].field;
    return hash * UINT64_C(0x9e3779b97f4a7c15) | 1;
}

static bool is_like(struct pattern *pattern, const struct packet_event *packet)
{
    const struct dissection *d = packet->dissection;
    if (!pattern->whole || pattern->node_count != d->count || pattern->bytes.len != d->bytes.len ||
        pattern->remark_count != packet->remark_count)
        return false;
    for (size_t k = 0; k < packet->remark_count; k++)
        if (pattern->remarks[k].field != packet->remarks[k].field)
            return false;
    if (d->shape && pattern->shape == d->shape && pattern->memory == d->memory)
        return true;
    if (memcmp(pattern->nodes, d->nodes, d->count * sizeof *d->nodes) != 0)
        return false;
    pattern->shape = d->shape;
    pattern->memory = d->memory;
    return true;
}

static void begin(struct pattern *pattern, const struct packet_event *packet)
{
    const struct dissection *d = packet->dissection;
    pattern->whole = false;
    pattern->shape = 0;
    pattern->piece_count = 0;
    pattern->node_count = d->count;
    memcpy(pattern->nodes, d->nodes, d->count * sizeof *d->nodes);
    pattern->remark_count = packet->remark_count;
    for (size_t k = 0; k < packet->remark_count; k++)
        pattern->remarks[k] = packet->remarks[k];
    text_clear(&pattern->bytes);
    text_put_n(&pattern->bytes, (const char *)d->bytes.at, d->bytes.len);
}

struct pattern *pattern_find(struct patterns *patterns, const struct packet_event *packet,
                             bool *record)
{
    const struct dissection *d = packet->dissection;
    *record = false;
    if (packet->origins || d->count == 0 || d->count > PATTERN_NODES ||
        d->bytes.len > PATTERN_TEXT || packet->remark_count > PATTERN_REMARKS)
        return NULL;
    uint64_t hash = hash_of(d);
    struct pattern **place = &patterns->each[(hash >> 32) % PATTERNS], *pattern = *place;
    if (!pattern)
        pattern = *place = must_have(calloc(1, sizeof *pattern));
    if (pattern->hash == hash && is_like(pattern, packet))
        return pattern;
    *record = pattern->hash == hash; /* seen once already: there may be more of them */
    pattern->hash = hash;
    pattern->whole = false;
    if (*record)
        begin(pattern, packet);
    return *record ? pattern : NULL;
}

void pattern_piece(struct pattern *pattern, struct piece piece, size_t next)
{
    piece.start = UINT32_MAX;
    for (size_t i = piece.node; i < next && i < pattern->node_count; i++) {
        const struct node *node = &pattern->nodes[i];
        uint32_t pos = node_pos(node), first = node->bit / 8;
        uint32_t end = pos + node_size(node), last = (node->bit + node->bits + 7) / 8;
        first = pos < first ? pos : first;
        last = end > last ? end : last;
        piece.start = first < piece.start ? first : piece.start;
        piece.end = last > piece.end ? last : piece.end;
        piece.never = piece.never || node_looks_around(node) || last > (uint32_t)pattern->bytes.len;
    }
    if (piece.start > piece.end)
        piece.start = piece.end;
    pattern->pieces[pattern->piece_count++] = piece;
}

void pattern_text(struct pattern *pattern, const char *at, size_t len)
{
    text_clear(&pattern->text);
    if (len > PATTERN_TEXT)
        return;
    text_put_n(&pattern->text, at, len);
    pattern->whole = true;
}
