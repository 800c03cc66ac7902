/*
 * walk_parts.h: the parts of a layer: options, elements, counted lists; and how they and the walk
 * of layers call each other.
 */
#ifndef LOOPCRAFT_MODEL_WALK_PARTS_H
#define LOOPCRAFT_MODEL_WALK_PARTS_H

#include "walk_rows.h"

/* What a record carries. */
struct load {
    const struct record *record; /* NULL: nothing is known to follow */
    const struct field *payload;
    uint32_t pos;
};

/* --- walk_parts.c ---------------------------------------------------------------- */

void mark_bad(struct walker *w, size_t node, const char *why);

/* The record, or the one that takes its place for the bytes at pos. */
const struct record *record_at(const struct walker *w, const struct record *record, uint32_t pos,
                               uint32_t end);

/* All of these return the byte after what they walked. `around` is the node of the record. */
void walk_options(struct walker *w, const struct node *around, uint32_t pos, uint32_t end);
uint32_t walk_parts(struct walker *w, const struct node *around, uint32_t pos, uint32_t end);
uint32_t walk_lists(struct walker *w, const struct node *around, uint32_t pos, uint32_t end,
                    const struct seen *seen);
uint32_t walk_elements(struct walker *w, const struct node *around, uint32_t start, uint32_t pos,
                       uint32_t end, uint64_t pointer);

/* --- walk.c ---------------------------------------------------------------------- */

/* around->record's rows and whatever it says goes on with them. */
struct load walk_body(struct walker *w, const struct node *around, uint32_t pos, uint32_t end,
                      struct seen *seen);

/* A packet that a part quotes, in a layer of that depth. Returns the byte after it. */
uint32_t walk_quoted(struct walker *w, const struct record *record, uint32_t pos, uint32_t end,
                     uint8_t depth);

#endif
