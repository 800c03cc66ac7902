/*
 * beacon.h: how a process finds out that it stands in a sandbox.
 *
 * The sandbox's init listens on an abstract Unix socket, which belongs to the network
 * namespace (unix(7)): from outside it can't be seen, and no file is left behind.
 */
#ifndef SANDBOX_BEACON_H
#define SANDBOX_BEACON_H

#include <loopcraft/err.h>

#include <sys/socket.h>

/* Init's end: a listening socket; beacon_greet() takes one caller off its queue. */
bool beacon_open(int *fd, struct err *err);
void beacon_greet(int fd);

/* The other end: does one answer in this network namespace, and who is it? */
bool beacon_answers(struct ucred *who);

#endif
