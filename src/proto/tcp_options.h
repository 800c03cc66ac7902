/*
 * tcp_options.h: the options behind a TCP header.
 */
#ifndef LOOPCRAFT_PROTO_TCP_OPTIONS_H
#define LOOPCRAFT_PROTO_TCP_OPTIONS_H

#include <loopcraft/record.h>

extern const struct options tcp_options;

#endif
