/*
 * crew.h: packets told by two threads at a time, each half of a batch; they come out in order.
 *
 * Only where all packets are there already (a file) and the one sink has a twin: it tells of each
 * packet alone. A crew is opened after privilege is gone: a thread would keep what it was given.
 */
#ifndef LOOPCRAFT_CMD_CREW_H
#define LOOPCRAFT_CMD_CREW_H

#include <loopcraft/event.h>

struct crew;

/* NULL: these sinks, or this machine, have no use for one. Nothing else is told to them until it
 * is flushed. */
struct crew *crew_open(const struct sinks *sinks);

/* Copies the frame; it is told by the next flush at the latest. */
bool crew_tell(struct crew *crew, const struct frame *frame, int64_t since_ns, struct err *err);

/* Everything so far is told. */
bool crew_flush(struct crew *crew, struct err *err);

void crew_close(struct crew *crew); /* or NULL */

#endif
