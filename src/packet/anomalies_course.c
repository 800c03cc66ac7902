/* anomalies_course.c: rules over what came before a packet: handshakes, sweeps, answers. */
#include "anomalies_rules.h"

/* --- handshakes ----------------------------------------------------------------------------- */

unsigned fires_no_handshake(const struct sight *s)
{
    return !!(s->facts & FACT_NO_HANDSHAKE);
}

void say_no_handshake(struct text *out, const struct sight *s)
{
    text_format(out, "RST with seq_raw=%u, what #%llu acknowledged; no SYN before", s->segment.seq,
                (unsigned long long)s->asked_at);
}

unsigned fires_half_open(const struct sight *s)
{
    return !!(s->facts & FACT_HUNG_UP);
}

void say_half_open(struct text *out, const struct sight *s)
{
    text_format(out, "RST after the SYN-ACK that #%llu asked for, no ACK in between",
                (unsigned long long)s->asked_at);
}

unsigned fires_burst(const struct sight *s)
{
    return s->waiting;
}

void say_burst(struct text *out, const struct sight *s)
{
    text_format(out, "%u connections answered since #%llu wait for their last ACK, in ",
                s->burst->waiting, (unsigned long long)s->burst->number);
    put_span(out, elapsed(s->now, s->burst->first_ns));
}

/* --- sweeps, strangers ---------------------------------------------------------------------- */

unsigned fires_sweep(const struct sight *s)
{
    return s->ports;
}

void say_sweep(struct text *out, const struct sight *s)
{
    const struct sweep *w = s->sweep;
    struct end from = sight_end(s, w->kept.key.addr[0], false, 0);
    struct end to = sight_end(s, w->kept.key.addr[1], false, 0);
    text_format(out, "%u %s ports (%u to %u) of %s asked by %s since #%llu, %u answered, in ",
                w->asked, s->l->tcp ? "TCP" : "UDP", w->lowest, w->highest, to.addr, from.addr,
                (unsigned long long)w->number, w->answered);
    put_span(out, elapsed(s->now, w->first_ns));
}

unsigned fires_elsewhere(const struct sight *s)
{
    return !!(s->facts & FACT_ELSEWHERE);
}

void say_elsewhere(struct text *out, const struct sight *s)
{
    text_format(out, "#%llu asked %s port %s", (unsigned long long)s->asked_at, s->asked.addr,
                s->asked.port);
}

/* --- fragments, answers ------------------------------------------------------------------------
 */

unsigned fires_overlap(const struct sight *s)
{
    return !!(s->facts & FACT_OVERLAP);
}

void say_overlap(struct text *out, const struct sight *s)
{
    say_piece(out, s);
    text_format(out, "; #%llu has some of them already", (unsigned long long)s->overlaps);
}

unsigned fires_long(const struct sight *s)
{
    return !!(s->facts & FACT_LONG);
}

void say_long(struct text *out, const struct sight *s)
{
    text_format(out, "%u bytes asked (#%llu), %u answered: %u times as many", s->asked_bytes,
                (unsigned long long)s->asked_at, s->answered_bytes,
                s->answered_bytes / (s->asked_bytes ? s->asked_bytes : 1));
}

unsigned fires_hops(const struct sight *s)
{
    return !!(s->facts & FACT_HOPS);
}

void say_hops_changed(struct text *out, const struct sight *s)
{
    text_format(out, "%s was %u and is %u", s->kind == FLOW_TALK6 ? "ipv6.hlim" : "ip.ttl",
                s->hops_before, s->hops);
}
