/*
 * few.h: the first packets of many.
 */
#ifndef LOOPCRAFT_CMD_FEW_H
#define LOOPCRAFT_CMD_FEW_H

#include <loopcraft/event.h>

/* A sink that passes on all events, of the packets only the first, and says so once. Owns inner. */
struct sink *few_sink(struct sink *inner, unsigned long packets);

#endif
