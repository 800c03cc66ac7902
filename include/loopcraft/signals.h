/*
 * signals.h: SIGINT, SIGTERM and SIGHUP, as something to be read.
 */
#ifndef LOOPCRAFT_SIGNALS_H
#define LOOPCRAFT_SIGNALS_H

#include <loopcraft/err.h>

/* Blocks the three and returns the signalfd(2) that they can be read from, or -1. */
int signals_open(void);

/* The next that came, or 0: none. */
int signals_read(int fd);

#endif
