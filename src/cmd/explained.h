/*
 * explained.h: --explain-checksum.
 */
#ifndef LOOPCRAFT_CMD_EXPLAINED_H
#define LOOPCRAFT_CMD_EXPLAINED_H

#include <loopcraft/event.h>

/*
 * A sink that tells the others, after each packet, how its checksums add up. It has to be the
 * last of them; `sinks` must outlive it. NULL and STATUS_SYSTEM without memory.
 */
struct sink *explained_sink(const struct sinks *sinks, struct err *err);

#endif
