/* ethernet.c: the frame around a packet (IEEE 802.3). lo has no wire: its addresses are all 0. */
#include <loopcraft/format.h>
#include <loopcraft/proto.h>

#include "protocols.h"

static const struct field ethernet_fields[] = {
    {.name = "eth.dst", .label = "Destination", .bit = 0, .bits = 48, .role = ROLE_DESTINATION,
     .format = &format_ether, .rfc = "IEEE 802.3, 3.2.4",
     .means = "to which hardware; on lo it is all zero"},
    {.name = "eth.addr", .label = "Address", .bit = 0, .bits = 48, .role = ROLE_ALSO,
     .format = &format_ether, .rfc = "IEEE 802.3, 3.2.3",
     .means = "matches both addresses in a display filter"},
    {.name = "eth.dst.lg", .label = "Local", .bit = 6, .bits = 1, .word = 3, .role = ROLE_ALSO,
     .format = &format_flag, .rfc = "IEEE 802.3, 3.2.3",
     .means = "set: made up; not set: given by the maker"},
    {.name = "eth.dst.ig", .label = "Group", .bit = 7, .bits = 1, .word = 3, .role = ROLE_ALSO,
     .format = &format_flag, .rfc = "IEEE 802.3, 3.2.3",
     .means = "set: for a group of machines; not set: for one"},
    {.name = "eth.src", .label = "Source", .bit = 48, .bits = 48, .role = ROLE_SOURCE,
     .format = &format_ether, .rfc = "IEEE 802.3, 3.2.5",
     .means = "from which hardware; on lo it is all zero"},
    {.name = "eth.addr", .label = "Address", .bit = 48, .bits = 48, .role = ROLE_ALSO,
     .format = &format_ether, .rfc = "IEEE 802.3, 3.2.3",
     .means = "matches both addresses in a display filter"},
    {.name = "eth.src.lg", .label = "Local", .bit = 54, .bits = 1, .word = 3, .role = ROLE_ALSO,
     .format = &format_flag, .rfc = "IEEE 802.3, 3.2.3",
     .means = "set: made up; not set: given by the maker"},
    {.name = "eth.src.ig", .label = "Group", .bit = 55, .bits = 1, .word = 3, .role = ROLE_ALSO,
     .format = &format_flag, .rfc = "IEEE 802.3, 3.2.3",
     .means = "a sender is one machine: never set"},
    {.name = "eth.type", .label = "Type", .bit = 96, .bits = 16, .role = ROLE_NEXT,
     .format = &format_hex, .terms = terms_ethertype, .rfc = "IEEE 802.3, 3.2.6",
     .means = "which protocol the frame carries"},
};

static const struct branch ethernet_next[] = {
    {0x0800, &proto_ipv4, NULL},
    {0x86dd, &proto_ipv6, NULL},
    {0, NULL, NULL},
};

const struct record proto_ethernet = {
    .name = "eth", .title = "Ethernet II", .layer = LAYER_LINK, .unit = "frame", .size = 14,
    .fields = ethernet_fields, .field_count = sizeof ethernet_fields / sizeof ethernet_fields[0],
    .next = ethernet_next, .rest = &proto_data,
    .word = "eth", .rfc = "IEEE 802.3, 3.1", .means = "carries a packet across one wire",
};
