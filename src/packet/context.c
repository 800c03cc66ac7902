/* context.c: what a packet means among those before it: its layers, its ports, its hops. */
#include "context_parts.h"

#include <loopcraft/proto.h>
#include <loopcraft/services.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct field *shift_row(void)
{
    const struct branch *option = branch_find(proto_tcp.options->kinds, 3); /* RFC 7323, 2.2 */
    return record_field(option->record, "tcp.options.wscale.shift");
}

static struct ip_rows rows_of_ip(const struct record *ip, const char *length, const char *hops)
{
    return (struct ip_rows){.source = record_role(ip, ROLE_SOURCE),
                            .destination = record_role(ip, ROLE_DESTINATION),
                            .length = record_field(ip, length),
                            .hops = record_field(ip, hops)};
}

struct context *context_new(void)
{
    struct context *c = calloc(1, sizeof *c);
    if (!c) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    flow_table_start(&c->table);
    c->ip4 = rows_of_ip(&proto_ipv4, "ip.len", "ip.ttl");
    c->ip6 = rows_of_ip(&proto_ipv6, "ipv6.plen", "ipv6.hlim");
    c->tcp = (struct tcp_rows){.source = record_role(&proto_tcp, ROLE_SOURCE),
                               .destination = record_role(&proto_tcp, ROLE_DESTINATION),
                               .seq = record_field(&proto_tcp, "tcp.seq_raw"),
                               .ack = record_field(&proto_tcp, "tcp.ack_raw"),
                               .header = record_role(&proto_tcp, ROLE_HEADER_LENGTH),
                               .flags = record_field(&proto_tcp, "tcp.flags"),
                               .window = record_field(&proto_tcp, "tcp.window_size_value"),
                               .shift = shift_row()};
    c->udp = (struct udp_rows){.source = record_role(&proto_udp, ROLE_SOURCE),
                               .destination = record_role(&proto_udp, ROLE_DESTINATION),
                               .length = record_role(&proto_udp, ROLE_LENGTH),
                               .sum = record_role(&proto_udp, ROLE_CHECKSUM)};
    return c;
}

void context_free(struct context *c)
{
    if (c)
        text_free(&c->note);
    free(c);
}

/* --- layers ----------------------------------------------------------------------- */

/* The last node of the record's fixed rows, if they are all there: no record lies among them. */
static size_t behind_rows(const struct dissection *d, size_t i)
{
    const struct record *record = d->nodes[i].record;
    size_t last = i + record->field_count;
    bool all = last > i && last < d->count &&
               d->nodes[last].field == &record->fields[record->field_count - 1];
    return all ? last : i;
}

/* Of records that stand for the same protocol, one of which the walk has chosen. */
static bool is_named(const struct record *record, const char *name)
{
    return record->name && strcmp(record->name, name) == 0;
}

static void see_layer(struct layers *l, const struct node *node, size_t i)
{
    const struct record *record = node->record;
    bool carried = l->tcp || l->udp || l->icmp;
    if (record->layer == LAYER_INTERNET && carried) {
        l->quote = i;
    } else if (record == &proto_ipv4 || record == &proto_ipv6) {
        l->outer_ip = l->outer_ip ? l->outer_ip : node;
        l->ip = node;
    } else if (record == &proto_tcp) {
        l->tcp = node;
    } else if (record == &proto_udp) {
        l->udp = node;
    } else if (record == &proto_icmp || record == &proto_icmpv6) {
        l->icmp = node;
    } else if (record->layer == LAYER_APPLICATION && is_named(record, "dns")) {
        l->dns = l->dns ? l->dns : node;
    } else if (record->layer == LAYER_LINK && node->depth && is_named(record, "arp")) {
        l->arp = node;
    }
}

struct layers layers_find(const struct dissection *d, size_t from, size_t end)
{
    struct layers l = {.quote = end};
    for (size_t i = from; i < l.quote; i++) {
        const struct node *node = &d->nodes[i];
        if (node->kind != NODE_RECORD || node->record->layer == LAYER_PART)
            continue;
        see_layer(&l, node, i);
        i = behind_rows(d, i);
    }
    return l;
}

bool key_address(const struct context *c, const struct node *layer, const struct field *row,
                 uint8_t *to)
{
    struct bytes at = bytes_part(c->d->bytes, (layer->bit + row->bit) / 8, row->bits / 8);
    if (at.len != row->bits / 8 || at.len > 16)
        return false;
    memcpy(to, at.at, at.len);
    return true;
}

bool talk_key(const struct context *c, const struct layers *l, struct flow_key *key, unsigned *side)
{
    const struct node *transport = l->tcp ? l->tcp : l->udp;
    const struct field *from = l->tcp ? c->tcp.source : c->udp.source;
    const struct field *to = l->tcp ? c->tcp.destination : c->udp.destination;
    const struct ip_rows *ip = ip_rows(c, l->ip);
    uint64_t port[2];
    uint8_t addr[2][16] = {{0}};
    if (!key_address(c, l->ip, ip->source, addr[0]) ||
        !key_address(c, l->ip, ip->destination, addr[1]) ||
        !row_number(c, transport, from, &port[0]) || !row_number(c, transport, to, &port[1]))
        return false;
    int order = memcmp(addr[0], addr[1], sizeof addr[0]);
    bool turned = order > 0 || (order == 0 && port[0] > port[1]);
    *key = (struct flow_key){.kind = ip == &c->ip6 ? FLOW_TALK6 : FLOW_TALK4,
                             .protocol = transport->record->protocol,
                             .port = {(uint16_t)port[turned], (uint16_t)port[!turned]}};
    memcpy(key->addr[0], addr[turned], sizeof addr[0]);
    memcpy(key->addr[1], addr[!turned], sizeof addr[0]);
    *side = turned;
    return order != 0 || port[0] != port[1]; /* who talks to himself has no sides */
}

size_t packet_end(const struct context *c, const struct node *ip)
{
    uint64_t len = 0;
    const struct ip_rows *rows = ip_rows(c, ip);
    if (!row_number(c, ip, rows->length, &len) || len == 0)
        return c->frame->len;
    size_t end = ip->bit / 8 + (size_t)len + (rows == &c->ip6 ? ip->record->size : 0);
    return end < c->frame->len ? end : c->frame->len; /* a false length makes no data */
}

void note_answers(struct context *c, uint64_t number)
{
    if (!number || !c->remarks)
        return;
    c->answered = number;
    text_put(&c->note, "Answers #");
    text_number(&c->note, number);
    text_char(&c->note, '.');
}

/* --- hops, ports -------------------------------------------------------------------- */

static bool is_loopback(const struct context *c, const struct node *ip)
{
    static const uint8_t one[16] = {[15] = 1};
    const struct ip_rows *rows = ip_rows(c, ip);
    uint8_t addr[16] = {0};
    return key_address(c, ip, rows->source, addr) &&
           (rows == &c->ip6 ? memcmp(addr, one, sizeof one) == 0 : addr[0] == 127);
}

/*
 * Systems start at 64, 128 or 255; the wire does not tell at which. A small number may be one of
 * traceroute's, which starts at 1.
 */
static void say_hops(struct context *c, const struct node *ip)
{
    const struct field *row = ip_rows(c, ip)->hops;
    uint64_t hops;
    if (!row_number(c, ip, row, &hops))
        return;
    unsigned start = hops <= 64 ? 64 : hops <= 128 ? 128 : 255, less = start - (unsigned)hops;
    if (is_loopback(c, ip)) {
        context_say(c, row, "as sent: no router crossed, lo has none");
    } else if (less == 0) {
        context_say(c, row, "as sent, most likely: no router crossed");
    } else if (hops <= 30) {
        context_say(c, row, "few left: sent so (traceroute), or from far");
    } else {
        struct text *text = context_write(c, row);
        if (!text)
            return;
        text_number(text, less);
        text_put(text, " less than ");
        text_number(text, start);
        text_put(text, less == 1 ? ": one router crossed, most likely"
                                 : ": so many routers crossed, most likely");
    }
}

static void say_port(struct context *c, const struct node *transport, const struct field *row)
{
    uint64_t port;
    if (row_number(c, transport, row, &port))
        context_say(c, row, service_words((uint16_t)port));
}

/* --- a packet ------------------------------------------------------------------------ */

static void see_packet(struct context *c, const struct layers *l)
{
    if (l->ip && l->tcp) {
        say_port(c, l->tcp, c->tcp.source);
        say_port(c, l->tcp, c->tcp.destination);
        context_tcp(c, l);
    } else if (l->ip && l->udp) {
        say_port(c, l->udp, c->udp.source);
        say_port(c, l->udp, c->udp.destination);
        context_udp(c, l);
    } else if (l->ip && l->icmp) {
        context_icmp(c, l);
    } else if (l->arp) {
        context_arp(c, l);
    }
    if (l->ip && l->dns)
        context_dns(c, l);
}

void context_packet(struct context *c, const struct frame *frame, const struct dissection *d,
                    struct remarks *remarks)
{
    c->frame = frame;
    c->d = d;
    c->remarks = remarks;
    text_clear(&c->note);
    c->answered = 0;
    c->layers = layers_find(d, 0, d->count);
    if (c->layers.outer_ip)
        say_hops(c, c->layers.outer_ip);
    see_packet(c, &c->layers);
}

const char *context_note(struct context *c)
{
    return text_string(&c->note);
}

uint64_t context_answered(const struct context *c)
{
    return c->answered;
}
