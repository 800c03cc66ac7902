/*
 * format_read.h: text to wire, for the formats of format.c. All have the signature of
 * struct format's read (record.h).
 */
#ifndef LOOPCRAFT_MODEL_FORMAT_READ_H
#define LOOPCRAFT_MODEL_FORMAT_READ_H

#include <loopcraft/record.h>

/* 80, 0x50, or the name of a term; checked against the row's width and scale. */
bool format_read_number(struct text *out, const struct field *field, const char *word,
                        struct err *err);

/* SYN,ACK  SYN|ACK  SA  0x12: the rows inside the group by label, name or first letter. */
bool format_read_flags(struct text *out, const struct field *field, const char *word,
                       struct err *err);

bool format_read_ipv4(struct text *out, const struct field *field, const char *word,
                      struct err *err);
bool format_read_ipv6(struct text *out, const struct field *field, const char *word,
                      struct err *err);

/* 48:65:6c or 48656c; as many bytes as the row has, any number when it has no fixed width. */
bool format_read_bytes(struct text *out, const struct field *field, const char *word,
                       struct err *err);

#endif
