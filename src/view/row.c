/*
 * row.c: one row: bytes at the left; name, value and meaning flow beside them.
 */
#include "rows.h"

#include "pieces.h"

/* Bars, offset, and bytes as many as a line of 200 columns has. */
enum { LEFT_ROOM = BARS_ROOM + 64 + 3 * 200 };

/* In a memo's key: the start of a row, not all of it. */
static const uint32_t STATE_NAME = UINT32_C(1) << 31;

/* --- the left side ---------------------------------------------------------------- */

static char *put_digits(char *at, uint32_t number, unsigned digits)
{
    for (unsigned i = digits; i-- > 0;)
        *at++ = "0123456789abcdef"[number >> 4 * i & 15];
    return at;
}

/*
 * A byte, once. In later rows that share it stand the digits that are theirs alone, and dots:
 * 45 is the version, and .5 the header length.
 */
static char *put_byte(char *at, const struct row *row, uint32_t pos)
{
    uint8_t byte = row->rows->packet->frame.bytes.at[pos];
    if (pos >= row->rows->printed)
        return put_digits(at, byte, 2);
    uint32_t first = pos * 8, end = row->bit + row->bits;
    bool high = row->bit <= first && end >= first + 4;
    bool low = row->bit <= first + 4 && end >= first + 8;
    bool both = high == low;
    *at++ = "0123456789abcdef."[high && !both ? byte >> 4 : 16];
    *at++ = "0123456789abcdef."[low && !both ? byte & 15 : 16];
    return at;
}

void row_left(struct line *line)
{
    struct row *row = (struct row *)line;
    struct rows *r = row->rows;
    const struct mark *tones = r->page.palette.tone;
    char *start = text_room(r->page.out, LEFT_ROOM), *at = start;
    memcpy(at, r->left, r->left_len[r->bars]);
    at += r->left_len[r->bars];
    line->at = row->columns->indent;
    if (row->pos < row->end) {
        uint32_t stop = row->end - row->pos > row->per ? row->pos + row->per : row->end;
        unsigned digits = row->pos > 0xffff ? 5 : 4;
        at = mark_put(at, &tones[TONE_DIM]);
        at = put_digits(at, row->pos, digits);
        at = mark_put(at, &tones[TONE_PLAIN]);
        *at++ = ' ';
        row->digits = r->page.out->len + (size_t)(at - start) + 1;
        for (uint32_t pos = row->pos; pos < stop; pos++) {
            *at++ = ' ';
            at = put_byte(at, row, pos);
        }
        line->at += digits + 1 + 3 * (stop - row->pos);
        row->pos = stop;
    }
    text_grew(r->page.out, (size_t)(at - start));
}

/* As many bytes a line as there is room for; of those that need more lines, a round number. */
struct row row_start(struct rows *r, const struct columns *columns, uint32_t pos, uint32_t end)
{
    unsigned per = end - pos <= columns->per ? columns->per : columns->per >= 8 ? 8 : 4;
    return (struct row){
        .line = {.page = &r->page, .lead = row_left, .hang = columns->name},
        .rows = r,
        .columns = columns,
        .pos = pos,
        .end = end,
        .per = per,
    };
}

/* --- the right side --------------------------------------------------------------- */

static enum tone fault_tone(const struct said *said)
{
    return said->fault == FAULT_BAD ? TONE_BAD : said->fault == FAULT_CUT ? TONE_WARN : TONE_PLAIN;
}

/* How far the name is set in from its column. */
static unsigned inset_of(const struct row *row, const struct said *said)
{
    const struct rows *r = row->rows;
    return r->verbose ? 2u * r->packet->dissection->nodes[said->node].inside : 0;
}

static void put_name(struct row *row, const struct said *said)
{
    struct line *line = &row->line;
    row_left(line);
    while (row->columns->stacked && row->pos < row->end) {
        line_end(line);
        row_left(line);
    }
    if (row->columns->stacked && line->at > row->columns->indent)
        line_break(line);
    if (said->again && !row->columns->stacked) {
        line_pad(line, row->columns->indent + OFFSET_COLUMNS);
        line_put(line, TONE_DIM, "same bytes");
    }
    line_pad(line, line->at < row->columns->name ? row->columns->name : line->at + 1);
    unsigned inset = inset_of(row, said);
    if (inset)
        line_gap(line, inset);
    enum tone tone = said->fault ? fault_tone(said) : said->again ? TONE_DIM : TONE_BOLD;
    line_put(line, tone, said->name);
}

/* The bytes over those of the time before. */
static void put_own_digits(struct row *row)
{
    char *at = row->rows->page.out->at + row->digits;
    for (; row->pos < row->end; row->pos++, at += 3)
        put_digits(at, row->rows->packet->frame.bytes.at[row->pos], 2);
}

/* On one line, its bytes all its own: then nothing but these differs from the time before. */
static bool recall_name(struct row *row, struct memo_slot *slot, const struct memo_key *key)
{
    struct text *out = row->rows->page.out;
    size_t start = out->len;
    if (!memo_put(slot, key, out))
        return false;
    row->digits = start + slot->digits;
    put_own_digits(row);
    row->line.at = slot->at;
    return true;
}

void row_name(struct row *row, const struct said *said)
{
    struct rows *r = row->rows;
    uint32_t size = row->end - row->pos;
    if (said->fault || size == 0 || size > row->per || row->pos < r->printed ||
        row->columns->stacked) {
        put_name(row, said);
        return;
    }
    struct memo_key key = {
        .row = said->name,
        .pos = row->pos,
        .size = size,
        .layers = r->layers_key,
        .state = STATE_NAME | r->bars << 16 | inset_of(row, said),
    };
    struct memo_slot *slot = memo_slot(r->memo, &key);
    if (!recall_name(row, slot, &key)) {
        size_t start = r->page.out->len;
        put_name(row, said);
        if (memo_keep(slot, &key, r->page.out, start)) {
            slot->at = row->line.at;
            slot->digits = (uint32_t)(row->digits - start);
        }
    }
    r->spot.digits = (uint32_t)row->digits;
}

void row_value(struct row *row)
{
    struct line *line = &row->line;
    struct text *value = &row->rows->value;
    if (!value->len)
        return;
    line->hang = row->columns->value ? row->columns->value : row->columns->name + 1;
    line_gap(line, row->columns->value > line->at ? row->columns->value - line->at : 2);
    struct spot *spot = &row->rows->spot;
    if (spot->digits)
        *spot = (struct spot){spot->digits, (uint32_t)row->rows->page.out->len, line->at,
                              line->hang};
    line_words(line, TONE_PLAIN, value->at, value->len);
}

/* Up to the value nothing but the digits differs from the row that is kept. */
void row_again(struct row *row)
{
    const struct piece *piece = row->rows->piece;
    struct text *out = row->rows->page.out;
    row->digits = out->len + piece->spot.digits;
    text_put_n(out, row->rows->like->text.at + piece->from, piece->spot.value);
    put_own_digits(row);
    row->line.at = piece->spot.at;
    row->line.hang = piece->spot.hang;
    line_words(&row->line, TONE_PLAIN, row->rows->value.at, row->rows->value.len);
}

static const struct remark *take_remark(struct rows *r, const struct said *said)
{
    size_t index;
    if (!remark_find(r, said->node, said->end, &index))
        return NULL;
    if (!r->piece) {
        remark_done(r, index);
        remarks_pass(r, said->node);
        r->taken = (uint8_t)(index + 1);
    }
    return &r->packet->remarks[index];
}

/* "← you", into rows->value; returns its columns. */
static unsigned write_tag(struct rows *r, const struct said *said)
{
    const char *name = origin_name(said->origin);
    text_clear(&r->value);
    if (!name)
        return 0;
    text_put(&r->value, r->page.palette.signs->from);
    text_char(&r->value, ' ');
    text_put(&r->value, name);
    if (said->origin == ORIGIN_KERNEL)
        put_crafted(r, said->node, &r->value);
    return (unsigned)columns_of(r->value.at, r->value.len);
}

/* At the right end of the line; on a further line when this one is full. */
static void put_tag(struct row *row, const struct said *said, unsigned columns)
{
    struct line *line = &row->line;
    if (line->at + 2 + columns > row->rows->page.columns)
        line_break(line);
    if (line->at + columns < row->rows->page.columns)
        line_pad(line, row->rows->page.columns - columns);
    enum tone tone = said->origin == ORIGIN_YOU      ? TONE_YOU
                     : said->origin == ORIGIN_KERNEL ? TONE_WARN
                                                     : TONE_DIM;
    line_words(line, tone, row->rows->value.at, row->rows->value.len);
}

/*
 * Where the meaning starts: in its column; without columns after the value if all fits
 * there, and else in a line of its own. Returns whether the origin stands already.
 */
static bool start_means(struct row *row, const struct said *said, size_t len, unsigned tag)
{
    struct line *line = &row->line;
    const struct columns *columns = row->columns;
    unsigned room = row->rows->page.columns, tag_room = tag ? tag + 2 : 0;
    unsigned start = columns->means ? columns->means : columns->value;
    start = start >= line->at + 2 ? start : line->at + 2;
    line->hang = columns->means ? columns->means : columns->name + 1;
    if (columns->means ? start + 16 + tag_room <= room : start + len + tag_room <= room) {
        line_pad(line, start);
        return false;
    }
    bool first = tag && line->at + tag_room <= room;
    if (first)
        put_tag(row, said, tag);
    line_break(line);
    return first;
}

static void put_fault(struct line *line, const struct said *said, bool more)
{
    line_put(line, fault_tone(said), said->fault == FAULT_BAD ? "bad:" : "cut:");
    line_gap(line, 1);
    line_put(line, fault_tone(said), said->why ? said->why : "");
    if (more)
        line_gap(line, 2);
}

/* The fault, the meaning or the remark, and at the right end of the first line the origin. */
static void put_words(struct row *row, const struct said *said, enum tone tone, const char *means)
{
    struct line *line = &row->line;
    size_t len = strlen(means), why = said->fault && said->why ? strlen(said->why) + 7 : 0;
    unsigned tag = said->origin ? write_tag(row->rows, said) : 0, room = row->rows->page.columns;
    if (len + why && start_means(row, said, len + why, tag))
        tag = 0;
    if (said->fault)
        put_fault(line, said, len);
    if (tag && line->at + len + tag + 2 > room && line->at + tag + 2 < room) {
        size_t part = words_fit(means, room - line->at - tag - 2);
        line_words(line, tone, means, part);
        put_tag(row, said, tag);
        tag = 0;
        means += part + (means[part] == ' ');
        len = strlen(means);
        if (len)
            line_break(line);
    }
    line_words(line, tone, means, len);
    if (tag)
        put_tag(row, said, tag);
}

static void put_tail(struct row *row, const struct said *said, enum tone tone, const char *means)
{
    put_words(row, said, tone, means);
    while (row->pos < row->end) {
        line_end(&row->line);
        row_left(&row->line);
    }
    line_end(&row->line);
}

/* What means the same, after a value that ends where it ended before, looks as it did before. */
static void recall_tail(struct row *row, const struct said *said, enum tone tone, const char *means)
{
    struct rows *r = row->rows;
    struct memo_key key = {
        .row = means,
        .pos = row->columns->name << 16 | row->columns->means,
        .size = row->line.at,
        .layers = r->layers_key,
        .state = r->bars << 8 | tone,
    };
    struct memo_slot *slot = memo_slot(r->memo, &key);
    if (memo_put(slot, &key, r->page.out))
        return;
    size_t start = r->page.out->len;
    put_tail(row, said, tone, means);
    memo_keep(slot, &key, r->page.out, start);
}

void row_tail(struct row *row, const struct said *said)
{
    const struct remark *remark = take_remark(row->rows, said);
    const char *means = remark ? remark->text : said->means ? said->means : "";
    enum tone tone = remark ? TONE_PLAIN : TONE_DIM;
    bool same = remark ? remark->constant : said->means != NULL;
    if (same && !said->fault && !said->origin && row->pos == row->end) {
        recall_tail(row, said, tone, means);
    } else if (remark && !is_plain(means, strlen(means))) {
        struct text safe = TEXT_EMPTY;
        put_told(&safe, means);
        put_tail(row, said, tone, text_string(&safe));
        text_free(&safe);
    } else {
        put_tail(row, said, tone, means);
    }
}
