/*
 * answer.c: what a captured packet has to do with the one that was sent: the same two ports, an
 * ICMP error that quotes it, a reply of the type that its type asks for, the same protocol.
 */
#include "answer.h"

#include <loopcraft/proto.h>

#include <string.h>

/*
 * On to what IPv6's extension headers carry, for it is that which is answered. It stays at a later
 * fragment's header: what follows there is no header.
 */
static void pass_extensions(struct question *q)
{
    const struct field *next;
    while (q->ip == &proto_ipv6 && q->proto && (next = record_role(q->proto, ROLE_NEXT)) != NULL) {
        const struct field *length = record_role(q->proto, ROLE_HEADER_LENGTH);
        const struct field *fragment = record_role(q->proto, ROLE_FRAGMENT);
        uint64_t number, size = q->proto->size, offset = 0;
        size_t bit = q->header * 8;
        if (!bytes_number(q->packet, bit + next->bit, next->bits, &number) ||
            (length && !bytes_number(q->packet, bit + length->bit, length->bits, &size)) ||
            (fragment && !bytes_number(q->packet, bit + fragment->bit, fragment->bits, &offset)) ||
            offset != 0)
            return;
        q->number = number;
        q->header += (size_t)(length ? field_shown(length, size) : size);
        const struct branch *carried = branch_find(q->ip->next, q->number);
        q->proto = carried ? carried->record : NULL;
    }
}

struct question question_of(const struct recipe *recipe, const struct crafted *crafted)
{
    struct question q = {
        .packet = crafted_bytes(crafted), .ip = recipe->ip, .header = recipe_ip_size(recipe)};
    const struct field *next = record_role(q.ip, ROLE_NEXT);
    bytes_number(q.packet, next->bit, next->bits, &q.number);
    const struct branch *carried = branch_find(q.ip->next, q.number);
    q.proto = carried ? carried->record : NULL;
    pass_extensions(&q);
    return q;
}

/* The bytes of an address of the question's. */
static struct bytes own_address(const struct question *q, enum role role)
{
    const struct field *row = record_role(q->ip, role);
    return bytes_part(q->packet, row->bit / 8, row->bits / 8);
}

static struct bytes seen_address(const struct question *q, const struct dissection *d,
                                 const struct node *ip, enum role role)
{
    const struct field *row = record_role(q->ip, role);
    return bytes_part(d->bytes, ip->bit / 8 + row->bit / 8, row->bits / 8);
}

/* Does the captured packet go from this end of the question's to that one? */
static bool goes(const struct question *q, const struct dissection *d, const struct node *ip,
                 enum role from, enum role to)
{
    return bytes_equal(seen_address(q, d, ip, ROLE_SOURCE), own_address(q, from)) &&
           bytes_equal(seen_address(q, d, ip, ROLE_DESTINATION), own_address(q, to));
}

/* --- ICMP errors ------------------------------------------------------------------ */

/* Of what follows the IP header an error quotes eight bytes at least (RFC 792), of IPv6 more. */
static bool quotes(const struct question *q, const struct dissection *d)
{
    size_t at = dissection_quote(d);
    if (at == d->count || d->nodes[at].record != q->ip)
        return false;
    struct bytes quoted = bytes_part(d->bytes, d->nodes[at].bit / 8, d->bytes.len);
    struct bytes carried = bytes_part(quoted, q->header, q->packet.len - q->header);
    return goes(q, d, &d->nodes[at], ROLE_SOURCE, ROLE_DESTINATION) &&
           bytes_equal(carried, bytes_part(q->packet, q->header, carried.len));
}

/* --- ports ------------------------------------------------------------------------- */

static uint16_t own_port(const struct question *q, enum role role)
{
    const struct field *row = record_role(q->proto, role);
    uint64_t port = 0;
    bytes_number(q->packet, q->header * 8 + row->bit, row->bits, &port);
    return (uint16_t)port;
}

static void explain_tcp(struct exchange *x, const struct question *q, const struct reply *r)
{
    const struct field *row = record_field(&proto_tcp, "tcp.seq_raw");
    uint64_t seq = 0;
    bytes_number(q->packet, q->header * 8 + row->bit, row->bits, &seq);
    uint32_t acked = r->ack - (uint32_t)seq;
    if (r->kind == REPLY_SYN_ACK)
        text_format(&x->note, "Answers your packet: somebody listens on port %u, and agrees. ",
                    r->from);
    else if (r->kind == REPLY_RST)
        text_format(&x->note,
                    "Answers your packet: port %u resets it; it belongs to no connection "
                    "there, or none is wanted. ",
                    r->from);
    else
        text_format(&x->note, "Answers your packet, from port %u. ", r->from);
    if (r->flags & TCP_ACK && acked <= q->packet.len) /* else it is about something else */
        remarks_add(&x->remarks, &proto_tcp, "tcp.ack_raw", "your %u + %u", (uint32_t)seq, acked);
}

static enum answer with_ports(struct exchange *x, const struct question *q, const struct node *ip,
                              const struct reply *r)
{
    const struct dissection *d = &x->dissection;
    const struct node *layer = dissection_layer(d, q->proto);
    uint64_t from = 0, to = 0;
    if (!layer || !dissection_number(d, layer, record_role(q->proto, ROLE_SOURCE)->name, &from) ||
        !dissection_number(d, layer, record_role(q->proto, ROLE_DESTINATION)->name, &to))
        return ANSWER_NONE;
    uint16_t ours = own_port(q, ROLE_SOURCE), theirs = own_port(q, ROLE_DESTINATION);
    bool back = to == ours &&
                bytes_equal(seen_address(q, d, ip, ROLE_DESTINATION), own_address(q, ROLE_SOURCE));
    if (back && from == theirs && q->proto == &proto_tcp)
        explain_tcp(x, q, r);
    else if (back && from == theirs)
        text_format(&x->note, "Answers your %s, from port %u. ", q->proto->unit, theirs);
    else if (from == ours && to == theirs && goes(q, d, ip, ROLE_SOURCE, ROLE_DESTINATION)) {
        text_format(&x->note, "Our own kernel's word, in your packet's name: it knows nothing of "
                              "what you sent, and hangs up. ");
        return ANSWER_KERNEL;
    } else if (back)
        text_format(&x->note, "To your port %u, but from port %u, which you did not ask. ", ours,
                    (unsigned)from);
    else
        return ANSWER_NONE;
    return ANSWER_BACK;
}

/* --- ICMP messages that ask, and those that answer --------------------------------- */

/* RFC 792; RFC 950; RFC 8335; RFC 4443; RFC 4861. The first two bytes of the body pair them. */
static const struct {
    const struct record *proto;
    uint8_t asks, answers;
    bool paired;
} replies[] = {
    {&proto_icmp, 8, 0, true},        {&proto_icmp, 13, 14, true},
    {&proto_icmp, 15, 16, true},      {&proto_icmp, 17, 18, true},
    {&proto_icmp, 42, 43, true},      {&proto_icmp, 10, 9, false},
    {&proto_icmpv6, 128, 129, true},  {&proto_icmpv6, 160, 161, true},
    {&proto_icmpv6, 133, 134, false}, {&proto_icmpv6, 135, 136, false},
};

static enum answer with_type(struct exchange *x, const struct question *q, const struct node *ip)
{
    enum { PAIR_AT = 4, PAIR = 2 };
    const struct dissection *d = &x->dissection;
    const struct node *layer = dissection_layer(d, q->proto);
    struct bytes asked = bytes_part(q->packet, q->header, q->packet.len);
    struct bytes seen = layer ? bytes_part(d->bytes, layer->bit / 8, d->bytes.len) : asked;
    uint8_t type, answer;
    if (!layer || !bytes_u8(asked, 0, &type) || !bytes_u8(seen, 0, &answer) ||
        !bytes_equal(seen_address(q, d, ip, ROLE_DESTINATION), own_address(q, ROLE_SOURCE)))
        return ANSWER_NONE;
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        if (replies[i].proto != q->proto || replies[i].asks != type || replies[i].answers != answer)
            continue;
        if (replies[i].paired &&
            !bytes_equal(bytes_part(asked, PAIR_AT, PAIR), bytes_part(seen, PAIR_AT, PAIR)))
            continue;
        text_format(&x->note, "Answers your packet%s. ",
                    replies[i].paired ? ": it has its identifier" : "");
        return ANSWER_BACK;
    }
    return ANSWER_NONE;
}

/* --- anything ------------------------------------------------------------------------ */

enum answer answer_read(struct exchange *x, const struct question *q, const struct reply *reply)
{
    const struct dissection *d = &x->dissection;
    const struct node *ip = dissection_layer(d, q->ip);
    uint64_t number = 0;
    if (!ip)
        return ANSWER_NONE;
    if (reply->kind == REPLY_ICMP_ERROR) {
        if (!quotes(q, d))
            return ANSWER_NONE;
        text_format(&x->note, "Quotes your packet, so it is about that: %s. ",
                    text_string(&x->summary.title));
        return ANSWER_BACK;
    }
    if (q->proto == &proto_tcp || q->proto == &proto_udp)
        return with_ports(x, q, ip, reply);
    if (q->proto == &proto_icmp || q->proto == &proto_icmpv6)
        return with_type(x, q, ip);
    dissection_number(d, ip, record_role(q->ip, ROLE_NEXT)->name, &number);
    if (number != q->number || !goes(q, d, ip, ROLE_DESTINATION, ROLE_SOURCE))
        return ANSWER_NONE;
    text_format(&x->note, "The same protocol, %u, in the other direction. ", (unsigned)number);
    return ANSWER_BACK;
}
