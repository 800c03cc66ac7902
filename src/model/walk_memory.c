/* walk_memory.c: what the walk keeps from frame to frame. */
#include "walk_memory.h"

#include "walk_plan.h"

#include <loopcraft/clock.h>

#include <stdio.h>
#include <stdlib.h>

static void *must_have(void *memory)
{
    if (memory)
        return memory;
    fputs("loopcraft: out of memory\n", stderr);
    abort();
}

/*
 * Shapes are numbered from the time on: a memory that comes to lie where another was has no number
 * of that one, as keeping a shape takes longer than a nanosecond.
 */
struct walk_memory *walk_memory_of(struct dissection *d)
{
    if (d->memory)
        return d->memory;
    d->memory = must_have(calloc(1, sizeof *d->memory));
    d->memory->users = 1;
    d->memory->last = (uint64_t)clock_now();
    return d->memory;
}

void dissection_share(struct dissection *d, struct dissection *with)
{
    struct walk_memory *memory = walk_memory_of(with);
    if (d->memory == memory)
        return;
    walk_memory_leave(d->memory);
    d->memory = memory;
    memory->users++;
    d->shape = 0;
}

void walk_memory_leave(struct walk_memory *memory)
{
    if (!memory || --memory->users > 0)
        return;
    walk_plans_free(memory->plans);
    for (size_t i = 0; i < SHAPE_SETS; i++)
        for (size_t way = 0; way < SHAPE_WAYS; way++) {
            free(memory->shapes[i][way].mask);
            free(memory->shapes[i][way].nodes);
        }
    free(memory);
}

/* --- shapes ----------------------------------------------------------------------- */

static size_t set_of(size_t len)
{
    return (len * UINT32_C(0x9e3779b1) & UINT32_MAX) * SHAPE_SETS >> 32;
}

static bool has_shape(const struct shape *shape, const struct record *first, struct bytes bytes,
                      bool cut)
{
    if (!shape->number || shape->len != bytes.len || shape->first != first || shape->cut != cut)
        return false;
    size_t i = 0;
    for (; i + 8 <= shape->end; i += 8) {
        uint64_t then, now, mask;
        memcpy(&then, shape->bytes + i, sizeof then);
        memcpy(&now, bytes.at + i, sizeof now);
        memcpy(&mask, shape->mask + i, sizeof mask);
        if ((then ^ now) & mask)
            return false;
    }
    for (; i < shape->end; i++)
        if ((shape->bytes[i] ^ bytes.at[i]) & shape->mask[i])
            return false;
    for (const struct find *find = shape->finds; find < shape->finds + shape->find_count; find++) {
        uint64_t number;
        if (!bytes_number(bytes, find->bit, find->bits, &number) ||
            branch_find(find->list, number) != find->found)
            return false;
    }
    return true;
}

const struct shape *shape_find(const struct walk_memory *memory, const struct record *first,
                               struct bytes bytes, bool cut)
{
    const struct shape *set = memory->shapes[set_of(bytes.len)];
    for (size_t way = 0; way < SHAPE_WAYS; way++)
        if (has_shape(&set[way], first, bytes, cut))
            return &set[way];
    return NULL;
}

void shape_take(struct dissection *d, const struct shape *shape)
{
    if (d->shape == shape->number)
        return;
    d->count = 0;
    memcpy(dissection_room(d, shape->count), shape->nodes, shape->count * sizeof *shape->nodes);
    d->count = shape->count;
    d->shape = shape->number;
}

void shape_keep(struct dissection *d, const struct record *first, bool cut)
{
    struct walk_memory *memory = d->memory;
    const struct looked *looked = &memory->looked;
    if (looked->lost || d->count > SHAPE_NODES || d->count == 0)
        return;
    size_t set = set_of(d->bytes.len), end = looked->end;
    struct shape *shape = &memory->shapes[set][memory->next[set]++ % SHAPE_WAYS];
    shape->number = d->shape = ++memory->last;
    shape->first = first;
    shape->len = d->bytes.len;
    shape->cut = cut;
    shape->end = end;
    shape->mask = must_have(realloc(shape->mask, 2 * end + 1));
    shape->bytes = shape->mask + end;
    memcpy(shape->mask, looked->mask, end);
    memcpy(shape->bytes, d->bytes.at, end);
    memcpy(shape->finds, looked->finds, looked->find_count * sizeof *looked->finds);
    shape->find_count = looked->find_count;
    shape->nodes = must_have(realloc(shape->nodes, d->count * sizeof *d->nodes));
    memcpy(shape->nodes, d->nodes, d->count * sizeof *d->nodes);
    shape->count = d->count;
}
