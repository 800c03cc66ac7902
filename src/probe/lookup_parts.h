/*
 * lookup_parts.h: what the two ways of asking a DNS server share.
 */
#ifndef LOOPCRAFT_PROBE_LOOKUP_PARTS_H
#define LOOPCRAFT_PROBE_LOOKUP_PARTS_H

#include <loopcraft/lookup.h>

/* There is no answer, and this is why; a constant, and a sentence without its full stop. */
void lookup_failed(struct looked_up *found, const char *failure, const char *means);

/* lookup_stream.c: asks over TCP, after a datagram that was cut short. */
enum probe_result lookup_stream(struct exchange *x, const struct lookup *lookup,
                                struct looked_up *found, struct err *err);

#endif
