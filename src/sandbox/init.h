/*
 * init.h: the first process of the sandbox's PID namespace.
 *
 * When it ends, the kernel ends all others there (pid_namespaces(7)); and it ends with the
 * process that made it, kill -9 included. Nothing else cleans up, so nothing can be missed.
 */
#ifndef SANDBOX_INIT_H
#define SANDBOX_INIT_H

#include "command.h"

#define INIT_JOINABLE "loopcraft-box" /* the process name by which others find it */

/*
 * The lifeline is a socket of whole messages. Out: a signal's number (int) for the command;
 * its end ends init. Back: the command's status (int) as of wait(2), whenever it changes.
 */
struct init {
    pid_t pid;    /* 0: there is none */
    int lifeline; /* -1: there is none */
};

#define INIT_NONE ((struct init){0, -1})

struct init_wants {
    bool pidns;    /* in a new PID namespace; false: it watches over the command alone */
    bool services; /* it is the init of a new sandbox: services, and the beacon */
    bool joinable; /* others of the same user may enter */
    int anchor;    /* a pidfd: end with that process too; -1: none */
    const struct guest *command; /* what it runs, its child; NULL: nothing */
};

/*
 * Returns when the services listen and the command has begun. Then init_end() ends it, and
 * so does the end of this process.
 */
bool init_start(struct init *init, const struct init_wants *wants, struct err *err);

/* Ends it and all in its PID namespace, and returns when they are gone. */
void init_end(struct init *init);

#endif
