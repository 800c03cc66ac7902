/*
 * json_packet.c: a packet as a JSON object.
 *
 * What was written before is copied: a row's name and meaning (vocabulary.c), a field with the
 * same bytes (memo.h), and of a packet like one before all but the fields that differ (pattern.h).
 */
#include "json_packet.h"

#include "pieces.h"

#include <loopcraft/node.h>

/* --- fields ----------------------------------------------------------------------- */

static void put_fault(struct text *out, const struct node *node)
{
    text_put(out, node->fault == FAULT_BAD ? ",\"fault\":\"bad\",\"why\":"
                                           : ",\"fault\":\"cut\",\"why\":");
    text_json_string(out, node->why ? node->why : "");
}

/* The remark on this node, from 1, of those that are not used yet; 0: there is none. */
static uint8_t remark_of(const struct packet_event *packet, const struct node *node, uint64_t *used)
{
    for (uint8_t k = 0; node->field && k < packet->remark_count && k < 64; k++) {
        if (packet->remarks[k].field != node->field || *used >> k & 1)
            continue;
        *used |= UINT64_C(1) << k;
        return (uint8_t)(k + 1);
    }
    return 0;
}

static void put_one(struct text *out, struct vocabulary *v, const struct packet_event *packet,
                    size_t i, const struct remark *remark)
{
    const struct dissection *d = packet->dissection;
    const struct node *node = &d->nodes[i];
    const struct words *words = node->kind == NODE_BYTES ? NULL : words_of(v, node);
    if (words)
        text_put_n(out, words->head.at, words->head.len);
    else
        put_head(out, NULL, node->why ? node->why : "bytes", node_pos(node), node_size(node));
    text_clear(&v->piece);
    node_show(&v->piece, d, node);
    text_json(out, (struct bytes){(const uint8_t *)text_string(&v->piece), v->piece.len});
    text_put(out, "\",\"value\":\"");
    node_value(out, d, node);
    text_char(out, '"');
    if (remark)
        put_remark_words(out, v, remark);
    else if (words)
        text_put_n(out, words->tail.at, words->tail.len);
    const char *origin = packet->origins ? origin_name(packet->origins[i]) : NULL;
    if (origin) {
        text_put(out, ",\"origin\":");
        text_json_string(out, origin);
    }
    if (node->fault)
        put_fault(out, node);
    text_char(out, '}');
}

/* A row with nothing special about it is written once for the same bytes at the same place. */
static void put_field(struct text *out, struct vocabulary *v, const struct packet_event *packet,
                      size_t i, uint8_t remarked)
{
    const struct node *node = &packet->dissection->nodes[i];
    struct memo_key key = {
        .row = node->field ? (const void *)node->field : (const void *)node->record,
        .pos = node_pos(node),
    };
    const struct remark *remark = remarked ? &packet->remarks[remarked - 1] : NULL;
    if (packet->origins || remark || node->fault || node->kind == NODE_BYTES ||
        node_looks_around(node) ||
        !memo_bytes(&key, packet->dissection->bytes, key.pos, node_size(node))) {
        put_one(out, v, packet, i, remark);
        return;
    }
    struct memo_slot *slot = memo_slot(v->memo, &key);
    if (memo_put(slot, &key, out))
        return;
    size_t start = out->len;
    put_one(out, v, packet, i, NULL);
    memo_keep(slot, &key, out, start);
}

/* --- layers ----------------------------------------------------------------------- */

static bool is_layer(const struct node *node)
{
    return node->kind == NODE_RECORD && node->record->layer != LAYER_PART;
}

/* The layers of a packet while they are written. */
struct layers {
    struct text *out;
    struct vocabulary *vocabulary;
    const struct packet_event *packet;
    struct pattern *pattern; /* they are to be kept there, or NULL */
    size_t start;            /* of them in *out */
    size_t tail;             /* the first node behind the innermost layer */
    uint64_t remarked;
};

static void put_piece(struct layers *l, size_t i)
{
    struct piece piece = {
        .node = (uint32_t)i, .next = (uint32_t)i + 1, .from = (uint32_t)(l->out->len - l->start)};
    piece.remark = remark_of(l->packet, &l->packet->dissection->nodes[i], &l->remarked);
    put_field(l->out, l->vocabulary, l->packet, i, piece.remark);
    piece.to = (uint32_t)(l->out->len - l->start);
    if (l->pattern)
        pattern_piece(l->pattern, piece);
}

/*
 * The rows of a layer: those up to the next layer, and what stands after the layers inside it
 * (padding). Layers lie each in the one before, so that these come last, from `tail` on.
 */
static void put_rows(struct layers *l, size_t i)
{
    const struct dissection *d = l->packet->dissection;
    const uint8_t depth = d->nodes[i].depth;
    bool first = true;
    for (size_t k = i + 1; k < d->count; k++) {
        const struct node *node = &d->nodes[k];
        if (k < l->tail && is_layer(node))
            k = l->tail;
        if (k == d->count)
            break;
        if (d->nodes[k].depth != depth)
            continue;
        if (!first)
            text_char(l->out, ',');
        first = false;
        put_piece(l, k);
    }
}

static size_t tail_of(const struct dissection *d)
{
    size_t tail = d->count, last = 0;
    for (size_t i = 0; i < d->count; i++)
        last = is_layer(&d->nodes[i]) ? i : last;
    while (tail > last + 1 && d->nodes[tail - 1].depth < d->nodes[last].depth)
        tail--;
    return tail;
}

static void put_all_layers(struct layers *l)
{
    struct text *out = l->out;
    const struct dissection *d = l->packet->dissection;
    bool first = true;
    for (size_t i = 0; i < d->count; i++) {
        const struct node *node = &d->nodes[i];
        if (!is_layer(node))
            continue;
        text_put(out, first ? "{\"name\":" : ",{\"name\":");
        first = false;
        text_json_string(out, node->record->name ? node->record->name : node->record->title);
        text_put(out, ",\"pos\":");
        text_number(out, node_pos(node));
        text_put(out, ",\"size\":");
        text_number(out, node_size(node));
        text_put(out, ",\"fields\":[");
        put_rows(l, i);
        text_put(out, "]}");
    }
}

/* The fields whose bytes are others; the rest is copied. */
static void put_changed(struct text *out, struct vocabulary *v, const struct packet_event *packet,
                        const struct pattern *like)
{
    size_t copied = 0;
    for (const struct piece *piece = pattern_touched(like, 0); piece;
         piece = piece_next(like, piece)) {
        if (piece_same(like, piece, packet))
            continue;
        text_put_n(out, like->text.at + copied, piece->from - copied);
        copied = piece->to;
        put_field(out, v, packet, piece->node, piece->remark);
    }
    text_put_n(out, like->text.at + copied, like->text.len - copied);
}

static void put_layers(struct text *out, struct vocabulary *v, const struct packet_event *packet)
{
    bool record;
    struct pattern *pattern = pattern_find(v->patterns, packet, &record);
    if (pattern && !record) {
        put_changed(out, v, packet, pattern);
        return;
    }
    struct layers layers = {
        .out = out,
        .vocabulary = v,
        .packet = packet,
        .pattern = pattern,
        .start = out->len,
        .tail = tail_of(packet->dissection),
    };
    put_all_layers(&layers);
    if (pattern)
        pattern_text(pattern, out->at + layers.start, out->len - layers.start);
}

/* Seconds and nine digits, as a string: a JSON number would lose the last ones. */
static void put_time(struct text *out, int64_t ns)
{
    bool before = ns < 0;
    uint64_t all = before ? (uint64_t)-ns : (uint64_t)ns, part = all % 1000000000;
    text_put(out, before ? "\"-" : "\"");
    text_number(out, all / 1000000000);
    text_char(out, '.');
    char digits[9];
    for (size_t i = sizeof digits; i-- > 0; part /= 10)
        digits[i] = (char)('0' + part % 10);
    text_put_n(out, digits, sizeof digits);
    text_char(out, '"');
}

void put_packet_json(struct text *out, struct vocabulary *v, const struct packet_event *packet)
{
    static const char *const directions[] = {[DIRECTION_UNKNOWN] = "\"unknown\"",
                                             [DIRECTION_SENT] = "\"sent\"",
                                             [DIRECTION_RECEIVED] = "\"received\""};
    const struct frame *frame = &packet->frame;
    text_put(out, "{\"type\":\"packet\",\"number\":");
    text_number(out, frame->number);
    text_put(out, ",\"time\":");
    put_time(out, frame->time_ns);
    text_put(out, ",\"direction\":");
    text_put(out, directions[frame->direction]);
    text_put(out, ",\"len\":");
    text_number(out, frame->len);
    text_put(out, ",\"caplen\":");
    text_number(out, frame->bytes.len);
    text_put(out, ",\"note\":");
    text_json_string(out, packet->note ? packet->note : "");
    if (frame->comment) {
        text_put(out, ",\"comment\":");
        text_json_string(out, frame->comment);
    }
    text_put(out, ",\"bytes\":\"");
    text_hex_bytes(out, frame->bytes, 0);
    text_put(out, "\",\"layers\":[");
    put_layers(out, v, packet);
    text_char(out, ']');
}
