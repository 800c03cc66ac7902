/*
 * dns_name.h: names in DNS messages, compressed or not (RFC 1035, 4.1.4): the one thing that takes
 * code to read.
 */
#ifndef LOOPCRAFT_PROTO_DNS_NAME_H
#define LOOPCRAFT_PROTO_DNS_NAME_H

#include <loopcraft/proto.h>

/* For record->measure: the bytes that a name takes where it stands; 0 when it can't be read. */
size_t dns_name_measure(struct bytes message, size_t at, size_t end);

extern const struct format format_dns_name;        /* www.example.com */
extern const struct format format_dns_service;     /* of _http._tcp.example.com: _http, */
extern const struct format format_dns_protocol;    /* _tcp */
extern const struct format format_dns_domain;      /* and example.com */

#endif
