/*
 * join.h: into the user's running sandbox.
 */
#ifndef SANDBOX_JOIN_H
#define SANDBOX_JOIN_H

#include <stdbool.h>

/*
 * Moves this process into the namespaces of a sandbox that the same user's `sandbox` command
 * runs, and gives a pidfd of its init (-1: the kernel has none). False: there is none to join,
 * or it went away meanwhile.
 */
bool join_running(int *pidfd);

#endif
