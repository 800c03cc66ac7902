/*
 * proto.h: the protocols that the program knows, one table file each in src/proto/.
 *
 * To add one: write its table file, name it here, and name it in the `next` list of what
 * carries it. src/README.md shows how.
 */
#ifndef LOOPCRAFT_PROTO_H
#define LOOPCRAFT_PROTO_H

#include <loopcraft/record.h>

extern const struct record proto_ethernet;
extern const struct record proto_ipv4;
extern const struct record proto_ipv6;
extern const struct record proto_tcp;
extern const struct record proto_udp;
extern const struct record proto_icmp;
extern const struct record proto_icmpv6;
extern const struct record proto_data;

#endif
