/*
 * dump.h: what the files of the dump view share.
 */
#ifndef VIEW_DUMP_H
#define VIEW_DUMP_H

#include "ladder.h"
#include "output.h"
#include "rows.h"

/* What lines of the brief view have in common. */
struct brief {
    bool begun;
    int64_t first_ns; /* the first packet's time */
    unsigned ends;    /* columns of the longest ends so far */
};

struct dump {
    struct sink sink; /* first */
    struct look look;
    struct output output;
    struct page page;
    struct rows rows;
    struct text piece; /* for small texts, kept */
    struct brief brief;
    struct ladder *ladder;       /* or NULL */
    bool verdicts;               /* their header stands already */
    uint64_t diff_a, diff_b;     /* the pair whose headline stands already */
    const struct record *record; /* the one whose heading stands already */
    bool meanings, answers;      /* one of them stands already */
    bool ports;                  /* the header of their table stands already */
    struct text port_told;       /* what was told of the latest */
    struct text closed;          /* the numbers of ports where nothing is */
    struct text told;            /* sentences that were told already, a line each */
};

/* A line of the view, and the empty line that sets off what comes (none when quiet). */
struct line line_at(const struct dump *dump, unsigned hang);
void blank_line(struct dump *dump);

/* "127.0.0.1:61000 → 127.0.0.1:8080", or ""; valid until the next. */
const char *ends_of(struct dump *dump, const struct packet_event *packet);

/* "58 bytes"; valid until the next. */
const char *piece(struct dump *dump, uint64_t number, const char *unit);

/* brief.c: a packet in one line. */
void put_brief(struct dump *dump, const struct packet_event *packet);

/* boxes.c: the layers of a packet as the RFCs draw them. */
void put_boxes(struct dump *dump, const struct packet_event *packet);

/* told.c: the events that are no packets. */
void put_start(struct dump *dump, const struct start_event *start);
void put_step(struct dump *dump, const struct step_event *step);
void put_note(struct dump *dump, const char *note);
void put_verdict(struct dump *dump, const struct verdict *verdict);
void put_witness_event(struct dump *dump, const struct witness_event *witness);
void put_summary(struct dump *dump, const struct summary_event *summary);

/* explain.c: a checksum, added up. */
void put_explanation(struct dump *dump, const struct explanation_event *explanation);

/* meaning.c: what a word means. */
void put_meaning(struct dump *dump, const struct meaning_event *meaning);

/* answer.c: what belongs to a name. */
void put_answer(struct dump *dump, const struct answer_event *answer);

/* anomaly.c: a packet that ordinary traffic does not have, and how many there were. */
void put_anomaly(struct dump *dump, const struct anomaly_event *anomaly);
void put_rule_counts(struct dump *dump, const struct rule_count *counts);

/* port.c: a port of this machine; those where nothing is, together. */
void put_port(struct dump *dump, const struct port_event *port);
void put_closed_ports(struct dump *dump);

/* compare.c: a difference between two packets; a row of a table. */
void put_diff(struct dump *dump, const struct diff_event *diff);
void put_field(struct dump *dump, const struct field_event *field);

#endif
