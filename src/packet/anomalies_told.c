/*
 * anomalies_told.c: which anomalies are told, and when: of a kind and a source the first at once,
 * the others together.
 */
#include "anomalies_parts.h"

#include <string.h>

enum { FRESH_MOST = 10 }; /* of a rule in a second; more sources are told of as many */
static const int64_t again_quiet = CLOCK_SECOND, again_each = 5 * CLOCK_SECOND,
                     look_each = CLOCK_SECOND / 4;

void told_begin(struct anomalies *a, const struct sight *s)
{
    a->ready_count = a->ready_next = 0;
    a->fired = 0;
    a->number = s->number;
    a->from = a->to = (struct end){0};
}

/* --- counting ------------------------------------------------------------------------------- */

static struct flow_key repeat_key(const struct sight *s, uint32_t rule, bool many)
{
    struct flow_key key = {.kind = many ? UINT8_MAX : s->kind, .id = (uint16_t)rule};
    if (!many)
        memcpy(key.addr[0], s->addr[s->culprit], sizeof key.addr[0]);
    return key;
}

static void repeat_add(struct anomalies *a, struct repeat *repeat, const struct sight *s,
                       uint64_t count)
{
    if (!repeat->count) {
        repeat->first = s->number;
        repeat->first_ns = s->now;
        a->pending++;
    }
    repeat->count += count;
    repeat->last = s->number;
    repeat->last_ns = s->now;
}

/* Sources may be invented, each packet with another one: they are not told one by one for ever. */
static bool too_many(struct anomalies *a, const struct sight *s, uint32_t rule)
{
    if (!a->fresh[rule].count || elapsed(s->now, a->fresh[rule].since_ns) > CLOCK_SECOND) {
        a->fresh[rule].since_ns = s->now;
        a->fresh[rule].count = 0;
    }
    return a->fresh[rule].count++ >= FRESH_MOST;
}

static struct repeat *repeat_new(struct anomalies *a, const struct sight *s,
                                 const struct flow_key *key, uint32_t rule, bool many)
{
    struct repeat *repeat = keeper_place(&a->repeats, key);
    if (repeat->kept.tag &&
        repeat->count) /* it had more to tell: nobody hears of it, but the sum */
        a->pending--;
    keeper_take(&a->repeats, repeat, key);
    repeat->rule = rule;
    repeat->many = many;
    repeat->told_ns = s->now;
    repeat->from = sight_end(s, s->addr[s->culprit], false, 0);
    repeat->to = sight_end(s, s->addr[!s->culprit], false, 0);
    return repeat;
}

void told_fire(struct anomalies *a, const struct sight *s, uint32_t rule, uint64_t count)
{
    a->counts[rule] += count;
    a->fired |= UINT32_C(1) << rule;
    struct flow_key key = repeat_key(s, rule, false);
    struct repeat *repeat = keeper_find(&a->repeats, &key);
    if (!repeat && too_many(a, s, rule)) {
        key = repeat_key(s, rule, true);
        repeat = keeper_find(&a->repeats, &key);
        if (!repeat)
            repeat = repeat_new(a, s, &key, rule, true);
        repeat_add(a, repeat, s, count);
        return;
    }
    if (repeat) {
        repeat_add(a, repeat, s, count);
        return;
    }
    repeat_new(a, s, &key, rule, false);
    if (!a->ready_count) {
        unsigned who = s->culprit;
        a->from = sight_end(s, s->addr[who], s->has_ports, s->port[who]);
        a->to = sight_end(s, s->addr[!who], s->has_ports, s->port[!who]);
    }
    uint32_t place = (uint32_t)a->ready_count++;
    a->ready[place].rule = rule;
    a->ready[place].count = count;
    text_clear(&a->ready[place].evidence);
    anomaly_rules[rule].say(&a->ready[place].evidence, s);
}

/* --- telling -------------------------------------------------------------------------------- */

static bool is_due(const struct repeat *repeat, int64_t now)
{
    return repeat->count && (now == INT64_MAX || elapsed(now, repeat->last_ns) >= again_quiet ||
                             elapsed(now, repeat->told_ns) >= again_each);
}

/* "998 more packets: #14 to #2010, in 210 ms; 999 in all" */
static void tell_again(struct anomalies *a, struct repeat *repeat, int64_t now, struct anomaly *out)
{
    const struct anomaly_rule *rule = &anomaly_rules[repeat->rule];
    struct text *text = &a->again;
    text_clear(text);
    text_format(text, "%llu more %s%s", (unsigned long long)repeat->count, rule->unit,
                repeat->count == 1 ? "" : "s");
    if (repeat->many)
        text_put(text, " from many addresses");
    text_format(text, ": #%llu", (unsigned long long)repeat->first);
    if (repeat->last != repeat->first) {
        text_format(text, " to #%llu, in ", (unsigned long long)repeat->last);
        put_span(text, elapsed(repeat->last_ns, repeat->first_ns));
    }
    text_format(text, "; %llu in all", (unsigned long long)a->counts[repeat->rule]);
    *out = (struct anomaly){.rule = rule,
                            .packet = repeat->last,
                            .count = repeat->count,
                            .again = true,
                            .evidence = text_string(text),
                            .from = repeat->from,
                            .to = repeat->to};
    if (repeat->many)
        out->from = out->to = (struct end){0};
    repeat->count = 0;
    repeat->told_ns = now == INT64_MAX ? repeat->last_ns : now;
    a->pending--;
}

static bool next_again(struct anomalies *a, int64_t now, struct anomaly *out)
{
    if (!a->looking) {
        if (!a->pending ||
            (now != INT64_MAX && elapsed(now, a->looked_ns) < look_each && now >= a->looked_ns))
            return false;
        a->looking = true;
        a->looked_ns = now;
        a->look_next = 0;
    }
    struct repeat *repeat;
    while (a->pending && (repeat = keeper_at(&a->repeats, a->look_next)) != NULL) {
        a->look_next++;
        if (repeat->kept.tag && is_due(repeat, now)) {
            tell_again(a, repeat, now, out);
            return true;
        }
    }
    a->looking = false;
    return false;
}

bool anomalies_next(struct anomalies *a, int64_t now, struct anomaly *out)
{
    if (a->ready_next == a->ready_count)
        return next_again(a, now, out);
    size_t i = a->ready_next++;
    *out = (struct anomaly){.rule = &anomaly_rules[a->ready[i].rule],
                            .packet = a->number,
                            .count = a->ready[i].count,
                            .evidence = text_string(&a->ready[i].evidence),
                            .from = a->from,
                            .to = a->to};
    return true;
}

bool anomalies_pending(const struct anomalies *a)
{
    return a->pending > 0;
}

bool anomalies_fired(const struct anomalies *a, size_t rule)
{
    return a->fired >> rule & 1;
}

uint64_t anomalies_count(const struct anomalies *a, size_t rule)
{
    return a->counts[rule];
}
