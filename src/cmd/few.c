/* few.c: the first packets of many. */
#include "few.h"

#include <stdio.h>
#include <stdlib.h>

struct few {
    struct sink sink; /* first */
    struct sink *inner;
    unsigned long most, seen;
};

static bool few_event(struct sink *sink, const struct event *event, struct err *err)
{
    struct few *few = (struct few *)sink;
    bool packet = event->kind == EVENT_PACKET;
    few->seen += packet;
    if (!packet || few->seen <= few->most)
        return few->inner->event(few->inner, event, err);
    if (few->seen > few->most + 1)
        return true;
    char line[120];
    snprintf(line, sizeof line,
             "The first %lu packets are shown; all are counted, and -w FILE or --json has them.",
             few->most);
    struct event note = {.kind = EVENT_NOTE, .note = line};
    return few->inner->event(few->inner, &note, err);
}

static bool few_end(struct sink *sink, struct err *err)
{
    struct few *few = (struct few *)sink;
    bool good = few->inner->end(few->inner, err);
    free(few);
    return good;
}

struct sink *few_sink(struct sink *inner, unsigned long packets)
{
    struct few *few = calloc(1, sizeof *few);
    if (!few) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    few->sink = (struct sink){.event = few_event, .end = few_end, .without = inner->without};
    few->inner = inner;
    few->most = packets;
    return &few->sink;
}
