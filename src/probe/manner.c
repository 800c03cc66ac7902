/* manner.c: how the kinds of handmade probes differ. */
#include "manner.h"

#include <loopcraft/proto.h>

#include <netinet/in.h>
#include <string.h>

/* --- TCP ------------------------------------------------------------------------ */

/* What a recipe has in a row, the user's word or the program's. */
static uint32_t asked_number(const struct recipe *recipe, const char *name)
{
    const struct asked *asked = recipe_asked(recipe, name);
    return asked ? (uint32_t)recipe_number(recipe, asked) : 0;
}

static void tcp_shape(const struct asking *a, struct target *t, struct recipe *recipe)
{
    recipe_default(recipe, "tcp.srcport", a->ours);
    recipe_default(recipe, "tcp.dstport", t->port);
    recipe_default(recipe, "tcp.flags", a->manner->flags);
    if (!t->tries) {
        t->seq = exchange_random();
        t->ack = exchange_random();
    }
    recipe_default(recipe, "tcp.seq_raw", t->seq);
    if (a->manner->flags & TCP_ACK)
        recipe_default(recipe, "tcp.ack_raw", t->ack);
    t->seq = asked_number(recipe, "tcp.seq_raw");
    t->ack = asked_number(recipe, "tcp.ack_raw");
}

/*
 * A reset takes its number from the ACK that it answers; what has no ACK is acknowledged, flags
 * and data counted (RFC 9293, 3.10.7.1). A server need not take data with a SYN.
 */
static bool tcp_fits(const struct asking *a, const struct target *t, uint32_t seq, uint32_t ack)
{
    if (a->manner->flags & TCP_ACK)
        return seq == t->ack;
    uint32_t acked = ack - t->seq;
    return acked >= a->manner->counts && acked - a->manner->counts <= a->words->data.len;
}

static enum about tcp_about(const struct asking *a, const struct target *t, const struct reply *r)
{
    bool sent = r->from == a->ours && r->to == t->port;
    bool answer = r->to == a->ours && r->from == t->port;
    bool said = r->kind == REPLY_SYN_ACK || r->kind == REPLY_RST;
    if (r->protocol != IPPROTO_TCP)
        return ABOUT_NOTHING;
    if (r->ours)
        return sent ? ABOUT_PROBE : ABOUT_NOTHING;
    if (r->kind == REPLY_ICMP_ERROR)
        return sent && r->seq == t->seq ? ABOUT_ANSWER : ABOUT_NOTHING;
    if (said && answer && tcp_fits(a, t, r->seq, r->ack))
        return ABOUT_ANSWER;
    /* The kernel's reset takes its number from the answer's acknowledgment. */
    if (r->kind == REPLY_RST && sent && tcp_fits(a, t, r->ack, r->seq))
        return ABOUT_KERNEL;
    return ABOUT_NOTHING;
}

static void tcp_remark(const struct asking *a, struct remarks *remarks)
{
    remarks_add(remarks, &proto_tcp, "tcp.ack_raw", "%s", a->manner->acks);
}

static void tcp_answered(const struct asking *a, struct target *t, const struct reply *r)
{
    uint32_t acked = r->ack - t->seq;
    if (r->kind == REPLY_ICMP_ERROR)
        return;
    if (a->manner->flags & TCP_ACK)
        remarks_add(&a->x->remarks, &proto_tcp, "tcp.seq_raw",
                    "your acknowledgment number: a reset takes it from the ACK");
    else
        remarks_add(&a->x->remarks, &proto_tcp, "tcp.ack_raw", "your %u + %u: %s%s", t->seq, acked,
                    a->manner->counted, acked > a->manner->counts ? ", and your data" : "");
}

/* --- UDP ------------------------------------------------------------------------ */

static void udp_shape(const struct asking *a, struct target *t, struct recipe *recipe)
{
    recipe_default(recipe, "udp.srcport", a->ours);
    recipe_default(recipe, "udp.dstport", t->port);
}

static enum about udp_about(const struct asking *a, const struct target *t, const struct reply *r)
{
    bool sent = r->from == a->ours && r->to == t->port;
    bool answer = r->to == a->ours && r->from == t->port;
    if (r->protocol != IPPROTO_UDP)
        return ABOUT_NOTHING;
    if (r->ours)
        return sent ? ABOUT_PROBE : ABOUT_NOTHING;
    if (r->kind == REPLY_ICMP_ERROR)
        return sent ? ABOUT_ANSWER : ABOUT_NOTHING;
    return answer ? ABOUT_ANSWER : ABOUT_NOTHING;
}

static void udp_remark(const struct asking *a, struct remarks *remarks)
{
    if (a->x->wire.port == a->ours)
        remarks_add(remarks, &proto_udp, "udp.srcport",
                    "a socket of ours holds it, lest the kernel refuse the answer");
}

static bool same_data(const struct asking *a, const struct reply *r)
{
    return bytes_equal(r->data,
                       (struct bytes){(const uint8_t *)a->words->data.at, a->words->data.len});
}

/* A server bound to every address answers from the one that the kernel chooses. */
static void udp_answered(const struct asking *a, struct target *t, const struct reply *r)
{
    const char *from = a->x->summary.from.addr;
    if (r->kind == REPLY_ICMP_ERROR)
        return;
    text_put(&t->evidence, a->words->data.len && same_data(a, r)
                               ? "; it brings our own bytes back: an echo"
                               : "; that it answers ours, the two ports alone vouch for");
    if (strcmp(from, a->addr) != 0)
        text_format(
            &t->evidence,
            "; it came from %s, not from %s: the program has the port on every address, and "
            "the kernel chose another to answer from",
            from, a->addr);
}

/* --- ICMP echo -------------------------------------------------------------------- */

/* The names of an echo's numbers, by family. */
static const char *ident_name(const struct recipe *recipe)
{
    return recipe->ip == &proto_ipv6 ? "icmpv6.echo.identifier" : "icmp.ident";
}
static const char *echo_name(const struct recipe *recipe)
{
    return recipe->ip == &proto_ipv6 ? "icmpv6.echo.sequence_number" : "icmp.seq";
}

static void echo_shape(const struct asking *a, struct target *t, struct recipe *recipe)
{
    recipe_default(recipe, ident_name(recipe), a->ours);
    recipe_default(recipe, echo_name(recipe), t->port);
    t->ident = (uint16_t)asked_number(recipe, ident_name(recipe));
}

static enum about echo_about(const struct asking *a, const struct target *t, const struct reply *r)
{
    if (r->protocol != a->words->proto->protocol || r->ident != t->ident || r->echo != t->port)
        return ABOUT_NOTHING;
    if (r->ours)
        return ABOUT_PROBE;
    return r->kind == REPLY_ECHO || r->kind == REPLY_ICMP_ERROR ? ABOUT_ANSWER : ABOUT_NOTHING;
}

static void echo_remark(const struct asking *a, struct remarks *remarks)
{
    remarks_add(remarks, a->words->proto, a->words->ip == &proto_ipv6 ? "icmpv6.type" : "icmp.type",
                "are you there? what ping sends");
}

static void echo_answered(const struct asking *a, struct target *t, const struct reply *r)
{
    static const char *const rows[] = {"icmp.ident", "icmp.seq", "icmpv6.echo.identifier",
                                       "icmpv6.echo.sequence_number"};
    if (r->kind == REPLY_ICMP_ERROR)
        return;
    remarks_add(&a->x->remarks, a->words->proto,
                a->words->ip == &proto_ipv6 ? "icmpv6.type" : "icmp.type", "yes, I am here");
    if (!same_data(a, r))
        text_put(&t->evidence, "; but its data is not what we sent");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct node *row = node_find(&a->x->dissection, 0, rows[i]);
        if (row)
            remarks_add(&a->x->remarks, row->record, rows[i], "your request's, repeated");
    }
}

/* --- the table ----------------------------------------------------------------------- */

enum { UNDER_WAY_MOST = 64 /* more would only fill the capture's buffer */ };

#define TCP_ROWS                                                                               \
    .protos = {"tcp", "tcp"}, .noun = "port", .under_way = UNDER_WAY_MOST, .shape = tcp_shape, \
    .about = tcp_about, .remark = tcp_remark, .answered = tcp_answered,                        \
    .broadcast = "; or nothing: this is lo's broadcast address, where TCP never answers"

static const char unasked[] = "no ACK flag: it acknowledges nothing";

static const struct manner manners[] = {
    [PROBE_SYN] = {TCP_ROWS, .what = "SYN", .flags = TCP_SYN, .counts = 1,
                   .counted = "SYN counts as one", .acks = "nothing to acknowledge yet",
                   .asks = {"Is anybody listening on port ", "? Our numbers would start at "}},
    [PROBE_FIN] = {TCP_ROWS, .what = "FIN", .flags = TCP_FIN, .counts = 1,
                   .counted = "FIN counts as one", .acks = unasked,
                   .asks = {"A goodbye without a hello to port ",
                            ": an open port ignores it, a closed one resets. It is number "}},
    [PROBE_NULL] = {TCP_ROWS, .what = "NULL segment", .flags = 0, .counts = 0,
                    .counted = "without SYN and FIN nothing counts", .acks = unasked,
                    .asks = {"A segment without any flag to port ",
                             ": an open port ignores it, a closed one resets. It is number "}},
    [PROBE_XMAS] = {TCP_ROWS, .what = "XMAS segment", .flags = TCP_FIN | TCP_PSH | TCP_URG,
                    .counts = 1, .counted = "FIN counts as one, PSH and URG do not",
                    .acks = unasked,
                    .asks = {"FIN, PSH and URG, lit like a Christmas tree, to port ",
                             ": an open port ignores it, a closed one resets. It is number "}},
    [PROBE_ACK] = {TCP_ROWS, .what = "ACK", .flags = TCP_ACK,
                   .acks = "acknowledges what nobody has said",
                   .asks = {"An ACK of no connection to port ",
                            ": if it gets there, open or closed, a reset comes. It is number "}},
    [PROBE_UDP] = {.protos = {"udp", "udp"},
                   .what = "datagram",
                   .noun = "port",
                   .under_way = UNDER_WAY_MOST,
                   .shape = udp_shape,
                   .about = udp_about,
                   .remark = udp_remark,
                   .answered = udp_answered,
                   .asks = {"Does anybody answer on port ",
                            "? UDP has no handshake: one says something, and waits."},
                   .broadcast = "; or nobody is there: this is lo's broadcast address, for which "
                                "no kernel sends an ICMP error (RFC 1122, 3.2.2)"},
    [PROBE_ECHO] = {.protos = {"icmp", "icmpv6"},
                    .what = "echo request",
                    .noun = "echo request",
                    .filter = "icmp or icmp6",
                    .under_way = 1,
                    .shape = echo_shape,
                    .about = echo_about,
                    .remark = echo_remark,
                    .answered = echo_answered,
                    .asks = {"Are you there? Echo request ",
                             ": what it carries is to come back unchanged."},
                    .broadcast = "; or the kernel ignores it: this is lo's broadcast address "
                                 "(net.ipv4.icmp_echo_ignore_broadcasts)"},
};

const struct manner *manner_of(enum probe_kind kind)
{
    return manners[kind].shape ? &manners[kind] : NULL;
}
