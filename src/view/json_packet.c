/*
 * json_packet.c: a packet as a JSON object.
 *
 * A row's name and meaning are escaped once and then copied: a large capture has the same
 * rows over and over.
 */
#include "json_packet.h"

#include "pieces.h"

#include <loopcraft/node.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the vocabulary --------------------------------------------------------------- */

struct vocabulary vocabulary_new(void)
{
    return (struct vocabulary){.memo = memo_new()};
}

void vocabulary_free(struct vocabulary *v)
{
    for (size_t i = 0; i < v->cap; i++) {
        text_free(&v->words[i].head);
        text_free(&v->words[i].tail);
    }
    free(v->words);
    free(v->memo);
    text_free(&v->piece);
    *v = (struct vocabulary){0};
}

static struct words *slot_of(struct words *words, size_t cap, const void *row)
{
    size_t i = (uintptr_t)row / 8 * 0x9e3779b1u & (cap - 1);
    while (words[i].row && words[i].row != row)
        i = (i + 1) & (cap - 1);
    return &words[i];
}

static void vocabulary_grow(struct vocabulary *v)
{
    size_t cap = v->cap ? v->cap * 2 : 512;
    struct words *words = calloc(cap, sizeof *words);
    if (!words) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    for (size_t i = 0; i < v->cap; i++)
        if (v->words[i].row)
            *slot_of(words, cap, v->words[i].row) = v->words[i];
    free(v->words);
    v->words = words;
    v->cap = cap;
}

static void put_head(struct text *out, const char *name, const char *label, uint32_t pos,
                     uint32_t size)
{
    text_put(out, name ? "{\"name\":" : "{\"label\":");
    text_json_string(out, name ? name : label ? label : "");
    text_put(out, ",\"pos\":");
    text_number(out, pos);
    text_put(out, ",\"size\":");
    text_number(out, size);
    text_put(out, ",\"show\":\"");
}

static struct words *words_find(struct vocabulary *v, const void *row)
{
    if (v->count * 2 >= v->cap)
        vocabulary_grow(v);
    return slot_of(v->words, v->cap, row);
}

static void words_new(struct vocabulary *v, struct words *words, const void *row, const char *means)
{
    v->count++;
    words->row = row;
    text_put(&words->tail, ",\"means\":");
    text_json_string(&words->tail, means ? means : "");
}

/* The head is written anew where the row stands elsewhere than the last time. */
static const struct words *words_of(struct vocabulary *v, const struct node *node)
{
    const void *row = node->field ? (const void *)node->field : (const void *)node->record;
    const uint32_t pos = node_pos(node), size = node_size(node);
    struct words *words = words_find(v, row);
    if (words->row && words->pos == pos && words->size == size)
        return words;
    if (!words->row)
        words_new(v, words, row, node->field ? node->field->means : node->record->means);
    words->pos = pos;
    words->size = size;
    text_clear(&words->head);
    put_head(&words->head, node_name(node), node->field ? node->field->label : node->record->title,
             pos, size);
    return words;
}

/* ,"means":"..." of a remark; a constant one is known by its address. */
static void put_remark(struct text *out, struct vocabulary *v, const struct remark *remark)
{
    if (!remark->constant) {
        text_put(out, ",\"means\":");
        text_json_string(out, remark->text);
        return;
    }
    struct words *words = words_find(v, remark->text);
    if (!words->row)
        words_new(v, words, remark->text, remark->text);
    text_put_n(out, words->tail.at, words->tail.len);
}

/* --- fields ----------------------------------------------------------------------- */

static void put_fault(struct text *out, const struct node *node)
{
    text_put(out, node->fault == FAULT_BAD ? ",\"fault\":\"bad\",\"why\":"
                                           : ",\"fault\":\"cut\",\"why\":");
    text_json_string(out, node->why ? node->why : "");
}

static const struct remark *remark_of(const struct packet_event *packet, const struct node *node,
                                      uint64_t *used)
{
    for (size_t k = 0; node->field && k < packet->remark_count && k < 64; k++) {
        if (packet->remarks[k].field != node->field || *used >> k & 1)
            continue;
        *used |= UINT64_C(1) << k;
        return &packet->remarks[k];
    }
    return NULL;
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
        put_remark(out, v, remark);
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
                      size_t i, uint64_t *remarked)
{
    const struct node *node = &packet->dissection->nodes[i];
    struct memo_key key = {
        .row = node->field ? (const void *)node->field : (const void *)node->record,
        .pos = node_pos(node),
    };
    const struct remark *remark = remark_of(packet, node, remarked);
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

/*
 * The rows of a layer: those up to the next layer, and what stands after the layers inside it
 * (padding). Layers lie each in the one before, so that these come last, from `tail` on.
 */
static void put_rows(struct text *out, struct vocabulary *v, const struct packet_event *packet,
                     size_t i, size_t tail, uint64_t *remarked)
{
    const struct dissection *d = packet->dissection;
    const uint8_t depth = d->nodes[i].depth;
    bool first = true;
    for (size_t k = i + 1; k < d->count; k++) {
        const struct node *node = &d->nodes[k];
        if (k < tail && is_layer(node))
            k = tail;
        if (k == d->count)
            break;
        if (d->nodes[k].depth != depth)
            continue;
        if (!first)
            text_char(out, ',');
        first = false;
        put_field(out, v, packet, k, remarked);
    }
}

static void put_layers(struct text *out, struct vocabulary *v, const struct packet_event *packet)
{
    const struct dissection *d = packet->dissection;
    size_t tail = d->count, last = 0;
    uint64_t remarked = 0;
    for (size_t i = 0; i < d->count; i++)
        last = is_layer(&d->nodes[i]) ? i : last;
    while (tail > last + 1 && d->nodes[tail - 1].depth < d->nodes[last].depth)
        tail--;
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
        put_rows(out, v, packet, i, tail, &remarked);
        text_put(out, "]}");
    }
}

/* Seconds and nine digits, as a string: a JSON number would lose the last ones. */
static void put_time(struct text *out, int64_t ns)
{
    bool before = ns < 0;
    uint64_t all = before ? (uint64_t)-ns : (uint64_t)ns, part = all % 1000000000;
    text_put(out, before ? "\"-" : "\"");
    text_number(out, all / 1000000000);
    text_char(out, '.');
    for (uint64_t unit = 100000000; unit; unit /= 10)
        text_char(out, (char)('0' + part / unit % 10));
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
