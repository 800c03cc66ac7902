/*
 * pieces.h: small texts that several views write.
 */
#ifndef VIEW_PIECES_H
#define VIEW_PIECES_H

#include "palette.h"

/* "24.1 µs": three digits that count, in the unit that fits; "24 µs": a time known no finer. */
void put_duration(struct text *out, int64_t ns, const struct signs *signs);

/* "127.0.0.1:8080", "[::1]:8080", "::1". */
void put_end(struct text *out, const struct end *end);

/* Foreign bytes, escaped; without UTF-8 what is not ASCII is escaped as well. */
void put_foreign(struct text *out, struct bytes b, bool utf8);

/* Printable ASCII and nothing else? */
bool is_plain(const char *at, size_t len);

/* A text of our own that may quote others: only what must not reach a terminal is escaped. */
void put_told(struct text *out, const char *string);

/* Makes text[from ...] ASCII, character by character: µ to u, arrows to < and >, others to ?. */
void only_ascii(struct text *text, size_t from);

const char *origin_name(unsigned origin);

#endif
