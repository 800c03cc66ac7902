/*
 * sll.c: what Linux writes in place of a link header when a capture is from all interfaces at once
 * (tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html and LINKTYPE_LINUX_SLL2.html).
 */
#include <loopcraft/format.h>
#include <loopcraft/proto.h>

#include "protocols.h"

#define SLL "LINKTYPE_LINUX_SLL"
#define SLL2 "LINKTYPE_LINUX_SLL2"

static const struct term packet_types[] = {
    {0, "To us", "sent to this machine"},
    {1, "Broadcast", "sent to all"},
    {2, "Multicast", "sent to a group"},
    {3, "To another", "overheard"},
    {4, "From us", "sent by this machine"},
    {0, NULL, NULL},
};

/* The address has 8 bytes of room; the first halen of them are used. Bits from its start. */
#define ETHER_ROWS(at, source)                                                                    \
    {.name = "sll.src.eth", .label = "Source", .bit = at, .bits = 48, .role = ROLE_SOURCE,        \
     .format = &format_ether, .rfc = source,                                                      \
     .means = "from which hardware; on lo it is all zero"},                                      \
    {.name = "sll.unused", .label = "Unused", .bit = (at) + 48, .bits = 16,                       \
     .role = ROLE_RESERVED, .format = &format_bytes, .rfc = source, .means = "room that is left"}
#define NONE_ROWS(at, source)                                                                     \
    {.name = "sll.unused", .label = "Unused", .bit = at, .bits = 64, .role = ROLE_RESERVED,       \
     .format = &format_bytes, .rfc = source, .means = "this hardware has no addresses"}
#define OTHER_ROWS(at, source)                                                                    \
    {.label = "Source", .bit = at, .bits = 64, .format = &format_bytes, .rfc = source,            \
     .means = "from which hardware"}

#define TYPE_ROW(name_, at, role_, source)                                                        \
    {.name = name_, .label = "Protocol", .bit = at, .bits = 16, .role = role_,                    \
     .format = &format_hex, .terms = terms_ethertype, .rfc = source,                              \
     .means = "which protocol the frame carries"}

/* --- version 1 -------------------------------------------------------------------- */

#define START_ROWS                                                                                \
    {.name = "sll.pkttype", .label = "Packet type", .bit = 0, .bits = 16,                         \
     .format = &format_decimal, .terms = packet_types, .rfc = SLL,                                \
     .means = "to whom it was sent, or by whom"},                                                 \
    {.name = "sll.hatype", .label = "Hardware type", .bit = 16, .bits = 16,                       \
     .format = &format_decimal, .terms = terms_hardware, .rfc = SLL,                              \
     .means = "which kind of interface"},                                                         \
    {.name = "sll.halen", .label = "Address length", .bit = 32, .bits = 16,                       \
     .format = &format_decimal, .rfc = SLL, .means = "bytes of the address below"}
#define SLL_RECORD(rows, ...)                                                                     \
    {.name = "sll", .title = "Linux cooked capture", .layer = LAYER_LINK, .unit = "frame",        \
     .size = 16, .fields = rows, .field_count = sizeof rows / sizeof rows[0],                     \
     .next = next_ethertype, .rest = &proto_data, .rfc = SLL,                                     \
     .means = "stands for a link header, from any interface", __VA_ARGS__}

static const struct field none_rows[] = {
    START_ROWS, NONE_ROWS(48, SLL), TYPE_ROW("sll.etype", 112, ROLE_NEXT, SLL)};
static const struct record sll_none = SLL_RECORD(none_rows, .instead = NULL);
static const struct field other_rows[] = {
    START_ROWS, OTHER_ROWS(48, SLL), TYPE_ROW(NULL, 112, ROLE_NEXT, SLL)};
static const struct record sll_other = SLL_RECORD(other_rows, .instead = NULL);

/* Below 1536 the protocol is a number of Linux's own: another name. */
static const struct choice sll_kinds[] = {
    {112, 16, 0, 0x05ff, &sll_other, false}, {32, 16, 0, 0, &sll_none, false},
    {32, 16, 1, 5, &sll_other, false},       {32, 16, 7, UINT16_MAX, &sll_other, false},
    {.record = NULL}};
static const struct field ether_rows[] = {
    START_ROWS, ETHER_ROWS(48, SLL), TYPE_ROW("sll.etype", 112, ROLE_NEXT, SLL)};
const struct record proto_sll = SLL_RECORD(ether_rows, .instead = sll_kinds);

/* --- version 2: with the interface's number ------------------------------------------- */

#define START_ROWS2(type_name)                                                                    \
    TYPE_ROW(type_name, 0, ROLE_NEXT, SLL2),                                                      \
    {.label = "Reserved", .bit = 16, .bits = 16, .role = ROLE_RESERVED, .format = &format_bytes,  \
     .rfc = SLL2, .means = "reserved, always 0"},                                                 \
    {.name = "sll.ifindex", .label = "Interface", .bit = 32, .bits = 32,                          \
     .format = &format_decimal, .rfc = SLL2, .means = "the interface's number; lo is 1"},         \
    {.name = "sll.hatype", .label = "Hardware type", .bit = 64, .bits = 16,                       \
     .format = &format_decimal, .terms = terms_hardware, .rfc = SLL2,                             \
     .means = "which kind of interface"},                                                         \
    {.name = "sll.pkttype", .label = "Packet type", .bit = 80, .bits = 8,                         \
     .format = &format_decimal, .terms = packet_types, .rfc = SLL2,                               \
     .means = "to whom it was sent, or by whom"},                                                 \
    {.name = "sll.halen", .label = "Address length", .bit = 88, .bits = 8,                        \
     .format = &format_decimal, .rfc = SLL2, .means = "bytes of the address below"}
#define SLL2_RECORD(rows, ...)                                                                    \
    {.name = "sll", .title = "Linux cooked capture v2", .layer = LAYER_LINK, .unit = "frame",     \
     .size = 20, .fields = rows, .field_count = sizeof rows / sizeof rows[0],                     \
     .next = next_ethertype, .rest = &proto_data, .rfc = SLL2,                                    \
     .means = "stands for a link header, from any interface", __VA_ARGS__}

static const struct field none2_rows[] = {START_ROWS2("sll.etype"), NONE_ROWS(96, SLL2)};
static const struct record sll2_none = SLL2_RECORD(none2_rows, .instead = NULL);
static const struct field other2_rows[] = {START_ROWS2(NULL), OTHER_ROWS(96, SLL2)};
static const struct record sll2_other = SLL2_RECORD(other2_rows, .instead = NULL);

static const struct choice sll2_kinds[] = {
    {0, 16, 0, 0x05ff, &sll2_other, false}, {88, 8, 0, 0, &sll2_none, false},
    {88, 8, 1, 5, &sll2_other, false},      {88, 8, 7, UINT8_MAX, &sll2_other, false},
    {.record = NULL}};
static const struct field ether2_rows[] = {START_ROWS2("sll.etype"), ETHER_ROWS(96, SLL2)};
const struct record proto_sll2 = SLL2_RECORD(ether2_rows, .instead = sll2_kinds);
