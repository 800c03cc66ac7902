/* icmpv6_neighbour.c: neighbours and routers find each other (RFC 4861): ARP's part in IPv6. */
#include "icmpv6_messages.h"

#include <loopcraft/format.h>

/* The rows that several messages share. (A static table can't call a function.) */
#define RESERVED_ROW(section)                                                                     \
    {.name = "icmpv6.reserved", .label = "Reserved", .bit = 0, .bits = 32, .role = ROLE_RESERVED, \
     .format = &format_bytes, .rfc = section, .means = "not used here, always 0"}
#define TARGET_ROW(name_, section, means_)                                                        \
    {.name = name_, .label = "Target address", .bit = 32, .bits = 128, .brief = true,             \
     .format = &format_ipv6, .rfc = section, .means = means_}

static const struct field router_solicitation_rows[] = {RESERVED_ROW("RFC 4861, 4.1")};
const struct record icmpv6_router_solicitation = {
    .title = "Router solicitation", .layer = LAYER_PART, .size = 4,
    .fields = router_solicitation_rows, .field_count = 1, .options = &neighbour_options,
    .rfc = "RFC 4861, 4.1", .means = "is there a router?",
};

static const struct term router_preferences[] = {
    {0, "Medium", NULL}, {1, "High", NULL}, {2, "Reserved", NULL}, {3, "Low", NULL},
    {0, NULL, NULL}};

#define FLAG(name_, label_, bit_, bits_, section, ...)                                            \
    {.name = name_, .label = label_, .bit = bit_, .bits = bits_, .rfc = section, __VA_ARGS__}
static const struct field router_advertisement_rows[] = {
    {.name = "icmpv6.nd.ra.cur_hop_limit", .label = "Hop limit", .bit = 0, .bits = 8,
     .format = &format_decimal, .rfc = "RFC 4861, 4.2",
     .means = "the hop limit to send with; 0: choose"},
    {.name = "icmpv6.nd.ra.flag", .label = "Flags", .bit = 8, .bits = 8, .role = ROLE_GROUP,
     .format = &format_flags, .rfc = "RFC 4861, 4.2", .means = "where to get what else"},
    FLAG("icmpv6.nd.ra.flag.m", "M", 8, 1, "RFC 4861, 4.2", .format = &format_flag,
         .means = "ask DHCPv6 for an address"),
    FLAG("icmpv6.nd.ra.flag.o", "O", 9, 1, "RFC 4861, 4.2", .format = &format_flag,
         .means = "ask DHCPv6 for the rest"),
    FLAG("icmpv6.nd.ra.flag.h", "H", 10, 1, "RFC 6275, 7.1", .format = &format_flag,
         .means = "also a home agent for machines that moved"),
    FLAG("icmpv6.nd.ra.flag.prf", "Preference", 11, 2, "RFC 4191, 2.2",
         .format = &format_decimal, .terms = router_preferences,
         .means = "which router to choose first"),
    FLAG("icmpv6.nd.ra.flag.p", "P", 13, 1, "RFC 4389, 4.1", .format = &format_flag,
         .means = "passed on by a proxy"),
    FLAG("icmpv6.nd.ra.flag.rsv", "Reserved", 14, 2, "RFC 4861, 4.2", .role = ROLE_RESERVED,
         .format = &format_decimal, .means = "reserved, always 0"),
    {.name = "icmpv6.nd.ra.router_lifetime", .label = "Router lifetime", .bit = 16, .bits = 16,
     .format = &format_decimal, .rfc = "RFC 4861, 4.2",
     .means = "seconds that it is a way out; 0: it is none"},
    {.name = "icmpv6.nd.ra.reachable_time", .label = "Reachable time", .bit = 32, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 4861, 4.2",
     .means = "ms to believe that a neighbour is there"},
    {.name = "icmpv6.nd.ra.retrans_timer", .label = "Retransmit timer", .bit = 64, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 4861, 4.2",
     .means = "ms between two questions to a neighbour"},
};
const struct record icmpv6_router_advertisement = {
    .title = "Router advertisement", .layer = LAYER_PART, .size = 12,
    .fields = router_advertisement_rows,
    .field_count = sizeof router_advertisement_rows / sizeof router_advertisement_rows[0],
    .options = &neighbour_options, .rfc = "RFC 4861, 4.2", .means = "I am a router",
};

static const struct field neighbour_solicitation_rows[] = {
    RESERVED_ROW("RFC 4861, 4.3"),
    TARGET_ROW("icmpv6.nd.ns.target_address", "RFC 4861, 4.3", "whose hardware address is asked"),
};
const struct record icmpv6_neighbour_solicitation = {
    .title = "Neighbor solicitation", .layer = LAYER_PART, .size = 20,
    .fields = neighbour_solicitation_rows, .field_count = 2, .options = &neighbour_options,
    .rfc = "RFC 4861, 4.3", .means = "who has this address?",
};

static const struct field neighbour_advertisement_rows[] = {
    {.name = "icmpv6.nd.na.flag", .label = "Flags", .bit = 0, .bits = 32, .role = ROLE_GROUP,
     .format = &format_flags, .rfc = "RFC 4861, 4.4", .means = "who says so, and why"},
    FLAG("icmpv6.nd.na.flag.r", "Router", 0, 1, "RFC 4861, 4.4", .word = 4,
         .format = &format_flag, .means = "it is a router"),
    FLAG("icmpv6.nd.na.flag.s", "Solicited", 1, 1, "RFC 4861, 4.4", .word = 4,
         .format = &format_flag, .means = "it was asked"),
    FLAG("icmpv6.nd.na.flag.o", "Override", 2, 1, "RFC 4861, 4.4", .word = 4,
         .format = &format_flag, .means = "forget what you knew"),
    FLAG("icmpv6.nd.na.flag.rsv", "Reserved", 3, 29, "RFC 4861, 4.4", .word = 4,
         .role = ROLE_RESERVED, .format = &format_decimal, .means = "reserved, always 0"),
    TARGET_ROW("icmpv6.nd.na.target_address", "RFC 4861, 4.4", "whose hardware address it is"),
};
const struct record icmpv6_neighbour_advertisement = {
    .title = "Neighbor advertisement", .layer = LAYER_PART, .size = 20,
    .fields = neighbour_advertisement_rows,
    .field_count = sizeof neighbour_advertisement_rows / sizeof neighbour_advertisement_rows[0],
    .options = &neighbour_options, .rfc = "RFC 4861, 4.4", .means = "I have this address",
};

static const struct field redirect_rows[] = {
    RESERVED_ROW("RFC 4861, 4.5"),
    TARGET_ROW("icmpv6.nd.rd.target_address", "RFC 4861, 4.5", "the router to use from now on"),
    {.name = "icmpv6.rd.na.destination_address", .label = "Destination", .bit = 160, .bits = 128,
     .format = &format_ipv6, .rfc = "RFC 4861, 4.5", .means = "for packets to this machine"},
};
const struct record icmpv6_redirect = {
    .title = "Redirect", .layer = LAYER_PART, .size = 36, .fields = redirect_rows,
    .field_count = 3, .options = &neighbour_options, .rfc = "RFC 4861, 4.5",
    .means = "there is a better router for that machine",
};
