/*
 * harmless.h: promise 7, checked by a second description of UTF-8 than the program's own: no
 * foreign control character of any kind is in what people or programs read.
 */
#ifndef LOOPCRAFT_TESTS_HARMLESS_H
#define LOOPCRAFT_TESTS_HARMLESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A character of UTF-8 (RFC 3629, 4) at `at`, and its bytes in *len; 0 bytes when it is none. */
static inline uint32_t harmless_point(const uint8_t *at, size_t left, size_t *len)
{
    static const struct {
        uint8_t first_from, first_to, second_from, second_to;
        size_t len;
    } rows[] = {
        {0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    static const uint8_t first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    *len = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (at[0] < rows[i].first_from || at[0] > rows[i].first_to || rows[i].len > left)
            continue;
        uint32_t point = at[0] & first_bits[rows[i].len];
        for (size_t k = 1; k < rows[i].len; k++) {
            uint8_t from = k == 1 ? rows[i].second_from : 0x80;
            uint8_t to = k == 1 ? rows[i].second_to : 0xbf;
            if (at[k] < from || at[k] > to)
                return 0;
            point = point * 64 + (at[k] - 0x80u);
        }
        *len = rows[i].len;
        return point;
    }
    return 0;
}

/* C0, DEL, C1, and what turns the direction of text (UAX #9). */
static inline bool harmless_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x061c ||
           point == 0x200e || point == 0x200f || (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069);
}

/* A colour (SGR) of ours at `at`: its bytes, or 0. */
static inline size_t harmless_colour(const char *at, size_t left)
{
    size_t len = 2;
    if (left < 3 || at[0] != '\x1b' || at[1] != '[')
        return 0;
    while (len < left && strchr("0123456789;", at[len]))
        len++;
    return len < left && at[len] == 'm' ? len + 1 : 0;
}

/* Which characters may stand in a text, beside printable ASCII. */
struct harmless {
    bool lines;  /* line ends */
    bool utf8;   /* characters beyond ASCII */
    bool colour; /* colours of our own */
};

static inline void must_be_harmless(const char *text, size_t len, struct harmless may)
{
    for (size_t i = 0, size; i < len; i += size) {
        if (may.colour && (size = harmless_colour(text + i, len - i)))
            continue;
        uint32_t point = harmless_point((const uint8_t *)text + i, len - i, &size);
        if (size == 0)
            fail_msg("no UTF-8 at %zu: %02x", i, (uint8_t)text[i]);
        if (harmless_control(point) && !(may.lines && point == '\n'))
            fail_msg("a raw U+%04x at %zu of: %.*s", (unsigned)point, i, (int)len, text);
        if (point >= 0x80 && !may.utf8)
            fail_msg("not ASCII at %zu: U+%04x", i, (unsigned)point);
    }
}

#endif
