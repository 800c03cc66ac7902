/* pattern.c: what packets looked like, by their nodes. */
#include "pattern.h"

#include <endian.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * A capture has few kinds of packets. Of one kind there are several patterns, for what goes one way
 * is not like what goes the other: a packet is compared with the one that it has most bytes of.
 */
enum { SETS = 32, WAYS = 4 };
_Static_assert(PATTERN_REMARKS <= 32, "a bit for each remark");

/* Bytes of the headers that may differ before a pattern of its own is worth it. */
enum { APART_MOST = 8 };

struct patterns {
    struct pattern *each[SETS][WAYS]; /* made when they are needed */
    uint64_t once[SETS];              /* the hash of a packet that none was like */
    uint8_t next[SETS];               /* the way that is taken next */
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
    for (size_t i = 0; i < SETS * WAYS; i++) {
        struct pattern *pattern = patterns->each[i / WAYS][i % WAYS];
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
static uint64_t hash_of(const struct packet_event *packet)
{
    const struct dissection *d = packet->dissection;
    const struct node *last = &d->nodes[d->count - 1];
    uint64_t hash = d->count ^ (uint64_t)d->bytes.len << 16 ^ (uint64_t)last->bit << 40;
    hash ^= (uintptr_t)last->record ^ (uintptr_t)d->nodes[d->count / 2].field;
    for (size_t k = 0; k < packet->remark_count; k++)
        hash = hash * 31 ^ (uintptr_t)packet->remarks[k].field;
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
    memset(pattern->of_byte, 0, sizeof pattern->of_byte);
    memset(pattern->of_remark, 0, sizeof pattern->of_remark);
    pattern->always = (struct piece_set){0};
    pattern->node_count = d->count;
    memcpy(pattern->nodes, d->nodes, d->count * sizeof *d->nodes);
    pattern->remark_count = packet->remark_count;
    for (size_t k = 0; k < packet->remark_count; k++)
        pattern->remarks[k] = packet->remarks[k];
    text_clear(&pattern->bytes);
    text_put_n(&pattern->bytes, (const char *)d->bytes.at, d->bytes.len);
}

/* A bit for each of eight bytes that differs. */
static uint64_t eight_changed(const char *a, const uint8_t *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    x = le64toh(x ^ y);
    x |= x >> 4; /* any bit of a byte into its lowest */
    x |= x >> 2;
    x |= x >> 1;
    x &= UINT64_C(0x0101010101010101);
    return x * UINT64_C(0x0102040810204080) >> 56; /* these side by side */
}

/* Likewise of so many bytes, at most 64. */
static uint64_t bytes_changed(const char *a, const uint8_t *b, size_t len)
{
    uint64_t changed = 0;
    size_t i = 0;
    for (; i + 8 <= len; i += 8)
        changed |= eight_changed(a + i, b + i) << i;
    if (i < len && len >= 8) /* some of them once more */
        return changed | eight_changed(a + len - 8, b + len - 8) << (len - 8);
    for (; i < len; i++)
        changed |= (uint64_t)((uint8_t)a[i] != b[i]) << i;
    return changed;
}

/* Finds the bytes that differ; returns how many. */
static unsigned compare_bytes(struct pattern *pattern, const struct packet_event *packet)
{
    unsigned count = 0;
    size_t len = pattern->bytes.len;
    for (size_t word = 0; word < COMPARED_WORDS; word++, len -= len < 64 ? len : 64) {
        pattern->changed[word] = len ? bytes_changed(pattern->bytes.at + word * 64,
                                                     packet->frame.bytes.at + word * 64,
                                                     len < 64 ? len : 64)
                                     : 0;
        count += (unsigned)__builtin_popcountll(pattern->changed[word]);
    }
    return count;
}

/* A text of our own is the same at the same address. */
static void compare_remarks(struct pattern *pattern, const struct packet_event *packet)
{
    pattern->changed_remarks = 0;
    for (size_t k = 0; k < packet->remark_count; k++) {
        const struct remark *remark = &packet->remarks[k];
        if (!remark->constant || remark->text != pattern->remarks[k].text)
            pattern->changed_remarks |= UINT32_C(1) << k;
    }
}

/* --- pieces ----------------------------------------------------------------------- */

static void set_put(struct piece_set *set, size_t piece)
{
    set->words[piece / 64] |= UINT64_C(1) << piece % 64;
}

static void set_join(struct piece_set *set, const struct piece_set *with, size_t words)
{
    for (size_t i = 0; i < words; i++)
        set->words[i] |= with->words[i];
}

/* By the bytes and remarks that differ. */
static void find_touched(struct pattern *pattern)
{
    size_t words = (pattern->piece_count + 63) / 64;
    struct piece_set *touched = &pattern->touched;
    *touched = pattern->always;
    for (size_t word = 0; word < COMPARED_WORDS; word++)
        for (uint64_t bits = pattern->changed[word]; bits; bits &= bits - 1)
            set_join(touched, &pattern->of_byte[word * 64 + (size_t)__builtin_ctzll(bits)], words);
    for (uint32_t bits = pattern->changed_remarks; bits; bits &= bits - 1)
        set_join(touched, &pattern->of_remark[__builtin_ctz(bits)], words);
}

bool piece_same(const struct pattern *pattern, const struct piece *piece,
                const struct packet_event *packet)
{
    if (piece->end <= COMPARED_BYTES)
        return false;
    bool remark = piece->remark && pattern->changed_remarks >> (piece->remark - 1) & 1;
    return !piece->around && !remark &&
           memcmp(pattern->bytes.at + piece->start, packet->frame.bytes.at + piece->start,
                  piece->end - piece->start) == 0;
}

/* Bytes that are not compared once are, for this piece alone. */
static void depend(struct pattern *pattern, const struct piece *piece, size_t number)
{
    for (uint32_t i = piece->start; i < piece->end && i < COMPARED_BYTES; i++)
        set_put(&pattern->of_byte[i], number);
    if (piece->remark)
        set_put(&pattern->of_remark[piece->remark - 1], number);
    if (piece->around || piece->end > COMPARED_BYTES || piece_is_heading(piece))
        set_put(&pattern->always, number);
}

/* The pattern that is nearest, or NULL; in *apart how many bytes lie between. */
static struct pattern *nearest(struct pattern *const *set, uint64_t hash,
                               const struct packet_event *packet, unsigned *apart)
{
    struct pattern *best = NULL;
    *apart = UINT_MAX;
    for (size_t way = 0; way<WAYS && * apart> APART_MOST; way++) {
        struct pattern *pattern = set[way];
        if (!pattern || pattern->hash != hash || !is_like(pattern, packet))
            continue;
        unsigned between = compare_bytes(pattern, packet);
        best = between < *apart ? pattern : best;
        *apart = between < *apart ? between : *apart;
    }
    return best;
}

struct pattern *pattern_find(struct patterns *patterns, const struct packet_event *packet,
                             bool *record)
{
    const struct dissection *d = packet->dissection;
    *record = false;
    if (packet->origins || d->count == 0 || d->count > PATTERN_NODES ||
        d->bytes.len > PATTERN_TEXT || packet->remark_count > PATTERN_REMARKS)
        return NULL;
    uint64_t hash = hash_of(packet);
    size_t set = (hash >> 32) % SETS;
    unsigned apart;
    struct pattern *pattern = nearest(patterns->each[set], hash, packet, &apart);
    struct pattern **next = &patterns->each[set][patterns->next[set] % WAYS];
    if (pattern && (apart <= APART_MOST || *next)) {
        compare_remarks(pattern, packet);
        find_touched(pattern);
        return pattern;
    }
    bool again = pattern || patterns->once[set] == hash; /* there may be more of them */
    patterns->once[set] = hash;
    if (!again)
        return NULL;
    patterns->next[set]++;
    if (!*next)
        *next = must_have(calloc(1, sizeof **next));
    (*next)->hash = hash;
    begin(*next, packet);
    *record = true;
    return *next;
}

void pattern_piece(struct pattern *pattern, struct piece piece)
{
    piece.start = UINT32_MAX;
    for (size_t i = piece.node; i < piece.next && i < pattern->node_count; i++) {
        const struct node *node = &pattern->nodes[i];
        uint32_t pos = node_pos(node), first = node->bit / 8;
        uint32_t end = pos + node_size(node), last = (node->bit + node->bits + 7) / 8;
        first = pos < first ? pos : first;
        last = end > last ? end : last;
        piece.start = first < piece.start ? first : piece.start;
        piece.end = last > piece.end ? last : piece.end;
        piece.around = piece.around || node_looks_around(node) ||
                       last > (uint32_t)pattern->bytes.len;
    }
    if (piece.start > piece.end)
        piece.start = piece.end;
    depend(pattern, &piece, pattern->piece_count);
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
