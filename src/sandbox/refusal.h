/*
 * refusal.h: what it means when the system refuses a step to the sandbox.
 */
#ifndef SANDBOX_REFUSAL_H
#define SANDBOX_REFUSAL_H

#include <loopcraft/err.h>

enum sandbox_step {
    STEP_UNSHARE_USER, /* a user and a network namespace, for an ordinary user */
    STEP_UNSHARE_NET,  /* a network namespace alone, for root */
    STEP_MAP,          /* /proc/self/uid_map and its like */
    STEP_LO,           /* lo up */
    STEP_INIT          /* a process in a new PID namespace */
};

/* Fills in *err from errno: the step, the likely cause, the way out. Returns false. */
bool refusal(struct err *err, enum sandbox_step step);

#endif
