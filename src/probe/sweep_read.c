/*
 * sweep_read.c: what comes back to a sweep.
 *
 * A dissection takes a microsecond or two; 65,535 answers are worth a reader of their own. It
 * knows TCP, UDP and ICMP errors over a bare IP header, which is all that a kernel answers with.
 */
#include "sweep_read.h"

#include "reply.h"

#include <netinet/in.h>

enum { ETHERNET = 14, QUOTE = 8 }; /* what an ICMP error has before the packet that it quotes */

/* An IP packet: where from, where to, and what it carries. */
struct packet {
    struct bytes source, target, body;
    uint8_t protocol;
};

static bool read_ipv4(struct packet *p, struct bytes b)
{
    uint8_t first;
    uint16_t fragment;
    if (!bytes_u8(b, 0, &first) || !bytes_u8(b, 9, &p->protocol) || !bytes_u16(b, 6, &fragment))
        return false;
    size_t size = (size_t)(first & 15) * 4;
    p->source = bytes_part(b, 12, 4);
    p->target = bytes_part(b, 16, 4);
    p->body = bytes_part(b, size, b.len);
    return first >> 4 == 4 && size >= 20 && size < b.len && !(fragment & 0x1fff);
}

static bool read_ipv6(struct packet *p, struct bytes b)
{
    uint8_t first;
    p->source = bytes_part(b, 8, 16);
    p->target = bytes_part(b, 24, 16);
    p->body = bytes_part(b, 40, b.len);
    return bytes_u8(b, 0, &first) && first >> 4 == 6 && bytes_u8(b, 6, &p->protocol) && b.len > 40;
}

static bool read_ip(struct packet *p, const struct mould *m, struct bytes b)
{
    return m->family == AF_INET6 ? read_ipv6(p, b) : read_ipv4(p, b);
}

static bool read_tcp(struct reply *r, struct bytes b)
{
    uint8_t flags = 0;
    if (!bytes_u16(b, 0, &r->from) || !bytes_u16(b, 2, &r->to) || !bytes_u32(b, 4, &r->seq))
        return false;
    bool whole = bytes_u32(b, 8, &r->ack) && bytes_u8(b, 13, &flags); /* a quote may end before */
    r->flags = flags;
    r->kind = whole ? reply_tcp_kind(flags) : REPLY_TCP;
    return true;
}

static bool read_udp(struct reply *r, struct bytes b)
{
    uint16_t sum;
    if (!bytes_u16(b, 0, &r->from) || !bytes_u16(b, 2, &r->to) || !bytes_u16(b, 6, &sum))
        return false;
    r->seq = sum;
    r->data = bytes_part(b, 8, b.len);
    r->kind = REPLY_UDP;
    return true;
}

static bool read_segment(struct reply *r, const struct packet *p)
{
    r->protocol = p->protocol;
    return p->protocol == IPPROTO_TCP   ? read_tcp(r, p->body)
           : p->protocol == IPPROTO_UDP ? read_udp(r, p->body)
                                        : false;
}

static bool read_error(struct reply *r, const struct mould *m, const struct packet *p)
{
    struct packet quoted;
    if (!bytes_u8(p->body, 0, &r->type) || !bytes_u8(p->body, 1, &r->code) ||
        !reply_is_error(m->family, r->type) ||
        !read_ip(&quoted, m, bytes_part(p->body, QUOTE, p->body.len)) || !read_segment(r, &quoted))
        return false;
    r->kind = REPLY_ICMP_ERROR;
    return bytes_equal(quoted.source, mould_source(m)) &&
           bytes_equal(quoted.target, mould_target(m));
}

bool sweep_read(struct reply *r, const struct mould *m, const struct frame *frame)
{
    struct packet p;
    *r = (struct reply){.time_ns = frame->time_ns};
    if (!read_ip(&p, m, bytes_part(frame->bytes, ETHERNET, frame->bytes.len)))
        return false;
    if (p.protocol == (m->family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP))
        return read_error(r, m, &p);
    /* A program with a UDP port on every address answers from the one that the kernel chooses. */
    bool there = bytes_equal(p.source, mould_target(m)) || p.protocol == IPPROTO_UDP;
    bool from = there && bytes_equal(p.target, mould_source(m));
    bool to = bytes_equal(p.source, mould_source(m)) && bytes_equal(p.target, mould_target(m));
    return (from || (m->seen && to)) && read_segment(r, &p);
}
