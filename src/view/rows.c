/*
 * rows.c: the nodes of a packet as lines.
 *
 * put_node     what a node needs: a heading, a row, a block of data, or nothing
 * put_heading  where a layer begins
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
    for (unsigned bars = 0; bars <= r->bars_most; bars++)
        r->columns[bars] = columns_for(page->columns, bars);
}

void rows_free(struct rows *r)
{
    text_free(&r->value);
    free(r->memo);
}

/* --- headings --------------------------------------------------------------------- */

/* One bar more, from here on. */
static void add_bar(struct rows *r, unsigned outside, enum layer layer)
{
    char *at = r->left + r->left_len[outside];
    at = mark_put(at, &r->page.palette.tone[TONE_LAYER + layer]);
    at = mark_put(at, &r->page.palette.signs->bar);
    at = mark_put(at, &r->page.palette.tone[TONE_PLAIN]);
    r->bars = outside + 1;
    r->left_len[r->bars] = (uint16_t)(at - r->left);
    r->layers[outside] = layer;
    r->layers_key &= (1u << 2 * outside) - 1;
    r->layers_key |= (uint32_t)layer << 2 * outside;
}

void rows_enter(struct rows *r, const struct record *layer)
{
    if (r->quoting == QUOTES_SOON && layer->layer == LAYER_INTERNET)
        r->quoting = QUOTED;
    else if (r->quoting == QUOTES_NOTHING && (layer->spans_all || layer->layer == LAYER_TRANSPORT))
        r->quoting = QUOTES_SOON;
}

/* "Link (2) · frame · Ethernet II ──── 14 bytes", after the corner. */
void rows_title(struct rows *r, struct line *line, const struct record *record, uint32_t size)
{
    static const char *const names[] = {"Link (2)", "Internet (3)", "Transport (4)",
                                        "Application (7)"};
    const struct signs *signs = r->page.palette.signs;
    line_put(line, (enum tone)(TONE_HEADING + record->layer), names[record->layer]);
    text_clear(&r->value);
    if (record->unit) {
        text_put(&r->value, signs->dot);
        text_put(&r->value, r->quoting == QUOTED ? "quoted " : "");
        text_put(&r->value, record->unit);
    }
    text_put(&r->value, signs->dot);
    text_put(&r->value, record->title);
    line_gap(line, 1);
    line_put(line, TONE_PLAIN, text_string(&r->value) + 1);

    text_clear(&r->value);
    text_number(&r->value, size);
    text_put(&r->value, size == 1 ? " byte" : " bytes");
    unsigned columns = (unsigned)r->value.len;
    if (line->at + columns + 4 <= r->page.columns) {
        line_pad(line, 0);
        page_tone(&r->page, (enum tone)(TONE_LAYER + record->layer));
        line_rule(line, signs->rule, r->page.columns - line->at - columns - 1);
    }
    line_piece(line, 1, TONE_PLAIN, text_string(&r->value));
    line_end(line);
}

static void put_heading(struct rows *r, const struct node *node)
{
    const struct signs *signs = r->page.palette.signs;
    enum layer layer = node->record->layer;
    unsigned outside = node->depth < r->bars_most ? node->depth : r->bars_most - 1;
    rows_enter(r, node->record);
    struct memo_key key = {.row = node->record,
                           .size = node_size(node),
                           .state = (outside + 1) | (uint32_t)r->quoting << 8};
    r->bars = outside;
    add_bar(r, outside, layer);
    key.layers = r->layers_key;
    struct memo_slot *slot = memo_slot(r->memo, &key);
    if (memo_put(slot, &key, r->page.out))
        return;
    size_t start = r->page.out->len;
    struct row row = row_start(r, &r->columns[outside], 0, 0);
    r->bars = outside;
    row_left(&row.line);
    r->bars = outside + 1;
    row.columns = &r->columns[r->bars];
    page_tone(&r->page, (enum tone)(TONE_LAYER + layer));
    text_put_n(r->page.out, signs->corner.at, signs->corner.len);
    row.line.at += 2;
    row.line.hang = row.line.at;
    rows_title(r, &row.line, node->record, node_size(node));
    memo_keep(slot, &key, r->page.out, start);
}

/* The corners that close what is still open. */
static void put_foot(struct rows *r)
{
    const struct signs *signs = r->page.palette.signs;
    struct line line = {.page = &r->page};
    struct memo_key key = {.row = signs, .layers = r->layers_key, .state = r->bars};
    struct memo_slot *slot = memo_slot(r->memo, &key);
    if (memo_put(slot, &key, r->page.out))
        return;
    size_t start = r->page.out->len;
    for (unsigned i = 0; i < r->bars; i++) {
        const struct mark *mark = i ? &signs->foot_next : &signs->foot;
        page_tone(&r->page, (enum tone)(TONE_LAYER + r->layers[i]));
        text_put_n(r->page.out, mark->at, mark->len);
        line.at += 2;
    }
    line_rule(&line, signs->rule, r->page.columns);
    page_tone(&r->page, TONE_PLAIN);
    line_end(&line);
    memo_keep(slot, &key, r->page.out, start);
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
    row_name(&row, said);
    row_value(&row);
    row_tail(&row, said);
    r->printed = bytes && end > printed ? end : printed;
}

/* Does the row depend on nothing but its bytes and the tables? Then fills in what it depends on. */
static bool can_recall(struct rows *r, const struct node *node, size_t end, struct memo_key *key)
{
    const struct packet_event *packet = r->packet;
    const struct dissection *d = packet->dissection;
    size_t remark, i = (size_t)(node - d->nodes);
    if (packet->origins || node->kind == NODE_BYTES || node->bits > MEMO_BYTES * 8 ||
        (r->next_remark < end && remark_find(r, i, end, &remark)))
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

/* Returns the node that comes after what was written. */
static size_t put_node(struct rows *r, size_t i)
{
    const struct dissection *d = r->packet->dissection;
    const struct node *node = &d->nodes[i];
    if (node->kind == NODE_RECORD && node->record->layer != LAYER_PART) {
        put_heading(r, node);
        return i + 1;
    }
    if (!r->verbose && (node->kind == NODE_ALSO || is_area(node) || is_composed(node)))
        return i + 1;
    r->bars = node->depth + 1u < r->bars_most ? node->depth + 1u : r->bars_most;
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

void rows_packet(struct rows *r, const struct packet_event *packet)
{
    r->packet = packet;
    remarks_start(r);
    r->printed = 0;
    r->quoting = QUOTES_NOTHING;
    r->bars = 0;
    r->left_len[0] = 0;
    r->layers_key = 0;
    for (size_t i = 0; i < packet->dissection->count;)
        i = put_node(r, i);
    if (packet->dissection->count)
        put_foot(r);
}
