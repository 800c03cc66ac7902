/*
 * kernel_call.h: a connection that the kernel opens itself, as for any program.
 */
#ifndef LOOPCRAFT_PROBE_KERNEL_CALL_H
#define LOOPCRAFT_PROBE_KERNEL_CALL_H

#include <loopcraft/exchange.h>

struct kernel_call {
    int fd;    /* the caller's to close; never blocks */
    int error; /* connect()'s errno: EINPROGRESS, ECONNREFUSED ...; 0: connected */
    struct socket_pair
        ends; /* the server's, and as its peer the one that the kernel chose for us */
};

/* Starts connect() to a loopback address. On failure nothing stays open. */
bool kernel_call(struct kernel_call *call, int family, const char *addr, uint16_t port,
                 struct err *err);

/*
 * Says of a captured packet of such a connection what it does. An ICMP error: one that connect()
 * has taken no notice of yet. again: it is not the first SYN.
 */
void kernel_call_explain(struct text *note, const struct reply *r, uint16_t port, bool sent,
                         bool again);

#endif
