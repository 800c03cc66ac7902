/* format_read.c: text to wire. What a row's format wrote, it reads back. */
#include "format_read.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* "tcp.window_size_value=70000: " as the start of each complaint; the word is foreign. */
static bool refuse(struct err *err, const struct field *field, const char *word, const char *why)
{
    enum { SHOWN = 60 }; /* cut before it is escaped: an escape or a character stays whole */
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)word, strnlen(word, SHOWN)});
    err_set(err, STATUS_USAGE, "%s=%s: %s", field->name ? field->name : field->label,
            text_string(&safe), why);
    text_free(&safe);
    return false;
}

/* ": RB DF MF": this field's own flags, for those of IP are not TCP's. */
static void put_flags(struct text *out, const struct field *group)
{
    const struct field *row = group;
    text_char(out, ':');
    do {
        row++;
        if (row->bits == 1)
            text_format(out, " %s", row->label);
    } while (row->bit + row->bits < group->bit + group->bits);
}

static bool refuse_format(struct err *err, const struct field *field, const char *word)
{
    struct text why = TEXT_EMPTY;
    text_format(&why, "it takes %s", field->format->name);
    if (field->format->read == format_read_flags)
        put_flags(&why, field);
    refuse(err, field, word, text_string(&why));
    text_free(&why);
    return false;
}

/* Decimal or 0x hex; no sign, no space, nothing behind it. A leading 0 is no octal here. */
static bool parse_number(const char *word, uint64_t *number)
{
    bool hex = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
    const char *digits = hex ? word + 2 : word;
    if (!*digits || digits[strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789")])
        return false;
    errno = 0;
    *number = strtoull(digits, NULL, hex ? 16 : 10);
    return errno == 0;
}

static void put_number(struct text *out, unsigned bits, uint64_t number)
{
    for (unsigned left = (bits + 7) / 8; left-- > 0;)
        text_char(out, (char)(uint8_t)(number >> 8 * left));
}

static bool too_wide(struct err *err, const struct field *field, const char *word)
{
    uint64_t most = field->bits < 64 ? (UINT64_C(1) << field->bits) - 1 : UINT64_MAX;
    struct text why = TEXT_EMPTY;
    text_format(&why, "too large for its %u bit%s: at most %llu", field->bits,
                field->bits == 1 ? "" : "s", (unsigned long long)field_shown(field, most));
    refuse(err, field, word, text_string(&why));
    text_free(&why);
    return false;
}

bool format_read_number(struct text *out, const struct field *field, const char *word,
                        struct err *err)
{
    uint64_t shown, wire;
    const struct term *term = field->terms;
    while (term && term->name && strcasecmp(term->name, word) != 0)
        term++;
    if (term && term->name) {
        wire = term->number;
    } else {
        if (!parse_number(word, &shown))
            return refuse_format(err, field, word);
        if (!field_wire(field, shown, &wire)) {
            struct text why = TEXT_EMPTY;
            text_format(&why, "it must be a multiple of %u", field->scale);
            refuse(err, field, word, text_string(&why));
            text_free(&why);
            return false;
        }
    }
    if (field->bits < 64 && wire >> field->bits)
        return too_wide(err, field, word);
    put_number(out, field->bits, wire);
    return true;
}

static bool same_word(const char *word, const char *name, size_t len)
{
    return strlen(word) == len && strncasecmp(word, name, len) == 0;
}

/* The last row of the group that has this name; a single letter means the lowest such flag. */
static const struct field *flag_find(const struct field *group, const char *name, size_t len)
{
    const struct field *found = NULL, *row = group;
    do {
        row++;
        const char *last = row->name ? strrchr(row->name, '.') : NULL;
        bool match = len == 1 ? toupper((unsigned char)name[0]) == row->label[0]
                              : same_word(row->label, name, len) ||
                                    (last && same_word(last + 1, name, len));
        if (match && row->bits == 1)
            found = row;
    } while (row->bit + row->bits < group->bit + group->bits);
    return found;
}

bool format_read_flags(struct text *out, const struct field *field, const char *word,
                       struct err *err)
{
    uint64_t number = 0;
    if (isdigit((unsigned char)word[0]))
        return format_read_number(out, field, word, err);
    bool letters = !strpbrk(word, ",|") && !flag_find(field, word, strlen(word));
    for (const char *at = word; *at;) {
        size_t len = letters ? 1 : strcspn(at, ",|");
        const struct field *row = len ? flag_find(field, at, len) : NULL;
        if (!row)
            return refuse_format(err, field, word);
        number |= UINT64_C(1) << (field->bit + field->bits - row->bit - row->bits);
        at += len;
        if (*at && !letters && !*++at)
            return refuse_format(err, field, word);
    }
    if (!*word)
        return refuse_format(err, field, word);
    put_number(out, field->bits, number);
    return true;
}

static bool read_address(struct text *out, int family, const struct field *field, const char *word,
                         struct err *err)
{
    uint8_t address[16];
    if (inet_pton(family, word, address) != 1)
        return refuse_format(err, field, word);
    text_put_n(out, (const char *)address, family == AF_INET ? 4 : 16);
    return true;
}

bool format_read_ipv4(struct text *out, const struct field *field, const char *word,
                      struct err *err)
{
    return read_address(out, AF_INET, field, word, err);
}

bool format_read_ipv6(struct text *out, const struct field *field, const char *word,
                      struct err *err)
{
    return read_address(out, AF_INET6, field, word, err);
}

/* Pairs of hex digits, with or without colons between them. */
static bool parse_bytes(struct text *bytes, const char *word)
{
    for (const char *at = word; *at;) {
        if (!isxdigit((unsigned char)at[0]) || !isxdigit((unsigned char)at[1]))
            return false;
        char pair[3] = {at[0], at[1], '\0'};
        text_char(bytes, (char)(uint8_t)strtoul(pair, NULL, 16));
        at += 2;
        if (*at == ':' && at[1])
            at++;
    }
    return true;
}

bool format_read_bytes(struct text *out, const struct field *field, const char *word,
                       struct err *err)
{
    struct text bytes = TEXT_EMPTY, why = TEXT_EMPTY;
    bool read = parse_bytes(&bytes, word);
    bool fits = !field->bits || bytes.len * 8 == field->bits;
    if (!read)
        refuse_format(err, field, word);
    else if (!fits)
        text_format(&why, "it takes %u bytes in hex", field->bits / 8u);
    else
        text_put_n(out, text_string(&bytes), bytes.len);
    if (why.len)
        refuse(err, field, word, text_string(&why));
    text_free(&bytes);
    text_free(&why);
    return read && fits;
}
