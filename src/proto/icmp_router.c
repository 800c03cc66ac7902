/* icmp_router.c: how IPv4 routers make themselves known (RFC 1256). */
#include "icmp_router.h"

#include <loopcraft/format.h>
#include <loopcraft/proto.h>

static const struct field router_rows[] = {
    {.name = "icmp.router_address", .label = "Address", .bit = 0, .bits = 32,
     .format = &format_ipv4, .rfc = "RFC 1256, 3", .means = "a router, or one of its addresses"},
    /* Wireshark's icmp.pref_level is a signed number, which no row here can be. */
    {.label = "Preference", .bit = 32, .bits = 32, .format = &format_hex, .rfc = "RFC 1256, 3",
     .means = "signed; the highest is to be taken"},
};
static const struct record icmp_router = {
    .title = "Router", .layer = LAYER_PART, .size = 8, .fields = router_rows, .field_count = 2,
    .rfc = "RFC 1256, 3", .means = "a router, and how much it wants to be one",
};
static const struct list router_lists[] = {
    {{.label = "Routers", .role = ROLE_GROUP, .format = &format_bytes, .rfc = "RFC 1256, 3",
      .means = "who can be taken"},
     &icmp_router},
    {.element = NULL},
};
#define ADVERTISEMENT_ROWS(count_role)                                                            \
    {.name = "icmp.num_addrs", .label = "Addresses", .bit = 0, .bits = 8, .role = count_role,     \
     .format = &format_decimal, .rfc = "RFC 1256, 3", .means = "addresses below"},                \
    {.name = "icmp.addr_entry_size", .label = "Entry size", .bit = 8, .bits = 8,                  \
     .format = &format_decimal, .rfc = "RFC 1256, 3", .means = "of each, in fours of bytes; 2"},  \
    {.name = "icmp.lifetime", .label = "Lifetime", .bit = 16, .bits = 16,                         \
     .format = &format_decimal, .rfc = "RFC 1256, 3", .means = "seconds that this is true for"}
static const struct field advertisement_fields[] = {ADVERTISEMENT_ROWS(ROLE_COUNT)};
static const struct field odd_advertisement_fields[] = {ADVERTISEMENT_ROWS(ROLE_VALUE)};
static const struct record icmp_odd_advertisement = {
    .title = "Router advertisement", .layer = LAYER_PART, .size = 4,
    .fields = odd_advertisement_fields, .field_count = 3, .rest = &proto_data,
    .rfc = "RFC 1256, 3", .means = "its addresses are of an unknown size",
};
static const struct choice advertisements[] = {
    {8, 8, 0, 1, &icmp_odd_advertisement, false},
    {8, 8, 3, UINT8_MAX, &icmp_odd_advertisement, false},
    {.record = NULL},
};
const struct record icmp_advertisement = {
    .title = "Router advertisement", .layer = LAYER_PART, .size = 4,
    .fields = advertisement_fields, .field_count = 3, .instead = advertisements,
    .lists = router_lists, .rest = &proto_opaque, .rfc = "RFC 1256, 3", .means = "I am a router",
};
