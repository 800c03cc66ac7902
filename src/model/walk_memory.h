/*
 * walk_memory.h: what the walk keeps from frame to frame: the rows of records as nodes
 * (walk_plan.h), and the shapes of frames: what was gone by, and the nodes that came of it.
 */
#ifndef LOOPCRAFT_MODEL_WALK_MEMORY_H
#define LOOPCRAFT_MODEL_WALK_MEMORY_H

#include <loopcraft/node.h>

#include "looked.h"

/* A capture has few shapes at a time: of those with one length, the last SHAPE_WAYS are kept. */
enum { SHAPE_SETS = 32, SHAPE_WAYS = 4, SHAPE_NODES = 256 };

struct shape {
    uint64_t number; /* 0: free */
    const struct record *first;
    size_t len; /* of the frame */
    bool cut;   /* it was longer on the wire */
    size_t end; /* bytes of the mask; mask and bytes are one stretch of memory, owned */
    uint8_t *mask, *bytes;
    struct find finds[LOOKED_FINDS];
    size_t find_count;
    struct node *nodes; /* owned */
    size_t count;
};

struct walk_memory {
    unsigned users; /* dissections */
    struct walk_plans *plans;
    struct looked looked;
    struct shape shapes[SHAPE_SETS][SHAPE_WAYS];
    uint8_t next[SHAPE_SETS]; /* the way that is taken next */
    uint64_t last;            /* number of a shape */
};

/* That of a dissection, made when it has none. */
struct walk_memory *walk_memory_of(struct dissection *d);

/* The shape of this frame, or NULL. */
const struct shape *shape_find(const struct walk_memory *memory, const struct record *first,
                               struct bytes bytes, bool cut);

/* The dissection has the nodes of this shape. */
void shape_take(struct dissection *d, const struct shape *shape);

/* Keeps the dissection and what the walk went by as a shape, if that can be. */
void shape_keep(struct dissection *d, const struct record *first, bool cut);

#endif
