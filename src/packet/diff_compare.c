/*
 * diff_compare.c: a pair's nodes side by side.
 *
 * A node of A and one of B belong together when they are the same row of the same record, the
 * n-th of its kind in the packet: so options are compared whatever stands between them.
 */
#include "diff_say.h"
#include "diff_side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a difference's texts are in out->text, which moves while it grows. */
struct place {
    size_t a, b, means; /* ABSENT: NULL */
};
#define ABSENT SIZE_MAX

struct diff_work {
    struct diff_half halves[2];
    struct keys counts, found;
    struct place *places;
    size_t *mates; /* of B's nodes: A's, from 1; 0: none */
    size_t place_cap, mate_cap;
};

struct row_key {
    const struct record *record;
    const struct field *field;
    uint32_t kind, order;
};

static void *must(void *memory)
{
    if (!memory) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    return memory;
}

/* --- differences ----------------------------------------------------------------------- */

/* The last one that was added, to be filled in; its texts are put with put_text(). */
static struct place *add(struct differences *out, const char *name, const char *label,
                         enum diff_kind kind)
{
    struct diff_work *w = out->work;
    if (out->count == out->cap) {
        out->cap = out->cap ? out->cap * 2 : 64;
        out->each = must(realloc(out->each, out->cap * sizeof *out->each));
        w->places = must(realloc(w->places, out->cap * sizeof *w->places));
    }
    out->each[out->count] = (struct diff_event){.name = name, .label = label, .kind = kind};
    w->places[out->count] = (struct place){ABSENT, ABSENT, ABSENT};
    return &w->places[out->count++];
}

/* Ends the text that began at `at`. */
static size_t ended(struct text *text, size_t at)
{
    text_char(text, '\0');
    return at;
}

static const char *text_at(struct text *text, size_t at)
{
    return at == ABSENT ? NULL : text->at + at;
}

static void find_texts(struct differences *out)
{
    for (size_t i = 0; i < out->count; i++) {
        const struct place *place = &out->work->places[i];
        out->each[i].a_value = text_at(&out->text, place->a);
        out->each[i].b_value = text_at(&out->text, place->b);
        out->each[i].means = text_at(&out->text, place->means);
    }
}

static const char *label_of(const struct node *node)
{
    return node->field                 ? node->field->label
           : node->kind == NODE_RECORD ? node->record->title
                                       : "bytes";
}

static void add_alone(struct differences *out, int side, const struct node *node)
{
    struct diff_half *halves = out->work->halves;
    const struct diff_rule *rule = diff_rule(node_name(node), node->field);
    enum diff_kind kind = rule->kind == DIFF_FOLLOWS ? DIFF_FOLLOWS : DIFF_SUBSTANCE;
    struct place *place = add(out, node_name(node), label_of(node), kind);
    size_t at = out->text.len;
    diff_value(&out->text, &halves[side], node);
    *(side ? &place->b : &place->a) = ended(&out->text, at);
    at = out->text.len;
    diff_say_alone(&out->text, &halves[side], &halves[!side], node, rule);
    place->means = ended(&out->text, at);
}

static void add_both(struct differences *out, const struct node *a, const struct node *b)
{
    struct diff_half *halves = out->work->halves;
    const struct diff_rule *rule = diff_rule(node_name(a), a->field);
    struct place *place = add(out, node_name(a), label_of(a), rule->kind);
    size_t at = out->text.len;
    diff_value(&out->text, &halves[0], a);
    place->a = ended(&out->text, at);
    at = out->text.len;
    diff_value(&out->text, &halves[1], b);
    place->b = ended(&out->text, at);
    at = out->text.len;
    diff_say_both(&out->text, halves, a, b, rule, &out->each[out->count - 1].kind);
    place->means = ended(&out->text, at);
}

static void put_time(struct text *out, int64_t ns)
{
    int64_t second = INT64_C(1000000000);
    text_format(out, "%lld.%09lld", (long long)(ns / second), (long long)(ns % second));
}

static void add_time(struct differences *out, int64_t a, int64_t b)
{
    const struct diff_rule *rule = diff_rule(DIFF_TIME_NAME, NULL);
    struct place *place = add(out, DIFF_TIME_NAME, "Time", rule->kind);
    size_t at = out->text.len;
    put_time(&out->text, a);
    place->a = ended(&out->text, at);
    at = out->text.len;
    put_time(&out->text, b);
    place->b = ended(&out->text, at);
    at = out->text.len;
    text_put(&out->text, rule->says);
    place->means = ended(&out->text, at);
}

/* --- the order of options ------------------------------------------------------------------ */

/* "mss,sackok,ts,nop,wscale": the options of the area that node `at` lies in. */
static void put_options(struct text *out, const struct dissection *d, size_t at)
{
    const struct node *node = &d->nodes[at];
    size_t from = out->len;
    for (size_t i = 0; i < d->count; i++) {
        const struct node *other = &d->nodes[i];
        if (other->kind != NODE_RECORD || other->depth != node->depth ||
            other->inside != node->inside || other->record->layer != LAYER_PART)
            continue;
        if (out->len > from)
            text_char(out, ',');
        text_put(out, other->record->word ? other->record->word : other->record->title);
    }
}

static void add_order(struct differences *out, size_t a, size_t b)
{
    const struct dissection *d = &out->a;
    size_t area = a;
    while (area > 0 && d->nodes[area].kind != NODE_GROUP)
        area--;
    const struct node *group = &d->nodes[area];
    struct place *place = add(out, node_name(group), label_of(group), DIFF_SUBSTANCE);
    size_t at = out->text.len;
    put_options(&out->text, d, a);
    place->a = ended(&out->text, at);
    at = out->text.len;
    put_options(&out->text, &out->b, b);
    place->b = ended(&out->text, at);
    at = out->text.len;
    text_put(&out->text, "the options that both have stand in another order");
    place->means = ended(&out->text, at);
}

/* --- pairing nodes -------------------------------------------------------------------------- */

/* Rows that overlap others are compared by those; so are groups. Padding of the link is not ours.
 */
static bool is_compared(const struct dissection *d, size_t base, size_t i)
{
    const struct node *node = &d->nodes[i];
    return (node->kind == NODE_RECORD || node->kind == NODE_FIELD || node->kind == NODE_BYTES) &&
           node->depth >= d->nodes[base].depth;
}

static struct row_key key_of(const struct node *node, struct keys *counts)
{
    struct row_key key = {node->record, node->field, node->kind, 0};
    key.order = ++*keys_at(counts, &key, sizeof key);
    return key;
}

/* For each node of B the one of A that it belongs to. */
static void pair_nodes(struct differences *out, size_t base_a, size_t base_b)
{
    struct diff_work *w = out->work;
    if (w->mate_cap < out->b.count) {
        w->mate_cap = out->b.count * 2;
        w->mates = must(realloc(w->mates, w->mate_cap * sizeof *w->mates));
    }
    keys_clear(&w->counts);
    keys_clear(&w->found);
    for (size_t i = base_a; i < out->a.count; i++) {
        if (!is_compared(&out->a, base_a, i))
            continue;
        struct row_key key = key_of(&out->a.nodes[i], &w->counts);
        *keys_at(&w->found, &key, sizeof key) = (uint32_t)i + 1;
    }
    keys_clear(&w->counts);
    memset(w->mates, 0, w->mate_cap * sizeof *w->mates);
    for (size_t i = base_b; i < out->b.count; i++) {
        if (!is_compared(&out->b, base_b, i))
            continue;
        struct row_key key = key_of(&out->b.nodes[i], &w->counts);
        w->mates[i] = keys_find(&w->found, &key, sizeof key);
    }
}

static bool same_value(const struct dissection *a, const struct node *one,
                       const struct dissection *b, const struct node *two)
{
    if (one->kind == NODE_RECORD)
        return true;
    if (one->bits != two->bits)
        return false;
    if (one->bits <= 64)
        return node_number(a, one) == node_number(b, two);
    return bytes_equal(node_raw(a, one), node_raw(b, two));
}

/*
 * What stands on one side alone; a record stands for all that it spans. `mates[i]` is not 0 for
 * the nodes that have one. Where the capture was cut short, nobody knows what was there.
 */
static void add_all_alone(struct differences *out, int side, size_t base, const uint8_t *has_mate)
{
    const struct dissection *d = side ? &out->b : &out->a;
    uint32_t end = 0;
    for (size_t i = base; i < d->count; i++) {
        const struct node *node = &d->nodes[i];
        bool inside = node->bit + node->bits <= end;
        if (has_mate[i] || !is_compared(d, base, i) || inside || node->fault == FAULT_CUT)
            continue;
        add_alone(out, side, node);
        if (node->kind == NODE_RECORD)
            end = node->bit + node->bits;
    }
}

/* The values of what both have, and whether options changed places. */
static void add_all_both(struct differences *out, size_t base)
{
    size_t last = 0;
    bool told = false;
    for (size_t i = base; i < out->b.count; i++) {
        size_t mate = out->work->mates[i];
        if (!mate)
            continue;
        const struct node *a = &out->a.nodes[mate - 1], *b = &out->b.nodes[i];
        bool cut = a->fault == FAULT_CUT || b->fault == FAULT_CUT;
        if (!cut &&
            (!same_value(&out->a, a, &out->b, b) || diff_means_other(out->work->halves, a, b)))
            add_both(out, a, b);
        bool option = b->kind == NODE_RECORD && b->record->layer == LAYER_PART && b->inside > 0 &&
                      diff_rule(b->record->name, NULL)->kind != DIFF_FOLLOWS;
        if (option && mate < last && !told) {
            add_order(out, mate - 1, i);
            told = true;
        }
        if (option)
            last = mate;
    }
}

/* --- a pair --------------------------------------------------------------------------------- */

static void set_half(struct diff_half *half, const struct dissection *d,
                     const struct diff_side *side, const struct diff_packet *p)
{
    const struct diff_conversation *c = &side->conversations[p->conversation];
    half->d = d;
    half->quote = dissection_quote(d);
    half->start[0] = c->start[p->from_server];
    half->start[1] = c->start[!p->from_server];
}

static void compare_nodes(struct differences *out, bool cut_a, bool cut_b)
{
    size_t base_a = diff_base(&out->a), base_b = diff_base(&out->b);
    pair_nodes(out, base_a, base_b);
    size_t most = out->a.count > out->b.count ? out->a.count : out->b.count;
    uint8_t *has_mate = must(calloc(most + 1, 1));
    add_all_both(out, base_b);
    for (size_t i = base_b; i < out->b.count; i++)
        if (out->work->mates[i])
            has_mate[out->work->mates[i] - 1] = 1;
    if (!cut_b)
        add_all_alone(out, 0, base_a, has_mate);
    for (size_t i = 0; i < out->b.count; i++)
        has_mate[i] = out->work->mates[i] != 0;
    if (!cut_a)
        add_all_alone(out, 1, base_b, has_mate);
    free(has_mate);
}

void diff_compare(struct differences *out, const struct diff_side *a, const struct diff_side *b,
                  struct diff_pair pair)
{
    const struct diff_packet *one = &a->packets[pair.a], *two = &b->packets[pair.b];
    if (!out->work)
        out->work = must(calloc(1, sizeof *out->work));
    out->count = 0;
    text_clear(&out->text);
    dissect(&out->a, &one->frame);
    dissect(&out->b, &two->frame);
    summarise(&out->summary, &out->a);
    set_half(&out->work->halves[0], &out->a, a, one);
    set_half(&out->work->halves[1], &out->b, b, two);
    diff_name_halves(out->work->halves, text_string(&out->summary.title));
    if (one->frame.time_ns != two->frame.time_ns)
        add_time(out, one->frame.time_ns, two->frame.time_ns);
    compare_nodes(out, one->frame.bytes.len < one->frame.len,
                  two->frame.bytes.len < two->frame.len);
    find_texts(out);
    for (size_t i = 0; i < out->count; i++) {
        struct diff_event *event = &out->each[i];
        event->a = one->frame.number;
        event->b = two->frame.number;
        event->title = text_string(&out->summary.title);
        event->from = out->summary.from;
        event->to = out->summary.to;
    }
}

void differences_free(struct differences *out)
{
    if (out->work) {
        text_free(&out->work->halves[0].who);
        text_free(&out->work->halves[1].who);
        keys_free(&out->work->counts);
        keys_free(&out->work->found);
        free(out->work->places);
        free(out->work->mates);
        free(out->work);
    }
    free(out->each);
    text_free(&out->text);
    dissection_free(&out->a);
    dissection_free(&out->b);
    summary_free(&out->summary);
    *out = (struct differences){0};
}
