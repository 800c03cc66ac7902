/* dns.c: the Domain Name System (RFC 1035, 4.1): a header, questions, answers. */
#include "dns.h"

#include <loopcraft/format.h>
#include <loopcraft/proto.h>

static const struct term dns_ways[] = {
    {0, "DNS query", "a question"}, {1, "DNS response", "an answer"}, {0, NULL, NULL}};

static const struct term dns_opcodes[] = {
    {0, "Query", "an ordinary question"},
    {1, "Inverse query", "no longer in use (RFC 3425)"},
    {2, "Status", "how is that server?"},
    {4, "Notify", "a zone has changed: fetch it"},
    {5, "Update", "change these records"},
    {6, "Stateful", "about the connection itself (RFC 8490)"},
    {0, NULL, NULL},
};

static const struct term dns_rcodes[] = {
    {0, "No error", "it worked"},
    {1, "Format error", "the server can't read the question"},
    {2, "Server failure", "the server has trouble of its own"},
    {3, "No such name", "there is no such name at all (NXDOMAIN)"},
    {4, "Not implemented", "the server can't do that"},
    {5, "Refused", "the server does not want to"},
    {6, "Name exists", "an update: it should not exist"},
    {7, "Set exists", "an update: these records should not exist"},
    {8, "No such set", "an update: these records should exist"},
    {9, "Not authoritative", "not the server for that zone"},
    {10, "Not in zone", "a name outside the zone"},
    {0, NULL, NULL},
};

/* --- the header ----------------------------------------------------------------- */

/* A bit or more of the second 16; Wireshark shows each in all of them. */
#define FLAG(name_, label_, bit_, bits_, ...)                                                     \
    {.name = name_, .label = label_, .bit = 16 + (bit_), .bits = bits_, .word = 2,                \
     .rfc = "RFC 1035, 4.1.1", __VA_ARGS__}

#define FIRST_ROWS                                                                                \
    {.name = "dns.id", .label = "Identifier", .bit = 0, .bits = 16, .format = &format_hex,        \
     .rfc = "RFC 1035, 4.1.1", .means = "pairs an answer with its question"},                     \
    {.name = "dns.flags", .label = "Flags", .bit = 16, .bits = 16, .role = ROLE_GROUP,            \
     .format = &format_flags, .rfc = "RFC 1035, 4.1.1", .means = "what kind of message it is"},   \
    FLAG("dns.flags.response", "QR", 0, 1, .format = &format_flag, .terms = dns_ways,             \
         .brief = true, .means = "set: an answer; not set: a question"),                          \
    FLAG("dns.flags.opcode", "Opcode", 1, 4, .format = &format_decimal, .terms = dns_opcodes,     \
         .means = "what is asked for")
#define MIDDLE_ROWS                                                                               \
    FLAG("dns.flags.truncated", "TC", 6, 1, .format = &format_flag,                               \
         .means = "cut short: ask again over TCP"),                                               \
    FLAG("dns.flags.recdesired", "RD", 7, 1, .format = &format_flag,                              \
         .means = "please ask other servers for me")
#define LAST_ROWS(ad_name)                                                                        \
    FLAG("dns.flags.z", "RES", 9, 1, .role = ROLE_RESERVED,                                         \
         .format = &format_flag, .means = "reserved, always 0"),                                                      \
    FLAG(ad_name, "AD", 10, 1, .format = &format_flag,                                            \
         .means = "the server checked the signatures"),                                           \
    FLAG("dns.flags.checkdisable", "CD", 11, 1, .format = &format_flag,                           \
         .means = "unchecked data will do too")
#define COUNT_ROWS                                                                                \
    {.name = "dns.count.queries", .label = "Questions", .bit = 32, .bits = 16,                    \
     .role = ROLE_COUNT, .format = &format_decimal, .rfc = "RFC 1035, 4.1.1",                     \
     .means = "questions below"},                                                                 \
    {.name = "dns.count.answers", .label = "Answers", .bit = 48, .bits = 16, .role = ROLE_COUNT,  \
     .format = &format_decimal, .rfc = "RFC 1035, 4.1.1", .means = "answers below"},              \
    {.name = "dns.count.auth_rr", .label = "Authorities", .bit = 64, .bits = 16,                  \
     .role = ROLE_COUNT, .format = &format_decimal, .rfc = "RFC 1035, 4.1.1",                     \
     .means = "records about the servers of the zone"},                                           \
    {.name = "dns.count.add_rr", .label = "Additional", .bit = 80, .bits = 16,                    \
     .role = ROLE_COUNT, .format = &format_decimal, .rfc = "RFC 1035, 4.1.1",                     \
     .means = "records that will be asked for next"}

/* What only an answer says; Wireshark does not name these bits in a question, nor an AD of 0. */
#define QUERY_ROWS(ad_name)                                                                       \
    FIRST_ROWS,                                                                                   \
    FLAG(NULL, "AA", 5, 1, .role = ROLE_RESERVED, .format = &format_flag,                         \
         .means = "counts only in an answer"),                                                    \
    MIDDLE_ROWS,                                                                                  \
    FLAG(NULL, "RA", 8, 1, .role = ROLE_RESERVED, .format = &format_flag,                         \
         .means = "counts only in an answer"),                                                    \
    LAST_ROWS(ad_name),                                                                           \
    FLAG(NULL, "Reply code", 12, 4, .role = ROLE_RESERVED, .format = &format_decimal,             \
         .means = "counts only in an answer"),                                                    \
    COUNT_ROWS
static const struct field query_fields[] = {QUERY_ROWS(NULL)};
static const struct field query_ad_fields[] = {QUERY_ROWS("dns.flags.authenticated")};
static const struct field response_fields[] = {
    FIRST_ROWS,
    FLAG("dns.flags.authoritative", "AA", 5, 1, .format = &format_flag,
         .means = "from the server that the zone belongs to"),
    MIDDLE_ROWS,
    FLAG("dns.flags.recavail", "RA", 8, 1, .format = &format_flag,
         .means = "this server asks others, if wished"),
    LAST_ROWS("dns.flags.authenticated"),
    FLAG("dns.flags.rcode", "Reply code", 12, 4, .format = &format_decimal, .terms = dns_rcodes,
         .brief = true, .means = "did it work"),
    COUNT_ROWS,
};

#define LIST(label_, means_, element_)                                                            \
    {{.label = label_, .role = ROLE_GROUP, .format = &format_bytes, .rfc = "RFC 1035, 4.1",       \
      .means = means_}, element_}
static const struct list dns_lists[] = {
    LIST("Questions", "what is asked", &dns_question),
    LIST("Answers", "what is known about it", &dns_resource),
    LIST("Authorities", "the servers that know more", &dns_resource),
    LIST("Additional", "what will be asked next, and extensions", &dns_resource),
    {.element = NULL},
};

static const struct record dns_response = {
    .name = "dns", .title = "DNS", .layer = LAYER_APPLICATION, .unit = "message", .size = 12,
    .fields = response_fields, .field_count = sizeof response_fields / sizeof response_fields[0],
    .lists = dns_lists, .rfc = "RFC 1035, 4.1", .means = "answers a question about a name",
};

static const struct record dns_query_ad = {
    .name = "dns", .title = "DNS", .layer = LAYER_APPLICATION, .unit = "message", .size = 12,
    .fields = query_ad_fields, .field_count = sizeof query_ad_fields / sizeof query_ad_fields[0],
    .lists = dns_lists, .rfc = "RFC 1035, 4.1", .means = "asks for what belongs to a name",
};

/* An update counts other things (RFC 2136), a stateful message nothing (RFC 8490). */
static const struct field rare_fields[] = {
    FIRST_ROWS,
    FLAG(NULL, "Rest", 5, 11, .format = &format_hex, .means = "flags, by the kind of message"),
    {.label = "Body", .bit = 32, .bits = 0, .format = &format_bytes, .rfc = "RFC 2136, 2",
     .means = "what it says, not looked into"},
};
static const struct record dns_rare = {
    .name = "dns", .title = "DNS", .layer = LAYER_APPLICATION, .unit = "message", .size = 4,
    .fields = rare_fields, .field_count = sizeof rare_fields / sizeof rare_fields[0],
    .rfc = "RFC 2136, 2", .means = "changes names, or the connection",
};

static const struct choice dns_kinds[] = {
    {17, 4, 5, 6, &dns_rare, false},
    {16, 1, 1, 1, &dns_response, false},
    {26, 1, 1, 1, &dns_query_ad, false},
    {.record = NULL},
};

const struct record proto_dns = {
    .name = "dns", .title = "DNS", .layer = LAYER_APPLICATION, .unit = "message", .size = 12,
    .fields = query_fields, .field_count = sizeof query_fields / sizeof query_fields[0],
    .instead = dns_kinds, .lists = dns_lists, .word = "dns", .rfc = "RFC 1035, 4.1",
    .means = "asks for what belongs to a name",
};

/* --- over TCP --------------------------------------------------------------------- */

static const struct field stream_fields[] = {
    {.name = "dns.length", .label = "Length", .bit = 0, .bits = 16, .role = ROLE_BODY_LENGTH,
     .format = &format_decimal, .rfc = "RFC 1035, 4.2.2",
     .means = "bytes of the message; only over TCP"},
};
static const struct record *const stream_parts[] = {&proto_dns, NULL};

const struct record proto_dns_stream = {
    .name = "dns", .title = "DNS", .layer = LAYER_APPLICATION, .unit = "message", .size = 2,
    .fields = stream_fields, .field_count = 1, .lead = 2, .parts = stream_parts, .again = true,
    .rfc = "RFC 1035, 4.2.2", .means = "a message and its length, in a stream",
};
