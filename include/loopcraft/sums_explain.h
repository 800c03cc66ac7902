/*
 * sums_explain.h: a checksum added up word by word, for those who want to see how it is done.
 */
#ifndef LOOPCRAFT_SUMS_EXPLAIN_H
#define LOOPCRAFT_SUMS_EXPLAIN_H

#include <loopcraft/event.h>
#include <loopcraft/sums.h>

/* Owns the rows and the sentence of the event; kept from one to the next. */
struct sum_steps {
    struct sum_row *rows;
    size_t count, cap;
    struct text means;
    uint16_t folded; /* the sum so far */
    uint32_t carries;
};

void sum_steps_free(struct sum_steps *steps);

/*
 * Explains the checksum of a dissected layer, one that has a checksum. The event is valid
 * until the next change of the steps, and as long as the dissection; its number is to be set.
 */
struct explanation_event sum_explain(struct sum_steps *steps, const struct dissection *d,
                                     size_t layer);

#endif
