/*
 * memo.h: lines that were written before.
 *
 * In a large capture most rows are the same in packet after packet: the same field at the
 * same offset with the same bytes. What such a row looks like is kept and copied. The table
 * has a fixed size; of two rows that want the same slot the later one has it.
 */
#ifndef VIEW_MEMO_H
#define VIEW_MEMO_H

#include <loopcraft/text.h>

enum { MEMO_SLOTS = 1024, MEMO_BYTES = 16, MEMO_TEXT = 712 };

/* All that a line depends on, beside the look, which stays the same. Zero what is not used. */
struct memo_key {
    const void *row, *terms; /* of the tables */
    uint32_t pos, size;      /* of the bytes */
    uint32_t layers, state;  /* around it, and how it is shown */
    uint64_t bytes[MEMO_BYTES / 8];
};

struct memo_slot {
    struct memo_key key;
    uint32_t len; /* 0: free */
    char text[MEMO_TEXT];
};

/* Fills in size and bytes; false when they are more than a key holds. */
bool memo_bytes(struct memo_key *key, struct bytes b);

/* MEMO_SLOTS of them; ends the program when there is no memory. */
struct memo_slot *memo_new(void);

/* The slot that this line has or could have. */
struct memo_slot *memo_slot(struct memo_slot *slots, const struct memo_key *key);

/* Writes the line if the slot holds it. */
bool memo_put(const struct memo_slot *slot, const struct memo_key *key, struct text *out);

/* Keeps what was written to `out` from `start` on, unless it is too long. */
void memo_keep(struct memo_slot *slot, const struct memo_key *key, const struct text *out,
               size_t start);

#endif
