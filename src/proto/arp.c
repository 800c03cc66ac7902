/* arp.c: the Address Resolution Protocol (RFC 826): which hardware has an IPv4 address. */
#include <loopcraft/format.h>
#include <loopcraft/proto.h>

#include "protocols.h"

static const struct term arp_opcodes[] = {
    {1, "ARP request", "who has this address?"},
    {2, "ARP reply", "I have it"},
    {3, "RARP request", "which address have I? (RFC 903)"},
    {4, "RARP reply", "that one"},
    {8, "InARP request", "which address has that circuit? (RFC 2390)"},
    {9, "InARP reply", "that one"},
    {0, NULL, NULL},
};

#define START_ROWS                                                                                \
    {.name = "arp.hw.type", .label = "Hardware type", .bit = 0, .bits = 16,                       \
     .format = &format_decimal, .terms = terms_hardware, .rfc = "RFC 826",                        \
     .means = "which kind of hardware address"},                                                  \
    {.name = "arp.proto.type", .label = "Protocol type", .bit = 16, .bits = 16,                   \
     .format = &format_hex, .terms = terms_ethertype, .rfc = "RFC 826",                           \
     .means = "which kind of address is asked for"},                                              \
    {.name = "arp.hw.size", .label = "Hardware size", .bit = 32, .bits = 8,                       \
     .format = &format_decimal, .rfc = "RFC 826", .means = "bytes of a hardware address"},        \
    {.name = "arp.proto.size", .label = "Protocol size", .bit = 40, .bits = 8,                    \
     .format = &format_decimal, .rfc = "RFC 826", .means = "bytes of the other kind of address"}, \
    {.name = "arp.opcode", .label = "Operation", .bit = 48, .bits = 16, .brief = true,            \
     .format = &format_decimal, .terms = arp_opcodes, .rfc = "RFC 826",                           \
     .means = "a question or an answer"}

static const struct field ethernet_rows[] = {
    START_ROWS,
    {.name = "arp.src.hw_mac", .label = "Sender hardware", .bit = 64, .bits = 48,
     .format = &format_ether, .rfc = "RFC 826", .means = "the sender's hardware"},
    {.name = "arp.src.proto_ipv4", .label = "Sender address", .bit = 112, .bits = 32,
     .role = ROLE_SOURCE, .format = &format_ipv4, .rfc = "RFC 826",
     .means = "the sender's address; 0: it has none yet"},
    {.name = "arp.dst.hw_mac", .label = "Target hardware", .bit = 144, .bits = 48,
     .format = &format_ether, .rfc = "RFC 826", .means = "what is asked for: 0 in a question"},
    {.name = "arp.dst.proto_ipv4", .label = "Target address", .bit = 192, .bits = 32,
     .role = ROLE_DESTINATION, .brief = true, .format = &format_ipv4, .rfc = "RFC 826",
     .means = "whose hardware is asked for"},
};
static const struct record arp_ethernet = {
    .name = "arp", .title = "ARP", .layer = LAYER_LINK, .unit = "packet", .size = 28,
    .fields = ethernet_rows, .field_count = sizeof ethernet_rows / sizeof ethernet_rows[0],
    .rfc = "RFC 826", .means = "finds the hardware that has an IPv4 address",
};

/* Ethernet, IPv4, 6 and 4 bytes: all that is seen in practice. */
static const struct choice arp_kinds[] = {
    {0, 48, 0x000108000604, 0x000108000604, &arp_ethernet, false}, {.record = NULL}};

static const struct field other_rows[] = {
    START_ROWS,
    {.label = "Addresses", .bit = 64, .bits = 0, .format = &format_bytes, .rfc = "RFC 826",
     .means = "of other kinds, not looked into"},
};
const struct record proto_arp = {
    .name = "arp", .title = "ARP", .layer = LAYER_LINK, .unit = "packet", .size = 8,
    .fields = other_rows, .field_count = sizeof other_rows / sizeof other_rows[0],
    .instead = arp_kinds, .rfc = "RFC 826", .means = "finds the hardware that has an address",
};
