/*
 * output.h: where a view's text goes. It is gathered, and written in large pieces.
 */
#ifndef VIEW_OUTPUT_H
#define VIEW_OUTPUT_H

#include <loopcraft/err.h>
#include <loopcraft/text.h>

#include <stdio.h>

struct output {
    FILE *file;       /* borrowed */
    struct text text; /* not yet written */
    bool live;        /* written after each event */
    int failed;       /* errno of the first write that failed, or 0 */
};

/* After each event: writes when it is time to. */
bool output_event(struct output *output, struct err *err);

/* Writes what there is, now. */
bool output_flush(struct output *output, struct err *err);

/* Writes what is left, and frees the text. */
bool output_end(struct output *output, struct err *err);

#endif
