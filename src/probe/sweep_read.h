/*
 * sweep_read.h: what comes back to a sweep, read fast: a captured frame to a reply, by bounded offsets.
 */
#ifndef LOOPCRAFT_PROBE_SWEEP_READ_H
#define LOOPCRAFT_PROBE_SWEEP_READ_H

#include "mould.h"

/*
 * Fills in *reply from an Ethernet frame that came from the mould's target to us: TCP, UDP, or an
 * ICMP error that quotes a packet of ours; of PROBE_CONNECT our own packets too. Of a quoted
 * datagram seq is the UDP checksum. False: anything else.
 */
bool sweep_read(struct reply *reply, const struct mould *mould, const struct frame *frame);

#endif
