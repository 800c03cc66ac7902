/* escape.c: promise 7, foreign bytes are never printed raw. */
#include <loopcraft/text.h>

#include <string.h>

/* UTF-8 is checked as RFC 3629 has it: no overlong form, no surrogate, nothing above U+10FFFF. */
uint32_t text_point(struct bytes b, size_t *len)
{
    uint8_t first = b.at[0];
    size_t want = first < 0x80                    ? 1
                  : first >= 0xc2 && first < 0xe0 ? 2
                  : first >= 0xe0 && first < 0xf0 ? 3
                  : first >= 0xf0 && first < 0xf5 ? 4
                                                  : 0;
    *len = 0;
    if (want == 0 || want > b.len)
        return 0;
    uint32_t point = want == 1 ? first : first & (0x7fu >> want);
    for (size_t i = 1; i < want; i++) {
        if ((b.at[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (b.at[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[want] || (point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff)
        return 0;
    *len = want;
    return point;
}

bool text_unsafe(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x061c || point == 0x200e ||
           point == 0x200f || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

/* The letter of C's short escape for this character, or 0. */
static char escape_letter(uint32_t point)
{
    switch (point) {
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    case '\\': return '\\';
    default: return 0;
    }
}

void text_escape(struct text *t, struct bytes b)
{
    while (b.len) {
        size_t len;
        uint32_t point = text_point(b, &len);
        char letter = len == 1 ? escape_letter(point) : 0;
        if (letter) {
            text_char(t, '\\');
            text_char(t, letter);
        } else if (len && !text_unsafe(point)) {
            text_put_n(t, (const char *)b.at, len);
        } else if (len > 1) {
            text_format(t, "\\u{%x}", (unsigned)point);
        } else {
            text_format(t, "\\x%02x", b.at[0]);
        }
        b = bytes_part(b, len ? len : 1, b.len);
    }
}

/* How many bytes at the start stand for themselves in JSON. */
static size_t json_plain(struct bytes b)
{
    size_t i = 0;
    while (i < b.len && b.at[i] >= 0x20 && b.at[i] < 0x7f && b.at[i] != '"' && b.at[i] != '\\')
        i++;
    return i;
}

void text_json(struct text *t, struct bytes b)
{
    for (;;) {
        size_t plain = json_plain(b), len;
        text_put_n(t, (const char *)b.at, plain);
        if (plain == b.len)
            return;
        b = bytes_part(b, plain, b.len);
        uint32_t point = text_point(b, &len);
        if (len == 0)
            text_format(t, "\\u%04x", b.at[0]);
        else if (point == '"' || point == '\\')
            text_format(t, "\\%c", (int)point);
        else if (text_unsafe(point))
            text_format(t, "\\u%04x", (unsigned)point);
        else
            text_put_n(t, (const char *)b.at, len);
        b = bytes_part(b, len ? len : 1, b.len);
    }
}

void text_json_string(struct text *t, const char *string)
{
    text_char(t, '"');
    text_json(t, (struct bytes){(const uint8_t *)string, strlen(string)});
    text_char(t, '"');
}

size_t text_columns(const char *at, size_t len)
{
    size_t columns = 0;
    for (size_t i = 0; i < len; i++) {
        if (at[i] == '\x1b') {
            while (i < len && at[i] != 'm')
                i++;
        } else if (((uint8_t)at[i] & 0xc0) != 0x80) {
            columns++;
        }
    }
    return columns;
}
