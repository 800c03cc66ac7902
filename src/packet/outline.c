/* outline.c: what is the same in all packets with the same nodes. */
#include <loopcraft/outline.h>

#include <stdio.h>
#include <stdlib.h>

/* Shapes are numbered one after the other: so many of the last have places of their own. */
enum { OUTLINES = 64 };

struct outlines {
    struct outline each[OUTLINES];
};

struct outlines *outlines_new(void)
{
    struct outlines *outlines = calloc(1, sizeof *outlines);
    if (!outlines) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    return outlines;
}

void outlines_free(struct outlines *outlines)
{
    free(outlines);
}

const struct outline *outline_of(struct outlines *outlines, const struct dissection *d)
{
    struct outline *outline = &outlines->each[d->shape % OUTLINES];
    if (d->shape && outline->shape == d->shape && outline->memory == d->memory)
        return outline;
    outline->memory = d->memory;
    outline->shape = d->shape;
    outline->rows = summary_rows(d);
    outline->sum_count = sum_places(outline->sums, REMARKS_MOST, d);
    return outline;
}
