/* reply.c: what a captured packet is to a probe. */
#include "reply.h"

#include <loopcraft/proto.h>

#include <sys/socket.h>

static uint64_t number(const struct dissection *d, const struct node *layer, const char *name)
{
    uint64_t value = 0;
    dissection_number(d, layer, name, &value);
    return value;
}

/* The bytes behind the layer's header, to the end of what it carries. */
static struct bytes carried(const struct dissection *d, const struct node *layer)
{
    size_t at = (size_t)(layer - d->nodes) + 1;
    while (at < d->count && d->nodes[at].depth == layer->depth)
        at++;
    if (at == d->count || d->nodes[at].kind != NODE_RECORD || d->nodes[at].depth < layer->depth)
        return (struct bytes){NULL, 0};
    return bytes_part(d->bytes, d->nodes[at].bit / 8, d->nodes[at].bits / 8);
}

enum reply_kind reply_tcp_kind(uint16_t flags)
{
    if (flags & TCP_RST)
        return REPLY_RST;
    return (flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) ? REPLY_SYN_ACK : REPLY_TCP;
}

static void read_tcp(struct reply *reply, const struct dissection *d, const struct node *tcp)
{
    reply->from = (uint16_t)number(d, tcp, "tcp.srcport");
    reply->to = (uint16_t)number(d, tcp, "tcp.dstport");
    reply->seq = (uint32_t)number(d, tcp, "tcp.seq_raw");
    reply->ack = (uint32_t)number(d, tcp, "tcp.ack_raw");
    reply->flags = (uint16_t)number(d, tcp, "tcp.flags");
    reply->window = (uint16_t)number(d, tcp, "tcp.window_size_value");
    reply->data = carried(d, tcp);
}

/* Types below 128 are errors in ICMPv6 (RFC 4443, 2.1); in ICMP these (RFC 1122, 3.2.2). */
bool reply_is_error(int family, uint8_t type)
{
    return family == AF_INET6
               ? type < 128
               : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

void reply_read(struct reply *reply, const struct dissection *d)
{
    *reply = (struct reply){.kind = REPLY_OTHER};
    const struct node *icmp = dissection_layer(d, &proto_icmp);
    if (!icmp)
        icmp = dissection_layer(d, &proto_icmpv6);
    const struct node *tcp = dissection_layer(d, &proto_tcp);
    if (tcp)
        read_tcp(reply, d, tcp);
    if (tcp && !icmp) {
        reply->kind = reply_tcp_kind(reply->flags);
    } else if (icmp) {
        bool six = icmp->record == &proto_icmpv6;
        reply->type = (uint8_t)number(d, icmp, six ? "icmpv6.type" : "icmp.type");
        reply->code = (uint8_t)number(d, icmp, six ? "icmpv6.code" : "icmp.code");
        if (reply_is_error(six ? AF_INET6 : AF_INET, reply->type))
            reply->kind = REPLY_ICMP_ERROR;
    }
}
