/*
 * select.h: which packets of a capture are shown: -f, -Y and --packet.
 */
#ifndef LOOPCRAFT_CMD_SELECT_H
#define LOOPCRAFT_CMD_SELECT_H

#include "options.h"

#include <loopcraft/filter.h>
#include <loopcraft/wire.h>

struct selection {
    uint64_t first, last;          /* by number; last UINT64_MAX: to the end */
    struct packet_filter *capture; /* -f, or NULL */
    struct filter *display;        /* -Y, or NULL */
};

/* Reads the options. STATUS_USAGE for what can't be read; then nothing is to be closed. */
bool selection_open(struct selection *selection, const struct line *line, struct err *err);
void selection_close(struct selection *selection);

/* By its number and by -f: what needs no dissection. */
bool selection_frame(struct selection *selection, const struct frame *frame, bool *selected,
                     struct err *err);

/* By -Y. */
bool selection_scene(struct selection *selection, const struct scene *scene);

#endif
