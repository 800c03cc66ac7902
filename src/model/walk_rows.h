/*
 * walk_rows.h: the part of the walk that lays nodes over bytes: rows, and bytes without rows.
 */
#ifndef LOOPCRAFT_MODEL_WALK_ROWS_H
#define LOOPCRAFT_MODEL_WALK_ROWS_H

#include "walk_memory.h"

enum { COUNTS_MOST = 4 };

struct walker {
    struct dissection *out;
    struct looked *looked; /* what it goes by */
    const char *cut;  /* why bytes may be missing through no fault of the packet's, or NULL */
    uint32_t message; /* where the message starts, into which the parts of this layer may point, */
    uint32_t message_end;
};

/* What the rows said on the way, and what follows from it. */
struct seen {
    uint64_t header_length, length, payload_length, body_length, next, chosen, code, pointer;
    uint64_t counts[COUNTS_MOST];
    size_t header_length_node, length_node, code_node, count_nodes[COUNTS_MOST], count_count;
    size_t source_node, destination_node; /* 0: none */
    bool has_header_length, has_length, has_payload_length, has_body_length, has_next, has_chosen;
    bool fragment, more;
};

/*
 * Bytes that no row describes, from bit to end_bit, if there are any. `around` says whose they
 * are; why: a constant sentence.
 */
void walk_bytes(struct walker *w, const struct node *around, uint32_t bit, uint32_t end_bit,
                enum node_fault fault, const char *why);

/* Bytes of something that does not end where it should: cut, or the packet's own fault. */
void walk_missing(struct walker *w, const struct node *around, uint32_t bit, uint32_t end_bit);

/*
 * The rows of around->record at byte pos, none beyond byte `end`, and one that runs to there if
 * the last does. Notes in *seen what their roles say. Returns the byte after them.
 */
uint32_t walk_rows(struct walker *w, const struct node *around, uint32_t pos, uint32_t end,
                   struct seen *seen);

/* A row at that place, of no layer yet. */
struct node row_node(const struct field *field, uint32_t bit, uint32_t bits);

#endif
