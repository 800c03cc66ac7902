/* walk_parts.c: the parts of a layer: options, elements that fill it, counted lists. */
#include "walk_parts.h"

void mark_bad(struct walker *w, size_t node, const char *why)
{
    w->out->nodes[node].fault = FAULT_BAD;
    w->out->nodes[node].why = why;
}

const struct record *record_at(const struct walker *w, const struct record *record, uint32_t pos,
                               uint32_t end)
{
    struct bytes message = bytes_part(w->out->bytes, w->message, w->message_end - w->message);
    for (const struct choice *c = record->instead; c && c->record; c++) {
        size_t skip = c->behind ? record->measure(message, pos - w->message, end - w->message) : 0;
        if (c->behind)
            look_anywhere(w->looked);
        struct bytes bytes = bytes_part(w->out->bytes, pos + skip, end - pos - skip);
        uint64_t number;
        if (look_number(w->looked, bytes, c->bit, c->bits, &number) && number >= c->from &&
            number <= c->to)
            return c->record;
    }
    return record;
}

/* A part of the record around it, as a node of its own if it is to have one; the byte after it. */
static uint32_t walk_part(struct walker *w, const struct node *around, const struct record *part,
                          uint32_t pos, uint32_t end, bool as_node)
{
    struct node node = *around;
    node.record = record_at(w, part, pos, end);
    node.kind = NODE_RECORD;
    node.field = NULL;
    node.terms = NULL;
    node.bit = pos * 8;
    node.within = pos - w->message;
    size_t index = as_node ? dissection_add(w->out, node) : 0;
    node.inside = (uint8_t)(around->inside + as_node);
    struct seen seen = {0};
    uint32_t after = walk_body(w, &node, pos, end, &seen).pos;
    if (as_node)
        w->out->nodes[index].bits = (after - pos) * 8;
    return after;
}

uint32_t walk_parts(struct walker *w, const struct node *around, uint32_t pos, uint32_t end)
{
    for (const struct record *const *part = around->record->parts; part && *part; part++)
        pos = walk_part(w, around, *part, pos, end, false);
    return pos;
}

/* --- options --------------------------------------------------------------------- */

/* Is its length always the same? Then another length means that receivers do not read it. */
static bool is_fixed(const struct record *record)
{
    return !record->repeat && !record->cases && !record->parts && !record->rest &&
           record->fields[record->field_count - 1].bits != 0;
}

static uint64_t kind_at(struct walker *w, uint32_t pos)
{
    uint64_t kind = 0;
    look_number(w->looked, w->out->bytes, (size_t)pos * 8, 8, &kind);
    return kind;
}

/* Its bytes, kind and length included, as its length says; 0 when that can't be. */
static uint32_t option_length(struct walker *w, const struct options *options,
                              const struct record *record, struct bytes left)
{
    uint64_t byte;
    if (!record_role(record, ROLE_OPTION_LENGTH))
        return 1;
    if (!look_number(w->looked, left, 8, 8, &byte))
        return 0;
    return (uint32_t)byte * (options->unit ? options->unit : 1) + options->uncounted;
}

/* One option at pos; returns the byte after it. */
static uint32_t walk_option(struct walker *w, const struct node *around,
                            const struct options *options, uint32_t pos, uint32_t end)
{
    struct bytes left = bytes_part(w->out->bytes, pos, end - pos);
    const struct branch *branch = branch_find(options->kinds, kind_at(w, pos));
    const struct record *record = branch ? branch->record : options->unknown;
    uint32_t len = option_length(w, options, record, left);
    bool counted = record_role(record, ROLE_OPTION_LENGTH) != NULL;
    bool missing = left.len < 2 || len > left.len;
    if (counted && (len < 2 || len > left.len)) {
        if (w->cut && end == w->out->bytes.len && missing)
            walk_missing(w, around, pos * 8, end * 8);
        else
            walk_bytes(w, around, pos * 8, end * 8, FAULT_BAD,
                       "an option with an impossible length");
        return end;
    }
    struct node node = *around;
    node.kind = NODE_RECORD;
    node.field = NULL;
    node.bit = pos * 8;
    node.bits = len * 8;
    node.within = pos - w->message;
    record = node.record = record_at(w, record, pos, pos + len);
    size_t index = dissection_add(w->out, node);
    node.inside++;
    struct seen seen = {0};
    bool wrong = record->size > len || (is_fixed(record) && record->size < len);
    struct load load = walk_body(w, &node, pos, wrong ? pos + 2 : pos + len, &seen);
    if (wrong)
        mark_bad(w, index, "not the length that this option has: receivers ignore it");
    else if (load.record && load.pos < pos + len)
        load.pos = walk_quoted(w, load.record, load.pos, pos + len, node.depth);
    walk_bytes(w, &node, load.pos * 8, (pos + len) * 8, FAULT_BAD,
               wrong ? "not read: the option's length is wrong" : "more than its elements hold");
    return pos + len;
}

void walk_options(struct walker *w, const struct node *around, uint32_t pos, uint32_t end)
{
    const struct options *options = around->record->options;
    if (pos >= end)
        return;
    struct node area = *around;
    area.kind = NODE_GROUP;
    area.field = &options->area;
    area.terms = NULL;
    area.bit = pos * 8;
    area.bits = (end - pos) * 8;
    dissection_add(w->out, area);
    struct node inner = *around;
    inner.inside++;
    while (pos < end) {
        bool last = (int)kind_at(w, pos) == options->end;
        pos = walk_option(w, &inner, options, pos, end);
        if (last) {
            walk_bytes(w, &inner, pos * 8, end * 8, FAULT_NONE,
                       "padding after the end of the options");
            return;
        }
    }
}

/* --- elements --------------------------------------------------------------------- */

uint32_t walk_elements(struct walker *w, const struct node *around, uint32_t start, uint32_t pos,
                       uint32_t end, uint64_t pointer)
{
    const struct record *record = around->record;
    while (pos < end) {
        bool ahead = record->ahead && pos - start + 1 >= pointer;
        const struct record *element = ahead ? record->ahead : record->repeat;
        if (end - pos < element->size)
            break;
        uint32_t after = walk_part(w, around, element, pos, end, element->name != NULL);
        if (after <= pos)
            break;
        pos = after;
    }
    return pos;
}

/* Elements of one list; the byte after them. What it lacks is the fault of its count. */
static uint32_t walk_list(struct walker *w, const struct node *around, const struct list *list,
                          uint32_t pos, uint32_t end, uint64_t count, size_t count_node)
{
    struct node area = *around;
    area.kind = NODE_GROUP;
    area.field = &list->area;
    area.terms = NULL;
    area.bit = pos * 8;
    area.within = pos - w->message;
    if (count == 0)
        return pos;
    size_t index = pos < end ? dissection_add(w->out, area) : 0;
    uint32_t start = pos;
    struct node inner = *around;
    inner.inside++;
    for (; count > 0 && pos < end; count--) {
        uint32_t after = walk_part(w, &inner, list->element, pos, end, true);
        if (after <= pos)
            break;
        pos = after;
    }
    if (pos > start)
        w->out->nodes[index].bits = (pos - start) * 8;
    if (count > 0 && !w->cut)
        mark_bad(w, count_node, "more than there are");
    return pos;
}

uint32_t walk_lists(struct walker *w, const struct node *around, uint32_t pos, uint32_t end,
                    const struct seen *seen)
{
    const struct list *list = around->record->lists;
    for (size_t i = 0; list && list->element && i < seen->count_count; i++, list++)
        pos = walk_list(w, around, list, pos, end, seen->counts[i], seen->count_nodes[i]);
    return pos;
}
