/*
 * ipv4_options.h: the options behind an IPv4 header.
 */
#ifndef LOOPCRAFT_PROTO_IPV4_OPTIONS_H
#define LOOPCRAFT_PROTO_IPV4_OPTIONS_H

#include <loopcraft/record.h>

extern const struct options ipv4_options;

#endif
