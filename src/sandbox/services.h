/*
 * services.h: what listens in the sandbox, in one loop of one process.
 */
#ifndef SANDBOX_SERVICES_H
#define SANDBOX_SERVICES_H

#include "child.h"
#include "http.h"

enum { SERVICES_ECHO = 4, ECHO_LONGEST = 512 /* bytes in one echo */ };

struct services {
    struct http http;
    int echo[SERVICES_ECHO];
    size_t echo_count;
};

void services_start(struct services *services);

/* Opens what the table of ports has, on 127.0.0.1 and, where there is IPv6, on ::1. */
bool services_open(struct services *services, struct err *err);

/*
 * Gives up all privilege, reports, and serves until this process is killed, its parent dies
 * or `lifeline` (the reading end of a pipe; -1: none) ends. Its parent's death alone would not
 * do: it sends a signal, and a parent without capabilities can't signal another uid.
 */
_Noreturn void services_run(struct services *services, int lifeline, struct report *report);

#endif
