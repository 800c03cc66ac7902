/* reply.c: what a captured packet is to a probe. */
#include "reply.h"

#include <loopcraft/proto.h>

#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
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
    reply->kind = reply_tcp_kind(reply->flags);
}

static void read_udp(struct reply *reply, const struct dissection *d, const struct node *udp)
{
    reply->from = (uint16_t)number(d, udp, "udp.srcport");
    reply->to = (uint16_t)number(d, udp, "udp.dstport");
    reply->kind = REPLY_UDP;
}

/* Types below 128 are errors in ICMPv6 (RFC 4443, 2.1); in ICMP these (RFC 1122, 3.2.2). */
bool reply_is_error(int family, uint8_t type)
{
    return family == AF_INET6
               ? type < 128
               : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

/* An echo's two numbers stand in a part of their own: behind the message's fixed rows. */
static void read_icmp(struct reply *reply, const struct dissection *d, const struct node *icmp)
{
    bool six = icmp->record == &proto_icmpv6;
    reply->type = (uint8_t)number(d, icmp, six ? "icmpv6.type" : "icmp.type");
    reply->code = (uint8_t)number(d, icmp, six ? "icmpv6.code" : "icmp.code");
    bool request = reply->type == (six ? ICMP6_ECHO_REQUEST : ICMP_ECHO);
    bool answer = reply->type == (six ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY);
    if (request || answer) {
        reply->ident = (uint16_t)number(d, icmp, six ? "icmpv6.echo.identifier" : "icmp.ident");
        reply->echo = (uint16_t)number(d, icmp, six ? "icmpv6.echo.sequence_number" : "icmp.seq");
    }
    if (answer)
        reply->kind = REPLY_ECHO;
    else if (reply_is_error(six ? AF_INET6 : AF_INET, reply->type))
        reply->kind = REPLY_ICMP_ERROR;
}

static const struct {
    const struct record *record;
    void (*read)(struct reply *reply, const struct dissection *d, const struct node *layer);
} readers[] = {
    {&proto_tcp, read_tcp},
    {&proto_udp, read_udp},
    {&proto_icmp, read_icmp},
    {&proto_icmpv6, read_icmp},
};

/* The first of these layers in a stretch of nodes; what no layer of these says stays 0. */
static void read_part(struct reply *reply, const struct dissection *d, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        for (size_t k = 0; k < sizeof readers / sizeof readers[0]; k++)
            if (d->nodes[i].kind == NODE_RECORD && d->nodes[i].record == readers[k].record) {
                reply->protocol = d->nodes[i].record->protocol;
                reply->data = carried(d, &d->nodes[i]);
                readers[k].read(reply, d, &d->nodes[i]);
                return;
            }
}

/* Of an error, what it says, and of the quoted packet, which packet it is about. */
void reply_read(struct reply *reply, const struct dissection *d)
{
    size_t quote = dissection_quote(d);
    *reply = (struct reply){.kind = REPLY_OTHER};
    read_part(reply, d, 0, quote);
    if (reply->kind != REPLY_ICMP_ERROR)
        return;
    struct reply quoted = {.kind = REPLY_OTHER};
    read_part(&quoted, d, quote, d->count);
    quoted.kind = REPLY_ICMP_ERROR;
    quoted.type = reply->type;
    quoted.code = reply->code;
    *reply = quoted;
}
