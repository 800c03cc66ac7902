/*
 * probe.h: what is asked of ports, and how an answer becomes a verdict.
 */
#ifndef LOOPCRAFT_PROBE_H
#define LOOPCRAFT_PROBE_H

#include <loopcraft/exchange.h>

enum probe_kind {
    PROBE_SYN,
    PROBE_CONNECT, /* the kernel's own */
    PROBE_FIN,
    PROBE_NULL, /* no flag at all */
    PROBE_XMAS, /* FIN, PSH and URG */
    PROBE_ACK,
    PROBE_UDP,
    PROBE_ECHO, /* ICMP, ICMPv6 */
    PROBE_KINDS /* how many there are */
};

/* What a reply to a probe means: a row of the one table of verdicts. */
struct ruling {
    unsigned probes;     /* those that it is about: a bit each, 1 << enum probe_kind */
    enum reply_kind reply;
    int family;          /* AF_INET, AF_INET6; 0: any */
    int type, code;      /* of an ICMP error; -1: any */
    const char *state, *reason;
    const char *evidence; /* what was seen and why it means that, one sentence without its full stop */
};

/* The first row that fits; there is one for every reply but REPLY_TCP and REPLY_OTHER (NULL). */
const struct ruling *ruling_find(enum probe_kind probe, int family, const struct reply *reply);

/* A list of ports, in the order given, each once. */
struct ports {
    uint16_t *each; /* owned */
    size_t count, cap;
    uint8_t seen[65536 / 8]; /* a bit a port */
};

/* How a probe of several ports ended. */
enum probe_result { PROBE_DONE, PROBE_INTERRUPTED, PROBE_FAILED };

/*
 * Handmade probes of a few ports: any kind but PROBE_CONNECT. One packet a port, up to three when
 * nothing comes back, all ports side by side; of PROBE_ECHO one after the other. The words' protocol
 * is the kind's. The exchange needs a sender, a capture and, but for PROBE_ECHO, a reserved port (of
 * UDP for PROBE_UDP). Tells every packet and, at the end, a verdict for each port in the order of
 * the list. states[i] gets a constant string for ports->each[i], NULL when it was interrupted before.
 *
 * PROBE_ECHO: the ports are the sequence numbers; one verdict, and states[0], stands for all.
 */
enum probe_result probe_ask(struct exchange *x, enum probe_kind kind, const struct recipe *words,
                            const char *addr, const struct ports *ports, const char **states,
                            struct err *err);

/*
 * The kernel's own connect() to each port, captured: what the program saw beside what the wire
 * saw. The exchange needs a capture alone. Otherwise as probe_ask().
 */
enum probe_result probe_connect(struct exchange *x, const char *addr, const struct ports *ports,
                                const char **states, struct err *err);

/* The last event: how many ports are in which state, and what was sent, received and dropped. */
bool probe_summarise(struct exchange *x, const char *const *states, size_t count, bool partial,
                     struct err *err);

#endif
