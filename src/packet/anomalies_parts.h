/*
 * anomalies_parts.h: what the files of the anomalies share.
 *
 * anomalies.c        the rules, one table
 * anomalies_header.c what fires rules over one packet's headers
 * anomalies_course.c likewise over what came before it
 * anomalies_sight.c  a packet as the rules see it
 * anomalies_talk.c   conversations: who asked, what became of it
 * anomalies_many.c   what only many packets show: sweeps, half-open connections, fragments
 * anomalies_told.c   which of them are told, and when
 */
#ifndef PACKET_ANOMALIES_PARTS_H
#define PACKET_ANOMALIES_PARTS_H

#include "context_segment.h"
#include "keeper.h"

#include <loopcraft/anomalies.h>
#include <loopcraft/clock.h>

enum { RULES_MOST = 32, PORT_BYTES = 65536 / 8, PIECES_MOST = 16 };

/* How far a conversation has come; TCP's unless said. */
enum talk_state {
    TALK_STRAY,    /* its first segment was no SYN, and nobody answered yet */
    TALK_ASKED,    /* a SYN; UDP: a datagram */
    TALK_ANSWERED, /* a SYN-ACK */
    TALK_OPEN,     /* the handshake is complete, or older than the capture; UDP: an answer came */
    TALK_OVER
};

struct talk {
    struct kept kept;         /* first; likewise in the others */
    uint64_t number;          /* its first packet */
    uint32_t ack;             /* what that acknowledged */
    uint32_t asked, answered; /* UDP: bytes, answered since the last question */
    uint32_t burst;           /* the round of half-open connections that it counts in; 0: in none */
    uint8_t asker;            /* whose the first packet was: side 0 or 1 of the key */
    uint8_t state;
    uint8_t hops[2]; /* of each side's first packet; 0: there was none */
    bool told_hops, told_long;
};

/* The last question from an end. */
struct ask {
    struct kept kept;
    uint64_t number;
    int64_t time_ns;
    uint32_t seq; /* of a SYN */
    uint8_t addr[16];
    uint16_t port;
    bool answered;
};

/* Ports of one machine that another one asked. */
struct sweep {
    struct kept kept;
    uint64_t number; /* the first packet */
    int64_t first_ns, last_ns;
    uint32_t asked, answered;
    uint16_t lowest, highest;
    bool told;
    uint8_t seen[PORT_BYTES], open[PORT_BYTES];
};

/* Connections to one server that wait for the last ACK of their handshake. */
struct burst {
    struct kept kept;
    uint64_t number;
    int64_t first_ns;
    uint32_t round; /* of counting; talks remember theirs */
    uint32_t waiting;
    int64_t full_ns; /* since when too many of them wait */
    bool full, told;
};

/* Pieces of one packet. */
struct pieces {
    struct kept kept;
    uint32_t count;
    struct {
        uint32_t from, to;
        uint64_t number;
    } each[PIECES_MOST];
};

/* What was told of a rule and a source, and what was not yet. */
struct repeat {
    struct kept kept;
    uint32_t rule;
    uint64_t count;       /* of the rule's units, not told yet */
    uint64_t first, last; /* packets */
    int64_t first_ns, last_ns, told_ns;
    struct end from, to;
    bool many; /* of several sources */
};

/* What conversations, sweeps and the like found out about a packet. */
enum fact {
    FACT_FIRST = 1, /* the first of its conversation: a question */
    FACT_NO_HANDSHAKE = 2,
    FACT_HUNG_UP = 4,
    FACT_ELSEWHERE = 8,
    FACT_LONG = 16,
    FACT_HOPS = 32,
    FACT_OVERLAP = 64
};

struct sight {
    const struct context *c;
    const struct layers *l;
    uint64_t number;
    int64_t now;
    bool has_segment, has_ports;
    struct segment segment;
    uint32_t payload;       /* UDP: bytes of data */
    uint8_t protocol, kind; /* of its conversation: enum flow_kind; IP's number */
    uint8_t addr[2][16];    /* where it is from, where it goes */
    uint16_t port[2];
    uint8_t hops;
    struct { /* a fragment */
        bool is, more, begins;
        uint32_t from, to;
        const struct node *row; /* of the offset */
    } piece;
    /* facts, and the numbers to them */
    unsigned facts;
    unsigned culprit;  /* 1: who it went to is to blame */
    uint64_t asked_at; /* the packet that it answers, or that began what it ends */
    uint64_t overlaps; /* the fragment */
    struct end asked;  /* where the answer should have come from */
    uint32_t asked_bytes, answered_bytes;
    uint8_t hops_before;
    struct sweep *sweep;
    struct burst *burst;
    uint32_t ports;   /* of a sweep: new ones that are worth telling */
    uint32_t waiting; /* of half-open connections likewise */
};

struct anomalies {
    const struct context *context;
    struct keeper talks, asks, sweeps, bursts, pieces, repeats;
    uint32_t rounds;
    uint64_t counts[RULES_MOST];
    struct { /* told at once, of each rule: not endlessly, whatever sources there are */
        int64_t since_ns;
        uint32_t count;
    } fresh[RULES_MOST];
    struct { /* of the packet at hand */
        uint32_t rule;
        uint64_t count;
        struct text evidence;
    } ready[RULES_MOST];
    size_t ready_count, ready_next;
    struct end from, to;
    uint64_t number;
    uint32_t fired;    /* a bit for each rule */
    size_t pending;    /* repeats that wait */
    int64_t looked_ns; /* when they were looked at */
    size_t look_next;
    bool looking;
    struct text again;
};

/* anomalies_sight.c. False: nothing of it is IP. */
bool sight_read(struct sight *s, const struct context *c);
struct end sight_end(const struct sight *s, const uint8_t *addr, bool ports, uint16_t port);
bool sight_flags_odd(const struct sight *s);
bool sight_service(const struct sight *s, uint16_t port); /* in the table of services? */

/* anomalies_talk.c: finds out, and learns. */
void talk_packet(struct anomalies *a, struct sight *s);

/* anomalies_many.c */
void sweep_asked(struct anomalies *a, struct sight *s, const uint8_t *from, const uint8_t *to,
                 uint16_t port);
void sweep_answered(struct anomalies *a, const struct sight *s); /* by this packet */
void burst_waits(struct anomalies *a, struct sight *s, struct talk *talk);
void burst_still_waits(struct anomalies *a, struct sight *s, struct talk *talk);
void burst_done(struct anomalies *a, struct talk *talk); /* it waits no more */
void pieces_packet(struct anomalies *a, struct sight *s);

/* anomalies_told.c */
void told_begin(struct anomalies *a, const struct sight *s);
void told_fire(struct anomalies *a, const struct sight *s, uint32_t rule, uint64_t count);

/* "12.3 s"; below a second "0.123 ms" */
static inline void put_span(struct text *out, int64_t ns)
{
    bool seconds = ns >= CLOCK_SECOND;
    double span = (double)ns / (double)(seconds ? CLOCK_SECOND : CLOCK_MS);
    int decimals = span < 10 ? 3 : span < 100 ? 1 : 0;
    text_format(out, "%.*f %s", decimals, span, seconds ? "s" : "ms");
}

/* From then to now, and no less than nothing: a capture need not be in order. */
static inline int64_t elapsed(int64_t now, int64_t then)
{
    int64_t ns;
    return __builtin_sub_overflow(now, then, &ns) ? INT64_MAX : ns < 0 ? 0 : ns;
}

#endif
