/*
 * looked.h: what a walk went by: the bits that it read to decide what comes next.
 *
 * Another frame that has the same length, the same in these bits, and the same found in these
 * lists, has the same nodes. So the walk reads what it goes by through these functions, and through
 * them alone.
 */
#ifndef LOOPCRAFT_MODEL_LOOKED_H
#define LOOPCRAFT_MODEL_LOOKED_H

#include <loopcraft/record.h>

enum { LOOKED_BYTES = 1024, LOOKED_FINDS = 8 };

/* What was found in a list by a number of the frame. */
struct find {
    const struct branch *list, *found; /* found NULL: nothing */
    uint32_t bit, bits;
};

struct looked {
    struct bytes frame;
    uint8_t mask[LOOKED_BYTES]; /* the bits that were read */
    size_t end;                 /* bytes of it; those behind are 0 */
    struct find finds[LOOKED_FINDS];
    size_t find_count;
    bool lost; /* it went by more than is noted here */
};

void looked_start(struct looked *looked, struct bytes frame);

/* bytes_number() of a part of the frame. */
bool look_number(struct looked *looked, struct bytes part, size_t bit, unsigned bits,
                 uint64_t *number);

/* branch_find() by the number in these bits; NULL as well when they are not all there. */
const struct branch *look_branch(struct looked *looked, const struct branch *list,
                                 struct bytes part, size_t bit, unsigned bits);

/* Is each byte of the part 0? */
bool look_zeros(struct looked *looked, struct bytes part);

/* It goes by bytes that it can't name. */
void look_anywhere(struct looked *looked);

#endif
