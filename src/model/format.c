/* format.c: wire to text. The show functions give exactly what tshark -T pdml gives. */
#include <loopcraft/format.h>

#include "format_read.h"

#include <arpa/inet.h>
#include <string.h>

static void show_decimal(struct text *out, const struct field *field, struct bytes raw,
                         uint64_t number)
{
    (void)raw;
    text_number(out, field_shown(field, number));
}

/* Wireshark shows a boolean as 1 however many bits it has (tcp.flags.res). */
static void show_flag(struct text *out, const struct field *field, struct bytes raw,
                      uint64_t number)
{
    (void)field, (void)raw;
    text_char(out, number ? '1' : '0');
}

static void show_hex(struct text *out, const struct field *field, struct bytes raw, uint64_t number)
{
    (void)field;
    text_put(out, "0x");
    text_hex(out, number, (unsigned)raw.len * 2);
}

static void say_flag(struct text *out, const struct field *field, struct bytes raw, uint64_t number)
{
    (void)field, (void)raw;
    text_put(out, number ? "set" : "not set");
}

/* Bits to the right of the row within its group; 0 for the last row of the group. */
static unsigned shift_of(const struct field *group, const struct field *row)
{
    return (unsigned)(group->bit + group->bits - row->bit - row->bits);
}

/* The rows of a group follow it, and fill it to its last bit (lint.c proves it). */
static void say_flags(struct text *out, const struct field *group, struct bytes raw,
                      uint64_t number)
{
    (void)raw;
    size_t before = out->len;
    const struct field *last = group + 1;
    while (shift_of(group, last) > 0)
        last++;
    for (const struct field *row = last; row > group; row--) { /* SYN ACK, as people say it */
        if (row->bits != 1 || !(number >> shift_of(group, row) & 1))
            continue;
        if (out->len > before)
            text_char(out, ' ');
        text_put(out, row->label);
    }
    if (out->len == before)
        text_put(out, "none set");
}

/* tshark's tcp.flags.str: a letter for a flag that is set, else a middle dot. */
static void show_flag_letters(struct text *out, const struct field *field, struct bytes raw,
                              uint64_t number)
{
    static const char letters[] = "RRRACEUAPRSF"; /* packet-tcp.c: reserved, AE, CWR, ECE ... FIN */
    (void)field, (void)raw;
    for (unsigned i = 0; i < 12; i++) {
        if (number >> (11 - i) & 1)
            text_char(out, letters[i]);
        else
            text_put(out, "·");
    }
}

static void show_ipv4(struct text *out, const struct field *field, struct bytes raw,
                      uint64_t number)
{
    (void)field, (void)number;
    if (raw.len != 4)
        return;
    char *start = text_room(out, sizeof "255.255.255.255"), *at = start;
    for (size_t i = 0; i < 4; i++) {
        uint8_t byte = raw.at[i];
        if (byte >= 100)
            *at++ = (char)('0' + byte / 100);
        if (byte >= 10)
            *at++ = (char)('0' + byte / 10 % 10);
        *at++ = (char)('0' + byte % 10);
        *at++ = '.';
    }
    text_grew(out, (size_t)(at - start) - 1);
}

static void show_ipv6(struct text *out, const struct field *field, struct bytes raw,
                      uint64_t number)
{
    (void)field, (void)number;
    char address[INET6_ADDRSTRLEN] = "";
    if (raw.len == 16)
        inet_ntop(AF_INET6, raw.at, address, sizeof address);
    text_put(out, address);
}

static void show_bytes(struct text *out, const struct field *field, struct bytes raw,
                       uint64_t number)
{
    (void)field, (void)number;
    text_hex_bytes(out, raw, ':');
}

static void show_nothing(struct text *out, const struct field *field, struct bytes raw,
                         uint64_t number)
{
    (void)out, (void)field, (void)raw, (void)number;
}

/* A shift above 14 counts as 14 (RFC 7323, 2.3). */
static void show_power(struct text *out, const struct field *field, struct bytes raw,
                       uint64_t number)
{
    (void)field, (void)raw;
    text_number(out, UINT64_C(1) << (number < 14 ? number : 14));
}

/* With its first bit set it is an exponent and a mantissa without its 1 (RFC 3810, 5.1.3). */
static uint64_t code_number(uint64_t code, unsigned bits)
{
    unsigned mantissa = bits - 4, exponent = (unsigned)(code >> mantissa) & 7;
    uint64_t one = UINT64_C(1) << mantissa;
    return code >> (bits - 1) ? ((code & (one - 1)) | one) << (exponent + 3) : code;
}

static void show_code(struct text *out, const struct field *field, struct bytes raw,
                      uint64_t number)
{
    (void)raw;
    text_number(out, code_number(number, field->bits));
}

static void show_little(struct text *out, const struct field *field, struct bytes raw,
                        uint64_t number)
{
    (void)number;
    uint64_t little = 0;
    for (size_t i = raw.len; i-- > 0;)
        little = little << 8 | raw.at[i];
    text_number(out, field_shown(field, little));
}

/* tshark: what is not ASCII is U+FFFD, what is not printable \xN, a 0 ends it; space stays. */
static void show_string(struct text *out, const struct field *field, struct bytes raw,
                        uint64_t number)
{
    (void)field, (void)number;
    for (size_t i = 0; i < raw.len; i++) {
        uint8_t c = raw.at[i];
        if (c == 0) /* C's end of a string */
            return;
        if (c >= 0x80)
            text_put(out, "\xef\xbf\xbd");
        else if (text_unsafe(c) && c != '\t' && c != '\n' && c != '\r')
            text_format(out, "\\x%x", c);
        else
            text_char(out, (char)c);
    }
}

static void say_string(struct text *out, const struct field *field, struct bytes raw,
                       uint64_t number)
{
    (void)field, (void)number;
    text_escape(out, raw);
}

/* The families of BSD are small numbers: the order that makes one of them is the right one. */
static void show_family(struct text *out, const struct field *field, struct bytes raw,
                        uint64_t number)
{
    (void)field, (void)raw;
    uint32_t family = (uint32_t)number;
    text_number(out, family > UINT16_MAX ? __builtin_bswap32(family) : family);
}

const struct format format_decimal = {
    .name = "a number", .show = show_decimal, .read = format_read_number};
const struct format format_part = {
    .name = "a number", .show = show_decimal, .read = format_read_number, .whole = true};
const struct format format_hex = {.name = "a number", .show = show_hex, .read = format_read_number};
const struct format format_flag = {
    .name = "0 or 1", .show = show_flag, .say = say_flag, .read = format_read_number};
const struct format format_flags = {.name = "a number, or flags with commas between",
                                    .show = show_hex,
                                    .say = say_flags,
                                    .read = format_read_flags};
const struct format format_flag_letters = {
    .name = "flags", .show = show_flag_letters, .whole = true};
const struct format format_ipv4 = {
    .name = "an IPv4 address", .show = show_ipv4, .read = format_read_ipv4};
const struct format format_ipv6 = {
    .name = "an IPv6 address", .show = show_ipv6, .read = format_read_ipv6};
const struct format format_ether = {
    .name = "a hardware address", .show = show_bytes, .read = format_read_bytes};
const struct format format_bytes = {
    .name = "bytes in hex (48:65:6c)", .show = show_bytes, .read = format_read_bytes};
const struct format format_string = {.name = "text", .show = show_string, .say = say_string};
const struct format format_family = {.name = "a number", .show = show_family};
const struct format format_nothing = {
    .name = "nothing", .show = show_nothing, .say = show_bytes, .silent = true};
const struct format format_power = {.name = "a number", .show = show_power};
const struct format format_code = {.name = "a number", .show = show_code};
const struct format format_little = {.name = "a number", .show = show_little};
