/* icmpv6.c: the Internet Control Message Protocol for IPv6 (RFC 4443). */
#include "icmpv6_messages.h"

#include <loopcraft/format.h>
#include <loopcraft/proto.h>

/* --- numbers and their names --------------------------------------------------- */

static const struct term icmpv6_types[] = {
    {1, "Destination unreachable", "your packet could not be delivered"},
    {2, "Packet too big", "too large for the next link: IPv6 routers never cut packets"},
    {3, "Time exceeded", "your packet took too many hops, or its pieces took too long"},
    {4, "Parameter problem", "your packet's header makes no sense"},
    {128, "Echo request", "are you there? what ping sends"},
    {129, "Echo reply", "yes, I am here"},
    {130, "Multicast listener query", "who listens to this group?"},
    {131, "Multicast listener report", "I listen to this group"},
    {132, "Multicast listener done", "I no longer listen to this group"},
    {133, "Router solicitation", "is there a router?"},
    {134, "Router advertisement", "I am a router"},
    {135, "Neighbor solicitation", "who has this address?"},
    {136, "Neighbor advertisement", "I have this address"},
    {137, "Redirect", "there is a better router for that destination"},
    {139, "Node information query", "what are you called?"},
    {140, "Node information reply", "I am called so"},
    {141, "Inverse neighbor solicitation", "which addresses has that hardware?"},
    {142, "Inverse neighbor advertisement", "it has these"},
    {143, "Multicast listener report v2", "I listen to these groups"},
    {160, "Extended echo request", "what is that interface's state?"},
    {161, "Extended echo reply", "that interface's state is"},
    {0, NULL, NULL},
};

static const struct term unreachable_codes[] = {
    {0, "No route", "there is no route to that destination"},
    {1, "Administratively prohibited", "a firewall forbids it"},
    {2, "Beyond scope of source address", "the sender's address is not known there"},
    {3, "Address unreachable", "that machine does not answer its neighbours"},
    {4, "Port unreachable", "no program listens on that port"},
    {5, "Source address failed policy", "the sender's address is not allowed here"},
    {6, "Reject route", "a route says that such packets are to be refused"},
    {7, "Error in source routing header", NULL},
    {8, "Headers too long", NULL},
    {0, NULL, NULL},
};

static const struct term exceeded_codes[] = {
    {0, "Hop limit exceeded in transit", "the packet ran out of hops"},
    {1, "Reassembly time exceeded", "some of the packet's pieces never came"},
    {0, NULL, NULL},
};

static const struct term problem_codes[] = {
    {0, "Erroneous header field", NULL},
    {1, "Unrecognized next header", "that machine does not speak this protocol"},
    {2, "Unrecognized option", NULL},
    {0, NULL, NULL},
};

/* --- how a message goes on, by its type --------------------------------------- */

static const struct field echo_fields[] = {
    {.name = "icmpv6.echo.identifier", .label = "Identifier", .bit = 0, .bits = 16,
     .format = &format_hex, .rfc = "RFC 4443, 4.1",
     .means = "which program asked; the reply repeats it"},
    {.name = "icmpv6.echo.sequence_number", .label = "Sequence number", .bit = 16, .bits = 16,
     .brief = true, .format = &format_decimal, .rfc = "RFC 4443, 4.1",
     .means = "which request; the reply repeats it"},
};
static const struct record icmpv6_echo = {
    .title = "Echo", .layer = LAYER_PART, .size = 4, .fields = echo_fields, .field_count = 2,
    .rest = &proto_data, .rfc = "RFC 4443, 4.1", .means = "the data comes back unchanged",
};

/* What an error quotes is an IPv6 packet, if its version says so. */
static const struct choice quoted_kinds[] = {{0, 4, 6, 6, &proto_ipv6, false}, {.record = NULL}};
static const struct field quoted_fields[] = {
    {.name = "data.data", .label = "Data", .bit = 0, .bits = 0, .format = &format_bytes,
     .rfc = "RFC 4443, 3.1", .means = "should be a packet, and is none"},
};
static const struct record quoted_packet = {
    .name = "data", .title = "Data", .layer = LAYER_APPLICATION, .unit = "message",
    .fields = quoted_fields, .field_count = 1, .instead = quoted_kinds, .rfc = "RFC 4443, 3.1",
    .means = "should be a packet, and is none",
};

static const struct field reserved_fields[] = {
    {.name = "icmpv6.reserved", .label = "Reserved", .bit = 0, .bits = 32, .role = ROLE_RESERVED,
     .format = &format_bytes, .rfc = "RFC 4443, 3.1", .means = "not used here, always 0"},
};
static const struct record icmpv6_quote = {
    .title = "Error", .layer = LAYER_PART, .size = 4, .fields = reserved_fields, .field_count = 1,
    .rest = &quoted_packet, .rfc = "RFC 4443, 3.1",
    .means = "quotes the start of the packet that it is about",
};

static const struct field mtu_fields[] = {
    {.name = "icmpv6.mtu", .label = "MTU", .bit = 0, .bits = 32, .brief = true,
     .format = &format_decimal, .rfc = "RFC 4443, 3.2",
     .means = "bytes of the largest packet the next link takes"},
};
static const struct record icmpv6_too_big = {
    .title = "Packet too big", .layer = LAYER_PART, .size = 4, .fields = mtu_fields,
    .field_count = 1, .rest = &quoted_packet, .rfc = "RFC 4443, 3.2",
    .means = "quotes the start of the packet that was too large",
};

static const struct field problem_fields[] = {
    {.name = "icmpv6.pointer", .label = "Pointer", .bit = 0, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 4443, 3.4",
     .means = "the byte of the quoted packet that is wrong"},
};
static const struct record icmpv6_problem = {
    .title = "Parameter problem", .layer = LAYER_PART, .size = 4, .fields = problem_fields,
    .field_count = 1, .rest = &quoted_packet, .rfc = "RFC 4443, 3.4",
    .means = "quotes the start of the packet that makes no sense",
};

/* The state of an interface, asked for by ping's big brother (RFC 8335). */
#define EXTENDED_ROWS                                                                             \
    {.name = "icmpv6.echo.identifier", .label = "Identifier", .bit = 0, .bits = 16,               \
     .format = &format_hex, .rfc = "RFC 8335, 2",                                                 \
     .means = "which program asked; the reply repeats it"},                                       \
    {.name = "icmpv6.ext.echo.seq", .label = "Sequence number", .bit = 16, .bits = 8,             \
     .brief = true, .format = &format_decimal, .rfc = "RFC 8335, 2",                              \
     .means = "which request; the reply repeats it"}
static const struct field extended_request_fields[] = {
    EXTENDED_ROWS,
    {.name = "icmpv6.ext.echo.req.res", .label = "Reserved", .bit = 24, .bits = 7,
     .role = ROLE_RESERVED, .format = &format_hex, .rfc = "RFC 8335, 2",
     .means = "reserved, always 0"},
    {.name = "icmpv6.ext.echo.req.local", .label = "Local", .bit = 31, .bits = 1,
     .format = &format_flag, .rfc = "RFC 8335, 2",
     .means = "an interface of the one that is asked"},
};
static const struct record icmpv6_extended_request = {
    .title = "Extended echo request", .layer = LAYER_PART, .size = 4,
    .fields = extended_request_fields, .field_count = 4, .rest = &proto_data,
    .rfc = "RFC 8335, 2", .means = "what is that interface's state?",
};
static const struct field extended_reply_fields[] = {
    EXTENDED_ROWS,
    {.name = "icmpv6.ext.echo.rsp.state", .label = "State", .bit = 24, .bits = 3,
     .format = &format_decimal, .rfc = "RFC 8335, 3", .means = "is that neighbour reachable"},
    {.name = "icmpv6.ext.echo.rsp.res", .label = "Reserved", .bit = 27, .bits = 2,
     .role = ROLE_RESERVED, .format = &format_hex, .rfc = "RFC 8335, 3",
     .means = "reserved, always 0"},
    {.name = "icmpv6.ext.echo.rsp.active", .label = "Active", .bit = 29, .bits = 1,
     .format = &format_flag, .rfc = "RFC 8335, 3", .means = "the interface is up"},
    {.name = "icmpv6.ext.echo.rsp.ipv4", .label = "IPv4", .bit = 30, .bits = 1,
     .format = &format_flag, .rfc = "RFC 8335, 3", .means = "it speaks IPv4"},
    {.name = "icmpv6.ext.echo.rsp.ipv6", .label = "IPv6", .bit = 31, .bits = 1,
     .format = &format_flag, .rfc = "RFC 8335, 3", .means = "it speaks IPv6"},
};
static const struct record icmpv6_extended_reply = {
    .title = "Extended echo reply", .layer = LAYER_PART, .size = 4,
    .fields = extended_reply_fields, .field_count = 7, .rest = &proto_opaque,
    .rfc = "RFC 8335, 3", .means = "that interface's state is",
};

/* What Linux does not send: Wireshark knows their bodies, and these tables do not. */
static const struct field body_fields[] = {
    {.label = "Body", .bit = 0, .bits = 0, .format = &format_bytes, .rfc = "RFC 4443, 2.1",
     .means = "what the message says, not looked into"},
};
static const struct record icmpv6_body = {
    .title = "Body", .layer = LAYER_PART, .fields = body_fields, .field_count = 1,
    .rfc = "RFC 4443, 2.1", .means = "a message that has no table",
};

static const struct field unknown_fields[] = {
    {.name = "icmpv6.data", .label = "Data", .bit = 0, .bits = 0, .format = &format_bytes,
     .rfc = "RFC 4443, 2.1", .means = "what a message of an unknown type says"},
};
static const struct record icmpv6_unknown = {
    .title = "Unknown type", .layer = LAYER_PART, .fields = unknown_fields, .field_count = 1,
    .rfc = "RFC 4443, 2.1", .means = "a message of a type that this table does not name",
};

static const struct branch icmpv6_cases[] = {
    {1, &icmpv6_quote, unreachable_codes}, {2, &icmpv6_too_big, NULL},
    {3, &icmpv6_quote, exceeded_codes},    {4, &icmpv6_problem, problem_codes},
    {128, &icmpv6_echo, NULL},             {129, &icmpv6_echo, NULL},
    {130, &icmpv6_listener_query, NULL},   {131, &icmpv6_listener_report, NULL},
    {132, &icmpv6_listener_report, NULL},  {133, &icmpv6_router_solicitation, NULL},
    {134, &icmpv6_router_advertisement, NULL},
    {135, &icmpv6_neighbour_solicitation, NULL},
    {136, &icmpv6_neighbour_advertisement, NULL},
    {137, &icmpv6_redirect, NULL},         {138, &icmpv6_body, NULL},
    {139, &icmpv6_information_query, NULL},
    {140, &icmpv6_information_reply, NULL},
    {141, &icmpv6_router_solicitation, NULL}, /* inverse: the same rows */
    {142, &icmpv6_router_solicitation, NULL},
    {143, &icmpv6_listener_report2, NULL}, {144, &icmpv6_body, NULL},
    {145, &icmpv6_body, NULL},             {146, &icmpv6_body, NULL},
    {147, &icmpv6_body, NULL},             {148, &icmpv6_body, NULL},
    {149, &icmpv6_body, NULL},             {150, &icmpv6_body, NULL},
    {151, &icmpv6_body, NULL},             {152, &icmpv6_body, NULL},
    {153, &icmpv6_body, NULL},             {154, &icmpv6_body, NULL},
    {155, &icmpv6_body, NULL},             {156, &icmpv6_body, NULL},
    {157, &icmpv6_body, NULL},             {158, &icmpv6_body, NULL},
    {159, &icmpv6_body, NULL},             {160, &icmpv6_extended_request, NULL},
    {161, &icmpv6_extended_reply, NULL},   {0, NULL, NULL},
};

/* --- the message -------------------------------------------------------------- */

static const struct field icmpv6_fields[] = {
    {.name = "icmpv6.type", .label = "Type", .bit = 0, .bits = 8, .role = ROLE_CASE,
     .brief = true, .format = &format_decimal, .terms = icmpv6_types, .rfc = "RFC 4443, 2.1",
     .means = "what the message says; below 128: an error"},
    {.name = "icmpv6.code", .label = "Code", .bit = 8, .bits = 8, .role = ROLE_CODE,
     .brief = true, .format = &format_decimal, .rfc = "RFC 4443, 2.1",
     .means = "why, more exactly"},
    {.name = "icmpv6.checksum", .label = "Checksum", .bit = 16, .bits = 16,
     .role = ROLE_CHECKSUM, .format = &format_hex, .rfc = "RFC 4443, 2.3",
     .means = "over the addresses and the whole message"},
};

const struct record proto_icmpv6 = {
    .name = "icmpv6", .title = "ICMPv6", .layer = LAYER_INTERNET, .unit = "message", .size = 4,
    .fields = icmpv6_fields, .field_count = sizeof icmpv6_fields / sizeof icmpv6_fields[0],
    .cases = icmpv6_cases, .other = &icmpv6_unknown, .rest = &proto_data, .spans_all = true,
    .sum = SUM_PSEUDO, .protocol = 58, .word = "icmpv6", .rfc = "RFC 4443, 2.1",
    .means = "tells how a packet fared",
};
