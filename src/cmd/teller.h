/*
 * teller.h: from a frame to the event that sinks are told, in two steps, which two threads may do:
 * packets are understood one after the other, as they come, and told in the same order.
 */
#ifndef LOOPCRAFT_CMD_TELLER_H
#define LOOPCRAFT_CMD_TELLER_H

#include <loopcraft/context.h>
#include <loopcraft/dissect.h>
#include <loopcraft/event.h>
#include <loopcraft/outline.h>
#include <loopcraft/remarks.h>

/*
 * A packet, and all that its event borrows. Used again for other packets, so that nothing is
 * allocated for each.
 */
struct told {
    struct frame frame;
    struct dissection dissection; /* of the frame */
    int64_t since_ns;             /* as in struct packet_event */
    struct summary summary;
    struct remarks remarks;
    struct text note;
    uint64_t answered; /* as in struct packet_event */
    struct text copy;  /* of the frame's bytes and comment, once told_keep() was called */
};

/* What understanding a packet needs beside the packet. */
struct teller {
    struct context *context; /* the packets before it */
    struct outlines *outlines;
    unsigned without; /* of sinks_without(): nobody is to be told this */
};

void teller_open(struct teller *teller);
void teller_close(struct teller *teller);

/*
 * Frame and dissection are there: adds what they mean. Each packet of a capture is to be
 * understood, in order, also one that nobody is told of: what follows may refer to it.
 */
void teller_understand(struct teller *teller, struct told *told, bool shown);

/* The frame's bytes will be gone: from here on the packet has its own. */
void told_keep(struct told *told);

/* Tells the sinks of a packet that was understood. */
bool told_tell(struct told *told, const struct sinks *sinks, struct err *err);

void told_free(struct told *told);

#endif
