/* memo.c: lines that were written before. */
#include "memo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 6 };

_Static_assert(sizeof(struct memo_key) == WORDS * sizeof(uint64_t),
               "a key has no holes: it is compared byte by byte");

struct memo_slot *memo_new(void)
{
    struct memo_slot *slots = calloc(MEMO_SLOTS, sizeof *slots);
    if (!slots) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    return slots;
}

/* Put together in registers: reading back what was just written in smaller parts is slow. */
bool memo_bytes(struct memo_key *key, struct bytes b)
{
    if (b.len > MEMO_BYTES)
        return false;
    uint64_t half[2] = {0, 0};
    for (size_t i = 0; i < b.len && i < 8; i++)
        half[0] = half[0] << 8 | b.at[i];
    for (size_t i = 8; i < b.len; i++)
        half[1] = half[1] << 8 | b.at[i];
    key->size = (uint32_t)b.len;
    key->bytes[0] = half[0];
    key->bytes[1] = half[1];
    return true;
}

/* Multiplicative hashing (Knuth, TAOCP 6.4), a factor a word, so that the products don't wait for
 * each other. */
struct memo_slot *memo_slot(struct memo_slot *slots, const struct memo_key *key)
{
    static const uint64_t factor[WORDS] = {
        UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xbf58476d1ce4e5b9), UINT64_C(0x94d049bb133111eb),
        UINT64_C(0xd6e8feb86659fd93), UINT64_C(0xa0761d6478bd642f), UINT64_C(0xe7037ed1a0b428db)};
    const uint64_t word[WORDS] = {
        (uintptr_t)key->row,
        (uintptr_t)key->terms,
        key->pos | (uint64_t)key->size << 32,
        key->layers | (uint64_t)key->state << 32,
        key->bytes[0],
        key->bytes[1],
    };
    uint64_t hash = 0;
    for (size_t i = 0; i < WORDS; i++)
        hash += (word[i] ^ word[i] >> 32) * factor[i];
    return &slots[hash >> 40 & (MEMO_SLOTS - 1)];
}

bool memo_put(const struct memo_slot *slot, const struct memo_key *key, struct text *out)
{
    if (slot->len == 0 || memcmp(&slot->key, key, sizeof *key) != 0)
        return false;
    text_put_n(out, slot->text, slot->len);
    return true;
}

void memo_keep(struct memo_slot *slot, const struct memo_key *key, const struct text *out,
               size_t start)
{
    size_t len = out->len - start;
    if (len == 0 || len > sizeof slot->text)
        return;
    slot->key = *key;
    slot->len = (uint32_t)len;
    memcpy(slot->text, out->at + start, len);
}
