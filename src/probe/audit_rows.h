/*
 * audit_rows.h: what the files of the audit share: a row for each socket, and for each common port
 * without one.
 */
#ifndef LOOPCRAFT_PROBE_AUDIT_ROWS_H
#define LOOPCRAFT_PROBE_AUDIT_ROWS_H

#include <loopcraft/advice.h>
#include <loopcraft/audit.h>
#include <loopcraft/processes.h>

#include <netinet/in.h>

/* An address at which a port is asked, and what is heard there. */
struct audit_ask {
    int family;
    char addr[INET6_ADDRSTRLEN];
    const char *state, *reason; /* of the handmade probe; NULL: none yet, or none to be had */
    const char *called;         /* of connect(); likewise */
    bool tried;                 /* by hand */
};

enum { BANNER_MOST = 256 };

struct audit_row {
    uint8_t proto; /* IPPROTO_TCP, IPPROTO_UDP */
    uint16_t port;
    bool seen;                 /* its socket is in the table */
    bool gone;                 /* and was not any more, when it had been asked */
    bool came;                 /* it was not, and was then */
    bool full;                 /* its queue: the kernel drops what would be one connection more */
    struct socket_info socket; /* if it was ever seen */
    const struct holder *holder;
    const struct advice *advice; /* or NULL */
    struct audit_ask asks[PORT_ASKED_MOST];
    size_t ask_count;
    const char *unasked; /* why there are none */
    char banner[BANNER_MOST];
    size_t banner_len;
    bool tls; /* it answered a TLS hello as TLS does */
};

/* One for each of IPv4, IPv6 over TCP, UDP. */
enum { AUDIT_WAYS = 4 };

struct audit {
    struct audit_wants wants;
    struct audit_row *rows;
    size_t count, cap;
    bool cut;               /* there were more sockets than ROWS_MOST */
    bool blind[AUDIT_WAYS]; /* the kernel did not tell these sockets */
    bool four, six;         /* which versions have a loopback address here, and are wanted */
    struct holder *holders;
    size_t holder_count;
    struct processes_seen processes;
    struct sockets *sockets;
    struct exchange exchanges[AUDIT_WAYS];
    bool opened[AUDIT_WAYS];
    int signal_fd, signal;
};

/* The way's family and protocol. */
static inline int way_family(size_t way)
{
    return way & 1 ? AF_INET6 : AF_INET;
}
static inline uint8_t way_proto(size_t way)
{
    return way & 2 ? IPPROTO_UDP : IPPROTO_TCP;
}

/* Is it bound to all addresses of its version, 0.0.0.0 or ::? */
bool bound_to_any(const struct socket_info *socket);

/* audit_plan.c: adds the addresses to ask at, or says why there are none. */
void audit_plan(struct audit *audit);

/* audit_call.c: an ordinary connect() to each TCP port, and what it says first. */
enum probe_result audit_call(struct audit *audit, struct err *err);

/* Looks again for the socket of a row where the witnesses differ. */
void audit_look_again(struct audit *audit, struct audit_row *row);

#endif
