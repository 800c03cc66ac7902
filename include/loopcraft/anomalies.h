/*
 * anomalies.h: packets that ordinary traffic does not have, each with the rule that it broke, the
 * evidence, and an innocent explanation.
 *
 * Shown the packets of a capture in order, right after context_packet() was. What it remembers of
 * conversations, questions and sweeps has a fixed size: what was quiet longest is forgotten, what
 * never came to anything first, so that no sweep drives connections out.
 *
 * The first of a kind from a source is told at once. More of them are counted, and told together
 * once it was quiet for a second, or every five seconds.
 */
#ifndef LOOPCRAFT_ANOMALIES_H
#define LOOPCRAFT_ANOMALIES_H

#include <loopcraft/context.h>

struct sight; /* a packet, as the rules see it */

struct anomaly_rule {
    const char *name;     /* "syn-fin" */
    const char *means;    /* a sentence: what is odd about it */
    const char *innocent; /* a sentence: how it can be harmless; NULL: it hardly can */
    const char *source;   /* "RFC 9293, 3.5" */
    const char *unit;     /* what is counted, one of them: "packet", "port" */
    unsigned (*fires)(const struct sight *sight);             /* so many of them; 0: it is fine */
    void (*say)(struct text *out, const struct sight *sight); /* the evidence; only if it fires */
};

/* All of them; ends with name NULL. */
extern const struct anomaly_rule anomaly_rules[];

struct anomaly {
    const struct anomaly_rule *rule;
    uint64_t packet;      /* the first, or with `again` the last */
    uint64_t count;       /* of the rule's units since it was told last */
    bool again;           /* more of what was told before */
    const char *evidence; /* valid until the next call */
    struct end from, to;
};

struct anomalies;

struct anomalies *anomalies_new(const struct context *context); /* borrowed; never NULL */
void anomalies_free(struct anomalies *anomalies);               /* or NULL */

/* Looks at the packet that the context was shown last. told false: learns from it, tells nothing.
 */
void anomalies_packet(struct anomalies *anomalies, bool told);

/* Did that packet break this rule? */
bool anomalies_fired(const struct anomalies *anomalies, size_t rule);

/* What is to be told at this time (of the capture's clock; INT64_MAX: it is over). False: nothing.
 */
bool anomalies_next(struct anomalies *anomalies, int64_t now, struct anomaly *out);

/* Is there anything that waits to be told? */
bool anomalies_pending(const struct anomalies *anomalies);

/* How many were told of, of each rule in their order, in its units. */
uint64_t anomalies_count(const struct anomalies *anomalies, size_t rule);

#endif
