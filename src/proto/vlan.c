/* vlan.c: tags that make several networks of one wire (IEEE 802.1Q), and the outer one of two. */
#include <loopcraft/format.h>
#include <loopcraft/proto.h>

#include "protocols.h"

static const struct field vlan_rows[] = {
    {.name = "vlan.priority", .label = "Priority", .bit = 0, .bits = 3, .word = 2,
     .format = &format_decimal, .rfc = "IEEE 802.1Q, 9.6", .means = "0 to 7: who goes first"},
    {.name = "vlan.dei", .label = "DEI", .bit = 3, .bits = 1, .word = 2, .format = &format_flag,
     .rfc = "IEEE 802.1Q, 9.6", .means = "drop this one first when there is no room"},
    {.name = "vlan.id", .label = "VLAN", .bit = 4, .bits = 12, .word = 2, .brief = true,
     .format = &format_decimal, .rfc = "IEEE 802.1Q, 9.6", .means = "which network it belongs to"},
    {.name = "vlan.etype", .label = "Type", .bit = 16, .bits = 16, .role = ROLE_NEXT,
     .format = &format_hex, .terms = terms_ethertype, .rfc = "IEEE 802.1Q, 9.4",
     .means = "which protocol follows"},
};
const struct record proto_vlan = {
    .name = "vlan", .title = "VLAN tag", .layer = LAYER_LINK, .unit = "tag", .size = 4,
    .fields = vlan_rows, .field_count = 4, .next = next_ethertype, .rest = &proto_data,
    .rfc = "IEEE 802.1Q, 9.6", .means = "one of several networks on a wire",
};

static const struct field provider_rows[] = {
    {.name = "ieee8021ad.priority", .label = "Priority", .bit = 0, .bits = 3,
     .format = &format_decimal, .rfc = "IEEE 802.1Q, 9.6", .means = "0 to 7: who goes first"},
    {.name = "ieee8021ad.dei", .label = "DEI", .bit = 3, .bits = 1, .format = &format_decimal,
     .rfc = "IEEE 802.1Q, 9.6", .means = "drop this one first when there is no room"},
    {.name = "ieee8021ad.id", .label = "VLAN", .bit = 4, .bits = 12, .brief = true,
     .format = &format_decimal, .rfc = "IEEE 802.1Q, 9.6", .means = "the provider's network"},
    {.name = "ieee8021ah.etype", .label = "Type", .bit = 16, .bits = 16, .role = ROLE_NEXT,
     .format = &format_hex, .terms = terms_ethertype, .rfc = "IEEE 802.1Q, 9.4",
     .means = "which protocol follows"},
};
const struct record proto_provider_vlan = {
    .name = "ieee8021ad", .title = "Provider VLAN tag", .layer = LAYER_LINK, .unit = "tag",
    .size = 4, .fields = provider_rows, .field_count = 4, .next = next_ethertype,
    .rest = &proto_data, .rfc = "IEEE 802.1Q, 9.6",
    .means = "a provider's tag around its customers' own",
};
