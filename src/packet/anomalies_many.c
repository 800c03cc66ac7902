/* anomalies_many.c: what only many packets show: sweeps, half-open connections, fragments. */
#include "anomalies_parts.h"

#include <loopcraft/proto.h>

#include <string.h>

enum {
    SWEEP_PORTS = 20, /* asked in vain: programs that look for one another try a few */
    BURST_WAITING = 20
};
static const int64_t sweep_quiet = 10 *
                                   CLOCK_SECOND; /* a sweep that pauses longer is another one */
static const int64_t burst_lasts = 10 * CLOCK_SECOND, burst_waits_for = CLOCK_SECOND / 5;

/* --- sweeps ------------------------------------------------------------------------------- */

static struct flow_key sweep_key(const struct sight *s, const uint8_t *from, const uint8_t *to)
{
    struct flow_key key = {.kind = s->kind, .protocol = s->protocol};
    memcpy(key.addr[0], from, sizeof key.addr[0]);
    memcpy(key.addr[1], to, sizeof key.addr[1]);
    return key;
}

/* traceroute(8) counts its datagrams by ports that nobody has, from 33434 on. */
static bool is_traceroute(const struct sight *s, uint16_t port)
{
    return s->l->udp && port >= 33434 && port < 33434 + 3 * 255;
}

static bool bit_set(uint8_t *bits, uint16_t port)
{
    uint8_t bit = (uint8_t)(1 << port % 8);
    bool was = bits[port / 8] & bit;
    bits[port / 8] |= bit;
    return !was;
}

static struct sweep *sweep_of(struct anomalies *a, const struct sight *s, const uint8_t *from,
                              const uint8_t *to)
{
    struct flow_key key = sweep_key(s, from, to);
    struct sweep *sweep = keeper_find(&a->sweeps, &key);
    if (sweep && elapsed(s->now, sweep->last_ns) <= sweep_quiet)
        return sweep;
    if (!sweep)
        sweep = keeper_place(&a->sweeps, &key);
    keeper_take(&a->sweeps, sweep, &key);
    sweep->number = s->number;
    sweep->first_ns = sweep->last_ns = s->now;
    sweep->lowest = UINT16_MAX;
    return sweep;
}

void sweep_asked(struct anomalies *a, struct sight *s, const uint8_t *from, const uint8_t *to,
                 uint16_t port)
{
    if (is_traceroute(s, port))
        return;
    struct sweep *sweep = sweep_of(a, s, from, to);
    if (!bit_set(sweep->seen, port))
        return;
    sweep->asked++;
    sweep->last_ns = s->now;
    sweep->lowest = port < sweep->lowest ? port : sweep->lowest;
    sweep->highest = port > sweep->highest ? port : sweep->highest;
    if (sweep->asked - sweep->answered < SWEEP_PORTS && !sweep->told)
        return;
    s->ports = sweep->told ? 1 : sweep->asked;
    s->sweep = sweep;
    sweep->told = true;
    sweep->kept.worth = 1;
}

void sweep_answered(struct anomalies *a, const struct sight *s)
{
    struct flow_key key = sweep_key(s, s->addr[1], s->addr[0]);
    struct sweep *sweep = keeper_find(&a->sweeps, &key);
    uint16_t port = s->port[0];
    if (sweep && sweep->seen[port / 8] & 1 << port % 8)
        sweep->answered += bit_set(sweep->open, port);
}

/* --- half-open connections ------------------------------------------------------------------ */

static struct flow_key burst_key(const struct flow_key *talk, unsigned server)
{
    struct flow_key key = {.kind = talk->kind, .port = {talk->port[server]}};
    memcpy(key.addr[0], talk->addr[server], sizeof key.addr[0]);
    return key;
}

/* Many at once are a burst only if they wait: a kernel may answer them all, and then get their
 * ACKs. */
static void burst_judge(struct sight *s, struct burst *burst, uint32_t fresh)
{
    if (burst->waiting < BURST_WAITING)
        return;
    if (!burst->full)
        burst->full_ns = s->now;
    burst->full = true;
    if (!burst->told && elapsed(s->now, burst->full_ns) < burst_waits_for)
        return;
    s->waiting = burst->told ? fresh : burst->waiting;
    s->burst = burst;
    s->culprit = 1;
    burst->told = true;
}

/* Counted are those of the last seconds: what is lost sight of must not add up for ever. */
void burst_waits(struct anomalies *a, struct sight *s, struct talk *talk)
{
    struct flow_key key = burst_key(&talk->kept.key, !talk->asker);
    struct burst *burst = keeper_find(&a->bursts, &key);
    if (!burst || elapsed(s->now, burst->first_ns) > burst_lasts) {
        burst = burst ? burst : keeper_place(&a->bursts, &key);
        keeper_take(&a->bursts, burst, &key);
        burst->number = s->number;
        burst->first_ns = s->now;
        burst->round = ++a->rounds ? a->rounds : ++a->rounds;
    }
    talk->burst = burst->round;
    burst->waiting++;
    burst_judge(s, burst, 1);
}

static struct burst *burst_of(struct anomalies *a, const struct talk *talk)
{
    struct flow_key key = burst_key(&talk->kept.key, !talk->asker);
    struct burst *burst = talk->burst ? keeper_find(&a->bursts, &key) : NULL;
    return burst && burst->round == talk->burst ? burst : NULL;
}

void burst_still_waits(struct anomalies *a, struct sight *s, struct talk *talk)
{
    struct burst *burst = burst_of(a, talk);
    if (burst)
        burst_judge(s, burst, 0);
}

void burst_done(struct anomalies *a, struct talk *talk)
{
    struct burst *burst = burst_of(a, talk);
    talk->burst = 0;
    if (!burst)
        return;
    burst->waiting -= burst->waiting > 0;
    burst->full = burst->full && burst->waiting >= BURST_WAITING;
}

/* --- fragments ------------------------------------------------------------------------------ */

/* What tells packets apart of which there are pieces: RFC 791, 3.2; RFC 8200, 4.5. */
static struct flow_key pieces_key(const struct sight *s)
{
    struct flow_key key = {.kind = s->kind};
    uint64_t id = 0, protocol = 0;
    const struct record *record = s->piece.row->record;
    bool four = record == &proto_ipv4;
    const struct field *row = record_field(record, four ? "ip.id" : "ipv6.fraghdr.ident");
    if (row)
        row_number(s->c, s->piece.row, row, &id);
    if (four)
        row_number(s->c, s->piece.row, record_role(record, ROLE_NEXT), &protocol);
    memcpy(key.addr[0], s->addr[0], sizeof key.addr[0]);
    memcpy(key.addr[1], s->addr[1], sizeof key.addr[1]);
    key.port[0] = (uint16_t)(id >> 16);
    key.port[1] = (uint16_t)id;
    key.protocol = (uint8_t)protocol;
    return key;
}

/* The same piece once more is no overlap: it came twice. */
void pieces_packet(struct anomalies *a, struct sight *s)
{
    if (!s->piece.is || s->piece.to == s->piece.from)
        return;
    struct flow_key key = pieces_key(s);
    struct pieces *pieces = keeper_find(&a->pieces, &key);
    if (!pieces) {
        pieces = keeper_place(&a->pieces, &key);
        keeper_take(&a->pieces, pieces, &key);
    }
    for (uint32_t i = 0; i < pieces->count && i < PIECES_MOST; i++) {
        uint32_t from = pieces->each[i].from, to = pieces->each[i].to;
        if (from == s->piece.from && to == s->piece.to)
            return;
        if (from < s->piece.to && s->piece.from < to && !(s->facts & FACT_OVERLAP)) {
            s->facts |= FACT_OVERLAP;
            s->overlaps = pieces->each[i].number;
        }
    }
    uint32_t place = pieces->count++ % PIECES_MOST;
    pieces->each[place].from = s->piece.from;
    pieces->each[place].to = s->piece.to;
    pieces->each[place].number = s->number;
}
