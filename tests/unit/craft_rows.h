/*
 * craft_rows.h: every row that a recipe can set, with words of random values for it. The seed
 * is printed; LOOPCRAFT_SEED=N runs the same values again.
 */
#ifndef LOOPCRAFT_TESTS_CRAFT_ROWS_H
#define LOOPCRAFT_TESTS_CRAFT_ROWS_H

#include "craft_check.h"

#include <inttypes.h>
#include <sys/random.h>

/* --- chance ---------------------------------------------------------------- */

struct chance {
    uint64_t state;
};

static inline struct chance chance_new(void)
{
    const char *given = getenv("LOOPCRAFT_SEED");
    struct chance chance = {0};
    if (given)
        chance.state = strtoull(given, NULL, 0);
    else
        assert_int_equal(getrandom(&chance.state, sizeof chance.state, 0), sizeof chance.state);
    chance.state |= 1;
    print_message("# LOOPCRAFT_SEED=%" PRIu64 "\n", chance.state);
    return chance;
}

/* Marsaglia's xorshift64*. */
static inline uint64_t chance_number(struct chance *chance)
{
    chance->state ^= chance->state >> 12;
    chance->state ^= chance->state << 25;
    chance->state ^= chance->state >> 27;
    return chance->state * UINT64_C(0x2545f4914f6cdd1d);
}

static inline size_t chance_below(struct chance *chance, size_t most)
{
    return (size_t)(chance_number(chance) % most);
}

/* --- rows ------------------------------------------------------------------ */

struct settable {
    const struct field *row;
    int type, code; /* of the message that has it; -1: any */
};

struct settables {
    struct settable each[256];
    size_t count;
};

static inline void settables_add(struct settables *all, const struct record *record, int type,
                                 int code)
{
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *row = &record->fields[i];
        bool can = row->name && row->bits && row->format->read && row->role != ROLE_ALSO;
        if (can && all->count < COUNT(all->each))
            all->each[all->count++] = (struct settable){row, type, code};
    }
}

/* Those of the protocol, of each case by type, of each case of a case by code, and of IP. */
static inline struct settables settables_of(const char *proto, int family)
{
    struct settables all = {.count = 0};
    struct recipe recipe;
    must_begin(&recipe, proto, family);
    settables_add(&all, recipe.proto, -1, -1);
    for (const struct branch *b = recipe.proto->cases; b && b->record; b++) {
        settables_add(&all, b->record, (int)b->number, b->record->cases ? 0 : -1);
        for (const struct branch *c = b->record->cases; c && c->record; c++)
            settables_add(&all, c->record, (int)b->number, (int)c->number);
        if (b->record->other)
            settables_add(&all, b->record->other, (int)b->number, 1);
    }
    settables_add(&all, recipe.ip, -1, -1);
    assert_true(all.count > 10 && all.count < COUNT(all.each));
    recipe_free(&recipe);
    return all;
}

/* Does the walk find its way by it? Then a false value hides what follows. */
static inline bool steers(const struct field *row)
{
    switch (row->role) {
    case ROLE_HEADER_LENGTH:
    case ROLE_LENGTH:
    case ROLE_PAYLOAD_LENGTH:
    case ROLE_NEXT:
    case ROLE_CASE:
    case ROLE_CODE:
    case ROLE_FRAGMENT: return true;
    default: return false;
    }
}

/* A value for the row by chance, as the dump would show it: now and then 0 or all ones. */
static inline void put_random(struct text *out, struct chance *chance, const struct field *row)
{
    uint8_t record[64] = {0};
    struct node node = {.field = row, .kind = NODE_FIELD, .bit = row->bit, .bits = row->bits};
    struct dissection d = {.bytes = {record, sizeof record}, .nodes = &node, .count = 1};
    size_t way = chance_below(chance, 8);
    for (size_t bit = row->bit; bit < (size_t)row->bit + row->bits; bit++) {
        uint64_t random = chance_number(chance) >> 63;
        assert_true(bytes_set_number(record, sizeof record, bit, 1, way < 2 ? way : random));
    }
    node_show(out, &d, &node);
}

#endif
