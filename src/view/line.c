/* line.c: lines that end where the terminal ends. */
#include "line.h"

#include "pieces.h"

enum { WIDE_FROM = 0xe1 }; /* the lead bytes of what may be wide: U+1000 and beyond */

/* A lead byte's length; the text is UTF-8 by now. */
static size_t point_len(uint8_t first)
{
    return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/*
 * Columns of the code point that starts with these bytes. What may be wide (UAX #11: Hangul,
 * CJK, emoji) is counted as wide: a line that ends too early does no harm.
 */
static unsigned point_columns(const uint8_t *at, size_t len)
{
    if (len < 3 || point_len(at[0]) > len)
        return 1;
    if (at[0] == 0xe1)
        return at[1] >= 0x84 && at[1] <= 0x85 ? 2 : 1;
    if (at[0] == 0xe2)
        return (at[1] >= 0x98 && at[1] <= 0x9e) || at[1] >= 0xba ? 2 : 1;
    return at[0] > 0xe2 ? 2 : 1;
}

static bool is_ascii(const char *at, size_t len)
{
    uint64_t all = 0, eight;
    uint32_t first, last;
    if (len >= sizeof eight) {
        for (size_t i = 0; i + sizeof eight < len; i += sizeof eight) {
            memcpy(&eight, at + i, sizeof eight);
            all |= eight;
        }
        memcpy(&eight, at + len - sizeof eight, sizeof eight); /* some of them once more */
        all |= eight;
    } else if (len >= sizeof first) {
        memcpy(&first, at, sizeof first);
        memcpy(&last, at + len - sizeof last, sizeof last);
        all = first | last;
    } else {
        for (size_t i = 0; i < len; i++)
            all |= (uint8_t)at[i];
    }
    return !(all & UINT64_C(0x8080808080808080));
}

size_t columns_of(const char *text, size_t len)
{
    if (is_ascii(text, len))
        return len;
    enum { RUN = 8 };
    const uint8_t *at = (const uint8_t *)text;
    size_t columns = 0;
    for (size_t i = 0; i < len;) {
        size_t stop = len - i < RUN ? len : i + RUN;
        if (stop - i == RUN && is_ascii(text + i, RUN)) {
            columns += RUN;
            i = stop;
        }
        for (; i < stop; i++)
            columns += at[i] >= WIDE_FROM ? point_columns(at + i, len - i) : (at[i] & 0xc0) != 0x80;
    }
    return columns;
}

size_t words_fit(const char *at, unsigned most)
{
    size_t best = 0, i = 0;
    while (at[i]) {
        size_t end = i + strcspn(at + i, " ");
        if (columns_of(at, end) > most)
            break;
        best = end;
        i = end + strspn(at + end, " ");
    }
    if (best == 0)
        while (at[best] && columns_of(at, best + 1) <= most)
            best++;
    while (((uint8_t)at[best] & 0xc0) == 0x80)
        best++;
    return best;
}

static unsigned room(const struct line *line)
{
    return line->at < line->page->columns ? line->page->columns - line->at : 0;
}

void line_pad(struct line *line, unsigned column)
{
    unsigned spaces = line->at < column ? column - line->at : 1;
    char *at = text_room(line->page->out, spaces);
    memset(at, ' ', spaces);
    text_grew(line->page->out, spaces);
    line->at += spaces;
}

void line_break(struct line *line)
{
    page_tone(line->page, TONE_PLAIN);
    text_char(line->page->out, '\n');
    line->at = 0;
    if (line->lead)
        line->lead(line);
    if (line->at < line->hang)
        line_pad(line, line->hang);
}

void line_gap(struct line *line, unsigned gap)
{
    if (room(line) < gap + 4)
        line_break(line);
    else
        line_pad(line, line->at + gap);
}

static void put_fitting(struct line *line, enum tone tone, const char *at, size_t len,
                        size_t columns)
{
    page_tone(line->page, tone);
    text_put_n(line->page->out, at, len);
    if (!line->page->utf8)
        only_ascii(line->page->out, line->page->out->len - len);
    line->at += (unsigned)columns;
    page_tone(line->page, TONE_PLAIN);
}

void line_plain(struct line *line, enum tone tone, const char *at, size_t len)
{
    put_fitting(line, tone, at, len, len);
}

/* The longest start of the word that fits; at least one character where nothing else is. */
static size_t fitting(const struct line *line, const char *at, size_t len)
{
    size_t end = 0, columns = 0;
    while (end < len) {
        size_t next = end + point_len((uint8_t)at[end]);
        next = next < len ? next : len;
        columns += columns_of(at + end, next - end);
        if (columns > room(line))
            break;
        end = next;
    }
    if (end == 0 && line->at <= line->hang)
        end = point_len((uint8_t)at[0]) < len ? point_len((uint8_t)at[0]) : len;
    return end;
}

static void put_word(struct line *line, enum tone tone, const char *at, size_t len)
{
    while (len) {
        size_t part = fitting(line, at, len);
        text_put_n(line->page->out, at, part);
        line->at += (unsigned)columns_of(at, part);
        if (!line->page->utf8)
            only_ascii(line->page->out, line->page->out->len - part);
        at += part;
        len -= part;
        if (len) {
            line_break(line);
            page_tone(line->page, tone);
        }
    }
}

void line_words(struct line *line, enum tone tone, const char *at, size_t len)
{
    size_t columns = columns_of(at, len);
    if (line->at + columns <= line->page->columns) {
        put_fitting(line, tone, at, len, columns);
        return;
    }
    page_tone(line->page, tone);
    bool space = false;
    while (len) {
        const char *found = memchr(at, ' ', len);
        size_t word = found ? (size_t)(found - at) : len;
        if (word && line->at > line->hang && columns_of(at, word) + space > room(line)) {
            line_break(line);
            page_tone(line->page, tone);
            space = false;
        }
        if (space && word)
            line_pad(line, 0);
        put_word(line, tone, at, word);
        space = word ? found != NULL : space;
        at += word + (found != NULL);
        len -= word + (found != NULL);
    }
    page_tone(line->page, TONE_PLAIN);
}

void line_raw(struct line *line, enum tone tone, const char *at, size_t len)
{
    page_tone(line->page, tone);
    put_word(line, tone, at, len);
    page_tone(line->page, TONE_PLAIN);
}

void line_put(struct line *line, enum tone tone, const char *string)
{
    line_words(line, tone, string, strlen(string));
}

void line_piece(struct line *line, unsigned gap, enum tone tone, const char *string)
{
    size_t len = strlen(string), columns = columns_of(string, len);
    if (columns + gap <= room(line)) {
        line_pad(line, line->at + gap);
        put_fitting(line, tone, string, len, columns);
        return;
    }
    if (line->hang + columns <= line->page->columns || room(line) < gap + 8)
        line_break(line);
    else
        line_pad(line, line->at + gap);
    line_words(line, tone, string, len);
}

void line_told(struct line *line, enum tone tone, const char *string)
{
    size_t len = strlen(string);
    if (is_plain(string, len)) {
        line_words(line, tone, string, len);
        return;
    }
    struct text safe = TEXT_EMPTY;
    put_told(&safe, string);
    line_words(line, tone, text_string(&safe), safe.len);
    text_free(&safe);
}

void line_rule(struct line *line, const char *sign, unsigned count)
{
    count = count < room(line) ? count : room(line);
    text_repeat(line->page->out, sign, count);
    line->at += count;
}

void line_end(struct line *line)
{
    text_char(line->page->out, '\n');
    line->at = 0;
}
