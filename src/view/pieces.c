/* pieces.c: small texts that several views write. */
#include "pieces.h"

void put_duration(struct text *out, int64_t ns, const struct signs *signs)
{
    const char *const unit[] = {"ns", signs->micro, "ms", "s"};
    size_t i = ns ? 0 : 1;
    int64_t whole = ns, thousandths = 0;
    for (; i < 3 && whole >= 1000; i++) {
        thousandths = whole % 1000;
        whole /= 1000;
    }
    text_number(out, (uint64_t)whole);
    bool microseconds = i == 1 && thousandths == 0;
    if (i > 0 && whole < 100 && !microseconds) {
        text_char(out, '.');
        text_char(out, (char)('0' + thousandths / 100));
        if (whole < 10)
            text_char(out, (char)('0' + thousandths / 10 % 10));
    }
    text_char(out, ' ');
    text_put(out, unit[i]);
}

void put_end(struct text *out, const struct end *end)
{
    bool brackets = end->port[0] && strchr(end->addr, ':');
    char *start = text_room(out, sizeof *end + 3), *at = start;
    if (brackets)
        *at++ = '[';
    memcpy(at, end->addr, sizeof end->addr); /* of a constant length: no call */
    at += strlen(end->addr);
    if (brackets)
        *at++ = ']';
    if (end->port[0]) {
        *at++ = ':';
        memcpy(at, end->port, sizeof end->port);
        at += strlen(end->port);
    }
    text_grew(out, (size_t)(at - start));
}

/* The code point of UTF-8 that was checked before, and its length. */
static uint32_t point_at(const char *text, size_t left, size_t *len)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t want = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    *len = want < left ? want : left;
    uint32_t point = want == 1 ? at[0] : at[0] & (0x7fu >> want);
    for (size_t i = 1; i < *len; i++)
        point = point << 6 | (at[i] & 0x3fu);
    return point;
}

void put_foreign(struct text *out, struct bytes b, bool utf8)
{
    if (utf8) {
        text_escape(out, b);
        return;
    }
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, b);
    for (size_t i = 0, len; i < safe.len; i += len) {
        uint32_t point = point_at(safe.at + i, safe.len - i, &len);
        if (point < 0x80)
            text_char(out, (char)point);
        else
            text_format(out, "\\u{%x}", (unsigned)point);
    }
    text_free(&safe);
}

bool is_plain(const char *at, size_t len)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t eight, odd = 0; /* the highest bit of a byte that is not 0x20 to 0x7e */
    for (; len >= sizeof eight; at += sizeof eight, len -= sizeof eight) {
        memcpy(&eight, at, sizeof eight);
        odd |= eight | (eight - ones * 0x20) | (eight + ones);
    }
    if (odd & ones << 7)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((uint8_t)(at[i] - 0x20) >= 0x7f - 0x20)
            return false;
    return true;
}

/* text_escape() but for the backslash: who told it has escaped what is foreign already. */
void put_told(struct text *out, const char *string)
{
    while (*string) {
        size_t plain = strcspn(string, "\\");
        text_escape(out, (struct bytes){(const uint8_t *)string, plain});
        string += plain;
        if (*string) {
            text_char(out, '\\');
            string++;
        }
    }
}

static char ascii_for(uint32_t point)
{
    static const struct {
        uint32_t point;
        char c;
    } table[] = {
        {0xb5, 'u'},    {0xb7, '.'},    {0xd7, 'x'},   {0x2013, '-'}, {0x2014, '-'},
        {0x2018, '\''}, {0x2019, '\''}, {0x201c, '"'}, {0x201d, '"'}, {0x2026, '~'},
        {0x2190, '<'},  {0x2192, '>'},  {0x2212, '-'},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].point == point)
            return table[i].c;
    return '?';
}

/* Each character becomes one byte, so that no column moves (but a wide one's). */
void only_ascii(struct text *text, size_t from)
{
    size_t to = from;
    while (to < text->len && (uint8_t)text->at[to] < 0x80)
        to++;
    for (size_t i = to, len; i < text->len; i += len) {
        uint32_t point = point_at(text->at + i, text->len - i, &len);
        text->at[to++] = point < 0x80 ? (char)point : ascii_for(point);
    }
    if (text->at)
        text->at[to] = '\0';
    text->len = to;
}

const char *origin_name(unsigned origin)
{
    static const char *const names[] = {NULL, "you", "loopcraft", "libnet", "kernel"};
    return origin < sizeof names / sizeof names[0] ? names[origin] : NULL;
}
