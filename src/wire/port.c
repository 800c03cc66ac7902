/*
 * port.c: a source port that nobody else uses while we do.
 *
 * A socket that is bound, and never listens or connects, keeps the port from all others. One of
 * UDP keeps the kernel, besides, from answering a service with port unreachable; it is never read.
 * 61000-61999 lies above the ephemeral range (ip(7), ip_local_port_range: to 60999).
 */
#include "live.h"

#include <loopcraft/sockets.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT_FIRST = 61000, PORT_COUNT = 1000 };

/* The ports of ours that some socket here talks with, TIME-WAIT included. */
struct busy {
    bool port[PORT_COUNT];
};

static bool busy_mark(void *context, const struct socket_info *info)
{
    struct busy *busy = context;
    unsigned i = info->peer_port - (unsigned)PORT_FIRST;
    if (i < PORT_COUNT)
        busy->port[i] = true;
    return true;
}

/*
 * A SYN from a port that a server keeps in TIME-WAIT would be answered with an ACK. IPv4
 * connections of a dual-stack server stand in the table of IPv6: both are asked.
 */
static bool busy_fill(struct busy *busy, struct sockets *sockets, struct err *err)
{
    return sockets_each(sockets, AF_INET, IPPROTO_TCP, 0, 0, busy_mark, busy, err) &&
           sockets_each(sockets, AF_INET6, IPPROTO_TCP, 0, 0, busy_mark, busy, err);
}

/* bind() without SO_REUSEADDR: refused for a port in use, and for one in TIME-WAIT. */
static bool port_bind(int fd, const struct wants *wants, uint16_t port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port),
                             .sin_addr = wants->source};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port),
                              .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    if (wants->family == AF_INET6)
        return bind(fd, (struct sockaddr *)&v6, sizeof v6) == 0;
    if (!v4.sin_addr.s_addr)
        v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return bind(fd, (struct sockaddr *)&v4, sizeof v4) == 0;
}

static bool port_bind_wanted(int fd, const struct wants *wants, struct err *err)
{
    if (port_bind(fd, wants, wants->port))
        return true;
    if (errno == EADDRINUSE)
        return err_set(err, STATUS_SYSTEM, "source port %u is taken%s: "
                       "take another, or leave it out and one is chosen", wants->port,
                       wants->datagram ? "" : ", or in TIME-WAIT");
    return err_system(err, "can't reserve source port %u", wants->port);
}

/* From a random start on, so that two runs rarely meet, and in turn, so that all are tried. */
static bool port_bind_any(int fd, const struct wants *wants, struct sockets *sockets,
                          uint16_t *port, struct err *err)
{
    struct busy busy = {{false}};
    uint32_t start;
    if (!wants->datagram && !busy_fill(&busy, sockets, err)) /* UDP has no TIME-WAIT */
        return false;
    if (getrandom(&start, sizeof start, 0) != sizeof start)
        return err_system(err, "can't get a random number");
    for (uint32_t i = 0; i < PORT_COUNT; i++) {
        uint32_t index = (start % PORT_COUNT + i) % PORT_COUNT;
        *port = (uint16_t)(PORT_FIRST + index);
        if (busy.port[index])
            continue;
        if (port_bind(fd, wants, *port))
            return true;
        if (errno != EADDRINUSE)
            return err_system(err, "can't reserve source port %u", *port);
    }
    return err_set(err, STATUS_SYSTEM, "all source ports from %d to %d are taken%s: wait a minute, "
                   "and try again", PORT_FIRST, PORT_FIRST + PORT_COUNT - 1,
                   wants->datagram ? "" : " or in TIME-WAIT");
}

int port_reserve(const struct wants *wants, struct sockets *sockets, uint16_t *port,
                 struct err *err)
{
    int type = wants->datagram ? SOCK_DGRAM : SOCK_STREAM;
    int fd = socket(wants->family, type | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        err_system(err, "can't reserve a source port");
        return -1;
    }
    *port = wants->port;
    if (wants->port ? port_bind_wanted(fd, wants, err)
                    : port_bind_any(fd, wants, sockets, port, err))
        return fd;
    close(fd);
    return -1;
}
