/* anomalies_header.c: rules over what one packet has in its headers. */
#include "anomalies_rules.h"

#include <loopcraft/proto.h>
#include <loopcraft/sums.h>

#include <string.h>

/* --- flags -------------------------------------------------------------------------------- */

static unsigned has_flags(const struct sight *s, unsigned mask, unsigned value)
{
    return s->has_segment && (s->segment.flags & mask) == value;
}

unsigned fires_syn_fin(const struct sight *s)
{
    return has_flags(s, SYN | FIN, SYN | FIN);
}

unsigned fires_syn_rst(const struct sight *s)
{
    return has_flags(s, SYN | RST, SYN | RST);
}

unsigned fires_rst_fin(const struct sight *s)
{
    return has_flags(s, SYN | RST | FIN, RST | FIN);
}

unsigned fires_null(const struct sight *s)
{
    return has_flags(s, FLAGS, 0);
}

unsigned fires_xmas(const struct sight *s)
{
    return has_flags(s, SYN | RST | ACK | FIN | PSH | URG, FIN | PSH | URG);
}

unsigned fires_fin(const struct sight *s)
{
    return has_flags(s, SYN | RST | ACK | FIN, FIN) && !fires_xmas(s);
}

unsigned fires_no_ack(const struct sight *s)
{
    return has_flags(s, SYN | RST | ACK | FIN, 0) && s->segment.flags;
}

void say_flags(struct text *out, const struct sight *s)
{
    static const char *const names[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG"};
    text_put(out, "flags");
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (s->segment.flags >> i & 1)
            text_format(out, " %s", names[i]);
    text_put(out, s->segment.flags ? "" : " none");
    text_format(out, ", seq_raw=%u", s->segment.seq);
}

/* TCP Fast Open: option 34 (RFC 7413, 4.1.1), or 254 as long as it was an experiment (RFC 6994). */
static bool has_fast_open(const struct sight *s)
{
    const struct dissection *d = s->c->d;
    const struct node *node = s->segment.tcp + 1, *end = d->nodes + d->count;
    for (; node < end && node->depth == s->segment.tcp->depth; node++)
        if (node->kind == NODE_FIELD && node->field->role == ROLE_KIND) {
            uint64_t kind = node_number(d, node);
            if (kind == 34 || kind == 254)
                return true;
        }
    return false;
}

unsigned fires_syn_data(const struct sight *s)
{
    return has_flags(s, SYN | ACK | RST | FIN, SYN) && s->segment.len && !s->piece.is &&
           !has_fast_open(s);
}

void say_syn_data(struct text *out, const struct sight *s)
{
    text_format(out, "SYN with %u byte%s of data, no fast-open cookie among its options",
                s->segment.len, s->segment.len == 1 ? "" : "s");
}

/* --- ports, addresses ----------------------------------------------------------------------- */

/*
 * Ports that programs use on both sides, and services whose clients must have a port that only
 * root can have (rresvport(3)): portmapper, NFS, rlogin, rsh, printers.
 */
static bool client_may(const struct sight *s)
{
    static const struct {
        uint16_t from, to; /* 0: any */
    } may[] = {{67, 68}, {68, 67},  {546, 547}, {547, 546}, {500, 4500}, {4500, 500},
               {0, 111}, {0, 2049}, {0, 513},   {0, 514},   {0, 515},    {0, 635}};
    if (s->port[0] == s->port[1])
        return true;
    for (size_t i = 0; i < sizeof may / sizeof *may; i++)
        if ((!may[i].from || may[i].from == s->port[0]) && may[i].to == s->port[1])
            return true;
    return false;
}

/* Linux lends out ports from 32768 on (ip(7)), whatever service has its number there. */
unsigned fires_client_port(const struct sight *s)
{
    uint16_t from = s->port[0], to = s->port[1];
    if (!(s->facts & FACT_FIRST) || from == 0 || from >= 32768 || client_may(s))
        return 0;
    if (s->l->udp && to >= 1024 && !sight_service(s, to)) /* an answer, more likely */
        return 0;
    return from < 1024 || sight_service(s, from);
}

void say_client_port(struct text *out, const struct sight *s)
{
    text_format(out, "source port %u, a server's; it asks port %u", s->port[0], s->port[1]);
}

/* UDP: of a program's own port alone it is nothing; programs send themselves datagrams. */
unsigned fires_land(const struct sight *s)
{
    return s->has_ports && s->port[0] == s->port[1] &&
           memcmp(s->addr[0], s->addr[1], sizeof s->addr[0]) == 0 &&
           (s->l->tcp || s->port[0] < 1024 || sight_service(s, s->port[0]));
}

void say_land(struct text *out, const struct sight *s)
{
    struct end end = sight_end(s, s->addr[0], true, s->port[0]);
    text_format(out, "from %s port %s to the same", end.addr, end.port);
}

unsigned fires_port_zero(const struct sight *s)
{
    return s->has_ports && (!s->port[0] || !s->port[1]);
}

void say_port_zero(struct text *out, const struct sight *s)
{
    text_format(out, "source port %u, destination port %u", s->port[0], s->port[1]);
}

/* --- headers -------------------------------------------------------------------------------- */

/* The first header, of those that are no quotation, whose checksum is wrong; NULL: none. */
static const struct node *wrong_sum(const struct sight *s, struct sum_check *check)
{
    const struct dissection *d = s->c->d;
    for (size_t i = 0; i < s->l->quote; i++) {
        const struct node *node = &d->nodes[i];
        if (node->kind != NODE_RECORD || node->record->sum == SUM_NONE)
            continue;
        *check = sum_check(d, i);
        if (check->verdict == SUM_WRONG)
            return node;
    }
    return NULL;
}

unsigned fires_checksum(const struct sight *s)
{
    struct sum_check check;
    return wrong_sum(s, &check) != NULL;
}

void say_checksum(struct text *out, const struct sight *s)
{
    struct sum_check check;
    const struct node *node = wrong_sum(s, &check);
    text_format(out, "%s checksum 0x%04x, it should be 0x%04x", node->record->title, check.stored,
                check.expected);
}

/* A row of this role that is not 0 in the layer's fixed rows, or NULL. */
static const struct field *reserved_row(const struct sight *s, const struct node *layer,
                                        uint64_t *number)
{
    for (size_t i = 0; layer && i < layer->record->field_count; i++) {
        const struct field *row = &layer->record->fields[i];
        if (row->role == ROLE_RESERVED && row_number(s->c, layer, row, number) && *number)
            return row;
    }
    return NULL;
}

static const struct field *reserved(const struct sight *s, uint64_t *number)
{
    const struct field *row = reserved_row(s, s->l->ip ? s->l->ip : s->l->outer_ip, number);
    return row ? row : s->has_ports ? reserved_row(s, s->l->tcp, number) : NULL;
}

unsigned fires_reserved(const struct sight *s)
{
    uint64_t number;
    return reserved(s, &number) != NULL;
}

void say_reserved(struct text *out, const struct sight *s)
{
    uint64_t number = 0;
    const struct field *row = reserved(s, &number);
    text_format(out, "%s=%llu", row->name, (unsigned long long)number);
}

/* RFC 791, 3.2: no link cuts a packet smaller than 68 bytes with its header; others have 1280. */
unsigned fires_tiny(const struct sight *s)
{
    enum { TINY = 48, TCP_REST = 8 };
    bool rest = !s->piece.begins && s->piece.from == TCP_REST;
    return s->piece.is && ((s->piece.more && s->piece.to - s->piece.from < TINY) || rest);
}

void say_piece(struct text *out, const struct sight *s)
{
    text_format(out, "bytes %u to %u of the packet, %s", s->piece.from,
                s->piece.to ? s->piece.to - 1 : 0, s->piece.more ? "more follow" : "the last");
}
