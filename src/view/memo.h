/*
 * memo.h: lines that were written before.
 *
 * In a large capture most rows are the same in packet after packet: the same field at the
 * same offset with the same bytes. What such a row looks like is kept and copied. The table
 * has a fixed size, a few slots for each row of the tables: a row whose bytes are always new
 * takes turns in its own slots, and leaves those of the others alone.
 */
#ifndef VIEW_MEMO_H
#define VIEW_MEMO_H

#include <loopcraft/text.h>

enum { MEMO_ROWS = 256, MEMO_EACH = 8, MEMO_BYTES = 16, MEMO_TEXT = 704 };

/* All that a line depends on, beside the look, which stays the same. Zero what is not used. */
struct memo_key {
    const void *row, *terms; /* of the tables */
    uint32_t pos, size;      /* of the bytes */
    uint32_t layers, state;  /* around it, and how it is shown */
    uint64_t bytes[MEMO_BYTES / 8];
};

struct memo_slot {
    struct memo_key key;
    uint32_t len;        /* 0: free */
    uint32_t at, digits; /* of a line that goes on: its columns, and where its bytes stand */
    char text[MEMO_TEXT];
};

/* Room for all lines; ends the program when there is no memory. */
struct memo_slot *memo_new(void);

/* Keeps what was written to `out` from `start` on; false when it is too long. */
bool memo_keep(struct memo_slot *slot, const struct memo_key *key, const struct text *out,
               size_t start);

/*
 * Fills in size and bytes: those of b from `pos` on. False when they are not all
 * there, or more than a key holds.
 */
static inline bool memo_bytes(struct memo_key *key, struct bytes b, uint32_t pos, uint32_t size)
{
    if (size > MEMO_BYTES)
        return false;
    uint32_t first = size < 8 ? size : 8;
    key->size = size;
    return bytes_number(b, (size_t)pos * 8, first * 8, &key->bytes[0]) &&
           (size == first ||
            bytes_number(b, ((size_t)pos + first) * 8, (size - first) * 8, &key->bytes[1]));
}

/*
 * The slot that this line has or could have. Multiplicative hashing (Knuth, TAOCP 6.4): a row
 * of the tables has a group of slots, its bytes say which of them.
 */
static inline struct memo_slot *memo_slot(struct memo_slot *slots, const struct memo_key *key)
{
    uint64_t row = ((uintptr_t)key->row + key->pos + ((uint64_t)key->state << 32)) *
                   UINT64_C(0x9e3779b97f4a7c15);
    uint64_t way = (key->bytes[0] + key->bytes[1] * 31 + key->size) * UINT64_C(0xbf58476d1ce4e5b9);
    uint64_t group = (row >> 32) * MEMO_ROWS >> 32; /* the highest bits are the best mixed */
    return &slots[group * MEMO_EACH + ((way >> 32) * MEMO_EACH >> 32)];
}

static inline bool memo_same(const struct memo_key *a, const struct memo_key *b)
{
    return a->row == b->row && a->bytes[0] == b->bytes[0] && a->pos == b->pos &&
           a->size == b->size && a->layers == b->layers && a->state == b->state &&
           a->terms == b->terms && a->bytes[1] == b->bytes[1];
}

/* Writes the line if the slot holds it. */
static inline bool memo_put(const struct memo_slot *slot, const struct memo_key *key,
                            struct text *out)
{
    if (slot->len == 0 || !memo_same(&slot->key, key))
        return false;
    enum { PIECE = 64 }; /* whole pieces: a length known beforehand is copied without a call */
    char *at = text_room(out, MEMO_TEXT);
    for (size_t i = 0; i < slot->len; i += PIECE)
        memcpy(at + i, slot->text + i, PIECE);
    text_grew(out, slot->len);
    return true;
}

#endif
