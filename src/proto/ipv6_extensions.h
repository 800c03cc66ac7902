/*
 * ipv6_extensions.h: the headers that may stand between an IPv6 header and what it carries.
 */
#ifndef LOOPCRAFT_PROTO_IPV6_EXTENSIONS_H
#define LOOPCRAFT_PROTO_IPV6_EXTENSIONS_H

#include <loopcraft/record.h>

extern const struct record ipv6_hop_by_hop;
extern const struct record ipv6_destination_options;
extern const struct record ipv6_routing;
extern const struct record ipv6_fragment;

#endif
