/* provenance.c: asked, built and captured bytes side by side: who set each field? */
#include <loopcraft/craft.h>

#include <string.h>

/* The node's bytes in a packet that starts `shift` bytes into the captured frame. */
static struct bytes part_of(const struct text *packet, const struct node *node, size_t shift)
{
    struct bytes all = {(const uint8_t *)packet->at, packet->len};
    return bytes_part(all, node_pos(node) - shift, node_size(node));
}

static bool differs(const struct text *packet, const struct dissection *captured,
                    const struct node *node, size_t shift)
{
    struct bytes part = part_of(packet, node, shift);
    uint64_t then = 0;
    if (node->bits > 64)
        return !bytes_equal(part, node_raw(captured, node));
    return !bytes_number(part, node->bit - node_pos(node) * 8, node->bits, &then) ||
           then != node_number(captured, node);
}

/* Is the node's row the asked one (in another case of the same name too), or inside it? */
static bool covers(const struct asked *asked, const struct node *node)
{
    const struct field *row = node->field;
    if (!row)
        return false;
    if (asked->record != node->record)
        return row->name && strcmp(row->name, asked->field->name) == 0;
    return asked->field->bit <= row->bit &&
           asked->field->bit + asked->field->bits >= row->bit + row->bits;
}

/* A row inside a group that was asked for as a whole (tcp.flags) is asked for too, but a word of
 * its own counts more, as in craft(). */
static enum origin asked_by(const struct recipe *recipe, const struct node *node)
{
    const struct asked *best = NULL;
    for (size_t i = 0; i < recipe->count; i++) {
        const struct asked *asked = &recipe->asked[i];
        if (covers(asked, node) && (!best || asked->field->bits < best->field->bits))
            best = asked;
    }
    return best ? best->origin : ORIGIN_UNKNOWN;
}

/* Does the node begin in these bytes of the frame? */
static bool within(const struct node *node, size_t from, size_t len)
{
    return node_pos(node) >= from && node_pos(node) - from < len;
}

static enum origin origin_of(const struct node *node, const struct dissection *captured,
                             const struct crafted *crafted, const struct recipe *recipe,
                             size_t shift)
{
    if (node_pos(node) < shift || differs(&crafted->bytes, captured, node, shift))
        return ORIGIN_KERNEL;
    enum origin asked = asked_by(recipe, node);
    if (asked)
        return asked;
    size_t ip = shift + recipe_ip_size(recipe);
    if (recipe->ip_options_origin &&
        within(node, shift + recipe->ip->size, recipe->ip_options.len))
        return recipe->ip_options_origin;
    if (recipe->options_origin && within(node, ip + recipe->proto->size, recipe->options.len))
        return recipe->options_origin;
    if (recipe->data_origin && node_pos(node) + recipe->data.len >= captured->bytes.len)
        return recipe->data_origin;
    return differs(&crafted->builders, captured, node, shift) ? ORIGIN_LOOPCRAFT : ORIGIN_LIBNET;
}

void provenance(struct text *origins, const struct dissection *captured,
                const struct crafted *crafted, const struct recipe *recipe)
{
    text_clear(origins);
    if (captured->bytes.len < crafted->bytes.len)
        return; /* cut short: nothing to compare */
    size_t shift = captured->bytes.len - crafted->bytes.len;
    for (size_t i = 0; i < captured->count; i++) {
        const struct node *node = &captured->nodes[i];
        enum origin origin = node->kind == NODE_RECORD
                                 ? ORIGIN_UNKNOWN
                                 : origin_of(node, captured, crafted, recipe, shift);
        text_char(origins, (char)origin);
    }
}
