/*
 * neighbour_options.c: the options of neighbour discovery (RFC 4861, 4.6). Their length counts
 * units of 8 bytes.
 */
#include "icmpv6_messages.h"

#include <loopcraft/format.h>
#include <loopcraft/proto.h>

static const struct term option_types[] = {
    {1, "Source link-layer address", "the sender's hardware address"},
    {2, "Target link-layer address", "the target's hardware address"},
    {3, "Prefix information", "which addresses are on this link"},
    {4, "Redirected header", "quotes the packet that took the longer way"},
    {5, "MTU", "bytes of the largest packet on this link"},
    {14, "Nonce", "pairs an answer with its question"},
    {24, "Route information", "a network behind this router"},
    {25, "Recursive DNS server", "whom to ask for names"},
    {31, "DNS search list", "domains to try names in"},
    {0, NULL, NULL},
};

/* The rows that options begin with. (A static table can't call a function.) */
#define START_ROWS                                                                                \
    {.name = "icmpv6.opt.type", .label = "Type", .bit = 0, .bits = 8, .role = ROLE_KIND,          \
     .format = &format_decimal, .terms = option_types, .rfc = "RFC 4861, 4.6",                    \
     .means = "which option this is"},                                                            \
    {.name = "icmpv6.opt.length", .label = "Length", .bit = 8, .bits = 8,                         \
     .role = ROLE_OPTION_LENGTH, .format = &format_decimal, .rfc = "RFC 4861, 4.6",               \
     .means = "of the whole option, in units of 8 bytes"}
#define RESERVED_ROW(bit_, bits_, section)                                                        \
    {.name = "icmpv6.opt.reserved", .label = "Reserved", .bit = bit_, .bits = bits_,              \
     .role = ROLE_RESERVED, .format = &format_nothing, .rfc = section,                            \
     .means = "reserved, always 0"}
#define OPTION(title_, size_, rows, section, ...)                                                 \
    {.name = "icmpv6.opt", .title = title_, .layer = LAYER_PART, .size = size_, .fields = rows,   \
     .field_count = sizeof rows / sizeof rows[0], .silent = true, .rfc = section, __VA_ARGS__}

static const struct field address_rows[] = {
    START_ROWS,
    {.name = "icmpv6.opt.linkaddr", .label = "Hardware address", .bit = 16, .bits = 48,
     .format = &format_bytes, .rfc = "RFC 4861, 4.6.1", .means = "the hardware that has it"}};
static const struct record option_source = OPTION(
    "Source link-layer address", 8, address_rows, "RFC 4861, 4.6.1",
    .means = "the sender's hardware address");
static const struct record option_target = OPTION(
    "Target link-layer address", 8, address_rows, "RFC 4861, 4.6.1",
    .means = "the target's hardware address");

static const struct field prefix_rows[] = {
    START_ROWS,
    {.name = "icmpv6.opt.prefix.length", .label = "Prefix length", .bit = 16, .bits = 8,
     .format = &format_decimal, .rfc = "RFC 4861, 4.6.2", .means = "bits that all of them share"},
    {.name = "icmpv6.opt.prefix.flag", .label = "Flags", .bit = 24, .bits = 8, .role = ROLE_GROUP,
     .format = &format_flags, .rfc = "RFC 4861, 4.6.2", .means = "what the prefix is good for"},
    {.name = "icmpv6.opt.prefix.flag.l", .label = "On-link", .bit = 24, .bits = 1,
     .format = &format_flag, .rfc = "RFC 4861, 4.6.2", .means = "reach them without a router"},
    {.name = "icmpv6.opt.prefix.flag.a", .label = "Autonomous", .bit = 25, .bits = 1,
     .format = &format_flag, .rfc = "RFC 4861, 4.6.2", .means = "make yourself an address of it"},
    {.name = "icmpv6.opt.prefix.flag.r", .label = "Router address", .bit = 26, .bits = 1,
     .format = &format_flag, .rfc = "RFC 6275, 7.2", .means = "it holds the router's own address"},
    {.name = "icmpv6.opt.prefix.flag.reserved", .label = "Reserved", .bit = 27, .bits = 5,
     .role = ROLE_RESERVED, .format = &format_decimal, .rfc = "RFC 4861, 4.6.2",
     .means = "reserved, always 0"},
    {.name = "icmpv6.opt.prefix.valid_lifetime", .label = "Valid lifetime", .bit = 32, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 4861, 4.6.2",
     .means = "seconds; all ones: for ever"},
    {.name = "icmpv6.opt.prefix.preferred_lifetime", .label = "Preferred lifetime", .bit = 64,
     .bits = 32, .format = &format_decimal, .rfc = "RFC 4861, 4.6.2",
     .means = "seconds; then use another for new connections"},
    RESERVED_ROW(96, 32, "RFC 4861, 4.6.2"),
    {.name = "icmpv6.opt.prefix", .label = "Prefix", .bit = 128, .bits = 128,
     .format = &format_ipv6, .rfc = "RFC 4861, 4.6.2", .means = "how the addresses begin"},
};
static const struct record option_prefix = OPTION(
    "Prefix information", 32, prefix_rows, "RFC 4861, 4.6.2",
    .means = "which addresses are on this link");

static const struct field redirected_rows[] = {START_ROWS, RESERVED_ROW(16, 48, "RFC 4861, 4.6.3")};
static const struct record option_redirected = OPTION(
    "Redirected header", 8, redirected_rows, "RFC 4861, 4.6.3", .rest = &proto_ipv6,
    .means = "quotes the packet that took the longer way");

static const struct field mtu_rows[] = {
    START_ROWS,
    RESERVED_ROW(16, 16, "RFC 4861, 4.6.4"),
    {.name = "icmpv6.opt.mtu", .label = "MTU", .bit = 32, .bits = 32, .format = &format_decimal,
     .rfc = "RFC 4861, 4.6.4", .means = "bytes of the largest packet on this link"}};
static const struct record option_mtu = OPTION(
    "MTU", 8, mtu_rows, "RFC 4861, 4.6.4", .means = "how large packets may be on this link");

static const struct field nonce_rows[] = {
    START_ROWS,
    {.name = "icmpv6.opt.nonce", .label = "Nonce", .bit = 16, .bits = 0, .format = &format_bytes,
     .rfc = "RFC 3971, 5.3.2", .means = "random: pairs an answer with its question"}};
static const struct record option_nonce = OPTION(
    "Nonce", 2, nonce_rows, "RFC 3971, 5.3.2", .means = "pairs an answer with its question");

/* The prefix may be cut to 8 bytes or none: it has no rows of its own. */
static const struct field route_rows[] = {
    START_ROWS,
    {.name = "icmpv6.opt.prefix.length", .label = "Prefix length", .bit = 16, .bits = 8,
     .format = &format_decimal, .rfc = "RFC 4191, 2.3", .means = "bits that its addresses share"},
    {.name = "icmpv6.opt.route_info.flag", .label = "Flags", .bit = 24, .bits = 8,
     .format = &format_hex, .rfc = "RFC 4191, 2.3", .means = "how much it is preferred"},
    {.name = "icmpv6.opt.route_lifetime", .label = "Route lifetime", .bit = 32, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 4191, 2.3", .means = "seconds; all ones: for ever"},
    {.label = "Prefix", .bit = 64, .bits = 0, .format = &format_bytes, .rfc = "RFC 4191, 2.3",
     .means = "how its addresses begin"}};
static const struct record option_route = OPTION(
    "Route information", 8, route_rows, "RFC 4191, 2.3", .means = "a network behind this router");

static const struct field server_rows[] = {
    {.name = "icmpv6.opt.rdnss", .label = "Server", .bit = 0, .bits = 128, .format = &format_ipv6,
     .rfc = "RFC 8106, 5.1", .means = "whom to ask for names"}};
static const struct record server = {
    .title = "Server", .layer = LAYER_PART, .size = 16, .fields = server_rows, .field_count = 1,
    .rfc = "RFC 8106, 5.1", .means = "whom to ask for names"};
static const struct field servers_rows[] = {
    START_ROWS,
    RESERVED_ROW(16, 16, "RFC 8106, 5.1"),
    {.name = "icmpv6.opt.rdnss.lifetime", .label = "Lifetime", .bit = 32, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 8106, 5.1", .means = "seconds; all ones: for ever"}};
static const struct record option_servers = OPTION(
    "Recursive DNS server", 8, servers_rows, "RFC 8106, 5.1", .repeat = &server,
    .means = "whom to ask for names");

static const struct field domains_rows[] = {
    START_ROWS,
    RESERVED_ROW(16, 16, "RFC 8106, 5.2"),
    {.name = "icmpv6.opt.dnssl.lifetime", .label = "Lifetime", .bit = 32, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 8106, 5.2", .means = "seconds; all ones: for ever"},
    {.label = "Domains", .bit = 64, .bits = 0, .format = &format_bytes, .rfc = "RFC 8106, 5.2",
     .means = "names as in DNS, not looked into"}};
static const struct record option_domains = OPTION(
    "DNS search list", 8, domains_rows, "RFC 8106, 5.2", .means = "domains to try names in");

static const struct field unknown_rows[] = {
    START_ROWS,
    {.label = "Data", .bit = 16, .bits = 0, .format = &format_bytes, .rfc = "RFC 4861, 4.6",
     .means = "what the option says, not looked into"}};
static const struct record option_unknown = OPTION(
    "Other option", 2, unknown_rows, "RFC 4861, 4.6", .means = "an option that has no table");

static const struct branch option_records[] = {
    {1, &option_source, NULL},  {2, &option_target, NULL}, {3, &option_prefix, NULL},
    {4, &option_redirected, NULL}, {5, &option_mtu, NULL}, {14, &option_nonce, NULL},
    {24, &option_route, NULL},  {25, &option_servers, NULL}, {31, &option_domains, NULL},
    {0, NULL, NULL},
};

const struct options neighbour_options = {
    .area = {.label = "Options", .role = ROLE_GROUP, .format = &format_bytes,
             .rfc = "RFC 4861, 4.6", .means = "hardware addresses, prefixes and the like"},
    .kinds = option_records, .unknown = &option_unknown, .end = -1, .unit = 8,
};
