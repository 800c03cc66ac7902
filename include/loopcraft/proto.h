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
extern const struct record proto_piece;  /* the data of a fragment that is not the first */
extern const struct record proto_opaque; /* data under no name */

extern const struct record proto_loopback; /* BSD's and macOS's */
extern const struct record proto_raw;
extern const struct record proto_sll; /* "any" on Linux, and its version 2 */
extern const struct record proto_sll2;
extern const struct record proto_vlan;
extern const struct record proto_provider_vlan;
extern const struct record proto_arp;
extern const struct record proto_dns;
extern const struct record proto_dns_stream; /* over TCP */

/* Of a DNS name: its characters, and the words between its dots. */
extern const struct format format_dns_name_length;
extern const struct format format_dns_labels;

/*
 * What a frame starts as, by the link type of its capture. Every record there is can be reached
 * from here (lint_branches).
 */
extern const struct branch proto_links[];

#endif
