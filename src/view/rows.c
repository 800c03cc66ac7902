/*
 * rows.c: the nodes of a packet as lines.
 *
 * put_node     what a node needs: a heading, a row, a block of data, or nothing
 * layer_heading  where a layer begins
 *
 * This and row.c are the path that a large capture takes for each row: no printf, no
 * allocation.
 */
#include "rows.h"

#include "pieces.h"

#include <loopcraft/format.h>

#include <stdlib.h>

enum { WIDE = 110, NARROW = 72, TINY = 56 };

static struct columns columns_for(unsigned width, unsigned bars)
{
    bool wide = width >= WIDE, tiny = width < TINY;
    unsigned indent = bars * 2, bytes = indent + OFFSET_COLUMNS;
    unsigned name = wide ? 28 : 27, least = bytes + 4 * 3 + 1; /* four bytes, at any depth */
    name = tiny ? bytes : name < least ? least : name;
    return (struct columns){
        .indent = indent,
        .name = name,
        .value = width < NARROW ? 0 : name + 23,
        .means = wide ? name + 43 : 0,
        .per = ((tiny ? width : name) - bytes) / 3,
        .stacked = tiny,
    };
}

void rows_start(struct rows *r, const struct page *page, bool verbose)
{
    *r = (struct rows){.page = *page, .verbose = verbose};
    r->bars_most = (page->columns - 28) / 2 < BARS_MOST ? (page->columns - 28) / 2 : BARS_MOST;
    r->memo = memo_new();
    r->patterns = patterns_new();
    for (unsigned bars = 0; bars <= r->bars_most; bars++)
        r->columns[bars] = columns_for(page->columns, bars);
}

void rows_free(struct rows *r)
{
    text_free(&r->value);
    free(r->memo);
    patterns_free(r->patterns);
}

/* --- nodes ------------------------------------------------------------------------ */

size_t node_end(const struct dissection *d, size_t i)
{
    const struct node *node = &d->nodes[i];
    size_t end = i + 1;
    while (end < d->count && d->nodes[end].depth == node->depth &&
           d->nodes[end].inside > node->inside)
        end++;
    return end;
}

/* An area of options, a list: not a row of the record, but what holds parts of it. */
static bool is_area(const struct node *node)
{
    const struct field *rows = node->record->fields;
    bool row = rows && node->field >= rows && node->field < rows + node->record->field_count;
    return node->kind == NODE_GROUP && !row;
}

/* Of several parts, too much for one line: a DNS record. */
static bool is_composed(const struct node *node)
{
    return node->kind == NODE_RECORD && (node->record->parts || node->record->lists);
}

static bool is_block(const struct node *node)
{
    bool open = node->kind == NODE_BYTES || (node->kind == NODE_FIELD && node->field->bits == 0 &&
                                             node->field->format == &format_bytes);
    return open && (node->record->layer == LAYER_APPLICATION || node_size(node) > 8);
}

static const char *name_of(const struct node *node)
{
    const char *name = node_name(node);
    if (name)
        return name;
    return node->field                 ? node->field->label
           : node->kind == NODE_RECORD ? node->record->title
                                       : "bytes";
}

/* The first fault, and the origin that tells most, of all nodes that the row stands for. */
static struct said said_of(const struct rows *r, size_t i, size_t end)
{
    static const uint8_t weight[] = {[ORIGIN_UNKNOWN] = 0,
                                     [ORIGIN_LIBNET] = 1,
                                     [ORIGIN_LOOPCRAFT] = 2,
                                     [ORIGIN_YOU] = 3,
                                     [ORIGIN_KERNEL] = 4};
    const struct node *node = &r->packet->dissection->nodes[i];
    struct said said = {
        .name = name_of(node),
        .means = node->field                 ? node->field->means
                 : node->kind == NODE_RECORD ? node->record->means
                                             : node->why,
        .again = node->kind == NODE_ALSO,
        .node = i,
        .end = end,
    };
    for (size_t k = i; k < end; k++) {
        const struct node *part = &r->packet->dissection->nodes[k];
        if (part->fault && !said.fault) {
            said.fault = part->fault;
            said.why = part->why;
        }
        uint8_t origin = r->packet->origins ? r->packet->origins[k] : ORIGIN_UNKNOWN;
        if (origin < sizeof weight && weight[origin] > weight[said.origin])
            said.origin = origin;
    }
    if (said.fault && node->kind == NODE_BYTES)
        said.means = NULL;
    return said;
}

static void put_row(struct rows *r, const struct node *node, const struct said *said, bool bytes)
{
    uint32_t pos = node->bit / 8, end = (node->bit + node->bits + 7) / 8, printed = r->printed;
    struct row row = row_start(r, &r->columns[r->bars], bytes ? pos : end, end);
    row.bit = node->bit;
    row.bits = node->bits;
    text_clear(&r->value);
    put_value(r, said);
    if (r->piece && r->piece->spot.value && r->value.len) {
        row_again(&row);
    } else {
        row_name(&row, said);
        row_value(&row);
    }
    row_tail(&row, said);
    r->printed = bytes && end > printed ? end : printed;
}

/* Does the row depend on nothing but its bytes and the tables? Then fills in what it depends on. */
static bool can_recall(struct rows *r, const struct node *node, size_t end, struct memo_key *key)
{
    const struct packet_event *packet = r->packet;
    const struct dissection *d = packet->dissection;
    size_t remark, i = (size_t)(node - d->nodes);
    if (r->recording || packet->origins || node->kind == NODE_BYTES ||
        node->bits > MEMO_BYTES * 8 || remark_find(r, i, end, &remark))
        return false;
    for (const struct node *part = node; part < d->nodes + end; part++)
        if (part->fault || node_looks_around(part))
            return false;
    uint32_t pos = node->bit / 8;
    *key = (struct memo_key){
        .row = node->field ? (const void *)node->field : (const void *)node->record,
        .terms = node->terms,
        .pos = pos,
        .layers = r->layers_key,
        .state = r->bars << 8 | (uint32_t)node->inside << 16 |
                 (r->printed > pos ? r->printed - pos : 0),
    };
    return memo_bytes(key, d->bytes, node_pos(node), node_size(node));
}

static unsigned bars_of(const struct rows *r, const struct node *node)
{
    return node->depth + 1u < r->bars_most ? node->depth + 1u : r->bars_most;
}

/* Returns the node that comes after what was written. */
static size_t put_node(struct rows *r, size_t i)
{
    const struct dissection *d = r->packet->dissection;
    const struct node *node = &d->nodes[i];
    if (node->kind == NODE_RECORD && node->record->layer != LAYER_PART) {
        layer_heading(r, node);
        return i + 1;
    }
    if (!r->verbose && (node->kind == NODE_ALSO || is_area(node) || is_composed(node)))
        return i + 1;
    r->bars = bars_of(r, node);
    size_t end = r->verbose ? i + 1 : node_end(d, i);
    if (is_block(node)) {
        struct said said = said_of(r, i, end);
        put_block(r, &said);
        return end;
    }
    bool heads = r->verbose && (node->kind == NODE_RECORD || is_area(node));
    bool bytes = !heads && node->kind != NODE_ALSO;
    struct memo_key key;
    bool recall = can_recall(r, node, end, &key);
    struct memo_slot *slot = recall ? memo_slot(r->memo, &key) : NULL;
    if (recall && memo_put(slot, &key, r->page.out)) {
        uint32_t after = (node->bit + node->bits + 7) / 8;
        r->printed = bytes && after > r->printed ? after : r->printed;
        return end;
    }
    size_t start = r->page.out->len;
    struct said said = said_of(r, i, end);
    put_row(r, node, &said, bytes);
    if (recall)
        memo_keep(slot, &key, r->page.out, start);
    return end;
}

/* --- packets ---------------------------------------------------------------------- */

static bool is_heading(const struct node *node)
{
    return node->kind == NODE_RECORD && node->record->layer != LAYER_PART;
}

/* Where it stands when the row's text begins there. */
static struct spot spot_from(const struct spot *spot, size_t start)
{
    struct spot from = *spot;
    if (!from.value)
        return (struct spot){0};
    from.digits -= (uint32_t)start;
    from.value -= (uint32_t)start;
    return from;
}

static void put_all(struct rows *r, struct pattern *record)
{
    const struct text *out = r->page.out;
    const size_t start = out->len, count = r->packet->dissection->count;
    for (size_t i = 0, next; i < count; i = next) {
        struct piece piece = {.node = (uint32_t)i, .printed = r->printed};
        size_t from = out->len;
        r->taken = 0;
        r->spot = (struct spot){0};
        next = put_node(r, i);
        piece.from = (uint32_t)(from - start);
        piece.to = (uint32_t)(out->len - start);
        piece.remark = r->taken;
        piece.spot = spot_from(&r->spot, from);
        piece.next = (uint32_t)(is_heading(&r->packet->dissection->nodes[i]) ? i : next);
        if (record && piece.to > piece.from)
            pattern_piece(record, piece);
    }
    if (count)
        layers_foot(r);
    if (record)
        pattern_text(record, out->at + start, out->len - start);
}

/*
 * A row with a remark, which says what it means. It has no fault, and nobody set it, or its value
 * had no spot.
 */
static void put_again(struct rows *r, const struct piece *piece)
{
    const struct node *node = &r->packet->dissection->nodes[piece->node];
    struct said said = {.name = name_of(node), .node = piece->node, .end = piece->next};
    r->bars = bars_of(r, node);
    put_row(r, node, &said, true);
}

/* The rows whose bytes are others; the rest is copied. */
static void put_changed(struct rows *r)
{
    const struct pattern *like = r->like;
    size_t copied = 0;
    for (const struct piece *piece = pattern_touched(like, 0); piece;
         piece = piece_next(like, piece)) {
        if (piece_is_heading(piece))
            layer_enter(r, &like->nodes[piece->node]);
        if (piece_is_heading(piece) || piece_same(like, piece, r->packet))
            continue;
        text_put_n(r->page.out, like->text.at + copied, piece->from - copied);
        copied = piece->to;
        r->printed = piece->printed;
        r->piece = piece;
        if (piece->remark && piece->spot.value)
            put_again(r, piece);
        else
            put_node(r, piece->node);
    }
    text_put_n(r->page.out, like->text.at + copied, like->text.len - copied);
}

void rows_packet(struct rows *r, const struct packet_event *packet)
{
    bool record;
    struct pattern *pattern = pattern_find(r->patterns, packet, &record);
    r->packet = packet;
    r->printed = 0;
    r->quoting = QUOTES_NOTHING;
    r->bars = 0;
    r->left_len[0] = 0;
    r->layers_key = 0;
    r->piece = NULL;
    r->like = pattern;
    r->recording = record;
    if (pattern && !record) {
        put_changed(r);
        return;
    }
    remarks_start(r);
    put_all(r, pattern);
}
