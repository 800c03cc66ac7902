/* memo.c: lines that were written before. */
#include "memo.h"

#include <stdio.h>
#include <stdlib.h>

_Static_assert(MEMO_TEXT % 64 == 0, "a line is copied in pieces of 64 bytes");

struct memo_slot *memo_new(void)
{
    struct memo_slot *slots = calloc(MEMO_ROWS * MEMO_EACH, sizeof *slots);
    if (!slots) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    return slots;
}

bool memo_keep(struct memo_slot *slot, const struct memo_key *key, const struct text *out,
               size_t start)
{
    size_t len = out->len - start;
    if (len == 0 || len > sizeof slot->text)
        return false;
    slot->key = *key;
    slot->len = (uint32_t)len;
    memcpy(slot->text, out->at + start, len);
    return true;
}
