/* finder.c: the occurrences of a name in a packet, and their values. */
#include "finder_names.h"
#include "finder_sizes.h"

#include <loopcraft/format.h>
#include <loopcraft/proto.h>

#include <stdlib.h>
#include <string.h>

/* --- kinds ---------------------------------------------------------------------- */

static uint64_t as_it_is(const struct field *field, uint64_t wire)
{
    (void)field;
    return wire;
}

static uint64_t as_flag(const struct field *field, uint64_t wire)
{
    (void)field;
    return wire != 0;
}

/* What each format's values are. A number without a function is read from what is shown. */
static const struct kind {
    const struct format *format;
    enum finder_kind kind;
    uint64_t (*number)(const struct field *field, uint64_t wire);
} kinds[] = {
    {&format_decimal, FINDER_NUMBER, field_shown},
    {&format_part, FINDER_NUMBER, field_shown},
    {&format_hex, FINDER_NUMBER, as_it_is},
    {&format_flags, FINDER_NUMBER, as_it_is},
    {&format_power, FINDER_NUMBER, NULL},
    {&format_code, FINDER_NUMBER, NULL},
    {&format_little, FINDER_NUMBER, NULL},
    {&format_family, FINDER_NUMBER, NULL},
    {&format_dns_name_length, FINDER_NUMBER, NULL},
    {&format_dns_labels, FINDER_NUMBER, NULL},
    {&format_flag, FINDER_BOOLEAN, as_flag},
    {&format_ipv4, FINDER_IPV4, NULL},
    {&format_ipv6, FINDER_IPV6, NULL},
    {&format_ether, FINDER_ETHER, NULL},
    {&format_bytes, FINDER_BYTES, NULL},
    {&format_flag_letters, FINDER_TEXT, NULL},
};

static const struct kind *kind_of(const struct format *format)
{
    static const struct kind shown = {NULL, FINDER_TEXT, NULL};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].format == format)
            return &kinds[i];
    return &shown;
}

void finder_take_kind(struct finder *finder, const struct field *field)
{
    const struct kind *kind = kind_of(field->format);
    finder->kind = kind->kind;
    finder->bits = kind->number ? field->bits : 32;
    finder->flags = field->format == &format_flags;
    finder->terms = field->terms;
}

/* --- values --------------------------------------------------------------------- */

/* All that a header carries, up to where the layer around it goes on. */
static struct bytes reach_of(const struct dissection *d, const struct node *node)
{
    uint32_t end = node->bit + node->bits;
    if (node->record->layer == LAYER_PART)
        return node_raw(d, node);
    for (const struct node *n = node + 1; n < d->nodes + d->count && n->depth >= node->depth; n++)
        if (n->bit + n->bits > end)
            end = n->bit + n->bits;
    return bytes_part(d->bytes, node->bit / 8, (end + 7) / 8 - node->bit / 8);
}

static void shown_text(struct finder *f, const struct dissection *d, const struct node *node)
{
    text_clear(&f->text);
    node_show(&f->text, d, node);
}

static struct found value_of(struct finder *f, const struct dissection *d, const struct node *node)
{
    struct found found = {.bytes = node_raw(d, node)};
    if (f->size) {
        f->size->get(d, node, &found.number);
        return found;
    }
    const struct kind *kind = node->field ? kind_of(node->field->format) : NULL;
    if (f->kind == FINDER_PROTOCOL) {
        found.reach = reach_of(d, node);
        return found;
    }
    if (kind && kind->number) {
        found.number = kind->number(node->field, node_number(d, node));
    } else if (f->kind == FINDER_NUMBER || f->kind == FINDER_TEXT) {
        shown_text(f, d, node);
        found.number = strtoull(text_string(&f->text), NULL, 0);
        found.bytes = (struct bytes){(const uint8_t *)text_string(&f->text), f->text.len};
    }
    found.reach = found.bytes;
    return found;
}

/* What the finder's rows are compared with: a row's field, or a record. */
static const void *key_of(const struct node *node)
{
    return node->field                 ? (const void *)node->field
           : node->kind == NODE_RECORD ? (const void *)node->record
                                       : NULL;
}

static const struct node *node_next(const struct finder *f, const struct dissection *d, size_t *at)
{
    while (*at < d->count) {
        const struct node *node = &d->nodes[(*at)++];
        const void *key = key_of(node);
        for (size_t i = 0; key && i < f->row_count; i++)
            if (f->rows[i] == key && (!f->size || f->size->get(d, node, &(uint64_t){0})))
                return node;
    }
    return NULL;
}

bool finder_next(struct finder *f, const struct scene *scene, size_t *at, struct found *found)
{
    if (f->source)
        return (*at)++ == 0 && f->source->get(scene->frame, found);
    const struct node *node = node_next(f, scene->dissection, at);
    if (node)
        *found = value_of(f, scene->dissection, node);
    return node;
}

/* --- as text ---------------------------------------------------------------------- */

/* tshark writes bytes without colons here, and a protocol by its summary: by its title here. */
static void put_node(struct text *out, struct finder *f, const struct dissection *d,
                     const struct node *node)
{
    if (f->size) {
        text_number(out, value_of(f, d, node).number);
    } else if (f->kind == FINDER_PROTOCOL && node->record->layer != LAYER_PART) {
        text_put(out, node->record->title);
    } else if (f->kind == FINDER_PROTOCOL || f->kind == FINDER_BYTES) {
        text_hex_bytes(out, node_raw(d, node), 0);
    } else {
        shown_text(f, d, node);
        text_escape(out, (struct bytes){(const uint8_t *)text_string(&f->text), f->text.len});
    }
}

static void put_source(struct text *out, const struct finder *f, const struct scene *scene)
{
    struct found found;
    if (!f->source->get(scene->frame, &found))
        return;
    if (f->kind == FINDER_NUMBER)
        text_number(out, found.number);
    else if (f->kind == FINDER_TEXT)
        text_escape(out, found.bytes);
    else if (f->kind == FINDER_TIME)
        text_format(out, "%s%lld.%09lld",
                    found.time_ns < 0 && found.time_ns > -1000000000 ? "-" : "",
                    (long long)(found.time_ns / 1000000000),
                    llabs((long long)(found.time_ns % 1000000000)));
    else
        text_hex_bytes(out, found.bytes, 0);
}

void finder_put(struct text *out, struct finder *f, const struct scene *scene)
{
    if (f->source) {
        put_source(out, f, scene);
        return;
    }
    const struct node *node;
    bool first = true;
    for (size_t at = 0; (node = node_next(f, scene->dissection, &at)); first = false) {
        if (!first)
            text_char(out, ',');
        put_node(out, f, scene->dissection, node);
    }
}
