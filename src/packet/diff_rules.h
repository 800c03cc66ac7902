/*
 * diff_rules.h: what a difference in a field is worth, and what to say of it: one table.
 */
#ifndef LOOPCRAFT_PACKET_DIFF_RULES_H
#define LOOPCRAFT_PACKET_DIFF_RULES_H

#include <loopcraft/event.h>

struct diff_rule {
    const char *name; /* Wireshark's, of a field or of a record */
    enum diff_kind kind;
    const char *does; /* of a record: what its sender does: "offers SACK"; or NULL */
    const char *says; /* a sentence on two values; NULL: the field's own meaning */
};

/* The rule of a field or record; never NULL: by its role, and else it is substance. */
const struct diff_rule *diff_rule(const char *name, const struct field *field);

#endif
