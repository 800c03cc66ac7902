/*
 * connection.h: our end of a handmade TCP connection. There is no socket behind it: the
 * sequence numbers are kept here (RFC 9293, 3.3.1), and every one is worked out on screen.
 */
#ifndef LOOPCRAFT_PROBE_CONNECTION_H
#define LOOPCRAFT_PROBE_CONNECTION_H

#include <loopcraft/exchange.h>

struct connection {
    struct exchange *x;
    const struct recipe *words; /* what the user asked of the SYN; its IP part holds for all */
    uint16_t port;              /* the server's */
    uint32_t iss, irs;          /* the initial sequence numbers, ours and theirs */
    uint32_t una, nxt, rcv;     /* oldest of ours not acknowledged, our next, the next we expect */
    uint32_t window; /* theirs, in bytes; no scale: our SYN offers none unless asked to */
    uint16_t mss;    /* theirs; 536 when they said nothing (RFC 9293, 3.7.1) */
    bool syn_sent, synced, fin_sent, fin_acked, their_fin, they_closed_first, reset;
    bool silent;         /* answer nothing: the connection is held as it is */
    bool kernel_reset;   /* the reset was our own kernel's */
    const char *refusal; /* what that ICMP error means, or NULL */
    bool unreachable;    /* an ICMP error came instead of an answer */
    size_t received;     /* bytes of data taken in, in order */
    int64_t heard;       /* clock_now() when something last came in */
    bool ack_due;        /* something is to be acknowledged, */
    bool due_fin;        /* a FIN among it, */
    size_t due_data;     /* and so many bytes of data */
};

/* Our state by RFC 9293's names: "SYN-SENT", "ESTABLISHED" ... */
const char *connection_state(const struct connection *c);

/*
 * Sends a segment at c->nxt and moves c->nxt on over its data, SYN and FIN. The note is moved
 * into it. `title` names the stage that it brings about.
 */
bool connection_send(struct connection *c, uint16_t flags, struct bytes data, struct text *note,
                     struct remarks *remarks, const char *title, struct err *err);

enum await { AWAIT_DONE, AWAIT_LATE, AWAIT_SIGNAL, AWAIT_FAILED };

/*
 * Takes in what comes, tells it, acknowledges what is to be acknowledged, until done(c) says
 * so, the connection is over (reset, unreachable: AWAIT_DONE too), or the deadline passes.
 */
enum await connection_await(struct connection *c, bool (*done)(const struct connection *c),
                            int64_t deadline, struct err *err);

/* Is a before b, on the circle of sequence numbers (RFC 9293, 3.4)? */
bool seq_before(uint32_t a, uint32_t b);

#endif
