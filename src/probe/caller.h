/*
 * caller.h: a sweep by the kernel's own connect(): it makes the packets, we watch the wire.
 */
#ifndef LOOPCRAFT_PROBE_CALLER_H
#define LOOPCRAFT_PROBE_CALLER_H

#include "mould.h"

/* Lets other sockets of ours have the reserved port too. False when the system refuses. */
bool caller_share(int port_fd, struct err *err);

/*
 * Calls connect() to each port, from the mould's source, and hangs up: the answer is the capture's
 * to see. An open port's server sees a connection that is reset at once.
 */
bool caller_connect(const struct mould *mould, const uint16_t *ports, size_t count,
                    struct err *err);

/*
 * The same to the source port itself, where it would meet itself, from another port: what the
 * kernel says becomes *reply.
 */
bool caller_ask_own(const struct mould *mould, struct reply *reply, struct err *err);

#endif
