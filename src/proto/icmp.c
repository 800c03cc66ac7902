/* icmp.c: the Internet Control Message Protocol (RFC 792). */
#include "icmp_router.h"

#include <loopcraft/format.h>
#include <loopcraft/proto.h>

/* --- numbers and their names --------------------------------------------------- */

static const struct term icmp_types[] = {
    {0, "Echo reply", "yes, I am here"},
    {3, "Destination unreachable", "your packet could not be delivered"},
    {4, "Source quench", "slow down (no longer in use, RFC 6633)"},
    {5, "Redirect", "there is a better router for that destination"},
    {8, "Echo request", "are you there? what ping sends"},
    {9, "Router advertisement", "I am a router"},
    {10, "Router solicitation", "is there a router?"},
    {11, "Time exceeded", "your packet took too many hops, or its pieces took too long"},
    {12, "Parameter problem", "your packet's header makes no sense"},
    {13, "Timestamp request", "what time is it there?"},
    {14, "Timestamp reply", "the time here is"},
    {15, "Information request", "no longer in use (RFC 6918)"},
    {16, "Information reply", "no longer in use (RFC 6918)"},
    {17, "Address mask request", "no longer in use (RFC 6918)"},
    {18, "Address mask reply", "no longer in use (RFC 6918)"},
    {42, "Extended echo request", "what is that interface's state?"},
    {43, "Extended echo reply", "that interface's state is"},
    {0, NULL, NULL},
};

/* Codes 0 to 5: RFC 792; 6 to 12: RFC 1122, 3.2.2.1; 13 to 15: RFC 1812, 5.2.7.1. */
static const struct term unreachable_codes[] = {
    {0, "Net unreachable", "there is no route to that network"},
    {1, "Host unreachable", "that machine does not answer its neighbours"},
    {2, "Protocol unreachable", "that machine does not speak this protocol"},
    {3, "Port unreachable", "no program listens on that port"},
    {4, "Fragmentation needed", "too large for the next link, and it must not be cut (DF)"},
    {5, "Source route failed", "the way it asked for can't be taken"},
    {6, "Destination net unknown", "there is no such network"},
    {7, "Destination host unknown", "there is no such machine"},
    {8, "Source host isolated", "the sender is cut off"},
    {9, "Net prohibited", "an administrator forbids that network"},
    {10, "Host prohibited", "an administrator forbids that machine"},
    {11, "Net unreachable for TOS", "not with this type of service"},
    {12, "Host unreachable for TOS", "not with this type of service"},
    {13, "Administratively prohibited", "a firewall forbids it"},
    {14, "Host precedence violation", "the packet claims too high a precedence"},
    {15, "Precedence cutoff", "the packet claims too low a precedence"},
    {0, NULL, NULL},
};

static const struct term redirect_codes[] = {
    {0, "For the network", NULL},
    {1, "For the host", NULL},
    {2, "For the type of service and network", NULL},
    {3, "For the type of service and host", NULL},
    {0, NULL, NULL},
};

static const struct term exceeded_codes[] = {
    {0, "TTL exceeded in transit", "the packet ran out of hops"},
    {1, "Reassembly time exceeded", "some of the packet's pieces never came"},
    {0, NULL, NULL},
};

static const struct term problem_codes[] = {
    {0, "Pointer indicates the error", NULL},
    {1, "Required option missing", NULL},
    {2, "Bad length", NULL},
    {0, NULL, NULL},
};

/* --- how a message goes on, by its type --------------------------------------- */

/* The two numbers that pair a request with its reply. (A static table can't call a function.) */
#define PAIR_ROWS(section)                                                                        \
    {.name = "icmp.ident", .label = "Identifier", .bit = 0, .bits = 16,                           \
     .format = &format_decimal, .rfc = section,                                                   \
     .means = "which program asked; the reply repeats it"},                                       \
    {.name = "icmp.ident_le", .label = "Identifier (LE)", .bit = 0, .bits = 16,                   \
     .role = ROLE_ALSO, .format = &format_little, .rfc = section,                                 \
     .means = "the same, as some systems write it (swapped)"},                       \
    {.name = "icmp.seq", .label = "Sequence number", .bit = 16, .bits = 16, .brief = true,        \
     .format = &format_decimal, .rfc = section, .means = "which request; the reply repeats it"},  \
    {.name = "icmp.seq_le", .label = "Sequence number (LE)", .bit = 16, .bits = 16,               \
     .role = ROLE_ALSO, .format = &format_little, .rfc = section,                                 \
     .means = "the same, as some systems write it (swapped)"}

static const struct field echo_fields[] = {PAIR_ROWS("RFC 792, Echo")};
static const struct record icmp_echo = {
    .title = "Echo", .layer = LAYER_PART, .size = 4, .fields = echo_fields, .field_count = 4,
    .rest = &proto_data, .rfc = "RFC 792, Echo", .means = "the data comes back unchanged",
};

static const struct field timestamp_fields[] = {
    PAIR_ROWS("RFC 792, Timestamp"),
    {.name = "icmp.originate_timestamp", .label = "Originate", .bit = 32, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 792, Timestamp",
     .means = "when it was asked: milliseconds since midnight UT"},
    {.name = "icmp.receive_timestamp", .label = "Receive", .bit = 64, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 792, Timestamp",
     .means = "when the request arrived, by the other clock"},
    {.name = "icmp.transmit_timestamp", .label = "Transmit", .bit = 96, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 792, Timestamp",
     .means = "when the reply was sent, by the other clock"},
};
static const struct record icmp_timestamp = {
    .title = "Timestamps", .layer = LAYER_PART, .size = 16, .fields = timestamp_fields,
    .field_count = 7, .rest = &proto_opaque, .rfc = "RFC 792, Timestamp",
    .means = "compares two clocks",
};

/* What an error quotes is an IPv4 packet, if its version says so; IPv6 is out of place there. */
static const struct choice quoted_kinds[] = {
    {0, 4, 4, 4, &proto_ipv4, false}, {0, 4, 6, 6, &proto_ipv6, false}, {.record = NULL}};
static const struct field quoted_fields[] = {
    {.name = "ip.version", .label = "Version", .bit = 0, .bits = 4, .format = &format_part,
     .rfc = "RFC 791, 3.1", .means = "not 4: no IPv4 packet"},
    {.label = "Data", .bit = 4, .bits = 4, .format = &format_hex, .rfc = "RFC 792",
     .means = "no telling what it is"},
    {.label = "Data", .bit = 8, .bits = 0, .format = &format_bytes, .rfc = "RFC 792",
     .means = "should be a packet, and is none"},
};
static const struct record quoted_packet = {
    .name = "ip", .title = "No IPv4 packet", .layer = LAYER_INTERNET, .unit = "packet", .size = 1,
    .fields = quoted_fields, .field_count = 3, .instead = quoted_kinds, .rfc = "RFC 792",
    .means = "should be a packet, and is none",
};

static const struct field unused_fields[] = {
    {.name = "icmp.unused", .label = "Unused", .bit = 0, .bits = 32, .role = ROLE_RESERVED,
     .format = &format_bytes, .rfc = "RFC 792, Destination Unreachable",
     .means = "not used here, always 0"},
};
static const struct record icmp_quote = {
    .title = "Error", .layer = LAYER_PART, .size = 4, .fields = unused_fields, .field_count = 1,
    .rest = &quoted_packet, .rfc = "RFC 792, Destination Unreachable",
    .means = "quotes the start of the packet that it is about",
};

/* Code 4 alone uses half of the unused bytes (RFC 1191). */
static const struct field mtu_fields[] = {
    {.name = "icmp.unused", .label = "Unused", .bit = 0, .bits = 16, .role = ROLE_RESERVED,
     .format = &format_bytes, .rfc = "RFC 1191, 4", .means = "not used here, always 0"},
    {.name = "icmp.mtu", .label = "Next-hop MTU", .bit = 16, .bits = 16, .brief = true,
     .format = &format_decimal, .rfc = "RFC 1191, 4",
     .means = "bytes of the largest packet the next link takes"},
};
static const struct record icmp_too_big = {
    .title = "Fragmentation needed", .layer = LAYER_PART, .size = 4, .fields = mtu_fields,
    .field_count = 2, .rest = &quoted_packet, .rfc = "RFC 1191, 4",
    .means = "quotes the start of the packet that was too large",
};
static const struct branch unreachable_cases[] = {{4, &icmp_too_big, NULL}, {0, NULL, NULL}};
static const struct record icmp_unreachable = {
    .title = "Destination unreachable", .layer = LAYER_PART, .cases = unreachable_cases,
    .other = &icmp_quote, .rest = &quoted_packet, .rfc = "RFC 792, Destination Unreachable",
    .means = "goes on by its code",
};

/* Wireshark names these bytes in the messages above, and not in this old one. */
static const struct field quench_fields[] = {
    {.label = "Unused", .bit = 0, .bits = 32, .role = ROLE_RESERVED, .format = &format_bytes,
     .rfc = "RFC 792, Source Quench", .means = "not used here, always 0"},
};
static const struct record icmp_quench = {
    .title = "Source quench", .layer = LAYER_PART, .size = 4, .fields = quench_fields,
    .field_count = 1, .rest = &quoted_packet, .rfc = "RFC 792, Source Quench; RFC 6633",
    .means = "quotes the start of a packet that came too fast",
};

static const struct field gateway_fields[] = {
    {.name = "icmp.redir_gw", .label = "Gateway", .bit = 0, .bits = 32, .format = &format_ipv4,
     .rfc = "RFC 792, Redirect", .means = "the router to use from now on"},
};
static const struct record icmp_redirect = {
    .title = "Redirect", .layer = LAYER_PART, .size = 4, .fields = gateway_fields,
    .field_count = 1, .rest = &quoted_packet, .rfc = "RFC 792, Redirect",
    .means = "quotes the start of the packet that took the longer way",
};

static const struct field problem_fields[] = {
    {.name = "icmp.pointer", .label = "Pointer", .bit = 0, .bits = 8, .format = &format_decimal,
     .rfc = "RFC 792, Parameter Problem", .means = "the byte of the quoted packet that is wrong"},
    {.name = "icmp.unused", .label = "Unused", .bit = 8, .bits = 24, .role = ROLE_RESERVED,
     .format = &format_bytes, .rfc = "RFC 792, Parameter Problem",
     .means = "not used here, always 0"},
};
static const struct record icmp_problem = {
    .title = "Parameter problem", .layer = LAYER_PART, .size = 4, .fields = problem_fields,
    .field_count = 2, .rest = &quoted_packet, .rfc = "RFC 792, Parameter Problem",
    .means = "quotes the start of the packet that makes no sense",
};

static const struct field information_fields[] = {PAIR_ROWS("RFC 792, Information")};
static const struct record icmp_information = {
    .title = "Information", .layer = LAYER_PART, .size = 4, .fields = information_fields,
    .field_count = 4, .rest = &proto_opaque, .rfc = "RFC 792, Information; RFC 6918",
    .means = "asked for a network's number; no longer in use",
};

static const struct field mask_fields[] = {
    PAIR_ROWS("RFC 950, Appendix I"),
    {.name = "icmp.address_mask", .label = "Address mask", .bit = 32, .bits = 32,
     .format = &format_ipv4, .rfc = "RFC 950, Appendix I",
     .means = "which bits of an address name the network"},
};
static const struct record icmp_mask = {
    .title = "Address mask", .layer = LAYER_PART, .size = 8, .fields = mask_fields,
    .field_count = 5, .rest = &proto_opaque, .rfc = "RFC 950, Appendix I; RFC 6918",
    .means = "asked for a network's mask; no longer in use",
};

/* The state of an interface, asked for by ping's big brother (RFC 8335). */
#define EXTENDED_ROWS                                                                             \
    {.name = "icmp.ident", .label = "Identifier", .bit = 0, .bits = 16,                           \
     .format = &format_decimal, .rfc = "RFC 8335, 2",                                             \
     .means = "which program asked; the reply repeats it"},                                       \
    {.name = "icmp.ident_le", .label = "Identifier (LE)", .bit = 0, .bits = 16,                   \
     .role = ROLE_ALSO, .format = &format_little, .rfc = "RFC 8335, 2",                           \
     .means = "the same, as some systems write it (swapped)"},                                    \
    {.name = "icmp.ext.echo.seq", .label = "Sequence number", .bit = 16, .bits = 8,               \
     .brief = true, .format = &format_decimal, .rfc = "RFC 8335, 2",                              \
     .means = "which request; the reply repeats it"}
static const struct field extended_request_fields[] = {
    EXTENDED_ROWS,
    {.name = "icmp.ext.echo.req.res", .label = "Reserved", .bit = 24, .bits = 7,
     .role = ROLE_RESERVED, .format = &format_hex, .rfc = "RFC 8335, 2",
     .means = "reserved, always 0"},
    {.name = "icmp.ext.echo.req.local", .label = "Local", .bit = 31, .bits = 1,
     .format = &format_flag, .rfc = "RFC 8335, 2",
     .means = "an interface of the one that is asked"},
};
static const struct record icmp_extended_request = {
    .title = "Extended echo request", .layer = LAYER_PART, .size = 4,
    .fields = extended_request_fields, .field_count = 5, .rest = &proto_opaque,
    .rfc = "RFC 8335, 2", .means = "what is that interface's state?",
};
static const struct field extended_reply_fields[] = {
    EXTENDED_ROWS,
    {.name = "icmp.ext.echo.rsp.state", .label = "State", .bit = 24, .bits = 3,
     .format = &format_decimal, .rfc = "RFC 8335, 3", .means = "is that neighbour reachable"},
    {.name = "icmp.ext.echo.rsp.res", .label = "Reserved", .bit = 27, .bits = 2,
     .role = ROLE_RESERVED, .format = &format_hex, .rfc = "RFC 8335, 3",
     .means = "reserved, always 0"},
    {.name = "icmp.ext.echo.rsp.active", .label = "Active", .bit = 29, .bits = 1,
     .format = &format_flag, .rfc = "RFC 8335, 3", .means = "the interface is up"},
    {.name = "icmp.ext.echo.rsp.ipv4", .label = "IPv4", .bit = 30, .bits = 1,
     .format = &format_flag, .rfc = "RFC 8335, 3", .means = "it speaks IPv4"},
    {.name = "icmp.ext.echo.rsp.ipv6", .label = "IPv6", .bit = 31, .bits = 1,
     .format = &format_flag, .rfc = "RFC 8335, 3", .means = "it speaks IPv6"},
};
static const struct record icmp_extended_reply = {
    .title = "Extended echo reply", .layer = LAYER_PART, .size = 4,
    .fields = extended_reply_fields, .field_count = 8, .rest = &proto_opaque,
    .rfc = "RFC 8335, 3", .means = "that interface's state is",
};

static const struct field body_fields[] = {
    {.label = "Body", .bit = 0, .bits = 0, .format = &format_bytes, .rfc = "RFC 792",
     .means = "what the message says, not looked into"},
};
static const struct record icmp_body = {
    .title = "Body", .layer = LAYER_PART, .fields = body_fields, .field_count = 1,
    .rfc = "RFC 792", .means = "a message that has no table yet",
};

static const struct branch icmp_cases[] = {
    {0, &icmp_echo, NULL},
    {3, &icmp_unreachable, unreachable_codes},
    {4, &icmp_quench, NULL},
    {5, &icmp_redirect, redirect_codes},
    {8, &icmp_echo, NULL},
    {9, &icmp_advertisement, NULL},
    {11, &icmp_quote, exceeded_codes},
    {12, &icmp_problem, problem_codes},
    {13, &icmp_timestamp, NULL},
    {14, &icmp_timestamp, NULL},
    {15, &icmp_information, NULL},
    {16, &icmp_information, NULL},
    {17, &icmp_mask, NULL},
    {18, &icmp_mask, NULL},
    {42, &icmp_extended_request, NULL},
    {43, &icmp_extended_reply, NULL},
    {0, NULL, NULL},
};

/* --- the message -------------------------------------------------------------- */

static const struct field icmp_fields[] = {
    {.name = "icmp.type", .label = "Type", .bit = 0, .bits = 8, .role = ROLE_CASE, .brief = true,
     .format = &format_decimal, .terms = icmp_types, .rfc = "RFC 792",
     .means = "what the message says"},
    {.name = "icmp.code", .label = "Code", .bit = 8, .bits = 8, .role = ROLE_CODE, .brief = true,
     .format = &format_decimal, .rfc = "RFC 792", .means = "why, more exactly"},
    {.name = "icmp.checksum", .label = "Checksum", .bit = 16, .bits = 16, .role = ROLE_CHECKSUM,
     .format = &format_hex, .rfc = "RFC 792", .means = "over the whole message"},
};

const struct record proto_icmp = {
    .name = "icmp", .title = "ICMP", .layer = LAYER_INTERNET, .unit = "message", .size = 4,
    .fields = icmp_fields, .field_count = sizeof icmp_fields / sizeof icmp_fields[0],
    .cases = icmp_cases, .other = &icmp_body, .rest = &proto_data, .spans_all = true,
    .sum = SUM_MESSAGE, .protocol = 1, .word = "icmp", .rfc = "RFC 792",
    .means = "tells how a packet fared",
};
