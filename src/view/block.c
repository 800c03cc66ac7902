/*
 * block.c: bytes that no table describes, as a hex dump with the characters beside it; and
 * where they are text, the text.
 */
#include "rows.h"

#include "pieces.h"

static bool is_print(uint8_t c)
{
    return c >= 0x20 && c < 0x7f;
}

/* Bytes a line: 16 if offset, hex and characters fit, else 8 or 4. */
static unsigned bytes_a_line(const struct rows *r, unsigned indent)
{
    unsigned per = 16;
    while (per > 4 && indent + OFFSET_COLUMNS + per * 4 + 2 > r->page.columns)
        per /= 2;
    return per;
}

/* One line: "0036  47 45 54 20  GET ". The characters stand after `gutter` bytes. */
static void put_line(struct rows *r, uint32_t pos, uint32_t end, unsigned per, unsigned gutter)
{
    struct columns columns = {.indent = r->bars * 2, .per = per};
    struct row row = row_start(r, &columns, pos, pos + per < end ? pos + per : end);
    uint32_t stop = row.end;
    row_left(&row.line);
    line_pad(&row.line, columns.indent + OFFSET_COLUMNS + gutter * 3 + 1);

    const struct mark *tones = r->page.palette.tone, *none = &r->page.palette.signs->none;
    char *start = text_room(r->page.out, 16 * (3 * sizeof *none)), *at = start;
    bool dim = false;
    for (; pos < stop; pos++) {
        uint8_t c = r->packet->frame.bytes.at[pos];
        if (dim == is_print(c))
            at = mark_put(at, &tones[dim ? TONE_PLAIN : TONE_DIM]);
        dim = !is_print(c);
        if (dim)
            at = mark_put(at, none);
        else
            *at++ = (char)c;
    }
    if (dim)
        at = mark_put(at, &tones[TONE_PLAIN]);
    text_grew(r->page.out, (size_t)(at - start));
    line_end(&row.line);
}

/* A character of UTF-8 that is not ASCII: bytes that it takes, or 0. A guess is enough here. */
static size_t wide_len(struct bytes b, size_t at)
{
    size_t len = 1;
    while (len < 4 && at + len < b.len && (b.at[at + len] & 0xc0) == 0x80)
        len++;
    return b.at[at] >= 0xc2 && len > 1 ? len : 0;
}

/* Nine in ten are letters, digits, spaces and line ends. */
static bool is_text(struct bytes b)
{
    size_t odd = 0;
    for (size_t i = 0; i < b.len; i++) {
        uint8_t c = b.at[i];
        size_t wide = c >= 0x80 ? wide_len(b, i) : 0;
        if (wide)
            i += wide - 1;
        else
            odd += !is_print(c) && c != '\n' && c != '\r' && c != '\t';
    }
    return b.len > 1 && odd * 10 <= b.len;
}

/* The text, a line of it a line here, its line ends left out. */
static void put_text(struct rows *r, struct bytes b)
{
    struct columns columns = {.indent = r->bars * 2, .per = 1};
    struct row row = row_start(r, &columns, 0, 0);
    row.line.hang = columns.indent + OFFSET_COLUMNS;
    row_left(&row.line);
    line_pad(&row.line, row.line.hang);
    line_put(&row.line, TONE_DIM, "as text, line by line:");
    line_end(&row.line);
    while (b.len) {
        const uint8_t *end = memchr(b.at, '\n', b.len);
        size_t len = end ? (size_t)(end - b.at) : b.len, shown = len;
        if (end && shown && b.at[shown - 1] == '\r')
            shown--;
        row.line.hang = columns.indent + OFFSET_COLUMNS + 2;
        row_left(&row.line);
        if (shown)
            line_pad(&row.line, row.line.hang);
        text_clear(&r->value);
        put_foreign(&r->value, (struct bytes){b.at, shown}, r->page.utf8);
        line_raw(&row.line, TONE_PLAIN, text_string(&r->value), r->value.len);
        line_end(&row.line);
        b = bytes_part(b, len + (end != NULL), b.len);
    }
}

void put_block(struct rows *r, const struct said *said)
{
    const struct node *node = &r->packet->dissection->nodes[said->node];
    uint32_t pos = node->bit / 8, end = (node->bit + node->bits + 7) / 8;
    struct columns columns = {
        .indent = r->bars * 2, .name = r->bars * 2 + OFFSET_COLUMNS, .per = 1};
    struct row row = row_start(r, &columns, end, end);
    row_name(&row, said);
    row_tail(&row, said);
    unsigned per = bytes_a_line(r, columns.indent);
    for (uint32_t at = pos; at < end; at += per)
        put_line(r, at, end, per, end - pos < per ? end - pos : per);
    r->printed = end;
    struct bytes b = bytes_part(r->packet->frame.bytes, pos, end - pos);
    if (is_text(b))
        put_text(r, b);
}
