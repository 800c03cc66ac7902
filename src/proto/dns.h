/*
 * dns.h: the parts of DNS messages: what dns.c's header is followed by.
 */
#ifndef LOOPCRAFT_PROTO_DNS_H
#define LOOPCRAFT_PROTO_DNS_H

#include <loopcraft/record.h>

extern const struct record dns_question;
extern const struct record dns_resource; /* a resource record: an answer */
extern const struct record dns_option;   /* one of an OPT record */

#endif
