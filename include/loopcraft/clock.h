/*
 * clock.h: time in nanoseconds.
 */
#ifndef LOOPCRAFT_CLOCK_H
#define LOOPCRAFT_CLOCK_H

#include <stdint.h>

enum { CLOCK_MS = 1000000 };  /* nanoseconds in a millisecond */
#define CLOCK_SECOND INT64_C(1000000000)

int64_t clock_now(void);  /* CLOCK_MONOTONIC: for deadlines */
int64_t clock_wall(void); /* CLOCK_REALTIME: for time stamps */

#endif
