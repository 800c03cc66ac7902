/*
 * salvo.h: one round of probes, a slice at a time, by one thread or two.
 */
#ifndef LOOPCRAFT_PROBE_SALVO_H
#define LOOPCRAFT_PROBE_SALVO_H

#include "mould.h"

#include <pthread.h>
#include <stdatomic.h>

/* What was sent to a port. Written by who sends, read by who receives. */
struct mark {
    _Atomic int64_t sent_ns; /* the last probe, clock_wall(); taken between those of its batch */
    _Atomic unsigned tries;
};

struct salvo {
    struct sender *sender;
    const struct mould *mould;
    const uint16_t *ports; /* in the order in which they are asked */
    size_t count;
    size_t slice;       /* ports in one go */
    bool again;         /* a server may remember the probe before: a reset goes first */
    struct mark *marks; /* SWEEP_PORTS, by port */
    /* private */
    _Atomic size_t next;
    _Atomic unsigned sent, withheld;
    _Atomic bool failed;
    bool helped;
    pthread_t helper;
    struct err helper_err;
};

/* A second thread sends as well; where none can be had, one does it all. */
void salvo_help(struct salvo *salvo);

/* Sends the next slice; *over when there was none. */
bool salvo_fire(struct salvo *salvo, bool *over, struct err *err);

/* Ends the helper: after what it is at. False when it failed. */
bool salvo_end(struct salvo *salvo, struct err *err);

#endif
