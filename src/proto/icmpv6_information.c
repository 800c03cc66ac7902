/* icmpv6_information.c: what a machine is called, or its addresses (RFC 4620; ping -N). */
#include "icmpv6_messages.h"

#include <loopcraft/format.h>
#include <loopcraft/proto.h>

static const struct term query_types[] = {
    {0, "No-op", NULL},          {2, "Node name", NULL}, {3, "Node addresses", NULL},
    {4, "IPv4 addresses", NULL}, {0, NULL, NULL},
};

/* Wireshark shows each flag in all 16 bits. */
#define FLAG(name_, label_, bit_, means_)                                                         \
    {.name = "icmpv6.ni.flag." name_, .label = label_, .bit = bit_, .bits = 1, .word = 2,         \
     .format = &format_flag, .rfc = "RFC 4620, 4", .means = means_}
#define INFORMATION_ROWS                                                                          \
    {.name = "icmpv6.ni.qtype", .label = "Query type", .bit = 0, .bits = 16,                      \
     .format = &format_decimal, .terms = query_types, .rfc = "RFC 4620, 4",                       \
     .means = "what is asked for"},                                                               \
    {.name = "icmpv6.ni.flag", .label = "Flags", .bit = 16, .bits = 16, .role = ROLE_GROUP,       \
     .format = &format_hex, .rfc = "RFC 4620, 4", .means = "which addresses"},                    \
    {.name = "icmpv6.ni.flag.rsv", .label = "Reserved", .bit = 16, .bits = 10, .word = 2,         \
     .role = ROLE_RESERVED, .format = &format_hex, .rfc = "RFC 4620, 4",                          \
     .means = "reserved, always 0"},                                                              \
    FLAG("g", "G", 26, "addresses for the whole world"),                                          \
    FLAG("s", "S", 27, "addresses for one site"),                                                 \
    FLAG("l", "L", 28, "addresses for one link"),                                                 \
    FLAG("c", "C", 29, "IPv4 addresses in IPv6 ones"),                                            \
    FLAG("a", "A", 30, "of all its interfaces"),                                                  \
    FLAG("t", "T", 31, "not all of them fit in"),                                                 \
    {.name = "icmpv6.ni.nonce", .label = "Nonce", .bit = 32, .bits = 64, .format = &format_hex,   \
     .rfc = "RFC 4620, 4", .means = "random; the reply repeats it"}

static const struct field information_fields[] = {INFORMATION_ROWS};
const struct record icmpv6_information_reply = {
    .title = "Information reply", .layer = LAYER_PART, .size = 12, .fields = information_fields,
    .field_count = sizeof information_fields / sizeof information_fields[0],
    .rest = &proto_opaque, .rfc = "RFC 4620, 4", .means = "I am called so",
};

/* A query is about an address (code 0) or about a name. */
static const struct field address_fields[] = {
    INFORMATION_ROWS,
    {.name = "icmpv6.ni.query.subject_ipv6", .label = "Subject", .bit = 96, .bits = 128,
     .format = &format_ipv6, .rfc = "RFC 4620, 4", .means = "the machine that it is about"},
};
static const struct record query_address = {
    .title = "Query about an address", .layer = LAYER_PART, .size = 28, .fields = address_fields,
    .field_count = sizeof address_fields / sizeof address_fields[0], .rest = &proto_opaque,
    .rfc = "RFC 4620, 4", .means = "what is that machine called?",
};
static const struct record query_other = {
    .title = "Query", .layer = LAYER_PART, .size = 12, .fields = information_fields,
    .field_count = sizeof information_fields / sizeof information_fields[0],
    .rest = &proto_opaque, .rfc = "RFC 4620, 4", .means = "asks about a name",
};
static const struct branch query_cases[] = {{0, &query_address, NULL}, {0, NULL, NULL}};
const struct record icmpv6_information_query = {
    .title = "Information query", .layer = LAYER_PART, .cases = query_cases,
    .other = &query_other, .rest = &proto_opaque, .rfc = "RFC 4620, 4",
    .means = "what are you called?",
};
