/*
 * lint.h: is a table well formed? Run by the tests over every record that can be reached.
 */
#ifndef LOOPCRAFT_LINT_H
#define LOOPCRAFT_LINT_H

#include <loopcraft/record.h>

/* Calls each() once for every record that can be reached from `first`, `first` included. */
void lint_records(const struct record *first,
                  void (*each)(void *context, const struct record *record), void *context);

/* The same for every record that can be reached from a list of them. */
void lint_branches(const struct branch *branches,
                   void (*each)(void *context, const struct record *record), void *context);

/*
 * What is wrong with one record, as lines appended to `out`; nothing when it is in order.
 * Its leaf rows must tile its fixed size in the order of their bits; a group must span
 * exactly the rows after it; only the last row may run to the end; each row has a label, a
 * format, an RFC and a meaning; roles stand where the walk needs them; option lists have
 * their kind and length rows.
 */
void lint_record(struct text *out, const struct record *record);

#endif
