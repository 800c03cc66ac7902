/* ipv6.c: the Internet Protocol, version 6 (RFC 8200). */
#include <loopcraft/format.h>
#include <loopcraft/proto.h>

#include "protocols.h"

static const struct field ipv6_fields[] = {
    {.name = "ipv6.version", .label = "Version", .bit = 0, .bits = 4, .format = &format_part,
     .rfc = "RFC 8200, 3", .means = "6: how to read what follows"},
    {.name = "ipv6.tclass", .label = "Traffic class", .bit = 4, .bits = 8, .word = 4,
     .role = ROLE_GROUP, .format = &format_hex, .rfc = "RFC 8200, 7",
     .means = "how routers should treat it"},
    {.name = "ipv6.tclass.dscp", .label = "DSCP", .bit = 4, .bits = 6, .word = 4,
     .format = &format_decimal, .terms = terms_dscp, .rfc = "RFC 2474, 3",
     .means = "the class of service it asks for"},
    {.name = "ipv6.tclass.ecn", .label = "ECN", .bit = 10, .bits = 2, .word = 4,
     .format = &format_decimal, .terms = terms_ecn, .rfc = "RFC 3168, 5",
     .means = "a full router may mark it, not drop it"},
    {.name = "ipv6.flow", .label = "Flow label", .bit = 12, .bits = 20, .format = &format_hex,
     .rfc = "RFC 6437, 2", .means = "the same for all packets of one conversation"},
    {.name = "ipv6.plen", .label = "Payload length", .bit = 32, .bits = 16,
     .role = ROLE_PAYLOAD_LENGTH, .format = &format_decimal, .rfc = "RFC 8200, 3",
     .means = "bytes that follow this header"},
    {.name = "ipv6.nxt", .label = "Next header", .bit = 48, .bits = 8, .role = ROLE_NEXT,
     .format = &format_decimal, .terms = terms_ip_protocol, .rfc = "RFC 8200, 3",
     .means = "which protocol follows"},
    {.name = "ipv6.hlim", .label = "Hop limit", .bit = 56, .bits = 8, .format = &format_decimal,
     .rfc = "RFC 8200, 3", .means = "hops left before a router drops it"},
    {.name = "ipv6.src", .label = "Source address", .bit = 64, .bits = 128, .role = ROLE_SOURCE,
     .format = &format_ipv6, .rfc = "RFC 8200, 3", .means = "the machine it comes from"},
    {.name = "ipv6.dst", .label = "Destination address", .bit = 192, .bits = 128,
     .role = ROLE_DESTINATION, .format = &format_ipv6, .rfc = "RFC 8200, 3",
     .means = "the machine it goes to"},
};

const struct record proto_ipv6 = {
    .name = "ipv6", .title = "IPv6", .layer = LAYER_INTERNET, .unit = "packet", .size = 40,
    .fields = ipv6_fields, .field_count = sizeof ipv6_fields / sizeof ipv6_fields[0],
    .next = next_ip_protocol, .rest = &proto_data,
    .word = "ipv6", .rfc = "RFC 8200, 3", .means = "carries data from one machine to another",
};
