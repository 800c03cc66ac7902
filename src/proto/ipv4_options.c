/* ipv4_options.c: the options behind an IPv4 header. Rare today: many routers drop such packets. */
#include "ipv4_options.h"

#include <loopcraft/format.h>

/* The rows that options begin with. (A static table can't call a function.) */
#define TYPE_ROWS                                                                                 \
    {.name = "ip.opt.type", .label = "Type", .bit = 0, .bits = 8, .role = ROLE_GROUP,             \
     .format = &format_decimal, .terms = ipv4_option_types, .rfc = "RFC 791, 3.1",                \
     .means = "which option this is"},                                                            \
    {.name = "ip.opt.type.copy", .label = "Copy", .bit = 0, .bits = 1, .format = &format_flag,    \
     .rfc = "RFC 791, 3.1", .means = "set: in every fragment; not set: in the first only"},       \
    {.name = "ip.opt.type.class", .label = "Class", .bit = 1, .bits = 2,                          \
     .format = &format_decimal, .terms = ipv4_option_classes, .rfc = "RFC 791, 3.1",              \
     .means = "control, or measurement"},                                                         \
    {.name = "ip.opt.type.number", .label = "Number", .bit = 3, .bits = 5,                        \
     .format = &format_decimal, .rfc = "RFC 791, 3.1", .means = "the option within its class"}
#define LENGTH_ROW                                                                                \
    {.name = "ip.opt.len", .label = "Length", .bit = 8, .bits = 8, .role = ROLE_OPTION_LENGTH,    \
     .format = &format_decimal, .rfc = "RFC 791, 3.1",                                            \
     .means = "bytes of this option, type and length included"}
#define POINTER_ROW                                                                               \
    {.name = "ip.opt.ptr", .label = "Pointer", .bit = 16, .bits = 8, .role = ROLE_POINTER,        \
     .format = &format_decimal, .rfc = "RFC 791, 3.1",                                            \
     .means = "the byte of this option that is next in turn, from 1"}

static const struct term ipv4_option_types[] = {
    {0, "EOL", "end of the options"},
    {1, "NOP", "fills a byte"},
    {7, "Record route", "asks routers to write down their address"},
    {68, "Timestamp", "asks routers to write down the time"},
    {130, "Security", "how secret the packet is"},
    {131, "Loose source route", "routers to pass on the way"},
    {136, "Stream ID", "of a network of the seventies"},
    {137, "Strict source route", "the exact way to take"},
    {148, "Router alert", "asks routers to look inside"},
    {0, NULL, NULL},
};

static const struct term ipv4_option_classes[] = {
    {0, "Control", NULL}, {2, "Debugging and measurement", NULL}, {0, NULL, NULL},
};

static const struct field eol_fields[] = {TYPE_ROWS};
static const struct record ipv4_eol = {
    .name = "ip.options.eol", .title = "End of options", .layer = LAYER_PART, .size = 1,
    .fields = eol_fields, .field_count = 4, .word = "eol", .rfc = "RFC 791, 3.1",
    .means = "no more options; what follows is padding",
};

static const struct field nop_fields[] = {TYPE_ROWS};
static const struct record ipv4_nop = {
    .name = "ip.options.nop", .title = "No operation", .layer = LAYER_PART, .size = 1,
    .fields = nop_fields, .field_count = 4, .word = "nop", .rfc = "RFC 791, 3.1",
    .means = "fills a byte so that the next option lies well",
};

static const struct field recorded_fields[] = {
    {.name = "ip.rec_rt", .label = "Recorded", .bit = 0, .bits = 32, .format = &format_ipv4,
     .rfc = "RFC 791, 3.1", .means = "a router that was passed"},
};
static const struct record ipv4_recorded = {
    .title = "Recorded address", .layer = LAYER_PART, .size = 4, .fields = recorded_fields,
    .field_count = 1, .rfc = "RFC 791, 3.1", .means = "a router that was passed",
};

static const struct field empty_fields[] = {
    {.name = "ip.empty_rt", .label = "Empty", .bit = 0, .bits = 32, .format = &format_ipv4,
     .rfc = "RFC 791, 3.1", .means = "room for the next router's address"},
};
static const struct record ipv4_empty = {
    .title = "Empty address", .layer = LAYER_PART, .size = 4, .fields = empty_fields,
    .field_count = 1, .rfc = "RFC 791, 3.1", .means = "room for the next router's address",
};

static const struct field to_visit_fields[] = {
    {.name = "ip.src_rt", .label = "To visit", .bit = 0, .bits = 32, .format = &format_ipv4,
     .rfc = "RFC 791, 3.1", .means = "a machine still to be visited"},
};
static const struct record ipv4_to_visit = {
    .title = "Address to visit", .layer = LAYER_PART, .size = 4, .fields = to_visit_fields,
    .field_count = 1, .rfc = "RFC 791, 3.1", .means = "a machine still to be visited",
};

static const struct field record_route_fields[] = {TYPE_ROWS, LENGTH_ROW, POINTER_ROW};
static const struct record ipv4_record_route = {
    .name = "ip.options.record_route", .title = "Record route", .layer = LAYER_PART, .size = 3,
    .fields = record_route_fields, .field_count = 6, .repeat = &ipv4_recorded,
    .ahead = &ipv4_empty, .word = "rr",
    .rfc = "RFC 791, 3.1", .means = "each router on the way writes its address here",
};

static const struct field loose_route_fields[] = {TYPE_ROWS, LENGTH_ROW, POINTER_ROW};
static const struct record ipv4_loose_route = {
    .name = "ip.options.route", .title = "Loose source route", .layer = LAYER_PART, .size = 3,
    .fields = loose_route_fields, .field_count = 6, .repeat = &ipv4_recorded,
    .ahead = &ipv4_to_visit, .word = "lsrr",
    .rfc = "RFC 791, 3.1", .means = "routers to pass on the way; nearly all networks refuse it",
};

static const struct field strict_route_fields[] = {TYPE_ROWS, LENGTH_ROW, POINTER_ROW};
static const struct record ipv4_strict_route = {
    .name = "ip.options.source_route", .title = "Strict source route", .layer = LAYER_PART,
    .size = 3, .fields = strict_route_fields, .field_count = 6, .repeat = &ipv4_recorded,
    .ahead = &ipv4_to_visit, .word = "ssrr", .rfc = "RFC 791, 3.1",
    .means = "the exact way to take; nearly all networks refuse it",
};

static const struct field time_fields[] = {
    {.name = "ip.opt.time_stamp", .label = "Time", .bit = 0, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 791, 3.1",
     .means = "milliseconds since midnight UT; 0 where nobody wrote yet"},
};
static const struct record ipv4_time = {
    .title = "Time", .layer = LAYER_PART, .size = 4, .fields = time_fields, .field_count = 1,
    .rfc = "RFC 791, 3.1", .means = "when a router was passed",
};
static const struct record ipv4_times = {
    .title = "Times", .layer = LAYER_PART, .repeat = &ipv4_time, .rfc = "RFC 791, 3.1",
    .means = "when each router was passed",
};

static const struct field addressed_time_fields[] = {
    {.name = "ip.opt.time_stamp_addr", .label = "Address", .bit = 0, .bits = 32,
     .format = &format_ipv4, .rfc = "RFC 791, 3.1", .means = "the machine that wrote the time"},
    {.name = "ip.opt.time_stamp", .label = "Time", .bit = 32, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 791, 3.1",
     .means = "milliseconds since midnight UT; 0 where nobody wrote yet"},
};
static const struct record ipv4_addressed_time = {
    .title = "Address and time", .layer = LAYER_PART, .size = 8, .fields = addressed_time_fields,
    .field_count = 2, .rfc = "RFC 791, 3.1", .means = "which router was passed, and when",
};
static const struct record ipv4_addressed_times = {
    .title = "Addresses and times", .layer = LAYER_PART, .repeat = &ipv4_addressed_time,
    .rfc = "RFC 791, 3.1", .means = "which routers were passed, and when",
};

static const struct term timestamp_flags[] = {
    {0, "Times only", NULL}, {1, "Addresses and times", NULL},
    {3, "Times of these addresses", NULL}, {0, NULL, NULL},
};
static const struct branch timestamp_cases[] = {
    {1, &ipv4_addressed_times, NULL}, {3, &ipv4_addressed_times, NULL}, {0, NULL, NULL},
};
static const struct field timestamp_fields[] = {
    TYPE_ROWS,
    LENGTH_ROW,
    POINTER_ROW,
    {.name = "ip.opt.overflow", .label = "Overflow", .bit = 24, .bits = 4,
     .format = &format_decimal, .rfc = "RFC 791, 3.1", .means = "routers that found no room left"},
    {.name = "ip.opt.flag", .label = "Flag", .bit = 28, .bits = 4, .role = ROLE_CASE,
     .format = &format_hex, .terms = timestamp_flags, .rfc = "RFC 791, 3.1",
     .means = "what each router shall write"},
};
static const struct record ipv4_timestamp = {
    .name = "ip.options.timestamp", .title = "Timestamp", .layer = LAYER_PART, .size = 4,
    .fields = timestamp_fields, .field_count = 8, .cases = timestamp_cases, .other = &ipv4_times,
    .word = "ts", .rfc = "RFC 791, 3.1", .means = "each router on the way writes the time here",
};

/* --- security: RFC 791's, of which RFC 1108 kept the number and changed the rest ------- */

static const struct term security_levels[] = {
    {0x0000, "Unclassified", NULL}, {0xf135, "Confidential", NULL}, {0x789a, "EFTO", NULL},
    {0xbc4d, "MMMM", NULL},         {0x5e26, "PROG", NULL},         {0xaf13, "Restricted", NULL},
    {0xd788, "Secret", NULL},       {0x6bc5, "Top secret", NULL},   {0, NULL, NULL},
};
static const struct field security_791_fields[] = {
    TYPE_ROWS,
    LENGTH_ROW,
    {.name = "ip.opt.sec_rfc791_sec", .label = "Security", .bit = 16, .bits = 16,
     .format = &format_hex, .terms = security_levels, .rfc = "RFC 791, 3.1",
     .means = "how secret the packet is"},
    {.name = "ip.opt.sec_rfc791_comp", .label = "Compartments", .bit = 32, .bits = 16,
     .format = &format_decimal, .rfc = "RFC 791, 3.1", .means = "who of those may read it"},
    {.name = "ip.opt.sec_rfc791_hr", .label = "Handling", .bit = 48, .bits = 16,
     .format = &format_string, .rfc = "RFC 791, 3.1", .means = "what else to mind, in letters"},
    {.name = "ip.opt.sec_rfc791_tcc", .label = "Control code", .bit = 64, .bits = 24,
     .format = &format_string, .rfc = "RFC 791, 3.1", .means = "the group of users that it is for"},
};
static const struct record ipv4_security_791 = {
    .name = "ip.options.security", .title = "Security", .layer = LAYER_PART, .size = 11,
    .fields = security_791_fields, .field_count = 9, .rfc = "RFC 791, 3.1",
    .means = "how secret the packet is, in military networks",
};

static const struct term classification_levels[] = {
    {0x3d, "Top secret", NULL},   {0x5a, "Secret", NULL}, {0x96, "Confidential", NULL},
    {0xab, "Unclassified", NULL}, {0, NULL, NULL},
};
#define CLASS_ROW                                                                                 \
    {.name = "ip.opt.sec_cl", .label = "Level", .bit = 16, .bits = 8, .format = &format_hex,      \
     .terms = classification_levels, .rfc = "RFC 1108, 2.3", .means = "how secret the packet is"}
#define AUTHORITY_ROW(name_, label_, bit_)                                                        \
    {.name = "ip.opt.sec_prot_auth_" name_, .label = label_, .bit = bit_, .bits = 1,              \
     .format = &format_flag, .rfc = "RFC 1108, 2.4", .means = "by the rules of this authority"}
static const struct field security_fields[] = {
    TYPE_ROWS,
    LENGTH_ROW,
    CLASS_ROW,
    {.name = "ip.opt.sec_prot_auth_flags", .label = "Authorities", .bit = 24, .bits = 8,
     .role = ROLE_GROUP, .format = &format_hex, .rfc = "RFC 1108, 2.4",
     .means = "by whose rules it is to be kept"},
    AUTHORITY_ROW("genser", "GENSER", 24),
    AUTHORITY_ROW("siop_esi", "SIOP-ESI", 25),
    AUTHORITY_ROW("sci", "SCI", 26),
    AUTHORITY_ROW("nsa", "NSA", 27),
    AUTHORITY_ROW("doe", "DOE", 28),
    {.name = "ip.opt.sec_prot_auth_unassigned", .label = "Unassigned", .bit = 29, .bits = 2,
     .role = ROLE_RESERVED, .format = &format_hex, .rfc = "RFC 1108, 2.4",
     .means = "not used, always 0"},
    {.name = "ip.opt.sec_prot_auth_fti", .label = "More", .bit = 31, .bits = 1,
     .format = &format_flag, .rfc = "RFC 1108, 2.4", .means = "set: another byte of them follows"},
    {.label = "More authorities", .bit = 32, .bits = 0, .format = &format_bytes,
     .rfc = "RFC 1108, 2.4", .means = "authorities that the RFC does not name"},
};
static const struct record ipv4_security_1108 = {
    .name = "ip.options.security", .title = "Security", .layer = LAYER_PART, .size = 4,
    .fields = security_fields, .field_count = sizeof security_fields / sizeof security_fields[0],
    .rfc = "RFC 1108, 2", .means = "how secret the packet is, and by whose rules",
};

static const struct field security_level_fields[] = {TYPE_ROWS, LENGTH_ROW, CLASS_ROW};
static const struct record ipv4_security_level = {
    .name = "ip.options.security", .title = "Security", .layer = LAYER_PART, .size = 3,
    .fields = security_level_fields, .field_count = 6, .rfc = "RFC 1108, 2",
    .means = "how secret the packet is, by nobody's rules in particular",
};

/* 11 bytes and a level of RFC 791's are that one, as Wireshark has it; all else is RFC 1108's. */
#define LEVEL_791(number) {16, 16, number, number, &ipv4_security_791, false}
static const struct choice security_kinds[] = {
    {8, 8, 3, 3, &ipv4_security_level, false},
    {8, 8, 4, 10, &ipv4_security_1108, false},
    {8, 8, 12, UINT8_MAX, &ipv4_security_1108, false},
    LEVEL_791(0x0000), LEVEL_791(0xf135), LEVEL_791(0x789a), LEVEL_791(0xbc4d), LEVEL_791(0x5e26),
    LEVEL_791(0xaf13), LEVEL_791(0xd788), LEVEL_791(0x6bc5),
    {8, 8, 11, 11, &ipv4_security_1108, false},
    {.record = NULL},
};
static const struct field security_empty_fields[] = {TYPE_ROWS, LENGTH_ROW};
static const struct record ipv4_security = {
    .name = "ip.options.security", .title = "Security", .layer = LAYER_PART, .size = 2,
    .fields = security_empty_fields, .field_count = 5, .instead = security_kinds,
    .rfc = "RFC 1108, 2", .means = "how secret the packet is, in military networks",
};

/* --- the rest of them ------------------------------------------------------------- */

static const struct field stream_fields[] = {
    TYPE_ROWS,
    LENGTH_ROW,
    {.name = "ip.opt.sid", .label = "Stream ID", .bit = 16, .bits = 16,
     .format = &format_decimal, .rfc = "RFC 791, 3.1; RFC 6814",
     .means = "a stream of SATNET, a network of the seventies"},
};
static const struct record ipv4_stream = {
    .name = "ip.options.sid", .title = "Stream ID", .layer = LAYER_PART, .size = 4,
    .fields = stream_fields, .field_count = 6, .word = "satid", .rfc = "RFC 791, 3.1",
    .means = "no longer in use",
};

static const struct term router_alerts[] = {
    {0, "Router shall examine packet", NULL}, {0, NULL, NULL},
};
static const struct field router_alert_fields[] = {
    TYPE_ROWS,
    LENGTH_ROW,
    {.name = "ip.opt.ra", .label = "Router alert", .bit = 16, .bits = 16,
     .format = &format_decimal, .terms = router_alerts, .rfc = "RFC 2113, 2.1",
     .means = "0: every router shall look at the packet"},
};
static const struct record ipv4_router_alert = {
    .name = "ip.options.routeralert", .title = "Router alert", .layer = LAYER_PART, .size = 4,
    .fields = router_alert_fields, .field_count = 6, .word = "ra", .rfc = "RFC 2113, 2.1",
    .means = "asks routers on the way to look inside; multicast uses it",
};

static const struct field unknown_fields[] = {
    {.label = "Type", .bit = 0, .bits = 8, .role = ROLE_KIND, .format = &format_decimal,
     .rfc = "RFC 791, 3.1", .means = "which option this is"},
    {.label = "Length", .bit = 8, .bits = 8, .role = ROLE_OPTION_LENGTH,
     .format = &format_decimal, .rfc = "RFC 791, 3.1",
     .means = "bytes of this option, type and length included"},
    {.label = "Data", .bit = 16, .bits = 0, .format = &format_bytes, .rfc = "RFC 791, 3.1",
     .means = "what the option says"},
};
static const struct record ipv4_unknown = {
    .title = "Unknown option", .layer = LAYER_PART, .size = 2, .fields = unknown_fields,
    .field_count = 3, .rfc = "RFC 791, 3.1",
    .means = "an option that this table does not name; receivers skip what they do not know",
};

static const struct branch ipv4_option_records[] = {
    {0, &ipv4_eol, NULL},           {1, &ipv4_nop, NULL},      {7, &ipv4_record_route, NULL},
    {68, &ipv4_timestamp, NULL},    {130, &ipv4_security, NULL}, {131, &ipv4_loose_route, NULL},
    {136, &ipv4_stream, NULL},      {137, &ipv4_strict_route, NULL},
    {148, &ipv4_router_alert, NULL}, {0, NULL, NULL},
};

const struct options ipv4_options = {
    .area = {.label = "Options", .role = ROLE_GROUP, .format = &format_bytes,
             .rfc = "RFC 791, 3.1", .means = "what is asked of the routers on the way"},
    .kinds = ipv4_option_records, .unknown = &ipv4_unknown, .end = 0,
};
