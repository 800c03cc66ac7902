/* looked.c: what a walk went by. */
#include "looked.h"

void looked_start(struct looked *looked, struct bytes frame)
{
    memset(looked->mask, 0, looked->end);
    looked->end = 0;
    looked->frame = frame;
    looked->find_count = 0;
    looked->lost = false;
}

/* The bit of the frame that is this one of the part. */
static size_t place_of(const struct looked *looked, struct bytes part, size_t bit)
{
    return (size_t)(part.at - looked->frame.at) * 8 + bit;
}

static void mark(struct looked *looked, size_t bit, size_t bits)
{
    size_t end = bit + bits;
    if (end > sizeof looked->mask * 8) {
        looked->lost = true;
        return;
    }
    for (size_t next; bit < end; bit = next) {
        next = (bit | 7) + 1 < end ? (bit | 7) + 1 : end;
        unsigned low = (unsigned)(next - 1) % 8;
        looked->mask[bit / 8] |= (uint8_t)((0xffu >> bit % 8) & (0xffu << (7 - low)));
    }
    size_t bytes = (end + 7) / 8;
    looked->end = bytes > looked->end ? bytes : looked->end;
}

bool look_number(struct looked *looked, struct bytes part, size_t bit, unsigned bits,
                 uint64_t *number)
{
    if (!bytes_number(part, bit, bits, number))
        return false;
    mark(looked, place_of(looked, part, bit), bits);
    return true;
}

const struct branch *look_branch(struct looked *looked, const struct branch *list,
                                 struct bytes part, size_t bit, unsigned bits)
{
    uint64_t number;
    if (!bytes_number(part, bit, bits, &number))
        return NULL;
    const struct branch *found = branch_find(list, number);
    size_t place = place_of(looked, part, bit);
    if (looked->find_count < LOOKED_FINDS)
        looked->finds[looked->find_count++] = (struct find){
            .list = list, .found = found, .bit = (uint32_t)place, .bits = bits};
    else
        mark(looked, place, bits);
    return found;
}

bool look_zeros(struct looked *looked, struct bytes part)
{
    mark(looked, place_of(looked, part, 0), part.len * 8);
    for (size_t i = 0; i < part.len; i++)
        if (part.at[i])
            return false;
    return true;
}

void look_anywhere(struct looked *looked)
{
    looked->lost = true;
}
