/*
 * context_segment.h: a TCP segment among those before it.
 *
 * TCP's arithmetic (RFC 9293, 3.4): each byte has a number, SYN and FIN count as one, and what is
 * acknowledged is the number expected next. Numbers wrap at 2^32.
 */
#ifndef PACKET_CONTEXT_SEGMENT_H
#define PACKET_CONTEXT_SEGMENT_H

#include "context_parts.h"

enum {
    FIN = 1,
    SYN = 2,
    RST = 4,
    PSH = 8,
    ACK = 16,
    URG = 32,
    FLAGS = 63,           /* all but those of congestion (RFC 3168; RFC 9768) */
    SCALE_MOST = 14,      /* RFC 7323, 2.3: */
    WINDOW_MOST = 1 << 30 /* with it no window reaches further */
};

/* How a segment stands to those of its side before it. */
enum order {
    ORDER_FIRST, /* there is none before it */
    ORDER_NEXT,
    ORDER_AGAIN,
    ORDER_PARTLY, /* sent again, and goes on */
    ORDER_GAP,    /* something is missing before it */
    ORDER_LATE,   /* it was missing */
    ORDER_ALIVE,  /* RFC 9293, 3.8.4: a keep-alive, one number back */
    ORDER_ANEW,   /* the SYN of both who ask at once, now with an ACK (RFC 9293, 3.5) */
    ORDER_OLD,    /* an old number, and no data */
    ORDER_STRAY,  /* too far from the others for any window: hardly the same connection */
    ORDER_RESET
};

struct segment {
    uint32_t seq, ack, len, end; /* len: of data; end: the number behind its last */
    uint16_t flags, window;
    enum order order;
    const struct node *tcp;
    struct side *me, *peer;
    bool answers_syn; /* the peer's SYN, and nothing further */
};

static inline bool before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

static inline bool knows(const struct side *side, unsigned what)
{
    return (side->known & what) == what;
}

/* Its own numbers, nothing of those before it; false when it is cut, or its lengths make no sense. */
bool segment_read(struct segment *s, const struct context *c, const struct layers *l);

/* What its rows say, before anything is learned from it. */
void segment_say(struct context *c, const struct segment *s);

#endif
