/*
 * outline.h: what can be told of a packet by its nodes alone: which rows sum it up, where that lies
 * which its checksums cover. Packets of one shape (node.h) have one outline, so that it is made
 * once for all of them.
 */
#ifndef LOOPCRAFT_OUTLINE_H
#define LOOPCRAFT_OUTLINE_H

#include <loopcraft/dissect.h>
#include <loopcraft/remarks.h>

struct outline {
    const struct walk_memory *memory;
    uint64_t shape;
    struct summary_rows rows;
    struct sum_place sums[REMARKS_MOST];
    size_t sum_count;
};

/* Those of some shapes; for the packets of one thread. */
struct outlines;

struct outlines *outlines_new(void); /* ends the program when there is no memory */
void outlines_free(struct outlines *outlines);

/* Valid until the next call. */
const struct outline *outline_of(struct outlines *outlines, const struct dissection *d);

#endif
