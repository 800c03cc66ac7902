/*
 * audit_judge.h: what is to be thought of a row: its place in the order, and what is odd.
 */
#ifndef LOOPCRAFT_PROBE_AUDIT_JUDGE_H
#define LOOPCRAFT_PROBE_AUDIT_JUDGE_H

#include "audit_rows.h"

/* The order in which ports are told: the worst first. */
enum concern {
    CONCERN_PROGRAM,   /* a program that does not belong there */
    CONCERN_UNSEEN,    /* answers, and no socket is in sight */
    CONCERN_PLAINTEXT, /* bound to more than loopback, and not encrypted for sure */
    CONCERN_UNKNOWN,   /* bound to more than loopback, and nobody knows what it speaks */
    CONCERN_ENCRYPTED, /* bound to more than loopback, encrypted */
    CONCERN_LOOPBACK,  /* bound to loopback */
    CONCERN_CLOSED     /* nothing is there */
};

/* "program", "unseen", "exposed-plaintext" ...: words of the glossary. */
const char *concern_name(enum concern concern);

struct judgement {
    enum concern concern;
    const char *state;      /* of all asks together; NULL: it was not asked */
    const char *exposure;   /* NULL: no socket is in sight */
    struct text binding;    /* the same in a phrase */
    const char *encryption; /* NULL: nothing is known */
    bool observed;
    struct text program; /* the holder's, foreign */
    struct text finding;
};

/* To be freed. */
struct judgement judge(const struct audit_row *row);
void judgement_free(struct judgement *judgement);

/* Do the witnesses differ about the row? */
bool witnesses_differ(const struct audit_row *row);

#endif
