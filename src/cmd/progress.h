/*
 * progress.h: a line on the terminal that says how far a sweep is.
 */
#ifndef LOOPCRAFT_CMD_PROGRESS_H
#define LOOPCRAFT_CMD_PROGRESS_H

#include "options.h"

#include <loopcraft/sweep.h>

struct progress {
    bool on;    /* standard error is a terminal, and nobody asked for quiet or JSON */
    bool shown; /* the line stands there */
};

struct progress progress_on(const struct line *line);

/* For sweep_plan.progress; context: the struct progress. */
void progress_show(void *context, const struct sweep_progress *now);

/* Takes the line away. */
void progress_clear(struct progress *progress);

#endif
