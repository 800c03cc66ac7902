/*
 * handshake.h: the three-way handshake by hand, data, and a close.
 */
#ifndef LOOPCRAFT_HANDSHAKE_H
#define LOOPCRAFT_HANDSHAKE_H

#include <loopcraft/exchange.h>

enum handshake_stop { STOP_NEVER, STOP_AFTER_SYN, STOP_AFTER_ACK, STOP_AFTER_DATA };

struct handshake {
    uint16_t port;             /* the server's, host order */
    const struct recipe *words; /* tcp words for the SYN; what they say of IP holds for all packets */
    struct bytes data;         /* what to say once connected; may be empty */
    bool close_rst;            /* end with a reset instead of FINs */
    enum handshake_stop stop;
    int64_t hold_ns;           /* stay there this long, answering nothing, before the reset */
    bool kernel_resets;        /* no shield: expect the kernel's reset */
};

enum handshake_result {
    HANDSHAKE_DONE,        /* as asked, to the end */
    HANDSHAKE_KERNEL_RESET, /* the kernel's reset came, as kernel_resets asked to see */
    HANDSHAKE_CLOSED,      /* a reset came instead of SYN-ACK */
    HANDSHAKE_REFUSED,     /* a reset or an ICMP error */
    HANDSHAKE_UNANSWERED,
    HANDSHAKE_INTERRUPTED, /* x->signal */
    HANDSHAKE_FAILED       /* *err */
};

/*
 * Runs it on an open exchange (a reserved port and, unless the kernel shall reset, a shield),
 * telling every packet and step. *told gets a sentence that says how it ended. Whatever
 * happens, nothing of it is left open: what can't be closed in order is reset.
 */
enum handshake_result handshake_run(struct exchange *x, const struct handshake *how, struct text *told,
                                    struct err *err);

/*
 * The same by the kernel's own connect(), send(), recv() and close() to `addr`, captured and told:
 * for comparison. The exchange needs a capture alone; of *how, port, data and close_rst count.
 */
enum handshake_result handshake_by_kernel(struct exchange *x, const struct handshake *how,
                                          const char *addr, struct text *told, struct err *err);

#endif
