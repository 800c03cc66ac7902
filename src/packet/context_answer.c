/*
 * context_answer.c: which packet this one answers: pings, names, hardware addresses, datagrams;
 * and the errors of ICMP, which quote the packet that they are about.
 */
#include "context_parts.h"

#include <loopcraft/proto.h>

#include <string.h>

enum { NO_TYPE = 0xff };

/* What is asked and what answers it: types of ICMP (RFC 792; RFC 8335) and of ICMPv6 (RFC 4443). */
struct pair {
    uint8_t ask, answer;
    const char *ident, *seq;
};
static const struct pair pairs4[] = {
    {8, 0, "icmp.ident", "icmp.seq"},
    {13, 14, "icmp.ident", "icmp.seq"},
    {15, 16, "icmp.ident", "icmp.seq"},
    {17, 18, "icmp.ident", "icmp.seq"},
    {42, 43, "icmp.ident", "icmp.ext.echo.seq"},
    {NO_TYPE, NO_TYPE, NULL, NULL},
};
static const struct pair pairs6[] = {
    {128, 129, "icmpv6.echo.identifier", "icmpv6.echo.sequence_number"},
    {160, 161, "icmpv6.echo.identifier", "icmpv6.ext.echo.seq"},
    {NO_TYPE, NO_TYPE, NULL, NULL},
};

/* The row of this role, or this name, in a layer: one look at a few nodes. NULL: not there. */
static const struct node *row_of(const struct context *c, const struct node *layer, enum role role,
                                 const char *name)
{
    const struct node *end = c->d->nodes + c->d->count;
    for (const struct node *node = layer + 1; node < end && node->depth == layer->depth; node++)
        if (node->kind == NODE_FIELD &&
            (name ? node->field->name && !strcmp(node->field->name, name)
                  : node->field->role == role))
            return node;
    return NULL;
}

/* --- questions ------------------------------------------------------------------------ */

static void put_ms(struct text *text, int64_t ns)
{
    uint64_t us = (uint64_t)ns / 1000;
    text_number(text, us / 1000);
    text_char(text, '.');
    text_char(text, (char)('0' + us / 100 % 10));
    text_char(text, (char)('0' + us / 10 % 10));
    text_char(text, (char)('0' + us % 10));
    text_put(text, " ms");
}

/* "answers #3, after 0.025 ms" */
static void say_answer(struct context *c, const struct field *row, const struct side *asked,
                       uint64_t number)
{
    int64_t ns;
    bool later = !__builtin_sub_overflow(c->frame->time_ns, asked->time_ns, &ns) && ns >= 0;
    struct text *text = context_write(c, row);
    note_answers(c, number);
    if (!text)
        return;
    text_put(text, "answers #");
    text_number(text, number);
    if (later) {
        text_put(text, ", after ");
        put_ms(text, ns);
    }
}

/* A question, or its answer: who asked comes first in the key. `row` gets the words. */
static void ask_or_answer(struct context *c, const struct flow_key *key, bool answer,
                          const struct field *row)
{
    struct flow *flow = flow_find(&c->table, key, !answer);
    if (!flow)
        return;
    struct side *asked = &flow->sides[0];
    uint64_t number = side_number(asked, 0);
    if (answer && number)
        say_answer(c, row, asked, number);
    else if (!answer && number && c->remarks) {
        struct text *text = context_write(c, row);
        if (text) {
            text_put(text, "the same as #");
            text_number(text, number);
        }
    }
    if (!answer)
        side_came(asked, &flow->sides[1], 0, c->frame->number, c->frame->time_ns);
}

/* --- ICMP ----------------------------------------------------------------------------- */

/* The key of a question or its answer, and the row that it is told by; NULL: it is none. */
static const struct field *ping_key(const struct context *c, const struct layers *l,
                                    struct flow_key *key, bool *answer)
{
    bool six = l->icmp->record == &proto_icmpv6;
    const struct ip_rows *ip = ip_rows(c, l->ip);
    const struct node *type = row_of(c, l->icmp, ROLE_CASE, NULL);
    uint64_t number = type ? node_number(c->d, type) : NO_TYPE;
    const struct pair *pair = six ? pairs6 : pairs4;
    while (pair->ident && number != pair->ask && number != pair->answer)
        pair++;
    if (!pair->ident)
        return NULL;
    const struct node *ident = row_of(c, l->icmp, ROLE_VALUE, pair->ident);
    const struct node *seq = row_of(c, l->icmp, ROLE_VALUE, pair->seq);
    *answer = number == pair->answer;
    *key = (struct flow_key){.kind = six ? FLOW_ASK6 : FLOW_ASK4, .protocol = pair->ask};
    if (!ident || !seq || !key_address(c, l->ip, ip->source, key->addr[*answer]) ||
        !key_address(c, l->ip, ip->destination, key->addr[!*answer]))
        return NULL;
    key->port[0] = (uint16_t)node_number(c->d, ident);
    key->port[1] = (uint16_t)node_number(c->d, seq);
    return seq->field;
}

/* What tells datagrams of a conversation apart in the eight bytes that every error quotes. */
static bool datagram_mark(const struct context *c, const struct layers *l, uint32_t *mark)
{
    uint64_t length, sum;
    if (!row_number(c, l->udp, c->udp.length, &length) || !row_number(c, l->udp, c->udp.sum, &sum))
        return false;
    *mark = (uint32_t)(length << 16 | sum);
    return true;
}

/* The number of the packet that is quoted, or 0: not seen, or long ago. */
static uint64_t quoted_number(struct context *c, const struct layers *l)
{
    struct flow_key key;
    unsigned side = 0;
    uint32_t mark = 0;
    uint64_t seq;
    bool answer;
    if (l->tcp) {
        if (!talk_key(c, l, &key, &side) || !row_number(c, l->tcp, c->tcp.seq, &seq))
            return 0;
        mark = (uint32_t)seq;
    } else if (l->udp) {
        if (!talk_key(c, l, &key, &side) || !datagram_mark(c, l, &mark))
            return 0;
    } else if (!l->icmp || !ping_key(c, l, &key, &answer) || answer) {
        return 0;
    }
    const struct flow *flow = flow_find(&c->table, &key, false);
    return flow ? side_number(&flow->sides[side], mark) : 0;
}

static void put_end(struct context *c, const struct layers *l, enum role role)
{
    const struct node *transport = l->tcp ? l->tcp : l->udp;
    const struct node *addr = row_of(c, l->ip, role, NULL);
    const struct node *port = transport ? row_of(c, transport, role, NULL) : NULL;
    bool six = l->ip->record == &proto_ipv6;
    if (addr) {
        text_put(&c->note, six && port ? "[" : "");
        node_show(&c->note, c->d, addr);
        text_put(&c->note, six && port ? "]" : "");
    }
    if (port) {
        text_char(&c->note, ':');
        node_show(&c->note, c->d, port);
    }
}

/* "Answers #12, the UDP datagram 127.0.0.1:40000 to 127.0.0.1:9001: no program listens there." */
static void note_error(struct context *c, const struct layers *l, uint64_t number, const char *why)
{
    const struct node *what = l->tcp ? l->tcp : l->udp ? l->udp : l->icmp ? l->icmp : l->ip;
    c->answered = number;
    text_put(&c->note, number ? "Answers #" : "Answers the ");
    if (number) {
        text_number(&c->note, number);
        text_put(&c->note, ", the ");
    }
    text_put(&c->note, what->record->title);
    text_char(&c->note, ' ');
    text_put(&c->note, what->record->unit ? what->record->unit : "packet");
    text_char(&c->note, ' ');
    put_end(c, l, ROLE_SOURCE);
    text_put(&c->note, " to ");
    put_end(c, l, ROLE_DESTINATION);
    if (why) {
        text_put(&c->note, ": ");
        text_put(&c->note, why);
    }
    text_char(&c->note, '.');
}

/* What a number of ICMP's means, by its term; NULL when nobody says. */
static const char *term_means(struct context *c, const struct node *row)
{
    const struct term *term = row ? term_find(row->terms, node_number(c->d, row)) : NULL;
    if (!term || !term->means)
        return NULL;
    context_say(c, row->field, term->means);
    return term->means;
}

void context_icmp(struct context *c, const struct layers *l)
{
    struct flow_key key;
    bool answer = false;
    const struct field *row = ping_key(c, l, &key, &answer);
    if (row)
        ask_or_answer(c, &key, answer, row);
    if (!c->remarks)
        return;
    const char *means = term_means(c, row_of(c, l->icmp, ROLE_CASE, NULL));
    const char *why = term_means(c, row_of(c, l->icmp, ROLE_CODE, NULL));
    struct layers quoted = layers_find(c->d, l->quote, c->d->count);
    if (quoted.ip)
        note_error(c, &quoted, quoted_number(c, &quoted), why ? why : means);
}

/* --- UDP, DNS, ARP ---------------------------------------------------------------------- */

/* One datagram there and one back: an answer. After several there is no telling which it answers.
 */
void context_udp(struct context *c, const struct layers *l)
{
    struct flow_key key;
    unsigned side;
    uint32_t mark;
    if (!talk_key(c, l, &key, &side) || !datagram_mark(c, l, &mark))
        return;
    struct flow *flow = flow_find(&c->table, &key, true);
    struct side *me = &flow->sides[side], *peer = &flow->sides[!side];
    if (peer->since == 1 && !l->dns)
        note_answers(c, peer->numbers[(peer->turn + FLOW_RECENT - 1) % FLOW_RECENT]);
    side_came(me, peer, mark, c->frame->number, c->frame->time_ns);
}

/* RFC 1035, 7.3: by the id, between the same two ends. */
void context_dns(struct context *c, const struct layers *l)
{
    struct flow_key key;
    unsigned side;
    size_t at = (size_t)(l->dns - c->d->nodes);
    const struct node *id = node_find(c->d, at, "dns.id");
    const struct node *response = node_find(c->d, at, "dns.flags.response");
    if (!(l->tcp || l->udp) || !id || !response || !talk_key(c, l, &key, &side))
        return;
    bool answer = node_number(c->d, response);
    if (side != answer) { /* who asks comes first */
        struct flow_key turned = key;
        for (int i = 0; i < 2; i++) {
            memcpy(turned.addr[i], key.addr[!i], sizeof key.addr[i]);
            turned.port[i] = key.port[!i];
        }
        key = turned;
    }
    key.kind = key.kind == FLOW_TALK6 ? FLOW_DNS6 : FLOW_DNS4;
    key.id = (uint16_t)node_number(c->d, id);
    ask_or_answer(c, &key, answer, id->field);
}

void context_arp(struct context *c, const struct layers *l)
{
    const struct node *code = row_of(c, l->arp, ROLE_VALUE, "arp.opcode");
    const struct node *from = row_of(c, l->arp, ROLE_SOURCE, NULL);
    const struct node *to = row_of(c, l->arp, ROLE_DESTINATION, NULL);
    uint64_t number = code ? node_number(c->d, code) : 0;
    bool answer = number == 2;
    struct flow_key key = {.kind = FLOW_ASK4, .protocol = NO_TYPE};
    if (!from || !to || (number != 1 && !answer) ||
        !key_address(c, l->arp, from->field, key.addr[answer]) ||
        !key_address(c, l->arp, to->field, key.addr[!answer]))
        return;
    ask_or_answer(c, &key, answer, code->field);
}
