/*
 * walk_rows.h: the part of the walk that lays nodes over bytes: rows, and bytes without rows.
 */
#ifndef LOOPCRAFT_MODEL_WALK_ROWS_H
#define LOOPCRAFT_MODEL_WALK_ROWS_H

#include <loopcraft/node.h>

struct walker {
    struct dissection *out;
    const char *cut; /* why bytes may be missing through no fault of the packet's, or NULL */
};

/* What the rows said on the way, and what follows from it. */
struct seen {
    uint64_t header_length, length, payload_length, next, chosen, code, pointer;
    size_t header_length_node, length_node, code_node;
    bool has_header_length, has_length, has_payload_length, has_next, has_chosen, fragment, more;
};

/*
 * Bytes that no row describes, from bit to end_bit, if there are any. `around` says whose they
 * are; why: a constant sentence.
 */
void walk_bytes(struct walker *w, struct node around, uint32_t bit, uint32_t end_bit,
                enum node_fault fault, const char *why);

/* Bytes of something that does not end where it should: cut, or the packet's own fault. */
void walk_missing(struct walker *w, struct node around, uint32_t bit, uint32_t end_bit);

/*
 * The rows of around.record at byte pos, none beyond byte `end`, and one that runs to there if
 * the last does. Notes in *seen what their roles say. Returns the byte after them.
 */
uint32_t walk_rows(struct walker *w, struct node around, uint32_t pos, uint32_t end,
                   struct seen *seen);

/* A row at that place, of no layer yet. */
struct node row_node(const struct field *field, uint32_t bit, uint32_t bits);

#endif
