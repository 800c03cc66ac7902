/*
 * tcp_options.h: the options behind a TCP header.
 */
#ifndef LOOPCRAFT_PROTO_TCP_OPTIONS_H
#define LOOPCRAFT_PROTO_TCP_OPTIONS_H

#include <loopcraft/record.h>

extern const struct options tcp_options;
extern const struct term tcp_option_kinds[];
extern const struct record tcp_mptcp; /* tcp_mptcp.c */

#endif
