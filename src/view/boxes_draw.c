/* boxes_draw.c: the lines around boxes, and the rows of them. */
#include "boxes.h"

/* By which of its four sides a crossing has lines at: 1 above, 2 below, 4 left, 8 right. */
static const char *const crossings[] = {" ", "╵", "╷", "│", "╴", "┘", "┐", "┤",
                                        "╶", "└", "┌", "├", "─", "┴", "┬", "┼"};

enum { ABOVE = 1, BELOW = 2, LEFT = 4, RIGHT = 8 };

void drawing_start(struct drawing *g)
{
    struct text *out = g->page->out;
    page_tone(g->page, TONE_DIM);
    for (unsigned bit = 0; bit < g->width; bit += 10) {
        text_char(out, ' ');
        text_char(out, (char)('0' + bit / 10));
        if (bit + 10 < g->width)
            text_repeat(out, " ", 18);
    }
    text_char(out, '\n');
    for (unsigned bit = 0; bit < g->width; bit++) {
        text_char(out, ' ');
        text_char(out, (char)('0' + bit % 10));
    }
    page_tone(g->page, TONE_PLAIN);
    text_char(out, '\n');
}

/* Does a line stand at the left of this bit? */
static bool border(const struct drawing *g, const struct node *const *row, unsigned bit)
{
    const struct node *left = bit ? row[bit - 1] : NULL;
    return left != (bit < g->width ? row[bit] : NULL);
}

static unsigned used(const struct drawing *g, const struct node *const *row)
{
    unsigned bits = g->width;
    while (bits && !row[bits - 1])
        bits--;
    return bits;
}

/* As RFC 791 draws it in ASCII: +-+-+-+, a plus at each bit. */
static void put_crossing(const struct drawing *g, unsigned sides)
{
    const char *ascii = sides & (LEFT | RIGHT) ? "+" : sides == (ABOVE | BELOW) ? "|" : " ";
    text_put(g->page->out, g->page->utf8 ? crossings[sides] : ascii);
}

/* Between the row above and the one at hand: open where both are the same leaf's. */
static void draw_line(const struct drawing *g)
{
    const struct node *const *above = g->above, *const *now = g->now;
    unsigned end = used(g, above) > used(g, now) ? used(g, above) : used(g, now);
    bool before = false;
    page_tone(g->page, g->tone);
    for (unsigned bit = 0; bit <= end; bit++) {
        bool after = bit < end && above[bit] != now[bit];
        put_crossing(g, (border(g, above, bit) ? ABOVE : 0u) | (border(g, now, bit) ? BELOW : 0u) |
                            (before ? LEFT : 0u) | (after ? RIGHT : 0u));
        if (bit < end)
            text_put(g->page->out, after ? g->page->palette.signs->rule : " ");
        before = after;
    }
    page_tone(g->page, TONE_PLAIN);
    text_char(g->page->out, '\n');
}

static void draw_bar(const struct drawing *g)
{
    page_tone(g->page, g->tone);
    text_put(g->page->out, g->page->palette.signs->lane);
    page_tone(g->page, TONE_PLAIN);
}

/* In the middle of so many columns. */
static void draw_middle(const struct drawing *g, const char *at, size_t len, unsigned columns)
{
    unsigned own = (unsigned)columns_of(at, len), free = columns > own ? columns - own : 0;
    text_repeat(g->page->out, " ", free / 2);
    text_put_n(g->page->out, at, len);
    text_repeat(g->page->out, " ", free - free / 2);
}

struct box *drawing_box(struct drawing *g, const struct node *node, unsigned bits)
{
    struct box *box = &g->boxes[g->count++];
    box->from = g->filled;
    box->to = g->filled + bits;
    box->count = 0;
    for (size_t i = 0; i < BOX_LINES; i++)
        text_clear(&box->lines[i]);
    for (unsigned bit = box->from; bit < box->to; bit++)
        g->now[bit] = node;
    g->filled = box->to;
    return box;
}

void drawing_row(struct drawing *g)
{
    size_t high = 1;
    if (!g->count)
        return;
    if (memcmp(g->above, g->now, sizeof g->now) != 0)
        draw_line(g);
    for (size_t i = 0; i < g->count; i++)
        high = g->boxes[i].count > high ? g->boxes[i].count : high;
    for (size_t line = 0; line < high; line++) {
        for (size_t i = 0; i < g->count; i++) {
            struct box *box = &g->boxes[i];
            size_t free = high - box->count; /* flags stand side by side, their values too */
            size_t own = line - (box->to - box->from == 1 ? free : free / 2); /* wraps: none */
            bool there = own < box->count;
            draw_bar(g);
            draw_middle(g, there ? text_string(&box->lines[own]) : "",
                        there ? box->lines[own].len : 0, (box->to - box->from) * 2 - 1);
        }
        draw_bar(g);
        text_char(g->page->out, '\n');
    }
    memcpy(g->above, g->now, sizeof g->now);
    memset(g->now, 0, sizeof g->now);
    g->count = g->filled = 0;
}

void drawing_gap(struct drawing *g, const char *said)
{
    draw_bar(g);
    draw_middle(g, said, strlen(said), g->width * 2 - 1);
    draw_bar(g);
    text_char(g->page->out, '\n');
}

void drawing_end(struct drawing *g)
{
    drawing_row(g);
    if (used(g, g->above))
        draw_line(g);
    memset(g->above, 0, sizeof g->above);
}

void drawing_free(struct drawing *g)
{
    for (size_t i = 0; i < BITS_WIDE; i++)
        for (size_t k = 0; k < BOX_LINES; k++)
            text_free(&g->boxes[i].lines[k]);
}
