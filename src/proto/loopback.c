/*
 * loopback.c: what other systems write for a loopback interface (BSD, macOS), and packets with no
 * link header at all.
 */
#include <loopcraft/format.h>
#include <loopcraft/proto.h>

#define SOURCE "LINKTYPE_NULL, LINKTYPE_LOOP"

/* IPv6 has another number in each system. */
static const struct term families[] = {
    {2, "IPv4", "an IPv4 packet"},
    {24, "IPv6", "an IPv6 packet (NetBSD, OpenBSD)"},
    {28, "IPv6", "an IPv6 packet (FreeBSD)"},
    {30, "IPv6", "an IPv6 packet (macOS)"},
    {0x02000000, "IPv4", "an IPv4 packet"},
    {0x18000000, "IPv6", "an IPv6 packet (NetBSD, OpenBSD)"},
    {0x1c000000, "IPv6", "an IPv6 packet (FreeBSD)"},
    {0x1e000000, "IPv6", "an IPv6 packet (macOS)"},
    {0, NULL, NULL},
};

static const struct branch family_records[] = {
    {2, &proto_ipv4, NULL},          {24, &proto_ipv6, NULL},
    {28, &proto_ipv6, NULL},         {30, &proto_ipv6, NULL},
    {0x02000000, &proto_ipv4, NULL}, {0x18000000, &proto_ipv6, NULL},
    {0x1c000000, &proto_ipv6, NULL}, {0x1e000000, &proto_ipv6, NULL},
    {0, NULL, NULL},
};

static const struct field loopback_rows[] = {
    {.name = "null.family", .label = "Family", .bit = 0, .bits = 32, .role = ROLE_NEXT,
     .format = &format_family, .terms = families, .rfc = SOURCE,
     .means = "which protocol; in the sender's byte order"},
};
const struct record proto_loopback = {
    .name = "null", .title = "Loopback", .layer = LAYER_LINK, .unit = "frame", .size = 4,
    .fields = loopback_rows, .field_count = 1, .next = family_records, .rest = &proto_data,
    .rfc = SOURCE, .means = "carries a packet inside a BSD machine",
};

/* --- no link header: the first four bits are the packet's version --------------------- */

static const struct choice raw_kinds[] = {
    {0, 4, 4, 4, &proto_ipv4, false}, {0, 4, 6, 6, &proto_ipv6, false}, {.record = NULL}};
static const struct field raw_rows[] = {
    {.label = "Packet", .bit = 0, .bits = 0, .format = &format_bytes, .rfc = "LINKTYPE_RAW",
     .means = "neither IPv4 nor IPv6, not looked into"},
};
const struct record proto_raw = {
    .name = "raw", .title = "Raw IP", .layer = LAYER_LINK, .unit = "packet",
    .fields = raw_rows, .field_count = 1, .instead = raw_kinds, .rfc = "LINKTYPE_RAW",
    .means = "a packet without a link header",
};
