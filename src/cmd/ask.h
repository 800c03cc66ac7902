/*
 * ask.h: what the commands share that ask ports for their state (syn, connect).
 */
#ifndef LOOPCRAFT_CMD_ASK_H
#define LOOPCRAFT_CMD_ASK_H

#include "live.h"

struct ask {
    const char *command;
    size_t ports_most;
    bool words; /* it crafts its packets: recipe words are understood */
    struct wants wants;
    enum probe_result (*probe)(struct live *live, const char **states, struct err *err);
};

/* Reads the command line, asks, judges --expect; returns the exit status. */
int ask_ports(const struct ask *ask, const struct line *line, struct err *err);

#endif
