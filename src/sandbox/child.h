/*
 * child.h: how a child process of this floor begins, and how it says that it did.
 */
#ifndef SANDBOX_CHILD_H
#define SANDBOX_CHILD_H

#include <loopcraft/err.h>

#include <stddef.h>

/*
 * Makes a child that stays into one of its own: default signals, /dev/null as its standard
 * files, and no descriptor of its parent's but these (-1: none), which are moved when they
 * stand where those belong.
 */
void child_settle(int *const keep[], size_t count);

/* Becomes sudo's caller if there is one, and drops every capability. */
bool child_humble(struct err *err);

/* Ends this process with its parent; to be called last: dropping ids would undo it, prctl(2). */
void child_bind(const char *name);

/* A pipe with which a child reports, once, that it has begun, or why it could not. */
struct report {
    int read, write;
};

bool report_open(struct report *report, struct err *err);
/* The child: NULL for success. Closes its end. */
void report_send(struct report *report, const struct err *err);
/* The parent: waits for it. Closes both ends. */
bool report_wait(struct report *report, struct err *err);
/* The same for a child that execs, and reports only when it can't. */
bool report_exec(struct report *report, struct err *err);

#endif
