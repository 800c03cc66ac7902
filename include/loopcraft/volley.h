/*
 * volley.h: one packet of any kind, sent once or many times, and what comes back.
 */
#ifndef LOOPCRAFT_VOLLEY_H
#define LOOPCRAFT_VOLLEY_H

#include <loopcraft/probe.h>

struct volley {
    const struct recipe *words; /* filled in by volley_fill() */
    unsigned long count;        /* times that it is sent */
    int64_t gap_ns;             /* from one to the next, at least */
    int64_t wait_ns;            /* after the last; below 0: until nothing has come for a while */
    bool exact;                 /* the wire was opened with wants.exact */
};

struct volley_count {
    unsigned long sent;
    unsigned answers; /* packets that came back */
    unsigned kernel;  /* of our own kernel's, in our name */
};

/*
 * What `send` chooses where nobody asked: the source port, a TCP sequence number by chance, SYN
 * when no flag was given, an echo request with an identifier by chance.
 */
void volley_fill(struct recipe *recipe, uint16_t port);

/* "The kernel sets ip.len on the way ...", of what was asked and is not to be had so; or nothing.
 */
void volley_warn(struct text *note, const struct recipe *recipe);

/* Sends, and tells all packets, and what has to do with them. *count is right whatever happened. */
enum probe_result volley_run(struct exchange *x, const struct volley *volley,
                             struct volley_count *count, struct err *err);

#endif
