/* keeper.c: a table of fixed size for what is remembered of packets. */
#include "keeper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void keeper_open(struct keeper *keeper, size_t size, uint32_t sets, uint32_t ways)
{
    *keeper = (struct keeper){.size = size, .sets = sets, .ways = ways};
    flow_secrets_draw(&keeper->secrets);
    keeper->entries = calloc((size_t)sets * ways, size);
    if (!keeper->entries) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
}

void keeper_close(struct keeper *keeper)
{
    free(keeper->entries);
}

void *keeper_at(const struct keeper *keeper, size_t number)
{
    return number < (size_t)keeper->sets * keeper->ways ? keeper->entries + number * keeper->size
                                                        : NULL;
}

static size_t first_of(const struct keeper *keeper, uint32_t hash)
{
    return (size_t)(hash >> 16 & (keeper->sets - 1)) * keeper->ways;
}

void *keeper_find(struct keeper *keeper, const struct flow_key *key)
{
    uint32_t hash = flow_hash(&keeper->secrets, key);
    size_t first = first_of(keeper, hash);
    for (size_t i = first; i < first + keeper->ways; i++) {
        struct kept *kept = keeper_at(keeper, i);
        if (kept->tag != (hash | 1) || memcmp(&kept->key, key, sizeof *key) != 0)
            continue;
        kept->used = ++keeper->clock;
        return kept;
    }
    return NULL;
}

/* Is the one more worth keeping than the other? What is free is worth nothing. */
static bool worth_more(const struct keeper *keeper, const struct kept *one,
                       const struct kept *other)
{
    if (!one->tag || !other->tag)
        return one->tag;
    if (one->worth != other->worth)
        return one->worth > other->worth;
    return keeper->clock - one->used < keeper->clock - other->used;
}

void *keeper_place(struct keeper *keeper, const struct flow_key *key)
{
    size_t first = first_of(keeper, flow_hash(&keeper->secrets, key));
    struct kept *place = keeper_at(keeper, first);
    for (size_t i = first + 1; i < first + keeper->ways; i++) {
        struct kept *kept = keeper_at(keeper, i);
        if (worth_more(keeper, place, kept))
            place = kept;
    }
    return place;
}

void keeper_take(struct keeper *keeper, void *place, const struct flow_key *key)
{
    struct kept *kept = place;
    memset(place, 0, keeper->size);
    kept->key = *key;
    kept->tag = flow_hash(&keeper->secrets, key) | 1;
    kept->used = ++keeper->clock;
}
