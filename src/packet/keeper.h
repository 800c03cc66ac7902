/*
 * keeper.h: a table of fixed size for what is remembered of packets.
 *
 * A key has a few places, by its hash; when they are taken, what is worth least makes room, and of
 * several what was quiet longest.
 */
#ifndef PACKET_KEEPER_H
#define PACKET_KEEPER_H

#include "context_table.h"

#include <stddef.h>

/* The first member of whatever is kept. */
struct kept {
    struct flow_key key;
    uint32_t tag; /* some bits of the key's hash; 0: free */
    uint32_t used;
    uint32_t worth;
};

struct keeper {
    struct flow_secrets secrets;
    uint32_t clock;
    size_t size;         /* of an entry */
    uint32_t sets, ways; /* sets: a power of two */
    uint8_t *entries;
};

void keeper_open(struct keeper *keeper, size_t size, uint32_t sets, uint32_t ways);
void keeper_close(struct keeper *keeper);

/* NULL: not known. */
void *keeper_find(struct keeper *keeper, const struct flow_key *key);

/* Of a key that is not known: its new place, with what was kept there before (tag 0: nothing). */
void *keeper_place(struct keeper *keeper, const struct flow_key *key);

/* Empties a place for the key. */
void keeper_take(struct keeper *keeper, void *place, const struct flow_key *key);

/* The entry of this number, for those that look at all; NULL behind the last. */
void *keeper_at(const struct keeper *keeper, size_t number);

#endif
