/*
 * filter_token.h: the words and signs of a display filter.
 */
#ifndef PACKET_FILTER_TOKEN_H
#define PACKET_FILTER_TOKEN_H

#include <loopcraft/err.h>
#include <loopcraft/text.h>

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,     /* a name, a number, an address, bytes: tcp.port, 0x1f, ::1, 47:45 */
    TOKEN_STRING,   /* "in quotes" */
    TOKEN_RELATION, /* == != ... contains, with what it is in token.relation */
    TOKEN_IN,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NOT,
    TOKEN_ANY,
    TOKEN_ALL,
    TOKEN_MASK,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_OPEN_SET,
    TOKEN_CLOSE_SET,
    TOKEN_OPEN_SLICE,
    TOKEN_CLOSE_SLICE,
    TOKEN_COMMA,
    TOKEN_TO,
    TOKEN_FOREIGN /* what Wireshark knows and this program does not, and plain mistakes */
};

enum relation {
    RELATION_EQ,
    RELATION_NE,
    RELATION_LT,
    RELATION_LE,
    RELATION_GT,
    RELATION_GE,
    RELATION_CONTAINS,
    RELATION_IN,
    RELATION_SET /* not 0, or: is there */
};

/* The token that the reader stands at. */
struct tokens {
    const char *expression;
    size_t at, next; /* where it begins, and what comes after it begins */
    enum token_kind kind;
    enum relation relation;
    bool all;         /* a relation that all values must be in */
    const char *hint; /* of TOKEN_FOREIGN: what to write instead, or NULL */
    struct text text; /* a word as it stands; a string without its quotes and escapes */
};

/* Reads the first token, and the next; false for a string that can't be read. */
bool tokens_start(struct tokens *tokens, const char *expression, struct err *err);
bool tokens_next(struct tokens *tokens, struct err *err);
void tokens_free(struct tokens *tokens);

/* Fails with STATUS_USAGE: "display filter, character 7: WORD: why". */
bool tokens_refuse(const struct tokens *tokens, struct err *err, const char *why);

#endif
