/*
 * boxes.h: a header as the RFCs draw it: rows of 32 bits, two columns a bit, each row of the
 * table in a box to scale. On a page that is too narrow for that, rows of 16 bits.
 */
#ifndef VIEW_BOXES_H
#define VIEW_BOXES_H

#include "line.h"

#include <loopcraft/node.h>

enum { BITS_WIDE = 32, BITS_NARROW = 16, BOX_LINES = 4 };

/* The part of a leaf that lies in one row of the drawing. */
struct box {
    unsigned from, to; /* bits of the row */
    struct text lines[BOX_LINES];
    size_t count;      /* of the lines */
};

/* What is drawn row by row: only the row at hand and what stands above it is kept. */
struct drawing {
    const struct page *page;
    enum tone tone;  /* of the lines */
    unsigned width;  /* bits of a row */
    unsigned filled; /* of the row at hand */
    const struct node *above[BITS_WIDE], *now[BITS_WIDE]; /* what each bit belongs to */
    struct box boxes[BITS_WIDE];
    size_t count;
};

/* The ruler: 0 1 2 3 ... */
void drawing_start(struct drawing *drawing);

/* A box for the next `bits` bits, that must fit into the row; its lines are the caller's to fill. */
struct box *drawing_box(struct drawing *drawing, const struct node *node, unsigned bits);

/* Draws the row at hand, if anything is in it. */
void drawing_row(struct drawing *drawing);

/* A full row of the leaf above that is not drawn, and what is said in its place. */
void drawing_gap(struct drawing *drawing, const char *said);

/* The line below the last row. */
void drawing_end(struct drawing *drawing);
void drawing_free(struct drawing *drawing);

#endif
