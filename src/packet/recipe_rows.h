/*
 * recipe_rows.h: the rows that a recipe's words can mean.
 */
#ifndef LOOPCRAFT_PACKET_RECIPE_ROWS_H
#define LOOPCRAFT_PACKET_RECIPE_ROWS_H

#include <loopcraft/recipe.h>

/* The part of a word in front of its =. */
struct key {
    const char *text;
    size_t len;
};

bool key_is(const struct key *key, const char *text);

/*
 * Looks through the rows of the transport, of its cases, and of IP, for the one where found() says
 * true, and fills in the record and the field of *row. NULL when there is none.
 */
const struct asked *rows_each(const struct recipe *recipe, struct asked *row,
                              bool (*found)(void *context, const struct field *field),
                              void *context);

/* A found() for a struct key: the row's name, with or without the protocol in front. */
bool row_matches(void *context, const struct field *field);

/* Says what is wrong with a word that names no row, and which may have been meant; returns false.
 */
bool recipe_refuse(const struct recipe *recipe, const struct key *key, struct err *err);

#endif
