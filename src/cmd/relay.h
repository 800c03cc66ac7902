/*
 * relay.h: packets on their way to the sinks: read and understood by one thread, told by another.
 *
 * They are told in order, and by one thread alone, so that any sink will do. Where packets come as
 * they happen, or there is one processor, no thread is started and each is told at once. A relay
 * is opened after privilege is gone: a thread would keep what it was given.
 */
#ifndef LOOPCRAFT_CMD_RELAY_H
#define LOOPCRAFT_CMD_RELAY_H

#include "teller.h"

struct relay;

/* Both are the relay's until it is closed: nothing else may tell the sinks before it is finished.
 */
struct relay *relay_open(const struct sinks *sinks, bool live);

/*
 * Where the next packet goes: to be filled in (told->frame, told->dissection, ...), and handed
 * over, or left for another. NULL when a sink failed.
 */
struct told *relay_place(struct relay *relay, struct err *err);

/* That packet is complete. False when a sink failed. */
bool relay_hand(struct relay *relay, struct err *err);

/* All that were handed over are told. */
bool relay_finish(struct relay *relay, struct err *err);

void relay_close(struct relay *relay); /* or NULL */

#endif
