/* layers.c: where a layer begins, and where all of them end. */
#include "rows.h"

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

static unsigned bars_outside(const struct rows *r, const struct node *node)
{
    return node->depth < r->bars_most ? node->depth : r->bars_most - 1;
}

void layer_enter(struct rows *r, const struct node *node)
{
    r->bars = bars_outside(r, node);
    rows_enter(r, node->record);
    add_bar(r, r->bars, node->record->layer);
}

void layer_heading(struct rows *r, const struct node *node)
{
    const struct signs *signs = r->page.palette.signs;
    enum layer layer = node->record->layer;
    unsigned outside = bars_outside(r, node);
    layer_enter(r, node);
    struct memo_key key = {.row = node->record,
                           .size = node_size(node),
                           .layers = r->layers_key,
                           .state = (outside + 1) | (uint32_t)r->quoting << 8};
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
void layers_foot(struct rows *r)
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
