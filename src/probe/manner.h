/*
 * manner.h: how the kinds of handmade probes differ: a row each in one table.
 *
 * What is sent, which packet counts as an answer, and what is said of both. ask.c does the rest,
 * which is the same for all: when to send, when to try again, when to give up.
 */
#ifndef LOOPCRAFT_PROBE_MANNER_H
#define LOOPCRAFT_PROBE_MANNER_H

#include "targets.h"

/* Several targets that are being asked. */
struct asking {
    struct exchange *x;
    enum probe_kind kind;
    const struct manner *manner;
    const struct recipe *words; /* what the user asked of the packets */
    const char *addr;           /* the target, printable */
    uint16_t ours;              /* our port; the identifier of our echo requests */
    struct target *targets;
    size_t count, started;
    uint16_t shifted; /* UDP: the port of something that came from none that was asked */
};

/* What a captured packet is to a target. */
enum about {
    ABOUT_NOTHING,
    ABOUT_PROBE,  /* our own, on its way */
    ABOUT_ANSWER, /* to it, an ICMP error that quotes it included */
    ABOUT_KERNEL  /* our own kernel's reset of an answer that it has no socket for */
};

struct manner {
    const char *protos[2]; /* in verdicts: over IPv4, over IPv6 */
    const char *what;      /* "SYN", "datagram": the probe in a sentence */
    const char *asks[2];   /* what is said when it is sent: before its number, and behind it */
    const char *noun;      /* what that number is: "port" */
    const char *filter;    /* of the capture; NULL: what has to do with our port */
    size_t under_way;      /* most targets at once */
    uint16_t flags;        /* TCP's: */
    uint8_t counts;        /* how many sequence numbers they take (RFC 9293, 3.4), */
    const char *counted;   /* that in words, */
    const char *acks;      /* and what the acknowledgment number means */
    const char *broadcast; /* what silence means, too, at lo's broadcast address */

    /* Fills in what the user left open; remembers in *t what an answer must match. */
    void (*shape)(const struct asking *a, struct target *t, struct recipe *recipe);
    enum about (*about)(const struct asking *a, const struct target *t, const struct reply *r);
    /* Remarks on the probe's rows; on an answer's, and adds to the evidence. */
    void (*remark)(const struct asking *a, struct remarks *remarks);
    void (*answered)(const struct asking *a, struct target *t, const struct reply *r);
};

/* The row of a kind; PROBE_CONNECT, which is not handmade, has none (NULL). */
const struct manner *manner_of(enum probe_kind kind);

#endif
