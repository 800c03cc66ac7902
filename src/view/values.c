/* values.c: what stands in a row's value column. */
#include "rows.h"

#include "pieces.h"

#include <loopcraft/format.h>

/* Beyond this a value in words is no help: the bytes stand beside it. */
enum { LONG_BITS = 256 };

/*
 * "...1 ..1.": a dot for 0, in groups of four as Wireshark has it. Whole bytes at the left that
 * are 0 are left out.
 */
static void put_pattern(struct text *out, uint64_t number, unsigned bits)
{
    while (bits > 8 && number >> (bits - 1) / 8 * 8 == 0)
        bits = (bits - 1) / 8 * 8;
    for (unsigned left = bits; left-- > 0;) {
        text_char(out, number >> left & 1 ? '1' : '.');
        if (left % 4 == 0)
            text_char(out, ' ');
    }
}

/* Some bits in their byte: ".1.. ...." */
static void put_place(struct text *out, const struct node *node, uint64_t number)
{
    unsigned from = node->bit % 8, end = from + node->bits;
    for (unsigned i = 0; i < 8; i++) {
        bool own = i >= from && i < end;
        text_char(out, !own ? '.' : number >> (end - 1 - i) & 1 ? '1' : '0');
        if (i % 4 == 3)
            text_char(out, ' ');
    }
}

static bool is_flags(const struct node *node)
{
    return node->field->format == &format_flags;
}

static void say_one(struct text *out, const struct rows *r, const struct node *node)
{
    const struct dissection *d = r->packet->dissection;
    bool digits = node->bit % 4 == 0 && node->bits % 4 == 0,
         one_byte = node->bit % 8 + node->bits <= 8;
    if (node->bits > LONG_BITS && node->field->format == &format_bytes) {
        text_number(out, node_size(node));
        text_put(out, " bytes");
        return;
    }
    if (is_flags(node))
        put_pattern(out, node_number(d, node), node->bits);
    else if (r->verbose && !digits && one_byte)
        put_place(out, node, node_number(d, node));
    node_say(out, d, node);
}

static bool is_value(const struct node *node)
{
    return node->kind == NODE_FIELD && node->field->role != ROLE_KIND &&
           node->field->role != ROLE_OPTION_LENGTH && node->field->role != ROLE_BODY_LENGTH &&
           node->field->role != ROLE_RESERVED;
}

/* An option in one line: its value, or its values with their labels. */
static void say_option(struct text *out, const struct rows *r, const struct said *said)
{
    const struct node *nodes = r->packet->dissection->nodes;
    size_t values = 0;
    for (size_t i = said->node + 1; i < said->end; i++)
        values += is_value(&nodes[i]);
    for (size_t i = said->node + 1; i < said->end; i++) {
        const struct node *node = &nodes[i];
        if (!is_value(node))
            continue;
        if (out->len)
            text_put(out, ", ");
        if (values > 1) {
            text_put(out, node->field->label);
            text_char(out, ' ');
        }
        say_one(out, r, node);
    }
}

void put_value(struct rows *r, const struct said *said)
{
    const struct node *node = &r->packet->dissection->nodes[said->node];
    if (node->kind == NODE_BYTES)
        return;
    if (node->kind != NODE_RECORD)
        say_one(&r->value, r, node);
    else if (!r->verbose)
        say_option(&r->value, r, said);
    else
        text_put(&r->value, node->record->title);
}

void put_crafted(struct rows *r, size_t i, struct text *out)
{
    const struct packet_event *packet = r->packet;
    struct node node = packet->dissection->nodes[i];
    if (!packet->built || !node.field || node.bits > LONG_BITS ||
        packet->built->len > packet->frame.bytes.len)
        return;
    uint32_t ahead = (uint32_t)(packet->frame.bytes.len - packet->built->len); /* the link header */
    if (node_pos(&node) < ahead)
        return;
    node.bit -= ahead * 8;
    struct dissection built = {.bytes = *packet->built};
    struct text now = TEXT_EMPTY, then = TEXT_EMPTY;
    node_say(&now, packet->dissection, &packet->dissection->nodes[i]);
    node_say(&then, &built, &node);
    if (now.len != then.len || (now.len && memcmp(now.at, then.at, now.len) != 0)) {
        text_put(out, ", was ");
        text_put_n(out, text_string(&then), then.len);
    }
    text_free(&now);
    text_free(&then);
}
