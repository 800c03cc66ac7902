/*
 * answer.h: what a captured packet has to do with the one that was sent.
 */
#ifndef LOOPCRAFT_PROBE_ANSWER_H
#define LOOPCRAFT_PROBE_ANSWER_H

#include <loopcraft/exchange.h>

/* The packet that was sent, and where what matters stands in it. */
struct question {
    struct bytes packet; /* from its IP header on; borrowed */
    const struct record *ip;
    const struct record *proto; /* what it carries, extension headers aside; NULL: no table */
    uint64_t number;            /* that protocol number */
    size_t header;              /* bytes of its IP header, with extension headers */
};

struct question question_of(const struct recipe *recipe, const struct crafted *crafted);

enum answer {
    ANSWER_NONE,  /* nothing to do with it */
    ANSWER_BACK,  /* comes back because of it */
    ANSWER_KERNEL /* our own kernel's word, in our name */
};

/* Looks at the packet that the exchange holds, not one of ours, and fills in x->note, x->remarks.
 */
enum answer answer_read(struct exchange *x, const struct question *question,
                        const struct reply *reply);

#endif
