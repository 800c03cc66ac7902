/*
 * loopback.h: sockets on 127.0.0.1 and ::1, and nowhere else.
 */
#ifndef SANDBOX_LOOPBACK_H
#define SANDBOX_LOOPBACK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A nonblocking socket of `type` (SOCK_STREAM: it listens; SOCK_DGRAM) bound to the family's
 * loopback address; *port 0: the kernel chooses, and *port tells. -1 and errno on failure.
 */
int loopback_bind(int family, int type, uint16_t *port);

#endif
