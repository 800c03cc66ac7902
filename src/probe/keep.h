/*
 * keep.h: a sweep's packets for a capture file, each with a word on what it is.
 */
#ifndef LOOPCRAFT_PROBE_KEEP_H
#define LOOPCRAFT_PROBE_KEEP_H

#include <loopcraft/probe.h>

/* Buffers that are kept from packet to packet; begins as zeroes. */
struct keep {
    struct dissection dissection;
    struct summary summary;
    struct text note;
};

/* Tells a captured frame to the sinks; ruling: what it says of a port, or NULL. */
bool keep_packet(struct keep *keep, struct exchange *x, const struct sinks *sinks,
                 const struct frame *frame, const struct ruling *ruling, struct err *err);
void keep_free(struct keep *keep);

#endif
