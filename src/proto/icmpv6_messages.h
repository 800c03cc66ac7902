/*
 * icmpv6_messages.h: ICMPv6 messages that have a file of their own: how they go on after the
 * checksum.
 */
#ifndef LOOPCRAFT_PROTO_ICMPV6_MESSAGES_H
#define LOOPCRAFT_PROTO_ICMPV6_MESSAGES_H

#include <loopcraft/record.h>

/* Neighbour discovery (RFC 4861): icmpv6_neighbour.c. */
extern const struct record icmpv6_router_solicitation;
extern const struct record icmpv6_router_advertisement;
extern const struct record icmpv6_neighbour_solicitation;
extern const struct record icmpv6_neighbour_advertisement;
extern const struct record icmpv6_redirect;
extern const struct options neighbour_options; /* neighbour_options.c */

/* Multicast listener discovery (RFC 2710, RFC 3810): icmpv6_multicast.c. */
extern const struct record icmpv6_listener_query;
extern const struct record icmpv6_listener_report; /* and done */
extern const struct record icmpv6_listener_report2;

/* Node information (RFC 4620): icmpv6_information.c. */
extern const struct record icmpv6_information_query;
extern const struct record icmpv6_information_reply;

#endif
