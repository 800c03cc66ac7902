/*
 * view.h: the sinks that people and programs read.
 *
 * They know events and nodes, no protocol: what is special about a protocol stands in its
 * table. Each takes a stream that it does not own, and is freed by its end().
 */
#ifndef LOOPCRAFT_VIEW_H
#define LOOPCRAFT_VIEW_H

#include <loopcraft/event.h>

#include <stdio.h>

/* How packets are shown. */
enum view {
    VIEW_FULL,  /* every byte of them */
    VIEW_BRIEF, /* a line each */
    VIEW_BOXES, /* their headers drawn as the RFCs draw them */
    VIEW_LADDER /* not one by one: all of them as a ladder, once the last was seen */
};

/* How text looks where it is going. */
struct look {
    unsigned columns; /* of the terminal, at least 40 */
    bool colour;
    bool utf8;        /* boxes and arrows; else ASCII */
    bool verbose;     /* -v: every row, flags and option parts one by one */
    bool quiet;       /* -q: no dumps and no steps, only what was found out */
    bool ladder;      /* the exchange between the two ends, once it is over */
    enum view view;
    bool live;        /* written out after each event, not when the buffer is full */
};

/*
 * Looks at the stream and the environment: isatty, TIOCGWINSZ, COLUMNS, NO_COLOR, the
 * locale. colour: "auto", "always" or "never"; ascii: --ascii. live is set for a terminal;
 * the caller sets it too when packets come as they happen.
 */
struct look look_at(FILE *out, const char *colour, bool ascii);

/* The annotated encapsulation dump, steps, notes, verdicts and the ladder. */
struct sink *dump_view(FILE *out, struct look look);

/* One JSON object a line (DESIGN.md, "JSON"). A note is a step with nothing but "means". */
struct sink *json_view(FILE *out, bool live);

/*
 * An audit as a page of Markdown to hand in, written as a whole by its end(). It closes the stream,
 * and alone of all views owns it.
 */
struct sink *report_view(FILE *out);

/* What the first two end with: flushes; STATUS_SYSTEM when the output can't be written, quiet on EPIPE. */
bool view_flush(FILE *out, struct err *err);

#endif
