/* dns_options.c: the options of an OPT record (RFC 6891): what the sender can do. */
#include "dns.h"

#include <loopcraft/format.h>

static const struct term option_codes[] = {
    {3, "NSID", "which of several servers it is"},
    {8, "Client subnet", "where the question came from"},
    {9, "Expire", "how old the zone may get"},
    {10, "Cookie", "shows that the sender was here before"},
    {11, "TCP keepalive", "how long to keep the connection"},
    {12, "Padding", "hides the length from listeners"},
    {14, "Key tag", "which keys the asker trusts"},
    {15, "Extended error", "why, more exactly"},
    {0, NULL, NULL},
};

#define DATA_ROW                                                                                  \
    {.name = "dns.opt.data", .label = "Data", .bit = 0, .bits = 0, .format = &format_bytes,       \
     .rfc = "RFC 6891, 6.1.2", .means = "what the option says"}
static const struct field option_data_rows[] = {DATA_ROW};
static const struct record option_data = {
    .title = "Data", .layer = LAYER_PART, .fields = option_data_rows, .field_count = 1,
    .rfc = "RFC 6891, 6.1.2", .means = "what the option says"};

static const struct field cookie_rows[] = {
    DATA_ROW,
    {.name = "dns.opt.cookie.client", .label = "Client", .bit = 0, .bits = 64, .role = ROLE_ALSO,
     .format = &format_bytes, .rfc = "RFC 7873, 4", .means = "the asker's own random bytes"},
    {.name = "dns.opt.cookie.server", .label = "Server", .bit = 64, .bits = 0, .role = ROLE_ALSO,
     .format = &format_bytes, .rfc = "RFC 7873, 4", .means = "what the server gave it earlier"}};
static const struct record option_cookie = {
    .title = "Cookie", .layer = LAYER_PART, .fields = cookie_rows, .field_count = 3,
    .rfc = "RFC 7873, 4", .means = "shows that the sender was here before"};

static const struct field subnet_rows[] = {
    DATA_ROW,
    {.name = "dns.opt.client.family", .label = "Family", .bit = 0, .bits = 16, .role = ROLE_ALSO,
     .format = &format_decimal, .rfc = "RFC 7871, 6", .means = "1: IPv4; 2: IPv6"},
    {.name = "dns.opt.client.netmask", .label = "Source prefix", .bit = 16, .bits = 8,
     .role = ROLE_ALSO, .format = &format_decimal, .rfc = "RFC 7871, 6",
     .means = "bits of the address that are told"},
    {.name = "dns.opt.client.scope", .label = "Scope prefix", .bit = 24, .bits = 8,
     .role = ROLE_ALSO, .format = &format_decimal, .rfc = "RFC 7871, 6",
     .means = "bits that the answer depends on"}};
static const struct record option_subnet = {
    .title = "Client subnet", .layer = LAYER_PART, .fields = subnet_rows, .field_count = 4,
    .rfc = "RFC 7871, 6", .means = "where the question came from"};

static const struct field padding_rows[] = {
    DATA_ROW,
    {.name = "dns.opt.padding", .label = "Padding", .bit = 0, .bits = 0, .role = ROLE_ALSO,
     .format = &format_bytes, .rfc = "RFC 7830, 3", .means = "hides the length from listeners"}};
static const struct record option_padding = {
    .title = "Padding", .layer = LAYER_PART, .fields = padding_rows, .field_count = 2,
    .rfc = "RFC 7830, 3", .means = "hides the length from listeners"};

static const struct field error_rows[] = {
    DATA_ROW,
    {.name = "dns.opt.ext_error.info_code", .label = "Error", .bit = 0, .bits = 16,
     .role = ROLE_ALSO, .format = &format_decimal, .rfc = "RFC 8914, 2",
     .means = "why it did not work, more exactly"}};
static const struct record option_error = {
    .title = "Extended error", .layer = LAYER_PART, .fields = error_rows, .field_count = 2,
    .rfc = "RFC 8914, 2", .means = "why it did not work"};

static const struct branch option_records[] = {
    {8, &option_subnet, NULL}, {10, &option_cookie, NULL}, {12, &option_padding, NULL},
    {15, &option_error, NULL}, {0, NULL, NULL},
};
static const struct field option_rows[] = {
    {.name = "dns.opt.code", .label = "Code", .bit = 0, .bits = 16, .role = ROLE_CASE,
     .format = &format_decimal, .terms = option_codes, .rfc = "RFC 6891, 6.1.2",
     .means = "which option this is"},
    {.name = "dns.opt.len", .label = "Length", .bit = 16, .bits = 16, .role = ROLE_BODY_LENGTH,
     .format = &format_decimal, .rfc = "RFC 6891, 6.1.2", .means = "bytes of its data"}};
const struct record dns_option = {
    .name = "dns.opt", .title = "Option", .layer = LAYER_PART, .size = 4, .fields = option_rows,
    .field_count = 2, .cases = option_records, .other = &option_data, .silent = true,
    .rfc = "RFC 6891, 6.1.2", .means = "one thing that the sender can do"};
