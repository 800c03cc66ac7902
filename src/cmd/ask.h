/*
 * ask.h: what the commands share that ask for a state (syn, connect, udp, ping).
 */
#ifndef LOOPCRAFT_CMD_ASK_H
#define LOOPCRAFT_CMD_ASK_H

#include "live.h"

struct ask {
    const char *command;
    enum probe_kind kind;
    const char *proto;   /* "tcp", "udp"; "icmp" has no ports, and takes --count */
    const char *example; /* of the ports it takes */
    const char *data;    /* what it says when the user does not; NULL: it takes no --data */
    size_t most;         /* ports, or echo requests: every packet is shown */
    struct wants wants;
};

/* Reads the command line, asks, judges --expect; returns the exit status. */
int ask_run(const struct ask *ask, const struct line *line, struct err *err);

#endif
