/*
 * palette.h: colours, box characters and arrows, with and without.
 */
#ifndef VIEW_PALETTE_H
#define VIEW_PALETTE_H

#include <loopcraft/record.h>
#include <loopcraft/view.h>

#include <string.h>

enum tone {
    TONE_PLAIN,
    TONE_DIM,
    TONE_BOLD,
    TONE_GOOD,
    TONE_BAD,
    TONE_WARN,
    TONE_YOU,
    TONE_LAYER,                             /* plus an enum layer: bars, corners, arrows */
    TONE_HEADING = TONE_LAYER + LAYER_PART, /* plus an enum layer: its name */
    TONE_COUNT = TONE_HEADING + LAYER_PART
};

/* A short constant text, copied as a whole: that is faster than asking for its length. */
struct mark {
    char at[15];
    uint8_t len;
};

struct signs {
    struct mark bar, corner;     /* one layer around a line; where a layer begins */
    struct mark foot, foot_next; /* where the layers end: the first, and the others */
    struct mark none;            /* a byte that is no character, in the gutter */
    const char *rule, *point, *dot, *to, *from, *micro, *step;
    const char *lane, *line, *head_right, *head_left; /* of the ladder */
};

struct palette {
    const struct mark *tone; /* TONE_COUNT of them; empty ones without colour */
    const struct signs *signs;
};

struct palette palette_of(const struct look *look);

/* Writes the mark at `at`, where 15 bytes must be free, and returns where it ended. */
static inline char *mark_put(char *at, const struct mark *mark)
{
    memcpy(at, mark->at, sizeof mark->at);
    return at + mark->len;
}

#endif
