/* anomalies_talk.c: conversations: who asked, what became of it. */
#include "anomalies_parts.h"

#include <loopcraft/proto.h>

#include <string.h>

/* An answer of several datagrams, longer than an Ethernet frame has room for. */
enum { LONG_BYTES = 1500, LONG_TIMES = 10 };

/* What a conversation is worth among others, when room is needed: of no sweep much is kept. */
static void talk_state(struct talk *talk, enum talk_state state)
{
    static const uint8_t worth[] = {
        [TALK_STRAY] = 1, [TALK_ASKED] = 1, [TALK_ANSWERED] = 2, [TALK_OPEN] = 3, [TALK_OVER] = 0};
    talk->state = (uint8_t)state;
    talk->kept.worth = worth[state];
}

static struct talk *talk_new(struct anomalies *a, const struct sight *s, const struct flow_key *key,
                             unsigned side)
{
    struct talk *talk = keeper_place(&a->talks, key);
    burst_done(a, talk);
    keeper_take(&a->talks, talk, key);
    talk->number = s->number;
    talk->asker = (uint8_t)side;
    return talk;
}

/* --- questions ---------------------------------------------------------------------------- */

static struct flow_key ask_key(const struct sight *s, unsigned who)
{
    struct flow_key key = {.kind = s->kind, .protocol = s->protocol, .port = {s->port[who]}};
    memcpy(key.addr[0], s->addr[who], sizeof key.addr[0]);
    return key;
}

static void ask_put(struct anomalies *a, const struct sight *s)
{
    struct flow_key key = ask_key(s, 0);
    struct ask *ask = keeper_find(&a->asks, &key);
    if (!ask)
        ask = keeper_place(&a->asks, &key);
    keeper_take(&a->asks, ask, &key);
    ask->number = s->number;
    ask->time_ns = s->now;
    ask->seq = s->segment.seq;
    ask->port = s->port[1];
    memcpy(ask->addr, s->addr[1], sizeof ask->addr);
}

static void ask_answered(struct anomalies *a, const struct sight *s)
{
    struct flow_key key = ask_key(s, 1);
    struct ask *ask = keeper_find(&a->asks, &key);
    if (ask && ask->port == s->port[0] && !memcmp(ask->addr, s->addr[0], sizeof ask->addr))
        ask->answered = true;
}

/* Groups and broadcasts are answered by others than themselves. */
static bool is_group(const struct sight *s, const uint8_t *addr)
{
    if (s->kind == FLOW_TALK6)
        return addr[0] == 0xff;
    return addr[0] >= 224 || addr[3] == 255;
}

/*
 * Does it answer a question that went to another port or address of its? The asker's port is its
 * own alone, and one of both fits: who merely hears from a stranger is told of neither.
 */
static bool from_elsewhere(struct anomalies *a, struct sight *s)
{
    enum { TFTP = 69 }; /* RFC 1350, 4: answers from a port of its own */
    struct flow_key key = ask_key(s, 1);
    const struct ask *ask = keeper_find(&a->asks, &key);
    if (!ask || ask->answered || elapsed(s->now, ask->time_ns) > 5 * CLOCK_SECOND ||
        is_group(s, ask->addr) || s->port[1] == ask->port)
        return false;
    bool port = ask->port == s->port[0];
    bool addr = memcmp(ask->addr, s->addr[0], sizeof ask->addr) == 0;
    if (port == addr)
        return false;
    if (s->l->tcp ? s->segment.ack != ask->seq + 1 : ask->port == TFTP)
        return false;
    s->facts |= FACT_ELSEWHERE;
    s->asked_at = ask->number;
    s->asked = sight_end(s, ask->addr, true, ask->port);
    return true;
}

/* --- TCP ---------------------------------------------------------------------------------- */

static void see_hops(struct sight *s, struct talk *talk, unsigned side)
{
    if (!talk->hops[side] || s->segment.flags & SYN) {
        talk->hops[side] = s->hops;
    } else if (talk->hops[side] != s->hops && !talk->told_hops) {
        s->facts |= FACT_HOPS;
        s->hops_before = talk->hops[side];
        talk->told_hops = true;
    }
}

static void tcp_begins(struct anomalies *a, struct sight *s, struct talk *talk)
{
    if (s->segment.flags & SYN && !(s->segment.flags & ACK)) {
        talk_state(talk, TALK_ASKED);
        s->facts |= FACT_FIRST;
        ask_put(a, s);
        sweep_asked(a, s, s->addr[0], s->addr[1], s->port[1]);
        return;
    }
    talk_state(talk, TALK_STRAY);
    talk->ack = s->segment.ack;
    if (s->segment.flags & SYN)
        from_elsewhere(a, s);
}

/*
 * RFC 9293, 3.10.7.1: a reset for a segment of no connection has the number that the segment
 * acknowledged, and no ACK. That alone proves that there was none: a connection may be older than
 * the capture, and then goes on.
 */
static void stray_answered(struct anomalies *a, struct sight *s, struct talk *talk)
{
    bool none = (s->segment.flags & (RST | ACK)) == RST && s->segment.seq == talk->ack;
    talk_state(talk, s->segment.flags & RST ? TALK_OVER : TALK_OPEN);
    if (!none)
        return;
    s->facts |= FACT_NO_HANDSHAKE;
    s->culprit = 1;
    s->asked_at = talk->number;
    sweep_asked(a, s, s->addr[1], s->addr[0], s->port[0]);
}

/* A segment of the end that did not begin. */
static void tcp_answer(struct anomalies *a, struct sight *s, struct talk *talk)
{
    unsigned flags = s->segment.flags;
    if (talk->state == TALK_STRAY) {
        stray_answered(a, s, talk);
    } else if (flags & RST) {
        burst_done(a, talk);
        talk_state(talk, TALK_OVER);
    } else if (talk->state == TALK_ASKED && (flags & (SYN | ACK)) == (SYN | ACK)) {
        talk_state(talk, TALK_ANSWERED);
        ask_answered(a, s);
        sweep_answered(a, s);
        burst_waits(a, s, talk);
    } else if (talk->state == TALK_ANSWERED && flags & SYN) {
        burst_still_waits(a, s, talk); /* the SYN-ACK once more */
    }
}

static void tcp_more(struct anomalies *a, struct sight *s, struct talk *talk)
{
    unsigned flags = s->segment.flags;
    bool hung_up = talk->state == TALK_ANSWERED && flags & RST;
    if (hung_up) {
        s->facts |= FACT_HUNG_UP;
        s->asked_at = talk->number;
    }
    if (flags & RST || (talk->state == TALK_ANSWERED && flags & ACK)) {
        burst_done(a, talk);
        talk_state(talk, flags & RST ? TALK_OVER : TALK_OPEN);
    }
}

/* A port that is asked again, once the connection before is over, or was never seen to end. */
static bool begins_again(const struct sight *s, const struct talk *talk)
{
    bool syn = (s->segment.flags & (SYN | ACK | RST)) == SYN;
    return syn && talk->state != TALK_ASKED && talk->state != TALK_ANSWERED;
}

static void see_tcp(struct anomalies *a, struct sight *s, const struct flow_key *key, unsigned side)
{
    if (sight_flags_odd(s)) { /* no part of any conversation */
        sweep_asked(a, s, s->addr[0], s->addr[1], s->port[1]);
        return;
    }
    struct talk *talk = keeper_find(&a->talks, key);
    if (talk && begins_again(s, talk)) {
        burst_done(a, talk);
        keeper_take(&a->talks, talk, key);
        talk->number = s->number;
        talk->asker = (uint8_t)side;
        tcp_begins(a, s, talk);
    } else if (talk) {
        (side == talk->asker ? tcp_more : tcp_answer)(a, s, talk);
    } else if (!(s->segment.flags & RST)) {
        talk = talk_new(a, s, key, side);
        tcp_begins(a, s, talk);
    }
    if (talk)
        see_hops(s, talk, side);
}

/* --- UDP ---------------------------------------------------------------------------------- */

static uint32_t more(uint32_t sum, uint32_t bytes)
{
    return sum > UINT32_MAX - bytes ? UINT32_MAX : sum + bytes;
}

static void udp_answer(struct anomalies *a, struct sight *s, struct talk *talk)
{
    if (talk->state == TALK_ASKED) {
        ask_answered(a, s);
        sweep_answered(a, s);
    }
    talk_state(talk, TALK_OPEN);
    talk->answered = more(talk->answered, s->payload);
    uint32_t asked = talk->asked ? talk->asked : 1;
    if (talk->told_long || talk->answered < LONG_BYTES || talk->answered / LONG_TIMES < asked)
        return;
    talk->told_long = true;
    s->facts |= FACT_LONG;
    s->asked_at = talk->number;
    s->asked_bytes = talk->asked;
    s->answered_bytes = talk->answered;
}

static void see_udp(struct anomalies *a, struct sight *s, const struct flow_key *key, unsigned side)
{
    struct talk *talk = keeper_find(&a->talks, key);
    if (talk && side != talk->asker) {
        udp_answer(a, s, talk);
        return;
    }
    if (!talk) {
        bool elsewhere = from_elsewhere(a, s);
        talk = talk_new(a, s, key, side);
        talk_state(talk, elsewhere ? TALK_OPEN : TALK_ASKED);
        if (!elsewhere) {
            s->facts |= FACT_FIRST;
            ask_put(a, s);
            sweep_asked(a, s, s->addr[0], s->addr[1], s->port[1]);
        }
    }
    talk->asked = more(talk->asked, s->payload);
    talk->answered = 0;
}

void talk_packet(struct anomalies *a, struct sight *s)
{
    struct flow_key key;
    unsigned side;
    if (!s->has_ports || !talk_key(s->c, s->l, &key, &side))
        return;
    if (s->l->udp)
        see_udp(a, s, &key, side);
    else if (s->has_segment)
        see_tcp(a, s, &key, side);
}
