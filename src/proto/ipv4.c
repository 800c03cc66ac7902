/* ipv4.c: the Internet Protocol, version 4 (RFC 791). */
#include <loopcraft/format.h>
#include <loopcraft/proto.h>

#include "ipv4_options.h"
#include "protocols.h"

static const struct field ipv4_fields[] = {
    {.name = "ip.version", .label = "Version", .bit = 0, .bits = 4, .format = &format_part,
     .rfc = "RFC 791, 3.1", .means = "4: how to read what follows"},
    {.name = "ip.hdr_len", .label = "IHL", .bit = 4, .bits = 4, .scale = 4,
     .role = ROLE_HEADER_LENGTH, .format = &format_part, .rfc = "RFC 791, 3.1",
     .means = "bytes of this header, counted in fours"},
    {.name = "ip.dsfield", .label = "DS field", .bit = 8, .bits = 8, .role = ROLE_GROUP,
     .format = &format_hex, .rfc = "RFC 2474, 3",
     .means = "how routers should treat it"},
    {.name = "ip.dsfield.dscp", .label = "DSCP", .bit = 8, .bits = 6, .format = &format_decimal,
     .terms = terms_dscp, .rfc = "RFC 2474, 3", .means = "the class of service it asks for"},
    {.name = "ip.dsfield.ecn", .label = "ECN", .bit = 14, .bits = 2, .format = &format_decimal,
     .terms = terms_ecn, .rfc = "RFC 3168, 5",
     .means = "a full router may mark it, not drop it"},
    {.name = "ip.len", .label = "Total length", .bit = 16, .bits = 16, .role = ROLE_LENGTH,
     .format = &format_decimal, .rfc = "RFC 791, 3.1",
     .means = "bytes of the whole packet, with this header"},
    {.name = "ip.id", .label = "Identification", .bit = 32, .bits = 16, .format = &format_hex,
     .rfc = "RFC 791, 3.1", .means = "the same in all fragments of one packet"},
    {.name = "ip.flags", .label = "Flags", .bit = 48, .bits = 3, .role = ROLE_GROUP,
     .format = &format_flags, .rfc = "RFC 791, 3.1", .means = "may it be cut, and was it"},
    {.name = "ip.flags.rb", .label = "RB", .bit = 48, .bits = 1, .role = ROLE_RESERVED,
     .format = &format_flag, .rfc = "RFC 791, 3.1", .means = "reserved, always 0"},
    {.name = "ip.flags.df", .label = "DF", .bit = 49, .bits = 1, .format = &format_flag,
     .rfc = "RFC 791, 3.1", .means = "don't fragment: rather drop it than cut it"},
    {.name = "ip.flags.mf", .label = "MF", .bit = 50, .bits = 1, .role = ROLE_MORE,
     .format = &format_flag, .rfc = "RFC 791, 3.1",
     .means = "more fragments: this is not the last piece"},
    {.name = "ip.frag_offset", .label = "Fragment offset", .bit = 51, .bits = 13,
     .role = ROLE_FRAGMENT, .format = &format_decimal, .rfc = "RFC 791, 3.1",
     .means = "where this piece belongs, in steps of 8 bytes"},
    {.name = "ip.ttl", .label = "TTL", .bit = 64, .bits = 8, .format = &format_decimal,
     .rfc = "RFC 791, 3.1", .means = "hops left before a router drops it"},
    {.name = "ip.proto", .label = "Protocol", .bit = 72, .bits = 8, .role = ROLE_NEXT,
     .format = &format_decimal, .terms = terms_ip_protocol, .rfc = "RFC 791, 3.1",
     .means = "which protocol the packet carries"},
    {.name = "ip.checksum", .label = "Header checksum", .bit = 80, .bits = 16,
     .role = ROLE_CHECKSUM, .format = &format_hex, .rfc = "RFC 791, 3.1; RFC 1071",
     .means = "shows when a bit of this header was flipped"},
    {.name = "ip.src", .label = "Source address", .bit = 96, .bits = 32, .role = ROLE_SOURCE,
     .format = &format_ipv4, .rfc = "RFC 791, 3.1", .means = "the machine it comes from"},
    {.name = "ip.dst", .label = "Destination address", .bit = 128, .bits = 32,
     .role = ROLE_DESTINATION, .format = &format_ipv4, .rfc = "RFC 791, 3.1",
     .means = "the machine it goes to"},
};

const struct record proto_ipv4 = {
    .name = "ip", .title = "IPv4", .layer = LAYER_INTERNET, .unit = "packet", .size = 20,
    .fields = ipv4_fields, .field_count = sizeof ipv4_fields / sizeof ipv4_fields[0],
    .options = &ipv4_options, .next = next_ip_protocol, .rest = &proto_data,
    .piece = &proto_piece, .sum = SUM_HEADER,
    .word = "ip", .rfc = "RFC 791, 3.1", .means = "carries data from one machine to another",
};
