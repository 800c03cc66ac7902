/*
 * witness.h: the kernel's side of an exchange: what it counted, what it dropped and why, and
 * what its sockets were in.
 *
 *     witness_open()     while there is privilege, in the network namespace of the exchange
 *     testimony_begin()  about one port
 *     witness_before()   then the exchange, then
 *     witness_after()    and all again: counts are evidence only when a repetition agrees
 *     witness_say()      the testimony in sentences
 *
 * Counters count for the whole network namespace; drops are those of this thread's packets alone.
 */
#ifndef LOOPCRAFT_WITNESS_H
#define LOOPCRAFT_WITNESS_H

#include <loopcraft/sockets.h>
#include <loopcraft/text.h>

enum {
    WITNESS_NAME = 48,     /* longest name of a counter or reason, with its 0 */
    WITNESS_COUNTERS = 96, /* counters in one testimony */
    WITNESS_DROPS = 16,    /* drops in one testimony */
    WITNESS_SOCKETS = 8    /* sockets in one testimony */
};

struct witness; /* open files; a ring that the kernel writes drops to */

/*
 * Opens what it can; what it can't is said in each testimony. Aborts without memory. Drops need
 * CAP_PERFMON or CAP_SYS_ADMIN of the first user namespace; afterwards nothing needs privilege.
 */
struct witness *witness_open(void);
void witness_close(struct witness *witness);

/* Why drops can't be had, a sentence without its full stop; "" when they can. */
const char *witness_unavailable(const struct witness *witness);

/* A counter that moved, or stood still although it means something (by 0). */
struct counted {
    char name[WITNESS_NAME]; /* as nstat(8) has it: "TcpOutRsts" */
    int64_t by;              /* in each exchange */
    bool agreed;             /* each repetition moved it by as much */
};

/* A socket of the port's, before and after. */
struct seen_socket {
    struct socket_info now; /* the latest that was seen of it */
    uint32_t queue_before;  /* now.receive_queue, before the first exchange */
    bool before, after;     /* it was there */
};

struct testimony {
    int family;       /* AF_INET, AF_INET6 */
    uint8_t proto;    /* IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_ICMPV6 ... */
    uint16_t port;    /* host order; 0: no sockets are asked for */
    uint8_t addr[16]; /* the target's; the first 4 bytes when AF_INET */

    bool by_kernel;     /* its own TCP sends for us, and counts that too */
    bool asked;         /* the first exchange has begun */
    unsigned exchanges; /* how many were watched */
    unsigned sent;      /* packets of ours in each */
    bool uneven;        /* not as many in each: counts can't be compared */

    struct counted counters[WITNESS_COUNTERS];
    size_t counter_count;
    char drops[WITNESS_DROPS][WITNESS_NAME]; /* reasons, in order, of the first exchange */
    size_t drop_count;
    bool drops_differ; /* a repetition had others */
    struct seen_socket sockets[WITNESS_SOCKETS];
    size_t socket_count;
    bool sockets_unknown;  /* they could not be asked for */
    bool more;             /* there was more than fits above */
    char unavailable[256]; /* what could not be asked, and why, without a full stop; or "" */
};

/* addr: 16 bytes, or 4 when AF_INET; port 0: none. */
void testimony_begin(struct testimony *t, int family, uint8_t proto, const uint8_t *addr,
                     uint16_t port);

/* What the exchanges up to now said is forgotten: they had another outcome. */
void testimony_forget(struct testimony *t);

/* Around one exchange with `sent` packets of ours. */
void witness_before(struct witness *witness, struct testimony *t);
void witness_after(struct witness *witness, struct testimony *t, unsigned sent);

/* --- what it means ---------------------------------------------------------- */

/*
 * What the testimony says of an answer, in nmap's word for it ("reset", "no-response" ...): one
 * sentence or several, without the last full stop; nothing when it has nothing to say.
 */
void witness_say(const struct testimony *t, const char *reason, struct text *out);

/* The testimony itself in a few words: "TcpOutRsts +1, dropped: NO_SOCKET, LISTEN 0 of 128". */
void witness_list(const struct testimony *t, struct text *out);

/* The state of a socket; of a UDP one that has a port and no peer "BOUND". */
const char *seen_socket_state(const struct testimony *t, const struct seen_socket *seen);

/* What a counter counts ("resets that TCP sent"), what a reason means; NULL: not known here. */
const char *counter_means(const char *name);
const char *drop_means(const char *name);

#endif
