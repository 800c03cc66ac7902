/* udp.c: the User Datagram Protocol (RFC 768). */
#include <loopcraft/format.h>
#include <loopcraft/proto.h>

#include "ports.h"

static const struct field udp_fields[] = {
    {.name = "udp.srcport", .label = "Source port", .bit = 0, .bits = 16, .role = ROLE_SOURCE,
     .format = &format_decimal, .rfc = "RFC 768", .means = "the program it comes from"},
    {.name = "udp.dstport", .label = "Destination port", .bit = 16, .bits = 16,
     .role = ROLE_DESTINATION, .format = &format_decimal, .rfc = "RFC 768",
     .means = "the program it goes to"},
    {.name = "udp.length", .label = "Length", .bit = 32, .bits = 16, .role = ROLE_LENGTH,
     .brief = true, .format = &format_decimal, .rfc = "RFC 768",
     .means = "bytes of this header (8) and the data"},
    {.name = "udp.checksum", .label = "Checksum", .bit = 48, .bits = 16, .role = ROLE_CHECKSUM,
     .format = &format_hex, .rfc = "RFC 768; RFC 8200, 8.1",
     .means = "shows when a bit flipped; 0 over IPv4: none"},
};

static const struct field udp_payload = {
    .name = "udp.payload", .label = "Payload", .role = ROLE_ALSO, .format = &format_bytes,
    .rfc = "RFC 768", .means = "all that the datagram carries"};

const struct record proto_udp = {
    .name = "udp", .title = "UDP", .layer = LAYER_TRANSPORT, .unit = "datagram", .size = 8,
    .fields = udp_fields, .field_count = sizeof udp_fields / sizeof udp_fields[0],
    .ports = ports_udp, .rest = &proto_data, .payload = &udp_payload,
    .sum = SUM_PSEUDO_OPTIONAL, .protocol = 17,
    .word = "udp", .rfc = "RFC 768",
    .means = "carries one message to a program, with no promise that it arrives",
};
