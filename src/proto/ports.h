/*
 * ports.h: what TCP and UDP carry, by port or by how it begins.
 */
#ifndef LOOPCRAFT_PROTO_PORTS_H
#define LOOPCRAFT_PROTO_PORTS_H

#include <loopcraft/record.h>

extern const struct branch ports_tcp[];
extern const struct branch ports_udp[];
extern const struct branch starts_tcp[]; /* by the first four bytes */

#endif
