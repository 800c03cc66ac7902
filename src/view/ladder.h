/*
 * ladder.h: the exchange between two ends, drawn once it is over.
 */
#ifndef VIEW_LADDER_H
#define VIEW_LADDER_H

#include "line.h"

/* It remembers the first so many: a ladder of more is no picture any more. */
enum { RUNGS_MOST = 256 };

struct rung {
    bool packet; /* else a step before any packet: states only */
    bool rightward;
    uint64_t number;
    int64_t since_ns;
    struct end from, to;
    char title[96], detail[128];
    char ours[16], theirs[16];
};

struct ladder {
    size_t count, left_out;
    bool by_sender; /* the first packet's sender is at the left, whichever end is ours */
    bool known;     /* which end is ours */
    struct rung rungs[RUNGS_MOST];
};

struct ladder *ladder_new(bool by_sender);
void ladder_packet(struct ladder *ladder, const struct packet_event *packet);
void ladder_step(struct ladder *ladder, const struct step_event *step);
void ladder_draw(const struct ladder *ladder, const struct page *page);
void ladder_free(struct ladder *ladder);

#endif
