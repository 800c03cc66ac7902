/*
 * schedule.h: how often a sweep asks, and how long it waits, by what it measures.
 */
#ifndef LOOPCRAFT_PROBE_SCHEDULE_H
#define LOOPCRAFT_PROBE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct schedule {
    size_t ports;      /* in the whole sweep */
    unsigned rounds;   /* gone through so far: probes that a silent port has got */
    uint64_t answered; /* probes that were answered, */
    uint64_t lost;     /* and those of the same ports that were not */
    int64_t rtt_ns;    /* the mean round trip of the round before, in nanoseconds */
    bool programs;     /* programs answer, not the kernel alone: they take their time */
};

/* A port was answered for the first time, after so many probes. */
void schedule_answer(struct schedule *s, unsigned tries);

/*
 * How many ports would be called silent after these rounds though they are not, at most: each one
 * is with loss to the power of rounds. The loss is taken from above: three standard deviations and
 * a bit, and a quarter as long as nothing has answered.
 */
double schedule_wrong(const struct schedule *s);

/* Has each port been asked often enough? */
bool schedule_enough(const struct schedule *s);

/* How long to wait for answers after a round, in nanoseconds; last: silence is believed after it.
 */
int64_t schedule_wait(const struct schedule *s, bool last);

#endif
