/*
 * walk.c: the one reader of tables.
 *
 * walk_layer   a header, then what it carries, one layer deeper
 * walk_body    rows, then what the record says follows: options, a case, elements
 * walk_rows    the fixed rows; their roles are noted as they pass by (walk_rows.c)
 *
 * Every stretch [pos, end) is left fully covered by leaves: what no row explains becomes a
 * NODE_BYTES. Positions are bytes from the frame's start. Each loop moves on by at least one
 * byte a turn, and layers are bounded, so that no bytes can make the walk run long.
 */
#include <loopcraft/walk.h>

#include "walk_rows.h"

enum { LAYERS_MOST = 24 };

/* What a record carries. */
struct load {
    const struct record *record; /* NULL: nothing is known to follow */
    const struct field *payload;
    uint32_t pos;
};

/* Is its length always the same? Then another length means that receivers do not read it. */
static bool is_fixed(const struct record *record)
{
    return !record->repeat && !record->cases && record->fields[record->field_count - 1].bits != 0;
}

static void mark_bad(struct walker *w, size_t node, const char *why)
{
    w->out->nodes[node].fault = FAULT_BAD;
    w->out->nodes[node].why = why;
}

static struct load walk_body(struct walker *w, struct node around, uint32_t pos, uint32_t end,
                             struct seen *seen);

/* One option at pos; returns the byte after it. */
static uint32_t walk_option(struct walker *w, struct node around, const struct options *options,
                            uint32_t pos, uint32_t end)
{
    struct bytes left = bytes_part(w->out->bytes, pos, end - pos);
    const struct branch *branch = branch_find(options->kinds, left.at[0]);
    const struct record *record = branch ? branch->record : options->unknown;
    const struct field *length = record_role(record, ROLE_OPTION_LENGTH);
    uint8_t byte = 0;
    bool has_byte = !length || bytes_u8(left, 1, &byte);
    uint32_t len = length ? (uint32_t)byte + options->uncounted : 1;
    if (!has_byte || (length && len < 2) || len > left.len) {
        if (w->cut && end == w->out->bytes.len && (!has_byte || len > left.len))
            walk_missing(w, around, pos * 8, end * 8);
        else
            walk_bytes(w, around, pos * 8, end * 8, FAULT_BAD,
                       "an option with an impossible length");
        return end;
    }
    around.record = record;
    around.kind = NODE_RECORD;
    around.field = NULL;
    around.bit = pos * 8;
    around.bits = len * 8;
    size_t index = dissection_add(w->out, around);
    around.inside++;
    struct seen seen = {0};
    bool wrong = record->size > len || (is_fixed(record) && record->size < len);
    struct load load = walk_body(w, around, pos, wrong ? pos + 2 : pos + len, &seen);
    if (wrong)
        mark_bad(w, index, "not the length that this option has: receivers ignore it");
    walk_bytes(w, around, load.pos * 8, (pos + len) * 8, FAULT_BAD,
               wrong ? "not read: the option's length is wrong" : "more than its elements hold");
    return pos + len;
}

static void walk_options(struct walker *w, struct node around, uint32_t pos, uint32_t end)
{
    const struct options *options = around.record->options;
    if (pos >= end)
        return;
    struct node area = around;
    area.kind = NODE_GROUP;
    area.field = &options->area;
    area.terms = NULL;
    area.bit = pos * 8;
    area.bits = (end - pos) * 8;
    dissection_add(w->out, area);
    around.inside++;
    while (pos < end) {
        bool last = w->out->bytes.at[pos] == options->end;
        pos = walk_option(w, around, options, pos, end);
        if (last) {
            walk_bytes(w, around, pos * 8, end * 8, FAULT_NONE,
                       "padding after the end of the options");
            return;
        }
    }
}

/* The elements of the record at `start`, from pos on. */
static uint32_t walk_elements(struct walker *w, struct node around, uint32_t start, uint32_t pos,
                              uint32_t end, uint64_t pointer)
{
    const struct record *record = around.record;
    while (pos < end) {
        bool ahead = record->ahead && pos - start + 1 >= pointer;
        around.record = ahead ? record->ahead : record->repeat;
        if (end - pos < around.record->size)
            break;
        struct seen seen = {0};
        pos = walk_rows(w, around, pos, end, &seen);
    }
    return pos;
}

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

static struct load walk_body(struct walker *w, struct node around, uint32_t pos, uint32_t end,
                             struct seen *seen)
{
    const struct record *record = around.record;
    uint32_t at = walk_rows(w, around, pos, end, seen);
    if (at >= end && end < pos + record->size)
        return (struct load){NULL, NULL, end};
    bool bounded = seen->has_header_length;
    uint32_t stop = header_end(w, record, seen, pos, end);
    if (record->options)
        walk_options(w, around, at, stop);
    if (record->repeat)
        at = walk_elements(w, around, pos, at, stop, seen->pointer);
    struct load load = {NULL, record->payload, record->options ? stop : at};
    const struct record *chosen = choose(w, record, seen);
    if (chosen) {
        struct node inner = around;
        inner.record = chosen;
        seen->has_header_length = false;
        load = walk_body(w, inner, load.pos, stop, seen);
    }
    if (bounded) {
        walk_bytes(w, around, load.pos * 8, stop * 8, FAULT_NONE, "not looked into");
        load.pos = stop;
    }
    if (!load.record) {
        const struct branch *branch = seen->has_next && !seen->fragment
                                          ? branch_find(record->next, seen->next)
                                          : NULL;
        load.record = branch ? branch->record : record->rest;
    }
    return load;
}

/* The end of the record with all it carries, when a row says it; a false one is marked. */
static uint32_t load_end(struct walker *w, const struct seen *seen, const struct record *record,
                         uint32_t pos, uint32_t load_pos, uint32_t end)
{
    uint64_t stop;
    if (seen->has_length)
        stop = pos + seen->length;
    else if (seen->has_payload_length)
        stop = pos + record->size + seen->payload_length;
    else
        return end;
    if (stop < load_pos) {
        mark_bad(w, seen->length_node, "less than its own header");
        return end;
    }
    if (stop > end) {
        if (!w->cut)
            mark_bad(w, seen->length_node, "more than there is");
        return end;
    }
    return (uint32_t)stop;
}

static void walk_layer(struct walker *w, const struct record *record, uint32_t pos, uint32_t end,
                       uint8_t depth)
{
    struct node around = {.record = record, .kind = NODE_RECORD, .depth = depth, .bit = pos * 8};
    size_t index = dissection_add(w->out, around);
    struct seen seen = {0};
    struct load load = walk_body(w, around, pos, end, &seen);
    uint32_t stop = load_end(w, &seen, record, pos, load.pos, end);
    w->out->nodes[index].bits = ((record->spans_all ? stop : load.pos) - pos) * 8;

    if (load.pos < stop && load.payload) {
        struct node also = around;
        also.kind = NODE_ALSO;
        also.field = load.payload;
        also.bit = load.pos * 8;
        also.bits = (stop - load.pos) * 8;
        dissection_add(w->out, also);
    }
    const char *cut = w->cut;
    if (!w->cut && record->spans_all)
        w->cut = "the quotation ends here";
    else if (!w->cut && seen.more)
        w->cut = "the rest is in another fragment";
    if (load.pos < stop && load.record && depth < LAYERS_MOST)
        walk_layer(w, load.record, load.pos, stop, (uint8_t)(depth + 1));
    else
        walk_bytes(w, around, load.pos * 8, stop * 8, FAULT_NONE, "not looked into");
    w->cut = cut;
    around.depth = depth ? (uint8_t)(depth - 1) : 0; /* it belongs to the layer around this one */
    walk_bytes(w, around, stop * 8, end * 8, FAULT_NONE, "padding: after the packet's own end");
}

void walk(struct dissection *out, const struct record *first, struct bytes bytes, size_t wire_len)
{
    out->count = 0;
    out->bytes = bytes;
    struct walker w = {.out = out, .cut = wire_len > bytes.len ? "the capture ends here" : NULL};
    if (bytes.len)
        walk_layer(&w, first, 0, (uint32_t)bytes.len, 0);
}
