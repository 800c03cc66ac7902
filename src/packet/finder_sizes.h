/*
 * finder_sizes.h: sizes that no bytes say: Wireshark works them out, and so does the finder.
 */
#ifndef PACKET_FINDER_SIZES_H
#define PACKET_FINDER_SIZES_H

#include <loopcraft/node.h>

struct finder_size {
    const char *name;
    const struct record *record; /* of which it is one */
    /* The size at this node of the record; false: it has none here. */
    bool (*get)(const struct dissection *d, const struct node *head, uint64_t *size);
};

/* Ends with name NULL. */
extern const struct finder_size finder_sizes[];

#endif
