/* anomalies_sight.c: a packet as the rules see it. */
#include "anomalies_parts.h"

#include <loopcraft/advice.h>
#include <loopcraft/proto.h>

#include <arpa/inet.h>
#include <stdio.h>

enum { PIECE_UNIT = 8, IPV6_FRAGMENT = 44 }; /* RFC 791, 3.1; RFC 8200, 4.5 */

/* The header that says where the piece belongs, and behind it the piece. */
static const struct node *piece_header(const struct sight *s, const struct node *ip)
{
    uint64_t next;
    if (ip->record == &proto_ipv4)
        return ip;
    if (row_number(s->c, ip, record_role(&proto_ipv6, ROLE_NEXT), &next) &&
        (next == proto_tcp.protocol || next == proto_udp.protocol || next == proto_icmpv6.protocol))
        return NULL; /* nearly always */
    for (size_t i = 0; i < s->l->quote; i++) {
        const struct node *node = &s->c->d->nodes[i];
        if (node->kind == NODE_RECORD && record_role(node->record, ROLE_FRAGMENT))
            return node;
    }
    return NULL;
}

static void read_piece(struct sight *s, const struct node *ip)
{
    const struct node *header = piece_header(s, ip);
    uint64_t offset, more, length = 0;
    if (!header)
        return;
    const struct field *row = record_role(header->record, ROLE_FRAGMENT);
    const struct field *size = record_role(header->record, ROLE_HEADER_LENGTH);
    if (!row_number(s->c, header, row, &offset) ||
        !row_number(s->c, header, record_role(header->record, ROLE_MORE), &more) ||
        (!offset && !more) || (size && !row_number(s->c, header, size, &length)))
        return;
    size_t start = header->bit / 8 +
                   (size ? (size_t)field_shown(size, length) : header->record->size);
    size_t end = packet_end(s->c, ip);
    s->piece.is = true;
    s->piece.more = more;
    s->piece.begins = offset == 0;
    s->piece.from = (uint32_t)offset * PIECE_UNIT;
    s->piece.to = s->piece.from + (end > start ? (uint32_t)(end - start) : 0);
    s->piece.row = header;
}

static void read_ports(struct sight *s)
{
    const struct context *c = s->c;
    const struct node *layer = s->l->tcp ? s->l->tcp : s->l->udp;
    const struct field *from = s->l->tcp ? c->tcp.source : c->udp.source;
    const struct field *to = s->l->tcp ? c->tcp.destination : c->udp.destination;
    uint64_t port[2], length;
    if (!layer || !row_number(c, layer, from, &port[0]) || !row_number(c, layer, to, &port[1]))
        return;
    s->has_ports = true;
    s->protocol = layer->record->protocol;
    s->port[0] = (uint16_t)port[0];
    s->port[1] = (uint16_t)port[1];
    s->has_segment = s->l->tcp && segment_read(&s->segment, c, s->l);
    if (s->l->udp && row_number(c, layer, c->udp.length, &length) && length > proto_udp.size)
        s->payload = (uint32_t)(length - proto_udp.size);
}

bool sight_read(struct sight *s, const struct context *c)
{
    const struct node *ip = c->layers.ip ? c->layers.ip : c->layers.outer_ip;
    uint64_t hops;
    *s = (struct sight){
        .c = c, .l = &c->layers, .number = c->frame->number, .now = c->frame->time_ns};
    if (!ip)
        return false;
    const struct ip_rows *rows = ip_rows(c, ip);
    s->kind = rows == &c->ip6 ? FLOW_TALK6 : FLOW_TALK4;
    if (!key_address(c, ip, rows->source, s->addr[0]) ||
        !key_address(c, ip, rows->destination, s->addr[1]) || !row_number(c, ip, rows->hops, &hops))
        return false;
    s->hops = (uint8_t)hops;
    read_piece(s, ip);
    if (!s->piece.is || s->piece.begins)
        read_ports(s);
    return true;
}

struct end sight_end(const struct sight *s, const uint8_t *addr, bool ports, uint16_t port)
{
    struct end end = {0};
    inet_ntop(s->kind == FLOW_TALK6 ? AF_INET6 : AF_INET, addr, end.addr, sizeof end.addr);
    if (ports)
        snprintf(end.port, sizeof end.port, "%u", port);
    return end;
}

/* RFC 9293, 3.10.7: a SYN stands alone or with ACK; all other segments have ACK or RST. */
bool sight_flags_odd(const struct sight *s)
{
    unsigned flags = s->segment.flags & (FIN | SYN | RST | ACK);
    if (!s->has_segment)
        return false;
    if (flags & SYN)
        return flags & (FIN | RST);
    return flags & RST ? flags & FIN : !(flags & ACK);
}

bool sight_service(const struct sight *s, uint16_t port)
{
    return advice_find(port, s->l->tcp ? OVER_TCP : OVER_UDP) != NULL;
}
