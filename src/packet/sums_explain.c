/*
 * sums_explain.c: a checksum added up word by word.
 *
 * It sums what sums.c says is covered, by checksum.c, one word at a time, and so shows the very
 * sum that was checked. The carries, which checksum_add() folds at once, are counted: a learner
 * sees them pile up and folds them at the end, which gives the same (RFC 1071, 2 (B)).
 */
#include <loopcraft/sums_explain.h>

#include <loopcraft/checksum.h>
#include <loopcraft/dissect.h>

#include "grow.h"

#include <stdlib.h>

void sum_steps_free(struct sum_steps *steps)
{
    free(steps->rows);
    text_free(&steps->means);
    *steps = (struct sum_steps){0};
}

/* --- adding up ------------------------------------------------------------------ */

static bool same_kind(const struct sum_row *a, const struct sum_row *b)
{
    return a->what == b->what && a->to == b->to && a->note == b->note && a->pseudo == b->pseudo;
}

/* The row that the next word goes to: the last one, or a new one of this kind. */
static struct sum_row *row_for(struct sum_steps *steps, const struct sum_row *kind)
{
    struct sum_row *last = steps->count ? &steps->rows[steps->count - 1] : NULL;
    if (last && last->count < SUM_ROW_WORDS && same_kind(last, kind))
        return last;
    if (steps->count == steps->cap) {
        steps->cap = steps->cap ? steps->cap * 2 : 32;
        steps->rows = grow(steps->rows, steps->cap, sizeof *steps->rows);
    }
    steps->rows[steps->count] = *kind;
    return &steps->rows[steps->count++];
}

/* A word that is not 0 makes the sum larger, unless there is a carry to fold into it. */
static void add_word(struct sum_steps *steps, const struct sum_row *kind, struct bytes word)
{
    uint16_t folded = (uint16_t)checksum_add(steps->folded, word);
    uint16_t number = (uint16_t)checksum_add(0, word);
    struct sum_row *row = row_for(steps, kind);
    steps->carries += number && folded <= steps->folded;
    steps->folded = folded;
    row->words[row->count++] = number;
    row->sum = folded + steps->carries * 0xffff; /* a carry folded: 0x10000 less, and 1 more */
}

static void add_words(struct sum_steps *steps, const struct sum_row *kind, struct bytes words)
{
    for (size_t at = 0; at < words.len; at += 2)
        add_word(steps, kind, bytes_part(words, at, 2));
}

static void add_pseudo(struct sum_steps *steps, const struct record *record,
                       const struct sum_covered *c)
{
    bool four = c->source.len == 4; /* its length has 16 bits (RFC 9293, 3.1) */
    struct sum_pseudo pseudo = sum_pseudo(record->protocol, c->message.len);
    struct bytes rest = {pseudo.at, sizeof pseudo.at};
    add_words(steps, &(struct sum_row){.what = "source address", .pseudo = true}, c->source);
    add_words(steps, &(struct sum_row){.what = "destination address", .pseudo = true},
              c->destination);
    add_words(steps, &(struct sum_row){.what = "length", .pseudo = true},
              four ? bytes_part(rest, 2, 2) : bytes_part(rest, 0, 4));
    add_words(steps, &(struct sum_row){.what = "protocol", .pseudo = true}, bytes_part(rest, 4, 2));
}

/* --- what a word is ------------------------------------------------------------- */

/* The rows of a layer, as far as words have come. */
struct place {
    const struct dissection *d;
    const struct node *head, *at;
};

/* The first row at or behind `node` that ends behind this bit; NULL: the layer has none. */
static const struct node *row_behind(const struct place *place, const struct node *node, size_t bit)
{
    const struct node *end = place->d->nodes + place->d->count;
    for (; node < end && node->depth == place->head->depth; node++)
        if (node->inside == 0 && node->kind != NODE_ALSO && node->bit + node->bits > bit)
            return node;
    return NULL;
}

static const char *name_of(const struct node *node)
{
    const char *name = node_name(node);
    return name ? name : node->field ? node->field->label : "bytes";
}

/* The row or rows that the word at this bit of the frame belongs to. */
static struct sum_row kind_at(struct place *place, size_t bit)
{
    struct sum_row kind = {.what = "data"};
    const struct node *row = place->at ? row_behind(place, place->at, bit) : NULL;
    place->at = row;
    if (!row)
        return kind;
    kind.what = name_of(row);
    while (row && row->bit + row->bits < bit + 16)
        if ((row = row_behind(place, row, row->bit + row->bits)))
            kind.to = name_of(row);
    return kind;
}

static void add_message(struct sum_steps *steps, struct place *place, const struct sum_covered *c)
{
    static const uint8_t zero[2];
    for (size_t at = 0; at < c->message.len; at += 2) {
        struct sum_row kind = kind_at(place, place->head->bit + at * 8);
        struct bytes word = bytes_part(c->message, at, 2);
        if (at == c->at) {
            kind.note = "taken as 0";
            word = (struct bytes){zero, sizeof zero};
        } else if (word.len == 1) {
            kind.note = "the last byte, and a 0";
        }
        add_word(steps, &kind, word);
    }
}

/* --- the whole -------------------------------------------------------------------- */

struct explanation_event sum_explain(struct sum_steps *steps, const struct dissection *d,
                                     size_t layer)
{
    const struct node *head = &d->nodes[layer];
    const struct record *record = head->record;
    const struct field *row = record_role(record, ROLE_CHECKSUM);
    struct sum_place lies = sum_place(d, layer);
    struct sum_check check = sum_check_at(d, &lies);
    struct sum_covered covered;
    struct place place = {d, head, head + 1};
    steps->count = 0;
    steps->folded = 0;
    steps->carries = 0;
    text_clear(&steps->means);
    sum_say(&steps->means, &check);
    if (sum_covered(&covered, d, &lies)) {
        if (covered.source.len)
            add_pseudo(steps, record, &covered);
        add_message(steps, &place, &covered);
    }
    uint32_t sum = steps->count ? steps->rows[steps->count - 1].sum : 0;
    return (struct explanation_event){.name = row && row->name ? row->name : record->name,
                                      .title = record->title,
                                      .rows = steps->rows,
                                      .row_count = steps->count,
                                      .sum = sum,
                                      .folded = checksum_fold(sum),
                                      .complement = checksum_finish(sum),
                                      .expected = check.expected,
                                      .stored = check.stored,
                                      .quoted = layer >= dissection_quote(d),
                                      .partial = check.verdict == SUM_PARTIAL,
                                      .means = text_string(&steps->means)};
}
