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
    for (unsigned bars = 0; bars <= r->bars_most; bars++)
        r->columns[bars] = columns_for(page->columns, bars);
}

void rows_free(struct rows *r)
{
    text_free(&r->value);
}

/* --- headings --------------------------------------------------------------------- */

static void put_heading(struct rows *r, const struct node *node)
{
    static const char *const names[] = {"Link (2)", "Internet (3)", "Transport (4)", "Application (7)"};
    const struct record *record = node->record;
    const struct signs *signs = r->page.palette.signs;
    unsigned outside = node->depth < r->bars_most ? node->depth : r->bars_most - 1;
    enum tone tone = (enum tone)(TONE_LAYER + record->layer);

    r->bars = outside;
    char *at = r->left + r->left_len[outside];
    struct row row = row_start(r, &r->columns[outside], 0, 0);
    row_left(&row.line);
    page_tone(&r->page, tone);
    text_put_n(r->page.out, signs->corner.at, signs->corner.len);
    row.line.at += 2;
    row.line.hang = row.line.at;

    at = mark_put(at, &r->page.palette.tone[tone]);
    at = mark_put(at, &signs->bar);
    at = mark_put(at, &r->page.palette.tone[TONE_PLAIN]);
    r->bars = outside + 1;
    r->left_len[r->bars] = (uint16_t)(at - r->left);
    r->layers[outside] = record->layer;
    row.columns = &r->columns[r->bars];

    line_put(&row.line, (enum tone)(TONE_HEADING + record->layer), names[record->layer]);
    text_clear(&r->value);
    if (record->unit) {
        text_put(&r->value, signs->dot);
        text_put(&r->value, record->unit);
    }
    text_put(&r->value, signs->dot);
    text_put(&r->value, record->title);
    line_pad(&row.line, 0);
    line_put(&row.line, TONE_PLAIN, text_string(&r->value) + 1);

    text_clear(&r->value);
    text_number(&r->value, node_size(node));
    text_put(&r->value, node_size(node) == 1 ? " byte" : " bytes");
    unsigned size = (unsigned)r->value.len;
    if (row.line.at + size + 4 <= r->page.columns) {
        line_pad(&row.line, 0);
        page_tone(&r->page, tone);
        line_rule(&row.line, signs->rule, r->page.columns - row.line.at - size - 1);
    }
    line_piece(&row.line, 1, TONE_PLAIN, text_string(&r->value));
    line_end(&row.line);
}

/* The corners that close what is still open. */
static void put_foot(struct rows *r)
{
    const struct signs *signs = r->page.palette.signs;
    struct line line = {.page = &r->page};
    for (unsigned i = 0; i < r->bars; i++) {
        const struct mark *mark = i ? &signs->foot_next : &signs->foot;
        page_tone(&r->page, (enum tone)(TONE_LAYER + r->layers[i]));
        text_put_n(r->page.out, mark->at, mark->len);
        line.at += 2;
    }
    line_rule(&line, signs->rule, r->page.columns);
    page_tone(&r->page, TONE_PLAIN);
    line_end(&line);
}

/* --- nodes ------------------------------------------------------------------------ */

size_t node_end(const struct dissection *d, size_t i)
{
    const struct node *node = &d->nodes[i];
    size_t end = i + 1;
    while (end < d->count && d->nodes[end].depth == node->depth && d->nodes[end].inside > node->inside)
        end++;
    return end;
}

static bool is_area(const struct node *node)
{
    return node->kind == NODE_GROUP && node->record->options && node->field == &node->record->options->area;
}

static bool is_block(const struct node *node)
{
    bool open = node->kind == NODE_BYTES || (node->kind == NODE_FIELD && node->field->bits == 0);
    return open && (node->record->layer == LAYER_APPLICATION || node_size(node) > 8);
}

static const char *name_of(const struct node *node)
{
    const char *name = node_name(node);
    if (name)
        return name;
    return node->field ? node->field->label : node->kind == NODE_RECORD ? node->record->title : "bytes";
}

/* The first fault, and the origin that tells most, of all nodes that the row stands for. */
static struct said said_of(const struct rows *r, size_t i, size_t end)
{
    static const uint8_t weight[] = {
        [ORIGIN_UNKNOWN] = 0, [ORIGIN_LIBNET] = 1, [ORIGIN_LOOPCRAFT] = 2, [ORIGIN_YOU] = 3,
        [ORIGIN_KERNEL] = 4};
    const struct node *node = &r->packet->dissection->nodes[i];
    struct said said = {
        .name = name_of(node),
        .means = node->field ? node->field->means : node->kind == NODE_RECORD ? node->record->means
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

/* Returns the node that comes after what was written. */
static size_t put_node(struct rows *r, size_t i)
{
    const struct dissection *d = r->packet->dissection;
    const struct node *node = &d->nodes[i];
    if (node->kind == NODE_RECORD && node->record->layer != LAYER_PART) {
        put_heading(r, node);
        return i + 1;
    }
    if (!r->verbose && (node->kind == NODE_ALSO || is_area(node)))
        return i + 1;
    r->bars = node->depth + 1u < r->bars_most ? node->depth + 1u : r->bars_most;
    struct said said = said_of(r, i, r->verbose ? i + 1 : node_end(d, i));
    if (is_block(node)) {
        put_block(r, &said);
        return said.end;
    }
    bool heads = r->verbose && (node->kind == NODE_RECORD || is_area(node));
    uint32_t pos = node->bit / 8, end = (node->bit + node->bits + 7) / 8;
    struct row row = row_start(r, &r->columns[r->bars], heads || node->kind == NODE_ALSO ? end : pos, end);
    row.bit = node->bit;
    row.bits = node->bits;
    text_clear(&r->value);
    put_value(r, &said);
    row_name(&row, &said);
    row_value(&row);
    uint32_t printed = r->printed;
    row_tail(&row, &said);
    if (heads || node->kind == NODE_ALSO)
        r->printed = printed;
    return said.end;
}

void rows_packet(struct rows *r, const struct packet_event *packet)
{
    r->packet = packet;
    r->remarked = 0;
    r->printed = 0;
    r->bars = 0;
    r->left_len[0] = 0;
    for (size_t i = 0; i < packet->dissection->count;)
        i = put_node(r, i);
    if (packet->dissection->count)
        put_foot(r);
}
