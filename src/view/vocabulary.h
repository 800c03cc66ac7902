/*
 * vocabulary.h: what JSON says of the tables' rows.
 */
#ifndef VIEW_VOCABULARY_H
#define VIEW_VOCABULARY_H

#include "memo.h"
#include "pattern.h"

#include <loopcraft/event.h>
#include <loopcraft/node.h>
#include <loopcraft/text.h>

/* What stays the same of a table's row each time that it is written at the same place. */
struct words {
    const void *row;        /* a struct field, or the struct record of an option; NULL: free */
    uint32_t pos, size;     /* that the head has */
    struct text head, tail; /* {"name":"tcp.flags","pos":46,"size":2,"show":" and ,"means":"..." */
};

/* All that were written so far: as many as the tables have rows, whatever the capture holds. */
struct vocabulary {
    struct words *words;
    size_t count, cap;      /* cap: a power of two */
    struct memo_slot *memo; /* fields that were written before, with their bytes */
    struct patterns *patterns;
    struct text piece; /* a value, before it is made JSON */
};

struct vocabulary vocabulary_new(void);
void vocabulary_free(struct vocabulary *vocabulary);

/* Of this row: the head is written anew where it stands elsewhere than the last time. */
const struct words *words_of(struct vocabulary *vocabulary, const struct node *node);

/* A head up to the value; name NULL: it has a label. */
void put_head(struct text *out, const char *name, const char *label, uint32_t pos, uint32_t size);

/* ,"means":"..." of a remark; a constant one is known by its address. */
void put_remark_words(struct text *out, struct vocabulary *vocabulary, const struct remark *remark);

#endif
