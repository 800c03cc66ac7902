/* keys.c: numbers found again by a key of bytes. */
#include "keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct key {
    uint32_t hash, number;
    size_t at, len; /* in keys->bytes; len 0: the slot is free */
};

/* FNV-1a (RFC 9923): short keys, spread well enough for a table that is half empty. */
static uint32_t hash_of(const uint8_t *key, size_t len)
{
    uint32_t hash = 0x811c9dc5;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ key[i]) * 0x01000193;
    return hash;
}

/* The key's slot, or the free one where it belongs. */
static struct key *slot_of(const struct keys *keys, uint32_t hash, const void *key, size_t len)
{
    for (size_t i = hash & (keys->cap - 1);; i = (i + 1) & (keys->cap - 1)) {
        struct key *slot = &keys->slots[i];
        bool same = slot->hash == hash && slot->len == len;
        if (!slot->len || (same && memcmp(keys->bytes.at + slot->at, key, len) == 0))
            return slot;
    }
}

static void grow(struct keys *keys)
{
    struct keys more = {.cap = keys->cap ? keys->cap * 2 : 64, .bytes = keys->bytes};
    more.slots = calloc(more.cap, sizeof *more.slots);
    if (!more.slots) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    for (size_t i = 0; i < keys->cap; i++) {
        const struct key *old = &keys->slots[i];
        if (old->len)
            *slot_of(&more, old->hash, keys->bytes.at + old->at, old->len) = *old;
    }
    free(keys->slots);
    keys->slots = more.slots;
    keys->cap = more.cap;
}

uint32_t *keys_at(struct keys *keys, const void *key, size_t len)
{
    if (keys->count * 2 >= keys->cap)
        grow(keys);
    uint32_t hash = hash_of(key, len);
    struct key *slot = slot_of(keys, hash, key, len);
    if (!slot->len) {
        *slot = (struct key){.hash = hash, .at = keys->bytes.len, .len = len};
        text_put_n(&keys->bytes, key, len);
        keys->count++;
    }
    return &slot->number;
}

uint32_t keys_find(const struct keys *keys, const void *key, size_t len)
{
    return keys->cap ? slot_of(keys, hash_of(key, len), key, len)->number : 0;
}

void keys_clear(struct keys *keys)
{
    if (keys->count)
        memset(keys->slots, 0, keys->cap * sizeof *keys->slots);
    text_clear(&keys->bytes);
    keys->count = 0;
}

void keys_free(struct keys *keys)
{
    free(keys->slots);
    text_free(&keys->bytes);
    *keys = (struct keys){0};
}
