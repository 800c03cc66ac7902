/* walk_rows.c: rows, and bytes without rows, to nodes. */
#include "walk_rows.h"

#include "walk_plan.h"

void walk_bytes(struct walker *w, const struct node *around, uint32_t bit, uint32_t end_bit,
                enum node_fault fault, const char *why)
{
    if (bit >= end_bit)
        return;
    struct node node = *around;
    node.kind = NODE_BYTES;
    node.field = NULL;
    node.terms = NULL;
    node.bit = bit;
    node.bits = end_bit - bit;
    node.within = bit / 8 - w->message;
    node.fault = (uint8_t)fault;
    node.why = why;
    dissection_add(w->out, node);
}

void walk_missing(struct walker *w, const struct node *around, uint32_t bit, uint32_t end_bit)
{
    if (w->cut)
        walk_bytes(w, around, bit, end_bit, FAULT_CUT, w->cut);
    else
        walk_bytes(w, around, bit, end_bit, FAULT_BAD, "too short: the rest is missing");
}

/* Does the walk go by the row's number? */
static bool goes_by(const struct field *field)
{
    return field->role > ROLE_RESERVED && field->role != ROLE_CHECKSUM && field->role != ROLE_KIND;
}

static void note_role(struct seen *seen, const struct field *field, uint64_t number, size_t node)
{
    switch (field->role) {
    case ROLE_HEADER_LENGTH:
    case ROLE_OPTION_LENGTH:
        seen->header_length = field_shown(field, number);
        seen->header_length_node = node;
        seen->has_header_length = field->role == ROLE_HEADER_LENGTH;
        break;
    case ROLE_LENGTH:
        seen->length = field_shown(field, number);
        seen->length_node = node;
        seen->has_length = true;
        break;
    case ROLE_BODY_LENGTH:
        seen->body_length = field_shown(field, number);
        seen->header_length_node = node;
        seen->has_body_length = true;
        break;
    case ROLE_COUNT:
        if (seen->count_count < COUNTS_MOST) {
            seen->count_nodes[seen->count_count] = node;
            seen->counts[seen->count_count++] = field_shown(field, number);
        }
        break;
    case ROLE_PAYLOAD_LENGTH:
        seen->payload_length = field_shown(field, number);
        seen->length_node = node;
        seen->has_payload_length = true;
        break;
    case ROLE_NEXT:
        seen->next = number;
        seen->has_next = true;
        break;
    case ROLE_CASE:
        seen->chosen = number;
        seen->has_chosen = true;
        break;
    case ROLE_CODE:
        seen->code = number;
        seen->code_node = node;
        break;
    case ROLE_FRAGMENT: seen->fragment = number != 0; break;
    case ROLE_MORE: seen->more = number != 0; break;
    case ROLE_POINTER: seen->pointer = number; break;
    default: break;
    }
}

static enum node_kind kind_of(const struct field *field)
{
    if (field->role == ROLE_GROUP)
        return NODE_GROUP;
    return field->role == ROLE_ALSO ? NODE_ALSO : NODE_FIELD;
}

struct node row_node(const struct field *field, uint32_t bit, uint32_t bits)
{
    return (struct node){
        .field = field,
        .terms = field->terms,
        .kind = (uint8_t)kind_of(field),
        .bit = bit,
        .bits = bits,
    };
}

static void see_row(struct walker *w, struct seen *seen, const struct node *node)
{
    size_t index = (size_t)(node - w->out->nodes);
    uint64_t number = 0;
    if (node->field->role == ROLE_SOURCE)
        seen->source_node = index;
    else if (node->field->role == ROLE_DESTINATION)
        seen->destination_node = index;
    else if (goes_by(node->field) &&
             look_number(w->looked, w->out->bytes, node->bit, node->bits, &number))
        note_role(seen, node->field, number, index);
}

/* All rows are there. */
static void walk_planned(struct walker *w, const struct walk_plan *plan, const struct node *around,
                         uint32_t start, struct seen *seen)
{
    struct node *node = dissection_room(w->out, plan->count), *end = node + plan->count;
    memcpy(node, plan->nodes, plan->count * sizeof *node);
    w->out->count += plan->count;
    for (; node < end; node++) {
        node->bit += start;
        node->depth = around->depth;
        node->within = node->bit / 8 - w->message;
        node->inside = (uint8_t)(node->inside + around->inside);
        if (node->field->role > ROLE_RESERVED)
            see_row(w, seen, node);
    }
}

/* Some may be missing, or run to the end. Returns the bit after those that are there. */
static uint32_t walk_some(struct walker *w, const struct node *around, uint32_t start,
                          uint32_t stop, struct seen *seen)
{
    const struct record *record = around->record;
    uint32_t group_end = 0, done = start;
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *field = &record->fields[i];
        uint32_t bit = start + field->bit;
        uint32_t bits = field->bits ? field->bits : bit < stop ? stop - bit : 0;
        if (bit + bits > stop) {
            if (field->role == ROLE_ALSO)
                continue;
            break;
        }
        if (bits == 0)
            continue;
        struct node node = row_node(field, bit, bits);
        node.record = record;
        node.depth = around->depth;
        node.within = bit / 8 - w->message;
        node.inside = (uint8_t)(around->inside + (bit < group_end));
        size_t index = dissection_add(w->out, node);
        if (node.kind == NODE_GROUP)
            group_end = bit + bits;
        else if (node.kind == NODE_FIELD)
            done = bit + bits;
        if (field->role > ROLE_RESERVED)
            see_row(w, seen, &w->out->nodes[index]);
    }
    return done;
}

uint32_t walk_rows(struct walker *w, const struct node *around, uint32_t pos, uint32_t end,
                   struct seen *seen)
{
    const struct record *record = around->record;
    const struct walk_plan *plan = walk_plan(&w->out->memory->plans, record);
    uint32_t start = pos * 8, done = start + plan->done;
    if (plan->count && start + plan->end <= end * 8)
        walk_planned(w, plan, around, start, seen);
    else
        done = walk_some(w, around, start, end * 8, seen);
    if (done < start + record->size * 8u) {
        walk_missing(w, around, done, end * 8);
        return end;
    }
    return (done + 7) / 8;
}
