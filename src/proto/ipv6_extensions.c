/*
 * ipv6_extensions.c: the headers that may stand between an IPv6 header and what it carries.
 * Their length on the wire counts units of 8 bytes, the first 8 bytes left out.
 */
#include "ipv6_extensions.h"

#include "protocols.h"

#include <loopcraft/format.h>
#include <loopcraft/proto.h>

/* --- options, in hop-by-hop and destination headers --------------------------- */

/* The rows that options begin with. (A static table can't call a function.) */
#define TYPE_ROWS                                                                                 \
    {.name = "ipv6.opt.type", .label = "Type", .bit = 0, .bits = 8, .role = ROLE_GROUP,           \
     .format = &format_hex, .rfc = "RFC 8200, 4.2", .means = "which option this is"},             \
    {.name = "ipv6.opt.type.action", .label = "Action", .bit = 0, .bits = 2,                      \
     .format = &format_decimal, .terms = option_actions, .rfc = "RFC 8200, 4.2",                  \
     .means = "what to do with the packet when the option is unknown"},                           \
    {.name = "ipv6.opt.type.change", .label = "May change", .bit = 2, .bits = 1,                  \
     .format = &format_flag, .rfc = "RFC 8200, 4.2",                                              \
     .means = "set: routers on the way may change it"},                                           \
    {.name = "ipv6.opt.type.rest", .label = "Number", .bit = 3, .bits = 5, .format = &format_hex, \
     .rfc = "RFC 8200, 4.2", .means = "the rest of the option's number"}
#define LENGTH_ROW                                                                                \
    {.name = "ipv6.opt.length", .label = "Length", .bit = 8, .bits = 8,                           \
     .role = ROLE_OPTION_LENGTH, .format = &format_decimal, .rfc = "RFC 8200, 4.2",               \
     .means = "bytes of the option after this one"}

static const struct term option_actions[] = {
    {0, "Skip", "skip the option and go on"},
    {1, "Discard", "drop the packet"},
    {2, "Discard and tell", "drop the packet and send an ICMPv6 error"},
    {3, "Discard and tell, unless multicast", "drop it; an error unless it went to a group"},
    {0, NULL, NULL},
};

static const struct field pad1_fields[] = {
    {.name = "ipv6.opt.type", .label = "Type", .bit = 0, .bits = 8, .role = ROLE_KIND,
     .format = &format_hex, .rfc = "RFC 8200, 4.2", .means = "which option this is"},
    {.name = "ipv6.opt.pad1", .label = "Padding", .bit = 0, .bits = 8, .role = ROLE_ALSO,
     .format = &format_nothing, .rfc = "RFC 8200, 4.2", .means = "one byte to be skipped"},
};
static const struct record option_pad1 = {
    .title = "Pad1", .layer = LAYER_PART, .size = 1, .fields = pad1_fields, .field_count = 2,
    .rfc = "RFC 8200, 4.2", .means = "fills one byte",
};

static const struct field padn_fields[] = {
    TYPE_ROWS,
    LENGTH_ROW,
    {.name = "ipv6.opt.padn", .label = "Padding", .bit = 16, .bits = 0, .format = &format_bytes,
     .rfc = "RFC 8200, 4.2", .means = "zeros, to be skipped"},
};
static const struct record option_padn = {
    .name = "ipv6.opt", .title = "PadN", .layer = LAYER_PART, .silent = true,
    .size = 2, .fields = padn_fields, .field_count = 6,
    .rfc = "RFC 8200, 4.2", .means = "fills two or more bytes",
};

static const struct field alert_fields[] = {
    TYPE_ROWS,
    LENGTH_ROW,
    {.name = "ipv6.opt.router_alert", .label = "Router alert", .bit = 16, .bits = 16,
     .format = &format_decimal, .rfc = "RFC 2711, 2.1",
     .means = "why routers shall look: 0 is multicast membership"},
};
static const struct record option_alert = {
    .name = "ipv6.opt", .title = "Router alert", .layer = LAYER_PART, .silent = true,
    .size = 4, .fields = alert_fields,
    .field_count = 6, .rfc = "RFC 2711, 2.1", .means = "asks routers on the way to look inside",
};

static const struct field jumbo_fields[] = {
    TYPE_ROWS,
    LENGTH_ROW,
    {.name = "ipv6.opt.jumbo", .label = "Jumbo length", .bit = 16, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 2675, 2",
     .means = "bytes that follow the IPv6 header, when 16 bits can't say it"},
};
static const struct record option_jumbo = {
    .name = "ipv6.opt", .title = "Jumbo payload", .layer = LAYER_PART, .silent = true,
    .size = 6, .fields = jumbo_fields,
    .field_count = 6, .rfc = "RFC 2675, 2", .means = "a packet of more than 65535 bytes",
};

static const struct field unknown_fields[] = {
    TYPE_ROWS,
    LENGTH_ROW,
    {.label = "Data", .bit = 16, .bits = 0, .format = &format_bytes, .rfc = "RFC 8200, 4.2",
     .means = "what the option says"},
};
static const struct record option_unknown = {
    .name = "ipv6.opt", .title = "Unknown option", .layer = LAYER_PART, .silent = true,
    .size = 2, .fields = unknown_fields,
    .field_count = 6, .rfc = "RFC 8200, 4.2", .means = "an option that this table does not name",
};

static const struct branch option_records[] = {
    {0x00, &option_pad1, NULL},  {0x01, &option_padn, NULL}, {0x05, &option_alert, NULL},
    {0xc2, &option_jumbo, NULL}, {0, NULL, NULL},
};

static const struct options extension_options = {
    .area = {.label = "Options", .role = ROLE_GROUP, .format = &format_bytes,
             .rfc = "RFC 8200, 4.2", .means = "what is asked of those who look at this header"},
    .kinds = option_records, .unknown = &option_unknown, .end = -1, .uncounted = 2,
};

/* --- the headers -------------------------------------------------------------- */

/* What all but the fragment header begin with; `name` is "ipv6.hopopts" and the like. */
#define START_ROWS(name_, section)                                                                \
    {.name = name_ ".nxt", .label = "Next header", .bit = 0, .bits = 8, .role = ROLE_NEXT,        \
     .format = &format_decimal, .terms = terms_ip_protocol, .rfc = section,                       \
     .means = "which protocol follows"},                                                          \
    {.name = name_ ".len_oct", .label = "Length", .bit = 8, .bits = 8, .scale = 8, .bias = 1,     \
     .role = ROLE_HEADER_LENGTH, .format = &format_decimal, .rfc = section,                       \
     .means = "bytes of this header"},                                                            \
    {.name = name_ ".len", .label = "Length", .bit = 8, .bits = 8, .role = ROLE_ALSO,             \
     .format = &format_decimal, .rfc = section,                                                   \
     .means = "as on the wire: in units of 8 bytes, the first 8 left out"}

static const struct field hop_by_hop_fields[] = {START_ROWS("ipv6.hopopts", "RFC 8200, 4.3")};
const struct record ipv6_hop_by_hop = {
    .name = "ipv6.hopopts", .title = "IPv6 hop-by-hop options", .layer = LAYER_INTERNET,
    .unit = "header", .size = 2, .fields = hop_by_hop_fields, .field_count = 3,
    .options = &extension_options, .next = next_ip_protocol, .rest = &proto_data,
    .rfc = "RFC 8200, 4.3", .means = "options that every router on the way may look at",
};

static const struct field destination_fields[] = {START_ROWS("ipv6.dstopts", "RFC 8200, 4.6")};
const struct record ipv6_destination_options = {
    .name = "ipv6.dstopts", .title = "IPv6 destination options", .layer = LAYER_INTERNET,
    .unit = "header", .size = 2, .fields = destination_fields, .field_count = 3,
    .options = &extension_options, .next = next_ip_protocol, .rest = &proto_data,
    .rfc = "RFC 8200, 4.6", .means = "options for the receiver alone",
};

static const struct field fragment_fields[] = {
    {.name = "ipv6.fraghdr.nxt", .label = "Next header", .bit = 0, .bits = 8, .role = ROLE_NEXT,
     .format = &format_decimal, .terms = terms_ip_protocol, .rfc = "RFC 8200, 4.5",
     .means = "which protocol was cut"},
    {.name = "ipv6.fraghdr.reserved_octet", .label = "Reserved", .bit = 8, .bits = 8,
     .role = ROLE_RESERVED, .format = &format_hex, .rfc = "RFC 8200, 4.5",
     .means = "reserved, always 0"},
    {.name = "ipv6.fraghdr.offset", .label = "Offset", .bit = 16, .bits = 13, .word = 2,
     .role = ROLE_FRAGMENT, .format = &format_decimal, .rfc = "RFC 8200, 4.5",
     .means = "where this piece belongs, in steps of 8 bytes"},
    {.name = "ipv6.fraghdr.reserved_bits", .label = "Reserved", .bit = 29, .bits = 2, .word = 2,
     .role = ROLE_RESERVED, .format = &format_decimal, .rfc = "RFC 8200, 4.5",
     .means = "reserved, always 0"},
    {.name = "ipv6.fraghdr.more", .label = "More", .bit = 31, .bits = 1, .word = 2,
     .role = ROLE_MORE, .format = &format_flag, .rfc = "RFC 8200, 4.5",
     .means = "more fragments: this is not the last piece"},
    {.name = "ipv6.fraghdr.ident", .label = "Identification", .bit = 32, .bits = 32,
     .format = &format_hex, .rfc = "RFC 8200, 4.5",
     .means = "the same in all fragments of one packet"},
};
const struct record ipv6_fragment = {
    .name = "ipv6.fraghdr", .title = "IPv6 fragment", .layer = LAYER_INTERNET, .unit = "header",
    .size = 8, .fields = fragment_fields, .field_count = 6, .next = next_ip_protocol,
    .rest = &proto_data, .piece = &proto_piece, .rfc = "RFC 8200, 4.5",
    .means = "one piece of a larger packet",
};

/* --- routing: what follows the first four bytes depends on the type ------------------ */

static const struct term routing_types[] = {
    {0, "Source route", "forbidden since RFC 5095"},
    {2, "Mobile IPv6", "the home address of a machine that moved"},
    {3, "RPL", "routes in networks of small devices"},
    {4, "Segment routing", "segments to pass on the way"},
    {0, NULL, NULL},
};

static const struct field visited_fields[] = {
    {.name = "ipv6.routing.src.addr", .label = "Address", .bit = 0, .bits = 128,
     .format = &format_ipv6, .rfc = "RFC 2460, 4.4", .means = "a place to visit"},
};
static const struct record routing_visited = {
    .title = "Address", .layer = LAYER_PART, .size = 16, .fields = visited_fields,
    .field_count = 1, .rfc = "RFC 2460, 4.4", .means = "a place to visit",
};
static const struct field source_route_fields[] = {
    {.name = "ipv6.routing.src.reserved", .label = "Reserved", .bit = 0, .bits = 32,
     .role = ROLE_RESERVED, .format = &format_bytes, .rfc = "RFC 2460, 4.4",
     .means = "reserved, always 0"},
};
static const struct record routing_source = {
    .title = "Source route", .layer = LAYER_PART, .size = 4, .fields = source_route_fields,
    .field_count = 1, .repeat = &routing_visited, .rfc = "RFC 2460, 4.4; RFC 5095",
    .means = "the way to take; nobody follows it any more",
};

static const struct field mobile_fields[] = {
    {.name = "ipv6.routing.mipv6.reserved", .label = "Reserved", .bit = 0, .bits = 32,
     .role = ROLE_RESERVED, .format = &format_bytes, .rfc = "RFC 6275, 6.4.1",
     .means = "reserved, always 0"},
    {.name = "ipv6.routing.mipv6.home_address", .label = "Home address", .bit = 32, .bits = 128,
     .format = &format_ipv6, .rfc = "RFC 6275, 6.4.1", .means = "where the machine is at home"},
    {.label = "Data", .bit = 160, .bits = 0, .format = &format_bytes, .rfc = "RFC 6275, 6.4.1",
     .means = "should not be there"},
};
static const struct record routing_mobile = {
    .title = "Mobile IPv6", .layer = LAYER_PART, .size = 20, .fields = mobile_fields,
    .field_count = 3, .rfc = "RFC 6275, 6.4.1", .means = "finds a machine that moved",
};

static const struct field routing_data_fields[] = {
    {.label = "Data", .bit = 0, .bits = 0, .format = &format_bytes, .rfc = "RFC 8200, 4.4",
     .means = "the places to visit, by the type"},
};
static const struct record routing_data = {
    .title = "Data", .layer = LAYER_PART, .fields = routing_data_fields, .field_count = 1,
    .rfc = "RFC 8200, 4.4", .means = "the places to visit, by the type",
};
static const struct field routing_unknown_fields[] = {
    {.name = "ipv6.routing.unknown_data", .label = "Data", .bit = 0, .bits = 0,
     .format = &format_bytes, .rfc = "RFC 8200, 4.4", .means = "of a type that nobody here knows"},
};
static const struct record routing_unknown = {
    .title = "Data", .layer = LAYER_PART, .fields = routing_unknown_fields, .field_count = 1,
    .rfc = "RFC 8200, 4.4", .means = "of a type that nobody here knows",
};
/* Wireshark names the parts of types 3 to 6, and these tables do not: none is used on lo. */
static const struct branch routing_cases[] = {
    {0, &routing_source, NULL}, {2, &routing_mobile, NULL}, {3, &routing_data, NULL},
    {4, &routing_data, NULL},   {5, &routing_data, NULL},   {6, &routing_data, NULL},
    {0, NULL, NULL},
};
static const struct field routing_fields[] = {
    START_ROWS("ipv6.routing", "RFC 8200, 4.4"),
    {.name = "ipv6.routing.type", .label = "Type", .bit = 16, .bits = 8, .role = ROLE_CASE,
     .format = &format_decimal, .terms = routing_types, .rfc = "RFC 8200, 4.4",
     .means = "how to read the places to visit"},
    {.name = "ipv6.routing.segleft", .label = "Segments left", .bit = 24, .bits = 8,
     .format = &format_decimal, .rfc = "RFC 8200, 4.4",
     .means = "how many places are still to be visited"},
};
const struct record ipv6_routing = {
    .name = "ipv6.routing", .title = "IPv6 routing", .layer = LAYER_INTERNET, .unit = "header",
    .size = 4, .fields = routing_fields, .field_count = 5, .cases = routing_cases,
    .other = &routing_unknown, .next = next_ip_protocol, .rest = &proto_data,
    .rfc = "RFC 8200, 4.4", .means = "places to visit on the way",
};
