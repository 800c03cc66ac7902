/*
 * line.h: lines that end where the terminal ends.
 *
 * Text flows from where the line stands; what does not fit goes on in a further line, at the
 * column `hang`, under whatever `lead` puts at the left of it.
 */
#ifndef VIEW_LINE_H
#define VIEW_LINE_H

#include "palette.h"

/* What all lines of a view share. */
struct page {
    struct text *out;
    struct palette palette;
    unsigned columns;
    bool utf8;
};

struct line {
    const struct page *page;
    void (*lead)(struct line *line); /* writes the left side of a line and moves `at`; or NULL */
    unsigned at;                     /* columns written */
    unsigned hang;
};

static inline void page_tone(const struct page *page, enum tone tone)
{
    const struct mark *mark = &page->palette.tone[tone];
    if (mark->len)
        text_put_n(page->out, mark->at, mark->len);
}

/* Our own text and foreign text that was made safe: columns, wide characters (UAX #11) counted
 * twice. */
size_t columns_of(const char *at, size_t len);

/* The bytes of the whole words that fit into so many columns; of the first word a part if need be.
 */
size_t words_fit(const char *string, unsigned columns);

/* Spaces up to the column; at least one if the line already stands there or beyond. */
void line_pad(struct line *line, unsigned column);

/* So many columns further; on a new line where hardly anything fits any more. */
void line_gap(struct line *line, unsigned gap);

/* A new line, its left side, and spaces up to `hang`. */
void line_break(struct line *line);

/* Text that is known to fit, a column a byte. */
void line_plain(struct line *line, enum tone tone, const char *at, size_t len);

/* Words, broken at spaces; a word that is longer than a line is broken anywhere. */
void line_words(struct line *line, enum tone tone, const char *at, size_t len);
void line_put(struct line *line, enum tone tone, const char *string);

/* As it is, spaces too, broken anywhere. */
void line_raw(struct line *line, enum tone tone, const char *at, size_t len);

/* Words, `gap` columns further; on a new line if it would fit on that one only. */
void line_piece(struct line *line, unsigned gap, enum tone tone, const char *string);

/* An event's text: control characters in it, which should not be there, are escaped. */
void line_told(struct line *line, enum tone tone, const char *string);

/* `count` times the sign, one column each, as far as the line goes. */
void line_rule(struct line *line, const char *sign, unsigned count);

void line_end(struct line *line);

#endif
