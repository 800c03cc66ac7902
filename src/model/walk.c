/*
 * walk.c: the one reader of tables.
 *
 * walk_layer   a header, then what it carries, one layer deeper
 * walk_body    rows, then what the record says follows: options, parts, elements, a case
 * walk_parts.c each of those
 * walk_rows    the fixed rows; their roles are noted as they pass by (walk_rows.c)
 *
 * Every stretch [pos, end) is left fully covered by leaves: what no row explains becomes a
 * NODE_BYTES. Positions are bytes from the frame's start. Each loop moves on by at least one
 * byte a turn, and layers are bounded, so that no bytes can make the walk run long.
 */
#include <loopcraft/walk.h>

#include "walk_parts.h"

enum { LAYERS_MOST = 24 };

/* The end of the header, where a row says it, else `end`; a false one is marked and ignored. */
static uint32_t header_end(struct walker *w, const struct record *record, const struct seen *seen,
                           uint32_t pos, uint32_t end)
{
    uint32_t least = pos + record->size;
    if (!seen->has_header_length)
        return end;
    if (seen->header_length < record->size) {
        mark_bad(w, seen->header_length_node, "less than the header's fixed part");
        return least;
    }
    if (seen->header_length > end - pos) {
        if (!w->cut)
            mark_bad(w, seen->header_length_node, "more than there is");
        return end;
    }
    return pos + (uint32_t)seen->header_length;
}

/*
 * The case that the record goes on with, or NULL. Codes are named by the case of their type;
 * cases within a case go by the code.
 */
static const struct record *choose(struct walker *w, const struct record *record, struct seen *seen)
{
    if (!record->cases || !seen->has_chosen)
        return NULL;
    const struct branch *branch = branch_find(record->cases, seen->chosen);
    if (branch && branch->codes && seen->code_node)
        w->out->nodes[seen->code_node].terms = branch->codes;
    seen->has_chosen = seen->code_node != 0;
    seen->chosen = seen->code;
    return branch ? branch->record : record->other;
}

/* The end of the part of the record that `seen` bounds, else `end`; a false one is marked. */
static uint32_t body_end(struct walker *w, const struct record *record, struct seen *seen,
                         uint32_t pos, uint32_t at, uint32_t end)
{
    if (!seen->has_body_length)
        return header_end(w, record, seen, pos, end);
    seen->has_body_length = false;
    if (seen->body_length <= end - at)
        return at + (uint32_t)seen->body_length;
    if (!w->cut)
        mark_bad(w, seen->header_length_node, "more than there is");
    return end;
}

static const struct branch *by_port(const struct walker *w, const struct branch *ports, size_t node)
{
    const struct node *row = &w->out->nodes[node];
    return node ? look_branch(w->looked, ports, w->out->bytes, row->bit, row->bits) : NULL;
}

/* What it was agreed to carry at either of its ports, beside what its own list says. */
static const struct branch *decoded(const struct walker *w, const struct record *record,
                                    const struct seen *seen)
{
    const struct branch *branch = NULL;
    for (const struct decode *as = w->out->decode; as && as->of && !branch; as++) {
        if (as->of != record)
            continue;
        branch = by_port(w, as->ports, seen->source_node);
        if (!branch)
            branch = by_port(w, as->ports, seen->destination_node);
    }
    return branch;
}

/* What the record carries at pos, by the number that selects it, a port, or how it begins. */
static const struct record *carried(const struct walker *w, const struct record *record,
                                    const struct seen *seen, uint32_t pos, uint32_t end)
{
    const struct branch *branch = NULL, *start = NULL, *other;
    if (pos >= end) /* nothing: whatever the ports are */
        return record->rest;
    if (seen->fragment && record->piece)
        return record->piece;
    if (seen->has_next && !seen->fragment)
        branch = branch_find(record->next, seen->next);
    if (!branch && w->out->decode)
        branch = decoded(w, record, seen);
    if (branch)
        return branch->record;
    if (record->ports) { /* of two the lower, as Wireshark has it (decode_tcp_ports()) */
        branch = by_port(w, record->ports, seen->source_node);
        other = by_port(w, record->ports, seen->destination_node);
        branch = !branch || (other && other->number < branch->number) ? other : branch;
    }
    const struct branch *starts = branch ? branch->record->starts : record->starts;
    if (starts)
        start = look_branch(w->looked, starts, bytes_part(w->out->bytes, pos, end - pos), 0, 32);
    branch = start ? start : branch;
    return branch ? branch->record : record->rest;
}

/* A part that tells where it ends only by being read: that end; false, and its bytes are bad. */
static bool measure(struct walker *w, const struct node *around, uint32_t pos, uint32_t *end)
{
    struct bytes message = bytes_part(w->out->bytes, w->message, w->message_end - w->message);
    look_anywhere(w->looked);
    size_t len = around->record->measure(message, pos - w->message, *end - w->message);
    if (len == 0 && w->cut)
        walk_missing(w, around, pos * 8, *end * 8);
    else if (len == 0)
        walk_bytes(w, around, pos * 8, *end * 8, FAULT_BAD, "can't be read");
    else
        *end = pos + (uint32_t)len;
    return len > 0;
}

struct load walk_body(struct walker *w, const struct node *around, uint32_t pos, uint32_t end,
                      struct seen *seen)
{
    const struct record *record = around->record;
    if (record->measure && !measure(w, around, pos, &end))
        return (struct load){NULL, NULL, end};
    uint32_t at = walk_rows(w, around, pos, end, seen);
    if (at >= end && end < pos + record->size)
        return (struct load){NULL, NULL, end};
    bool bounded = seen->has_header_length || seen->has_body_length;
    uint32_t stop = body_end(w, record, seen, pos, at, end);
    if (record->options)
        walk_options(w, around, at, stop);
    at = record->options ? stop : at;
    at = walk_parts(w, around, at, stop);
    at = walk_lists(w, around, at, stop, seen);
    if (record->repeat)
        at = walk_elements(w, around, pos, at, stop, seen->pointer);
    struct load load = {NULL, record->payload, at};
    const struct record *chosen = choose(w, record, seen);
    if (chosen) {
        struct node inner = *around;
        inner.record = record_at(w, chosen, load.pos, stop);
        seen->has_header_length = false;
        seen->count_count = 0;
        load = walk_body(w, &inner, load.pos, stop, seen);
    }
    if (bounded) {
        walk_bytes(w, around, load.pos * 8, stop * 8, FAULT_NONE, "not looked into");
        load.pos = stop;
    }
    if (!load.record)
        load.record = carried(w, record, seen, load.pos, end);
    return load;
}

/* The end of the record with all it carries, when a row says it; a false one is marked. */
static uint32_t load_end(struct walker *w, const struct seen *seen, const struct record *record,
                         uint32_t pos, struct load load, uint32_t end)
{
    uint64_t stop;
    if (seen->has_length)
        stop = pos + seen->length;
    else if (seen->has_payload_length)
        stop = pos + record->size + seen->payload_length;
    else
        return load.record ? end : load.pos;
    if (stop < load.pos) {
        mark_bad(w, seen->length_node,
                 stop == pos ? "0: a network card fills it in, or it is false"
                             : "less than its own header");
        return end;
    }
    if (stop > end) {
        if (!w->cut)
            mark_bad(w, seen->length_node, "more than there is");
        return end;
    }
    return (uint32_t)stop;
}

static uint32_t walk_layer(struct walker *w, const struct record *record, uint32_t pos,
                           uint32_t end, uint8_t depth);

/* What stands behind what the record carries: zeros up to the least length of a frame, or more. */
static void walk_padding(struct walker *w, const struct node *around, uint32_t pos, uint32_t end)
{
    const struct record *record = around->record;
    uint32_t full = around->bit / 8 + record->padded, zeros = full < end ? full : end;
    if (record->padding && pos < zeros && !w->cut &&
        look_zeros(w->looked, bytes_part(w->out->bytes, pos, zeros - pos))) {
        struct node node = *around;
        node.kind = NODE_FIELD;
        node.field = record->padding;
        node.bit = pos * 8;
        node.bits = (zeros - pos) * 8;
        node.within = pos - w->message;
        dissection_add(w->out, node);
        pos = zeros;
    }
    walk_bytes(w, around, pos * 8, end * 8, FAULT_NONE, "padding: after the packet's own end");
}

/* Why bytes may be missing inside the record, or NULL. */
static const char *cut_inside(const struct record *record, const struct seen *seen)
{
    if (record->spans_all)
        return "the quotation ends here";
    return seen->more ? "the rest is in another fragment" : NULL;
}

/* What the layer carries, from load.pos to stop. */
static void walk_load(struct walker *w, const struct node *around, const struct load *load,
                      uint32_t stop)
{
    if (load->pos < stop && load->payload) {
        struct node also = *around;
        also.kind = NODE_ALSO;
        also.field = load->payload;
        also.bit = load->pos * 8;
        also.bits = (stop - load->pos) * 8;
        also.within = load->pos - w->message;
        dissection_add(w->out, also);
    }
    uint32_t at = load->pos;
    if (!load->record || around->depth >= LAYERS_MOST) {
        walk_bytes(w, around, at * 8, stop * 8, FAULT_NONE, "not looked into");
        return;
    }
    struct walker outer = *w;
    do
        at = walk_layer(w, load->record, at, stop, (uint8_t)(around->depth + 1));
    while (load->record->again && at < stop);
    w->message = outer.message;
    w->message_end = outer.message_end;
    walk_padding(w, around, at, stop);
}

/* Returns the byte after the layer, and after all that it carries: at least one was walked. */
static uint32_t walk_layer(struct walker *w, const struct record *record, uint32_t pos,
                           uint32_t end, uint8_t depth)
{
    if (pos >= end)
        return end;
    w->message = pos + record->lead;
    w->message_end = end;
    record = record_at(w, record, pos, end);
    const char *cut = w->cut;
    if (!w->cut && record->again)
        w->cut = "the rest is in another segment";
    struct node around = {.record = record, .kind = NODE_RECORD, .depth = depth, .bit = pos * 8};
    size_t index = dissection_add(w->out, around);
    struct seen seen = {0};
    struct load load = walk_body(w, &around, pos, end, &seen);
    uint32_t stop = load_end(w, &seen, record, pos, load, end);
    w->out->nodes[index].bits = ((record->spans_all ? stop : load.pos) - pos) * 8;
    if (!w->cut)
        w->cut = cut_inside(record, &seen);
    walk_load(w, &around, &load, stop);
    w->cut = cut;
    return stop;
}

uint32_t walk_quoted(struct walker *w, const struct record *record, uint32_t pos, uint32_t end,
                     uint8_t depth)
{
    if (depth >= LAYERS_MOST)
        return pos;
    struct walker outer = *w;
    if (!w->cut)
        w->cut = "the quotation ends here";
    pos = walk_layer(w, record, pos, end, (uint8_t)(depth + 1));
    *w = outer;
    return pos;
}

void walk(struct dissection *out, const struct record *first, struct bytes bytes, size_t wire_len)
{
    bool cut = wire_len > bytes.len;
    struct walk_memory *memory = walk_memory_of(out);
    const struct shape *shape = shape_find(memory, first, bytes, cut);
    out->bytes = bytes;
    if (shape) {
        shape_take(out, shape);
        return;
    }
    out->count = 0;
    out->shape = 0;
    looked_start(&memory->looked, bytes);
    struct walker w = {
        .out = out, .looked = &memory->looked, .cut = cut ? "the capture ends here" : NULL};
    uint32_t after = walk_layer(&w, first, 0, (uint32_t)bytes.len, 0);
    struct node around = {.record = first, .kind = NODE_RECORD};
    walk_bytes(&w, &around, after * 8, (uint32_t)bytes.len * 8, FAULT_NONE,
               "padding: after the packet's own end");
    shape_keep(out, first, cut);
}
