/*
 * context_table.c: a table of fixed size. A conversation has a few places, by its hash; when they
 * are taken, the one that was quiet longest makes room: no chains, nothing to rehash.
 */
#include "context_table.h"

#include <string.h>
#include <sys/random.h>

void flow_secrets_draw(struct flow_secrets *secrets)
{
    while (getrandom(secrets, sizeof *secrets, 0) != sizeof *secrets)
        ;
}

void flow_table_start(struct flow_table *table)
{
    flow_secrets_draw(&table->secrets);
}

/*
 * Thorup's strongly universal multiply-shift over 32-bit words (High Speed Hashing for Integers
 * and Strings, 2015): who does not know the secrets can't make conversations that collide.
 */
uint32_t flow_hash(const struct flow_secrets *secrets, const struct flow_key *key)
{
    uint32_t words[FLOW_KEY_WORDS];
    memcpy(words, key, sizeof words);
    uint64_t sum = secrets->each[FLOW_KEY_WORDS];
    for (int i = 0; i < FLOW_KEY_WORDS; i++)
        sum += secrets->each[i] * words[i];
    return (uint32_t)(sum >> 32);
}

/* Free places were used never, so that they are the oldest. */
static int oldest_of(const struct flow_table *table, const struct flow_set *set)
{
    int oldest = 0;
    for (int i = 1; i < FLOW_WAYS; i++)
        if (table->clock - set->used[i] > table->clock - set->used[oldest])
            oldest = i;
    return oldest;
}

struct flow *flow_find(struct flow_table *table, const struct flow_key *key, bool make)
{
    uint32_t bits = flow_hash(&table->secrets, key), tag = bits | 1;
    struct flow_set *set = &table->sets[bits >> 24];
    struct flow *flows = table->flows[bits >> 24];
    table->clock++;
    for (int i = 0; i < FLOW_WAYS; i++) {
        if (set->tags[i] == tag && memcmp(&flows[i].key, key, sizeof *key) == 0) {
            set->used[i] = table->clock;
            return &flows[i];
        }
    }
    if (!make)
        return NULL;
    int place = oldest_of(table, set);
    set->tags[place] = tag;
    set->used[place] = table->clock;
    flows[place] = (struct flow){.key = *key};
    return &flows[place];
}

void side_came(struct side *side, struct side *other, uint32_t mark, uint64_t number,
               int64_t time_ns)
{
    side->numbers[side->turn] = number;
    side->marks[side->turn] = mark;
    side->turn = (uint8_t)((side->turn + 1) % FLOW_RECENT);
    side->time_ns = time_ns;
    if (side->since < UINT8_MAX)
        side->since++;
    other->since = 0;
}

uint64_t side_number(const struct side *side, uint32_t mark)
{
    for (unsigned back = 1; back <= FLOW_RECENT; back++) {
        unsigned at = (side->turn + FLOW_RECENT - back) % FLOW_RECENT;
        if (side->numbers[at] && side->marks[at] == mark)
            return side->numbers[at];
    }
    return 0;
}
