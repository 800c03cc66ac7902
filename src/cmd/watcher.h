/*
 * watcher.h: what becomes of each packet that `watch` sees, live or of a file: it is shown, and
 * what ordinary traffic does not have is pointed out.
 */
#ifndef LOOPCRAFT_CMD_WATCHER_H
#define LOOPCRAFT_CMD_WATCHER_H

#include "select.h"
#include "sinks.h"
#include "teller.h"

#include <loopcraft/anomalies.h>

struct watcher {
    struct selection selection;
    struct sinks sinks; /* who opened them ends them */
    struct teller teller;
    struct told told; /* the packet at hand */
    struct anomalies *anomalies;
    uint64_t seen, shown; /* packets */
    int64_t last_ns;      /* of the packet shown last */
};

void watcher_open(struct watcher *w);
void watcher_close(struct watcher *w); /* also the selection */

/* A packet that -f leaves out is not looked at; one that -Y leaves out is, and nobody is told. */
bool watcher_see(struct watcher *w, const struct frame *frame, struct err *err);

/* Tells the anomalies that are due by now; INT64_MAX: all. */
bool watcher_tell(struct watcher *w, int64_t now, struct err *err);

/* How it came to an end. */
struct watcher_end {
    bool live, partial; /* partial: interrupted */
    unsigned dropped;   /* by the capture */
};

/* The last word: what waited to be told, and the counts. */
bool watcher_summarise(struct watcher *w, const struct watcher_end *end, struct err *err);

#endif
