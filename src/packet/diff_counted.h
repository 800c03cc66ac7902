/*
 * diff_counted.h: rows whose number counts from a start that its end draws by chance.
 */
#ifndef LOOPCRAFT_PACKET_DIFF_COUNTED_H
#define LOOPCRAFT_PACKET_DIFF_COUNTED_H

#include "diff_say.h"

struct diff_counted {
    bool known;  /* from where it counts; without it the number is all there is */
    bool unused; /* an acknowledgment without its flag: it means nothing (RFC 9293, 3.1) */
    bool told;   /* by the handshake */
    uint32_t number, relative;
};

/* False when the row does not count anything. */
bool diff_counted(struct diff_counted *out, const struct diff_half *half, const struct node *node);

/* What two such rows of one kind differ in. */
void diff_say_counted(struct text *out, const struct diff_half halves[2], const struct node *a,
                      const struct node *b, const struct diff_rule *rule, enum diff_kind *kind);

#endif
