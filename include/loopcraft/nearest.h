/*
 * nearest.h: the names that a mistyped word may have meant.
 */
#ifndef LOOPCRAFT_NEAREST_H
#define LOOPCRAFT_NEAREST_H

#include <loopcraft/text.h>

/* The three best candidates so far. */
struct nearest {
    const char *word;
    struct { const char *name; unsigned distance; } best[3];
};

struct nearest nearest_to(const char *word);
void nearest_try(struct nearest *nearest, const char *name);

/* "tcp.dstport, tcp.srcport"; nothing when none comes near. */
void nearest_put(struct text *out, const struct nearest *nearest);

#endif
