/*
 * verdict.h: what a probe found out, in nmap's words, with what it rests on.
 */
#ifndef LOOPCRAFT_VERDICT_H
#define LOOPCRAFT_VERDICT_H

#include <stdint.h>

struct testimony; /* witness.h */

struct verdict {
    const char *proto;   /* "tcp", "udp", "icmp", "icmpv6" */
    const char *addr;    /* "127.0.0.1" */
    uint16_t port;       /* host order; 0: it is about the address, as of an echo */
    const char *state;   /* "open", "closed", "filtered", "open|filtered", "unfiltered" */
    const char *reason;  /* "syn-ack", "no-response" ...: nmap --reason's words */
    unsigned tries;      /* probes sent */
    int64_t rtt_ns;      /* nanoseconds from probe to answer; below 0: there was none */
    const char *evidence; /* one sentence: the packet, the silence or the counter it rests on */
    const struct testimony *witness; /* the kernel's; NULL: it was not asked */
    const char *service; /* the name of the port; "": it has none; NULL: not told */
};

#endif
