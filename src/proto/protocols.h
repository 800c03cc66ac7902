/*
 * protocols.h: lists that more than one table names.
 */
#ifndef LOOPCRAFT_PROTO_PROTOCOLS_H
#define LOOPCRAFT_PROTO_PROTOCOLS_H

#include <loopcraft/record.h>

extern const struct term terms_ethertype[];   /* what a frame carries */
extern const struct term terms_ip_protocol[]; /* what a packet carries, in IPv4 and IPv6 alike */
extern const struct term terms_dscp[];        /* differentiated services codepoints */
extern const struct term terms_ecn[];         /* explicit congestion notification, in IP */

extern const struct term terms_hardware[];
extern const struct branch next_ethertype[];
extern const struct branch next_ip_protocol[]; /* the tables for what a packet carries */

#endif
