/*
 * diff_say.h: a difference in words.
 */
#ifndef LOOPCRAFT_PACKET_DIFF_SAY_H
#define LOOPCRAFT_PACKET_DIFF_SAY_H

#include "diff_rules.h"
#include "diff_start.h"

#include <loopcraft/node.h>

/* One of the two packets. */
struct diff_half {
    const struct dissection *d;
    size_t quote;    /* the node where what it quotes begins; d->count: nothing */
    struct text who; /* "the kernel", "your SYN", "A's SYN" */
    struct diff_start
        start[2]; /* sequence numbers count from these: its sender's, its receiver's */
};

/*
 * Fills in `who` of both. Of the kernel is what has a partial checksum; crafted by hand what has a
 * full one though it came by loopback, but for resets (LINUX-FACTS, "Checksums on lo").
 */
void diff_name_halves(struct diff_half halves[2], const char *title);

/* A row's value for people; a sequence number with its distance from the first one. */
void diff_value(struct text *out, const struct diff_half *half, const struct node *node);

/* Bytes without a fixed width: data, padding. */
bool diff_is_long(const struct node *node);

/*
 * Does a row say another thing though its bytes are the same? A number that is counted from
 * another start does; so does a checksum that is right in one packet and wrong in the other.
 */
bool diff_means_other(const struct diff_half halves[2], const struct node *a, const struct node *b);

/* "the kernel offers SACK; your SYN does not" */
void diff_say_alone(struct text *out, const struct diff_half *has, const struct diff_half *lacks,
                    const struct node *node, const struct diff_rule *rule);

/* Two values of one row. *kind is the rule's; numbers, sums and data are judged by what they say.
 */
void diff_say_both(struct text *out, const struct diff_half halves[2], const struct node *a,
                   const struct node *b, const struct diff_rule *rule, enum diff_kind *kind);

#endif
