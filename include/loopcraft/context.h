/*
 * context.h: what a packet means among those before it: "your 1234 + 1", "sent again".
 *
 * A tracker that is shown the packets of a capture in order, all of them. It knows some two
 * thousand conversations, and forgets those that were quiet longest: constant memory, and the
 * same work for each packet, whatever the capture has in store.
 */
#ifndef LOOPCRAFT_CONTEXT_H
#define LOOPCRAFT_CONTEXT_H

#include <loopcraft/dissect.h>
#include <loopcraft/remarks.h>

struct context;

struct context *context_new(void);          /* ends the program when there is no memory */
void context_free(struct context *context); /* NULL: nothing */

/*
 * Takes the next packet in, and adds what it means to the remarks; NULL: it is not going to be
 * shown. Rows that have a remark keep it.
 */
void context_packet(struct context *context, const struct frame *frame, const struct dissection *d,
                    struct remarks *remarks);

/* A sentence on the packet as a whole, or ""; valid until the next packet. */
const char *context_note(struct context *context);

/* The number of the packet that it answers; 0: none, or not known. */
uint64_t context_answered(const struct context *context);

#endif
