/*
 * exchange.h: packets of ours go out, what comes back is understood and told to the sinks.
 *
 * The base of every probe. What was sent is shown as the capture saw it, with the note that
 * was given when it was sent; what came back is handed to the probe first, which says what
 * it means.
 */
#ifndef LOOPCRAFT_EXCHANGE_H
#define LOOPCRAFT_EXCHANGE_H

#include <loopcraft/context.h>
#include <loopcraft/craft.h>
#include <loopcraft/dissect.h>
#include <loopcraft/remarks.h>
#include <loopcraft/sockets.h>
#include <loopcraft/wire.h>

/* TCP's flags, as RFC 9293, 3.1 places them in the low byte. */
enum tcp_flag { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_PSH = 8, TCP_ACK = 16, TCP_URG = 32 };

/* What a reply is, as the table of verdicts knows it. */
enum reply_kind {
    REPLY_NONE,      /* silence */
    REPLY_SYN_ACK,
    REPLY_RST,
    REPLY_TCP,       /* another TCP segment */
    REPLY_UDP,
    REPLY_ECHO,      /* an ICMP or ICMPv6 echo reply */
    REPLY_ICMP_ERROR,
    REPLY_OTHER
};

/* A captured packet, as a probe wants it. Ports and numbers in host order. */
struct reply {
    enum reply_kind kind;
    bool ours;               /* it is a packet of ours, captured on its way */
    uint8_t protocol;        /* IPPROTO_TCP, _UDP, _ICMP, _ICMPV6, its own or of an error's quoted
                                packet; 0: another, or not to be seen */
    uint16_t from, to;       /* ports; of an ICMP error those of the quoted packet */
    uint32_t seq, ack;       /* of an ICMP error seq is the quoted one */
    uint16_t ident, echo;    /* of an echo, or of the quoted one: identifier, sequence number */
    uint16_t flags, window;
    struct bytes data;
    uint8_t type, code;      /* of an ICMP error */
    int64_t time_ns;
};

/* A stage that is told after the packet it belongs to. */
struct stage {
    const char *title, *ours; /* NULL title: none */
    struct text means;
};

struct sent; /* a packet of ours that the capture has not shown yet */

struct exchange {
    struct wire wire;
    const struct sinks *sinks;
    int family;              /* AF_INET, AF_INET6 */
    struct socket_pair server; /* whose socket's state is told with each stage; port 0: nobody's */
    int signal_fd;           /* SIGINT, SIGTERM, SIGHUP; -1: not watched */
    int signal;              /* the one that came, or 0 */
    unsigned sent_count, received_count;
    unsigned tries;          /* probes of a port that stays silent; 0: as many as is usual */
    bool asks_again;         /* what the capture drops is asked for again, and nothing shows it */
    /* private */
    struct sent *pending;
    bool server_connected;   /* its socket has been seen in a connection's state */
    struct frame frame;      /* the one being looked at */
    struct dissection dissection;
    struct summary summary;
    struct remarks remarks;
    struct context *context; /* it adds to them */
    struct text origins, note;
    const struct crafted *built;
    struct stage stage;
    int64_t last_ns;
};

/* Opens the wire and the rest. Blocks the three signals and reads them from a descriptor. */
bool exchange_open(struct exchange *x, const struct wants *wants, const struct sinks *sinks,
                   struct err *err);
void exchange_close(struct exchange *x);

/*
 * Crafts and sends. note, remarks and stage are told with the packet when the capture shows it;
 * they are moved into the exchange (the caller's are empty afterwards). remarks and stage may be NULL.
 */
bool exchange_send(struct exchange *x, const struct recipe *recipe, struct text *note,
                   struct remarks *remarks, struct stage *stage, struct err *err);

enum exchange_result { EXCHANGE_REPLY, EXCHANGE_TIMEOUT, EXCHANGE_SIGNAL, EXCHANGE_FAILED };

/*
 * The next packet until the deadline (clock_now()). Packets of ours are told to the sinks at
 * once; they are returned as well (reply->ours). For all others the caller looks at *reply, fills in
 * x->note, x->remarks and x->stage as it likes, and calls exchange_tell().
 */
enum exchange_result exchange_next(struct exchange *x, int64_t deadline, struct reply *reply,
                                   struct err *err);
bool exchange_tell(struct exchange *x, struct err *err);

/* For who reads the capture himself: takes the signal from the descriptor; EXCHANGE_SIGNAL. */
enum exchange_result exchange_read_signal(struct exchange *x);

/* Waits, not long, until the capture has shown everything that was sent. */
bool exchange_settle(struct exchange *x, struct err *err);

/* A line that belongs to no packet. */
bool exchange_note(struct exchange *x, struct err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Names the conversation whose server's state is told: the recipe's addresses, our port. */
void exchange_watch_server(struct exchange *x, const struct recipe *words, uint16_t port);

/* The state of that server's socket now (sockets_server_state), or "". */
const char *exchange_server_state(struct exchange *x);


/* 32 random bits from the kernel: initial sequence numbers. */
uint32_t exchange_random(void);

#endif
