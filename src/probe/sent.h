/*
 * sent.h: packets of ours that the capture has not shown yet, with what is to be said of them.
 */
#ifndef LOOPCRAFT_PROBE_SENT_H
#define LOOPCRAFT_PROBE_SENT_H

#include <loopcraft/exchange.h>

struct sent {
    struct sent *next;
    struct crafted crafted;
    struct recipe recipe; /* a copy, filled in, for provenance */
    struct text note;
    struct remarks remarks;
    struct stage stage;
};

/* Copies the recipe and takes over note, remarks and stage (the last two may be NULL). */
struct sent *sent_new(const struct recipe *recipe, struct text *note, struct remarks *remarks,
                      struct stage *stage);
void sent_free(struct sent *sent);

/*
 * Takes the packet out of the list whose transport bytes the frame has, or NULL. The kernel may
 * have filled in an IP header's id and sums, and nothing beyond (LINUX-FACTS, libnet).
 */
struct sent *sent_take(struct sent **list, struct bytes frame, const struct dissection *d);

#endif
