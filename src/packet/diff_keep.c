/* diff_keep.c: the packets of a capture, sorted into conversations as they come. */
#include "diff_side.h"

#include <loopcraft/proto.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beyond the flags and the types, which are numbers of at most one byte. */
enum { KIND_DATA = 0x100, KIND_ERROR = 0x200 };

static void *grown(void *array, uint32_t count, uint32_t *cap, size_t size)
{
    if (count < *cap)
        return array;
    *cap = *cap ? *cap * 2 : 64;
    array = realloc(array, *cap * size);
    if (!array) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    return array;
}

/* --- what a packet is -------------------------------------------------------------- */

size_t diff_base(const struct dissection *d)
{
    size_t other = d->count;
    for (size_t i = 0; i < d->count; i++) {
        const struct node *node = &d->nodes[i];
        if (node->kind != NODE_RECORD || node->record->layer == LAYER_LINK)
            continue;
        if (node->record->layer == LAYER_INTERNET)
            return i;
        if (other == d->count)
            other = i;
    }
    return other;
}

static void copy_end(struct diff_end *end, const struct dissection *d, const struct node *node)
{
    struct bytes raw = node_raw(d, node);
    bool port = node->record->layer == LAYER_TRANSPORT;
    size_t room = port ? sizeof end->port : sizeof end->addr;
    if (raw.len && raw.len <= room)
        memcpy(port ? end->port : end->addr, raw.at, raw.len);
}

/* Who sends to whom over what, by the nodes [from, end): the client's place is the sender's. */
static void read_ends(struct diff_ends *ends, const struct dissection *d, size_t from, size_t end)
{
    memset(ends, 0, sizeof *ends);
    for (size_t i = from; i < end; i++) {
        const struct node *node = &d->nodes[i];
        if (node->kind == NODE_RECORD && node->record->layer == LAYER_INTERNET &&
            record_role(node->record, ROLE_SOURCE))
            ends->internet = node->record;
        else if (node->kind == NODE_RECORD &&
                 (node->record->layer == LAYER_TRANSPORT || node->record->spans_all))
            ends->transport = node->record; /* ICMP too, wherever it is said to stand */
        else if (node->kind == NODE_FIELD && node->field->role == ROLE_SOURCE)
            copy_end(&ends->client, d, node);
        else if (node->kind == NODE_FIELD && node->field->role == ROLE_DESTINATION)
            copy_end(&ends->server, d, node);
    }
}

static uint64_t tcp_number(const struct dissection *d, const char *name)
{
    const struct node *tcp = dissection_layer(d, &proto_tcp);
    uint64_t number = 0;
    if (tcp)
        dissection_number(d, tcp, name, &number);
    return number;
}

/* What tells packets of one kind apart: TCP's numbers, and how much each carries. */
static void read_numbers(struct diff_packet *p, const struct dissection *d)
{
    if (p->is_segment) {
        p->seq = (uint32_t)tcp_number(d, "tcp.seq_raw");
        p->ack = p->kind & DIFF_ACK ? (uint32_t)tcp_number(d, "tcp.ack_raw") : 0;
    }
    const struct node *payload = node_find(d, 0, p->is_segment ? "tcp.payload" : "udp.payload");
    p->len = payload ? payload->bits / 8 : 0;
}

static uint32_t kind_of(const struct dissection *d, const struct diff_ends *outer)
{
    if (outer->transport == &proto_tcp) {
        uint32_t flags = (uint32_t)tcp_number(d, "tcp.flags") & DIFF_KIND_FLAGS;
        return flags == DIFF_ACK && node_find(d, 0, "tcp.payload") ? flags | KIND_DATA : flags;
    }
    const struct node *layer = outer->transport ? dissection_layer(d, outer->transport) : NULL;
    const struct field *type = layer ? record_role(layer->record, ROLE_CASE) : NULL;
    uint64_t number = 0;
    if (type && type->name)
        dissection_number(d, layer, type->name, &number);
    return (uint32_t)number & 0xff;
}

/* --- which conversation ---------------------------------------------------------------- */

static void turn(struct diff_ends *ends)
{
    struct diff_end client = ends->client;
    ends->client = ends->server;
    ends->server = client;
}

/* The conversation that these two ends had last, from 1; a new one's place holds 0. */
static uint32_t *find_conversation(struct diff_side *side, struct diff_ends ends)
{
    if (memcmp(&ends.client, &ends.server, sizeof ends.client) > 0)
        turn(&ends);
    return keys_at(&side->ends, &ends, sizeof ends);
}

static bool is_server(const struct diff_conversation *c, const struct diff_end *sender)
{
    return memcmp(sender, &c->ends.client, sizeof *sender) != 0;
}

static void new_conversation(struct diff_side *side, const struct diff_ends *ends, bool by_server)
{
    side->conversations = grown(side->conversations, side->conversation_count,
                                &side->conversation_cap, sizeof *side->conversations);
    struct diff_conversation *c = &side->conversations[side->conversation_count++];
    *c = (struct diff_conversation){.ends = *ends, .mate = DIFF_NOBODY};
    if (by_server)
        turn(&c->ends);
}

/* Another SYN from the same port with another number is another connection (RFC 9293, 3.4.1). */
static bool is_reopened(const struct diff_conversation *c, const struct diff_end *sender,
                        uint32_t seq)
{
    const struct diff_start *start = &c->start[is_server(c, sender)];
    return start->has && (!start->told || start->first != seq);
}

static void join_conversation(struct diff_side *side, struct diff_packet *p,
                              const struct dissection *d)
{
    struct diff_ends outer, ends;
    size_t base = diff_base(d), quote = dissection_quote(d);
    read_ends(&outer, d, base, quote);
    p->kind = kind_of(d, &outer);
    if (!outer.internet && base < d->count) { /* no IP: its kind is all that is known */
        outer.internet = d->nodes[base].record;
        p->kind = outer.internet == &proto_data ? (uint32_t)p->frame.linktype : 0;
    }
    ends = outer;
    if (quote < d->count) { /* its sender answers who sent the quoted packet */
        read_ends(&ends, d, quote, d->count);
        turn(&ends);
        p->kind |= KIND_ERROR;
    }
    bool error = quote < d->count;
    p->is_segment = outer.transport == &proto_tcp && !error;
    read_numbers(p, d);
    uint32_t open = p->is_segment ? p->kind & (DIFF_SYN | DIFF_ACK) : 0;
    bool syn = open == DIFF_SYN, answer = open == (DIFF_SYN | DIFF_ACK);
    uint32_t *last = find_conversation(side, ends);
    if (*last == 0 || (syn && is_reopened(&side->conversations[*last - 1], &ends.client, p->seq))) {
        new_conversation(side, &ends, answer || error);
        *last = side->conversation_count;
    }
    p->conversation = *last - 1;
    struct diff_conversation *c = &side->conversations[p->conversation];
    p->from_server = is_server(c, &ends.client);
    c->opened = c->opened || (syn && !p->from_server);
    if (p->is_segment)
        diff_note_numbers(side, p);
}

/* --- keeping --------------------------------------------------------------------------- */

struct diff_side *diff_side_new(void)
{
    struct diff_side *side = calloc(1, sizeof *side);
    if (!side) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    return side;
}

bool diff_keep(struct diff_side *side, const struct frame *frame)
{
    size_t len = frame->bytes.len;
    if (side->count == DIFF_PACKETS_MOST || side->bytes + len > DIFF_BYTES_MOST)
        return false;
    uint8_t *copy = malloc(len ? len : 1);
    if (!copy)
        return false;
    if (len)
        memcpy(copy, frame->bytes.at, len);
    side->packets = grown(side->packets, side->count, &side->cap, sizeof *side->packets);
    struct diff_packet *p = &side->packets[side->count++];
    *p = (struct diff_packet){.frame = *frame, .mate = DIFF_NOBODY};
    p->frame.bytes.at = copy;
    p->frame.comment = NULL;
    side->bytes += len;
    dissect(&side->dissection, &p->frame);
    join_conversation(side, p, &side->dissection);
    return true;
}

size_t diff_count(const struct diff_side *side)
{
    return side->count;
}

const struct frame *diff_frame(const struct diff_side *side, size_t i)
{
    return &side->packets[i].frame;
}

bool diff_is_paired(const struct diff_side *side, size_t i)
{
    return side->packets[i].mate != DIFF_NOBODY;
}

void diff_side_free(struct diff_side *side)
{
    if (!side)
        return;
    for (uint32_t i = 0; i < side->count; i++)
        free((void *)(uintptr_t)side->packets[i].frame.bytes.at);
    free(side->packets);
    free(side->conversations);
    keys_free(&side->ends);
    keys_free(&side->edges);
    dissection_free(&side->dissection);
    free(side);
}
