/* node.c: what can be asked of a node. */
#include <loopcraft/node.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void dissection_free(struct dissection *d)
{
    free(d->nodes);
    walk_memory_leave(d->memory);
    *d = (struct dissection){0};
}

struct node *dissection_room(struct dissection *d, size_t more)
{
    if (d->cap - d->count < more) {
        size_t cap = d->cap ? d->cap * 2 : 64;
        while (cap - d->count < more)
            cap *= 2;
        struct node *nodes = realloc(d->nodes, cap * sizeof *nodes);
        if (!nodes) {
            fputs("loopcraft: out of memory\n", stderr);
            abort();
        }
        d->nodes = nodes;
        d->cap = cap;
    }
    return d->nodes + d->count;
}

size_t dissection_add(struct dissection *d, struct node node)
{
    *dissection_room(d, 1) = node;
    return d->count++;
}

uint64_t node_number(const struct dissection *d, const struct node *node)
{
    uint64_t number = 0;
    if (node->bits <= 64)
        bytes_number(d->bytes, node->bit, node->bits, &number);
    return number;
}

bool node_looks_around(const struct node *node)
{
    return node->field && node->field->format->show_within;
}

/* The message that the node lies in, from its start to the end of the frame. */
static struct bytes node_message(const struct dissection *d, const struct node *node)
{
    size_t start = node->bit / 8 - node->within;
    return bytes_part(d->bytes, start, d->bytes.len);
}

/* A name alone, no value: Wireshark's FT_NONE. */
static bool is_silent(const struct node *node)
{
    return node->field ? node->field->format->silent
                       : node->kind == NODE_RECORD && node->record->silent;
}

void node_show(struct text *out, const struct dissection *d, const struct node *node)
{
    if (node_looks_around(node))
        node->field->format->show_within(out, node_message(d, node), node->within);
    else if (node->field)
        node->field->format->show(out, node->field, node_raw(d, node), node_number(d, node));
    else if (!is_silent(node))
        text_hex_bytes(out, node_raw(d, node), ':');
}

/* As PDML writes a part of its bytes: a number in upper case hex, no zeros before it. */
static void put_part(struct text *out, uint64_t number)
{
    char digits[16];
    size_t i = sizeof digits;
    do {
        digits[--i] = "0123456789ABCDEF"[number & 15];
        number >>= 4;
    } while (number);
    text_put_n(out, digits + i, sizeof digits - i);
}

void node_value(struct text *out, const struct dissection *d, const struct node *node)
{
    if (is_silent(node))
        return;
    bool part = node->bits % 8 || node->bit % 8 || (node->field && node->field->word);
    if (part && node->bits <= 64 && node->field && !node->field->format->whole)
        put_part(out, node_number(d, node));
    else
        text_hex_bytes(out, node_raw(d, node), 0);
}

void node_say(struct text *out, const struct dissection *d, const struct node *node)
{
    const struct field *field = node->field;
    if (!field) {
        text_hex_bytes(out, node_raw(d, node), ' ');
        return;
    }
    if (node_looks_around(node)) {
        field->format->say_within(out, node_message(d, node), node->within);
        return;
    }
    uint64_t number = node_number(d, node);
    if (field->format->say) {
        field->format->say(out, field, node_raw(d, node), number);
        return;
    }
    field->format->show(out, field, node_raw(d, node), number);
    const struct term *term = node->bits <= 64 ? term_find(node->terms, number) : NULL;
    if (term) {
        text_char(out, ' ');
        text_put(out, term->name);
    }
}

const char *node_name(const struct node *node)
{
    if (node->field)
        return node->field->name;
    return node->kind == NODE_RECORD ? node->record->name : NULL;
}

const struct node *node_find(const struct dissection *d, size_t from, const char *name)
{
    for (size_t i = from; i < d->count; i++) {
        const char *own = node_name(&d->nodes[i]);
        if (own && strcmp(own, name) == 0)
            return &d->nodes[i];
    }
    return NULL;
}
