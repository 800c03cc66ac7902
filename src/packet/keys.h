/*
 * keys.h: numbers found again by a key of bytes.
 */
#ifndef LOOPCRAFT_PACKET_KEYS_H
#define LOOPCRAFT_PACKET_KEYS_H

#include <loopcraft/text.h>

struct key;

struct keys {
    struct key *slots; /* owned: open addressing */
    size_t count, cap;
    struct text bytes; /* of all keys, one after the other */
};

void keys_free(struct keys *keys);
void keys_clear(struct keys *keys); /* empty again; the buffers are kept */

/* Where the key's number stands: a new key's is 0. Valid until the next keys_at(). */
uint32_t *keys_at(struct keys *keys, const void *key, size_t len);

/* The key's number; 0 when there is none. */
uint32_t keys_find(const struct keys *keys, const void *key, size_t len);

#endif
