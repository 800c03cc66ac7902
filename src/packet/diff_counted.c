/* diff_counted.c: sequence numbers differ by chance; how far they have counted does not. */
#include "diff_counted.h"

#include <loopcraft/dissect.h>

#include <string.h>

static const struct counted {
    const char *name;
    bool by_receiver;         /* its sender takes in what the other end counted */
    const char *more, *fewer; /* "A acknowledges 1 byte more than B" */
} table[] = {
    {"tcp.seq_raw", false, "A stands %u byte%s further on than B", "A stands %u byte%s before B"},
    {"tcp.ack_raw", true, "A acknowledges %u byte%s more than B",
     "A acknowledges %u byte%s less than B"},
    {"tcp.options.sack_le", true, "A's block begins %u byte%s after B's",
     "A's block begins %u byte%s before B's"},
    {"tcp.options.sack_re", true, "A's block ends %u byte%s after B's",
     "A's block ends %u byte%s before B's"},
};

static const struct counted *find(const struct node *node)
{
    const char *name = node->field ? node->field->name : NULL;
    for (size_t i = 0; name && i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

bool diff_counted(struct diff_counted *out, const struct diff_half *half, const struct node *node)
{
    const struct counted *row = find(node);
    if (!row)
        return false;
    size_t at = (size_t)(node - half->d->nodes);
    /* What an error quotes was sent by who gets the error. */
    const struct diff_start *start = &half->start[row->by_receiver != (at >= half->quote)];
    const struct node *flag = node_find(half->d, at, "tcp.flags.ack");
    *out = (struct diff_counted){.number = (uint32_t)node_number(half->d, node)};
    out->unused = strcmp(row->name, "tcp.ack_raw") == 0 && flag && !node_number(half->d, flag);
    out->known = start->has && !out->unused;
    out->told = start->told;
    out->relative = diff_relative(start, out->number);
    return true;
}

/* Where a capture has no handshake, that is why two numbers may seem to differ, or to agree. */
static void put_guess(struct text *out, bool a, bool b)
{
    if (a || b)
        text_format(out, " (%s no handshake: the first number seen there counts as +1)",
                    a && b ? "both have"
                    : a    ? "A has"
                           : "B has");
}

static void say_unused(struct text *out, const struct diff_counted *one,
                       const struct diff_counted *two, enum diff_kind *kind)
{
    bool filled = one->unused && two->unused && one->number && two->number;
    *kind = filled ? DIFF_EXPECTED : DIFF_SUBSTANCE;
    text_format(out, "without the ACK flag it means nothing%s",
                filled                        ? ": filled by chance"
                : one->unused && !two->unused ? ": so in A, but not in B"
                : two->unused && !one->unused ? ": so in B, but not in A"
                : one->number                 ? "; yet A has a number there, and B 0"
                                              : "; yet B has a number there, and A 0");
}

void diff_say_counted(struct text *out, const struct diff_half halves[2], const struct node *a,
                      const struct node *b, const struct diff_rule *rule, enum diff_kind *kind)
{
    const struct counted *row = find(a);
    struct diff_counted one, two;
    diff_counted(&one, &halves[0], a);
    diff_counted(&two, &halves[1], b);
    bool quoted = (size_t)(a - halves[0].d->nodes) >= halves[0].quote;
    if (one.unused || two.unused) {
        say_unused(out, &one, &two, kind);
    } else if (one.known && two.known && one.relative != two.relative) {
        int32_t ahead = (int32_t)(one.relative - two.relative);
        uint32_t bytes = ahead > 0 ? (uint32_t)ahead : -(uint32_t)ahead;
        *kind = DIFF_SUBSTANCE;
        text_format(out, ahead > 0 ? row->more : row->fewer, bytes, bytes == 1 ? "" : "s");
        text_put(out, ", each counted from the first number of that end");
        put_guess(out, !one.told, !two.told);
    } else if ((one.known && two.known) || quoted) {
        text_put(out, rule->says);
        put_guess(out, one.known && !one.told, two.known && !two.told);
    } else {
        *kind = DIFF_SUBSTANCE;
        text_format(out, "%s no number from which it counts: compared as it stands",
                    !one.known && !two.known ? "both have"
                    : one.known              ? "B has"
                                             : "A has");
    }
}
