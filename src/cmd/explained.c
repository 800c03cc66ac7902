/* explained.c: after each packet, how its checksums add up. */
#include "explained.h"

#include <loopcraft/sums_explain.h>

#include <stdlib.h>

struct explained {
    struct sink sink; /* first */
    const struct sinks *others;
    struct sum_steps steps;
};

/* What it tells comes back to it, being one of the sinks, and is no packet. */
static bool explained_event(struct sink *sink, const struct event *event, struct err *err)
{
    struct explained *e = (struct explained *)sink;
    if (event->kind != EVENT_PACKET)
        return true;
    const struct dissection *d = event->packet.dissection;
    for (size_t i = 0; i < d->count; i++) {
        const struct node *node = &d->nodes[i];
        if (node->kind != NODE_RECORD || node->record->sum == SUM_NONE)
            continue;
        struct event explanation = {.kind = EVENT_EXPLANATION};
        explanation.explanation = sum_explain(&e->steps, d, i);
        explanation.explanation.number = event->packet.frame.number;
        if (!sinks_event(e->others, &explanation, err))
            return false;
    }
    return true;
}

static bool explained_end(struct sink *sink, struct err *err)
{
    struct explained *e = (struct explained *)sink;
    (void)err;
    sum_steps_free(&e->steps);
    free(e);
    return true;
}

struct sink *explained_sink(const struct sinks *sinks, struct err *err)
{
    struct explained *e = calloc(1, sizeof *e);
    if (!e) {
        err_system(err, "can't explain checksums");
        return NULL;
    }
    e->sink = (struct sink){
        .event = explained_event, .end = explained_end, .without = WITHOUT_TITLE | WITHOUT_DETAIL};
    e->others = sinks;
    return &e->sink;
}
