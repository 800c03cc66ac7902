/*
 * finder_names.h: between the finder's names and its values.
 */
#ifndef PACKET_FINDER_NAMES_H
#define PACKET_FINDER_NAMES_H

#include <loopcraft/finder.h>

/* A name that belongs to the frame, not to its bytes. */
struct finder_source {
    const char *name;
    enum finder_kind kind;
    unsigned bits;
    bool (*get)(const struct frame *frame, struct found *found); /* false: this frame has none */
};

/* Fills in what kind of values a row has. */
void finder_take_kind(struct finder *finder, const struct field *field);

#endif
