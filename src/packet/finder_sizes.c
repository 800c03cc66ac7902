/* finder_sizes.c: tcp.len (packet-tcp.c). */
#include "finder_sizes.h"

#include <loopcraft/dissect.h>
#include <loopcraft/proto.h>

/* The IP header around it. */
static const struct node *ip_around(const struct dissection *d, const struct node *head)
{
    while (head-- > d->nodes)
        if (head->kind == NODE_RECORD &&
            (head->record == &proto_ipv4 || head->record == &proto_ipv6))
            return head;
    return NULL;
}

/* Where the packet ends by its IP header, also where not all was captured; 0: it does not say. */
static uint64_t packet_end(const struct dissection *d, const struct node *ip)
{
    bool four = ip->record == &proto_ipv4;
    const struct node *len = node_find(d, (size_t)(ip - d->nodes), four ? "ip.len" : "ipv6.plen");
    const struct node *version = ip + 1;
    if (!len || len->depth != ip->depth || node_number(d, version) != (four ? 4 : 6))
        return 0;   /* Wireshark leaves a header with a false version */
    if (len->fault) /* false, or 0: left to a network card */
        return d->bytes.len;
    return ip->bit / 8 + (four ? 0 : ip->record->size) + node_number(d, len);
}

/* Bytes of the stream in a segment; of one in pieces, or quoted, Wireshark does not say. */
static bool segment_len(const struct dissection *d, const struct node *head, uint64_t *size)
{
    const struct node *ip = ip_around(d, head);
    uint64_t more = 0, words; /* the data offset is taken as it is, true or false */
    if (!ip || (size_t)(head - d->nodes) >= dissection_quote(d) ||
        !dissection_number(d, head, "tcp.hdr_len", &words))
        return false;
    uint64_t start = head->bit / 8 + words * 4;
    dissection_number(d, ip, "ip.flags.mf", &more);
    uint64_t end = packet_end(d, ip);
    *size = end - start;
    return !more && end >= start;
}

const struct finder_size finder_sizes[] = {
    {"tcp.len", &proto_tcp, segment_len},
    {NULL, NULL, NULL},
};
