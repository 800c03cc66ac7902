/* icmpv6_multicast.c: who listens to which group (RFC 2710; version 2: RFC 3810). */
#include "icmpv6_messages.h"

#include <loopcraft/format.h>
#include <loopcraft/proto.h>

#define GROUP_ROW(section)                                                                        \
    {.name = "icmpv6.mld.multicast_address", .label = "Group", .bit = 32, .bits = 128,            \
     .brief = true, .format = &format_ipv6, .rfc = section, .means = "the group that it is about"}
#define RESERVED_ROW(section)                                                                     \
    {.name = "icmpv6.reserved", .label = "Reserved", .bit = 16, .bits = 16,                       \
     .role = ROLE_RESERVED, .format = &format_bytes, .rfc = section,                              \
     .means = "not used here, always 0"}
#define DELAY_ROW                                                                                 \
    {.name = "icmpv6.mld.maximum_response_delay", .label = "Maximum delay", .bit = 0, .bits = 16, \
     .format = &format_decimal, .rfc = "RFC 2710, 3.4", .means = "ms to answer in"}

static const struct field report_rows[] = {
    DELAY_ROW, RESERVED_ROW("RFC 2710, 3.3"), GROUP_ROW("RFC 2710, 3.6")};
const struct record icmpv6_listener_report = {
    .title = "Listener report", .layer = LAYER_PART, .size = 20, .fields = report_rows,
    .field_count = 3, .rest = &proto_opaque, .rfc = "RFC 2710, 3",
    .means = "begins or ends to listen to a group",
};

/* --- version 2: also from whom ------------------------------------------------------ */

#define LIST(label_, means_, element_, section)                                                   \
    {{.label = label_, .role = ROLE_GROUP, .format = &format_bytes, .rfc = section,               \
      .means = means_}, element_}

static const struct field query_source_rows[] = {
    {.name = "icmpv6.mld.source_address", .label = "Source", .bit = 0, .bits = 128,
     .format = &format_ipv6, .rfc = "RFC 3810, 5.1.10", .means = "a sender that it is about"}};
static const struct record query_source = {
    .title = "Source", .layer = LAYER_PART, .size = 16, .fields = query_source_rows,
    .field_count = 1, .rfc = "RFC 3810, 5.1.10", .means = "a sender that it is about"};
static const struct list query_lists[] = {
    LIST("Sources", "the senders that it is about", &query_source, "RFC 3810, 5.1.10"),
    {.element = NULL}};

static const struct field query2_rows[] = {
    {.name = "icmpv6.mld.maximum_response_code", .label = "Maximum response", .bit = 0,
     .bits = 16, .format = &format_code, .rfc = "RFC 3810, 5.1.3", .means = "ms to answer in"},
    RESERVED_ROW("RFC 3810, 5.1.4"),
    GROUP_ROW("RFC 3810, 5.1.5"),
    {.name = "icmpv6.mld.flag", .label = "Flags", .bit = 160, .bits = 8, .role = ROLE_GROUP,
     .format = &format_flags, .rfc = "RFC 3810, 5.1.7", .means = "how to go about it"},
    {.name = "icmpv6.mld.flag.reserved", .label = "Reserved", .bit = 160, .bits = 4,
     .role = ROLE_RESERVED, .format = &format_decimal, .rfc = "RFC 3810, 5.1.6",
     .means = "reserved, always 0"},
    {.name = "icmpv6.mld.flag.s", .label = "S", .bit = 164, .bits = 1, .format = &format_flag,
     .rfc = "RFC 3810, 5.1.7", .means = "other routers need not count the time"},
    {.name = "icmpv6.mld.flag.qrv", .label = "Robustness", .bit = 165, .bits = 3,
     .format = &format_decimal, .rfc = "RFC 3810, 5.1.8", .means = "how often to repeat things"},
    {.name = "icmpv6.mld.qqi", .label = "Interval", .bit = 168, .bits = 8,
     .format = &format_code, .rfc = "RFC 3810, 5.1.9", .means = "seconds between two questions"},
    {.name = "icmpv6.mld.nb_sources", .label = "Sources", .bit = 176, .bits = 16,
     .role = ROLE_COUNT, .format = &format_decimal, .rfc = "RFC 3810, 5.1.10",
     .means = "senders below"},
};
static const struct record listener_query2 = {
    .title = "Listener query v2", .layer = LAYER_PART, .size = 24, .fields = query2_rows,
    .field_count = sizeof query2_rows / sizeof query2_rows[0], .lists = query_lists,
    .rest = &proto_opaque, .rfc = "RFC 3810, 5.1", .means = "who listens to this group?",
};

/* The length tells the version (RFC 3810, 8.1): the second has bytes where the first ends. */
static const struct choice query_versions[] = {
    {160, 32, 0, UINT32_MAX, &listener_query2, false}, {.record = NULL}};
static const struct field query_rows[] = {
    DELAY_ROW, RESERVED_ROW("RFC 2710, 3.3"), GROUP_ROW("RFC 2710, 3.6")};
const struct record icmpv6_listener_query = {
    .title = "Listener query", .layer = LAYER_PART, .size = 20, .fields = query_rows,
    .field_count = 3, .instead = query_versions, .rest = &proto_opaque, .rfc = "RFC 2710, 3",
    .means = "who listens to this group?",
};

static const struct term record_types[] = {
    {1, "Is include", "listens to these senders"},
    {2, "Is exclude", "listens to all but these"},
    {3, "To include", "from now on to these"},
    {4, "To exclude", "from now on to all but these"},
    {5, "Allow", "to these as well"},
    {6, "Block", "no longer to these"},
    {0, NULL, NULL},
};

static const struct field report_source_rows[] = {
    {.name = "icmpv6.mldr.mar.source_address", .label = "Source", .bit = 0, .bits = 128,
     .format = &format_ipv6, .rfc = "RFC 3810, 5.2.9", .means = "a sender that it is about"}};
static const struct record report_source = {
    .title = "Source", .layer = LAYER_PART, .size = 16, .fields = report_source_rows,
    .field_count = 1, .rfc = "RFC 3810, 5.2.9", .means = "a sender that it is about"};
static const struct list group_lists[] = {
    LIST("Sources", "the senders that it is about", &report_source, "RFC 3810, 5.2.9"),
    {.element = NULL}};

static const struct field group_rows[] = {
    {.name = "icmpv6.mldr.mar.record_type", .label = "Type", .bit = 0, .bits = 8,
     .format = &format_decimal, .terms = record_types, .rfc = "RFC 3810, 5.2.5",
     .means = "how it listens, or will from now on"},
    {.name = "icmpv6.mldr.mar.aux_data_len", .label = "Extra", .bit = 8, .bits = 8,
     .format = &format_decimal, .rfc = "RFC 3810, 5.2.6", .means = "never used: 0"},
    {.name = "icmpv6.mldr.mar.nb_sources", .label = "Sources", .bit = 16, .bits = 16,
     .role = ROLE_COUNT, .format = &format_decimal, .rfc = "RFC 3810, 5.2.7",
     .means = "senders below"},
    {.name = "icmpv6.mldr.mar.multicast_address", .label = "Group", .bit = 32, .bits = 128,
     .format = &format_ipv6, .rfc = "RFC 3810, 5.2.8", .means = "the group that it is about"},
};
static const struct record group = {
    .name = "icmpv6.mldr.mar", .title = "Group", .layer = LAYER_PART, .size = 20,
    .fields = group_rows, .field_count = 4, .lists = group_lists, .silent = true,
    .rfc = "RFC 3810, 5.2.4", .means = "one group, and from whom it is wanted",
};
static const struct list report_lists[] = {
    LIST("Groups", "the groups that it is about", &group, "RFC 3810, 5.2.4"), {.element = NULL}};

static const struct field report2_rows[] = {
    {.name = "icmpv6.reserved", .label = "Reserved", .bit = 0, .bits = 16, .role = ROLE_RESERVED,
     .format = &format_bytes, .rfc = "RFC 3810, 5.2.1", .means = "not used here, always 0"},
    {.name = "icmpv6.mldr.nb_mcast_records", .label = "Groups", .bit = 16, .bits = 16,
     .role = ROLE_COUNT, .format = &format_decimal, .rfc = "RFC 3810, 5.2.3",
     .means = "groups below"}};
const struct record icmpv6_listener_report2 = {
    .title = "Listener report v2", .layer = LAYER_PART, .size = 4, .fields = report2_rows,
    .field_count = 2, .lists = report_lists, .rest = &proto_opaque, .rfc = "RFC 3810, 5.2",
    .means = "listens to these groups",
};
