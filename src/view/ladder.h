/*
 * ladder.h: the exchange between two ends, drawn once it is over.
 */
#ifndef VIEW_LADDER_H
#define VIEW_LADDER_H

#include "line.h"

struct ladder;

struct ladder *ladder_new(void);
void ladder_packet(struct ladder *ladder, const struct packet_event *packet);
void ladder_step(struct ladder *ladder, const struct step_event *step);
void ladder_draw(const struct ladder *ladder, const struct page *page);
void ladder_free(struct ladder *ladder);

#endif
