/* ethernet.c: the frame around a packet (IEEE 802.3). lo has no wire: its addresses are all 0. */
#include <loopcraft/format.h>
#include <loopcraft/proto.h>

#include "protocols.h"

/* The rows of both kinds of frame. (A static table can't call a function.) */
#define ADDRESS_ROWS                                                                              \
    {.name = "eth.dst", .label = "Destination", .bit = 0, .bits = 48, .role = ROLE_DESTINATION,   \
     .format = &format_ether, .rfc = "IEEE 802.3, 3.2.4",                                         \
     .means = "to which hardware; on lo it is all zero"},                                         \
    {.name = "eth.addr", .label = "Address", .bit = 0, .bits = 48, .role = ROLE_ALSO,             \
     .format = &format_ether, .rfc = "IEEE 802.3, 3.2.3",                                         \
     .means = "matches both addresses in a display filter"},                                      \
    {.name = "eth.dst.lg", .label = "Local", .bit = 6, .bits = 1, .word = 3, .role = ROLE_ALSO,   \
     .format = &format_flag, .rfc = "IEEE 802.3, 3.2.3",                                          \
     .means = "set: made up; not set: given by the maker"},                                       \
    {.name = "eth.dst.ig", .label = "Group", .bit = 7, .bits = 1, .word = 3, .role = ROLE_ALSO,   \
     .format = &format_flag, .rfc = "IEEE 802.3, 3.2.3",                                          \
     .means = "set: for a group of machines; not set: for one"},                                  \
    {.name = "eth.src", .label = "Source", .bit = 48, .bits = 48, .role = ROLE_SOURCE,            \
     .format = &format_ether, .rfc = "IEEE 802.3, 3.2.5",                                         \
     .means = "from which hardware; on lo it is all zero"},                                       \
    {.name = "eth.addr", .label = "Address", .bit = 48, .bits = 48, .role = ROLE_ALSO,            \
     .format = &format_ether, .rfc = "IEEE 802.3, 3.2.3",                                         \
     .means = "matches both addresses in a display filter"},                                      \
    {.name = "eth.src.lg", .label = "Local", .bit = 54, .bits = 1, .word = 3, .role = ROLE_ALSO,  \
     .format = &format_flag, .rfc = "IEEE 802.3, 3.2.3",                                          \
     .means = "set: made up; not set: given by the maker"},                                       \
    {.name = "eth.src.ig", .label = "Group", .bit = 55, .bits = 1, .word = 3, .role = ROLE_ALSO,  \
     .format = &format_flag, .rfc = "IEEE 802.3, 3.2.3",                                          \
     .means = "a sender is one machine: never set"}

static const struct field ethernet_fields[] = {
    ADDRESS_ROWS,
    {.name = "eth.type", .label = "Type", .bit = 96, .bits = 16, .role = ROLE_NEXT,
     .format = &format_hex, .terms = terms_ethertype, .rfc = "IEEE 802.3, 3.2.6",
     .means = "which protocol the frame carries"},
};

static const struct field ethernet_padding = {
    .name = "eth.padding", .label = "Padding", .format = &format_bytes, .rfc = "IEEE 802.3, 3.2.8",
    .means = "zeros: a frame has at least 60 bytes"};

/* Up to 1500 it is a length, and what follows a header of IEEE 802.2. */
static const struct field length_fields[] = {
    ADDRESS_ROWS,
    {.name = "eth.len", .label = "Length", .bit = 96, .bits = 16, .format = &format_decimal,
     .rfc = "IEEE 802.3, 3.2.6", .means = "bytes that follow, padding not counted"},
    {.label = "Logical link", .bit = 112, .bits = 0, .format = &format_bytes, .rfc = "IEEE 802.2",
     .means = "what it carries, not looked into"},
};
static const struct record ethernet_with_length = {
    .name = "eth", .title = "IEEE 802.3 Ethernet", .layer = LAYER_LINK, .unit = "frame",
    .size = 14, .fields = length_fields,
    .field_count = sizeof length_fields / sizeof length_fields[0], .rfc = "IEEE 802.3, 3.1",
    .means = "carries data across one wire",
};

/* Neither of them. */
static const struct field invalid_fields[] = {
    ADDRESS_ROWS,
    {.name = "eth.invalid_lentype", .label = "Type", .bit = 96, .bits = 16, .format = &format_hex,
     .rfc = "IEEE 802.3, 3.2.6", .means = "too small for a type, too large for a length"},
    {.label = "Unknown", .bit = 112, .bits = 0, .format = &format_bytes, .rfc = "IEEE 802.3, 3.2.6",
     .means = "no telling what it carries"},
};
static const struct record ethernet_invalid = {
    .name = "eth", .title = "Ethernet", .layer = LAYER_LINK, .unit = "frame", .size = 14,
    .fields = invalid_fields, .field_count = sizeof invalid_fields / sizeof invalid_fields[0],
    .rfc = "IEEE 802.3, 3.1", .means = "carries something across one wire",
};
static const struct choice ethernet_kinds[] = {
    {96, 16, 0, 1500, &ethernet_with_length, false},
    {96, 16, 1501, 1535, &ethernet_invalid, false},
    {.record = NULL}};

const struct record proto_ethernet = {
    .name = "eth", .title = "Ethernet II", .layer = LAYER_LINK, .unit = "frame", .size = 14,
    .fields = ethernet_fields, .field_count = sizeof ethernet_fields / sizeof ethernet_fields[0],
    .instead = ethernet_kinds, .next = next_ethertype, .rest = &proto_data,
    .padding = &ethernet_padding, .padded = 60,
    .word = "eth", .rfc = "IEEE 802.3, 3.1", .means = "carries a packet across one wire",
};
