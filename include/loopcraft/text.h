/*
 * text.h: text that grows, and the one place where foreign bytes are made safe.
 *
 * A struct text owns its buffer; text_free() gives it back. Memory that can't
 * be had ends the program: there is nothing sensible left to do.
 */
#ifndef LOOPCRAFT_TEXT_H
#define LOOPCRAFT_TEXT_H

#include <loopcraft/bytes.h>

#include <string.h>

struct text {
    char *at;        /* always terminated by a 0 byte once anything was put; NULL while empty */
    size_t len, cap; /* bytes, the 0 not counted in len */
};

#define TEXT_EMPTY ((struct text){0})

void text_free(struct text *t);
void text_clear(struct text *t);       /* empty again; the buffer is kept */
const char *text_string(struct text *t); /* never NULL; valid until the next change */

/* A larger buffer, so that `more` bytes and the 0 fit. */
void text_grow(struct text *t, size_t more);

/*
 * What a dump does for each of its rows stands here, so that the compiler can put it where it
 * is needed, lengths of constants worked out.
 */

/* Makes room for `more` bytes and returns where they go; text_grew() says how many were used. */
static inline char *text_room(struct text *t, size_t more)
{
    if (t->cap - t->len <= more)
        text_grow(t, more);
    return t->at + t->len;
}

static inline void text_grew(struct text *t, size_t len)
{
    t->len += len;
    t->at[t->len] = '\0';
}

static inline void text_put_n(struct text *t, const char *at, size_t len)
{
    char *room = text_room(t, len);
    if (len) /* memcpy may not be given the NULL of an empty stretch */
        memcpy(room, at, len);
    text_grew(t, len);
}

static inline void text_put(struct text *t, const char *string)
{
    text_put_n(t, string, strlen(string));
}

static inline void text_char(struct text *t, char c)
{
    *text_room(t, 1) = c;
    text_grew(t, 1);
}

void text_repeat(struct text *t, const char *string, size_t times);
void text_number(struct text *t, uint64_t number);                   /* decimal */
void text_hex(struct text *t, uint64_t number, unsigned digits);     /* lower case, padded with 0 */
void text_hex_bytes(struct text *t, struct bytes b, char separator); /* 0: nothing in between */
void text_format(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Foreign bytes for a terminal or a report. Printable UTF-8 passes; \n, \r, \t and the
 * backslash get their C escape; all other control characters (C0, DEL, C1), bytes that
 * are not UTF-8 and bidirectional controls (Unicode UAX #9) are written as \xNN, or as
 * \u{N} where they were valid UTF-8.
 */
void text_escape(struct text *t, struct bytes b);

/* The same inside a JSON string (RFC 8259, section 7); bytes that are not UTF-8 as \u00NN. */
void text_json(struct text *t, struct bytes b);
void text_json_string(struct text *t, const char *string); /* with its quotes */

/* The code point that starts at b.at, and in *len its bytes; *len is 0 when they are not UTF-8. */
uint32_t text_point(struct bytes b, size_t *len);

/* Controls, and the bidirectional ones that can make text read otherwise than it is (UAX #9). */
bool text_unsafe(uint32_t point);

/* Columns that the text takes on a terminal: one a code point, escape sequences (SGR) none. */
size_t text_columns(const char *at, size_t len);

#endif
