/*
 * sockets.h: the kernel's table of sockets, by netlink (inet_diag, sock_diag(7)).
 *
 * Works without root, for the sockets of this network namespace.
 */
#ifndef LOOPCRAFT_SOCKETS_H
#define LOOPCRAFT_SOCKETS_H

#include <loopcraft/err.h>

#include <stdint.h>

struct sockets; /* an open netlink socket */

/* One socket as the kernel has it. Ports and numbers in host order, addresses as on the wire. */
struct socket_info {
    uint8_t family, proto;    /* AF_INET, AF_INET6; IPPROTO_TCP, IPPROTO_UDP */
    uint8_t state;            /* TCP_LISTEN ... of <netinet/tcp.h>, TCP_NEW_SYN_RECV told as SYN-RECV */
    uint8_t retransmits;
    uint16_t port, peer_port;
    uint8_t addr[16], peer_addr[16]; /* the first 4 bytes when AF_INET */
    uint32_t receive_queue, send_queue; /* bytes; of a listener: waiting connections, backlog */
    uint32_t uid, inode;
    uint32_t interface; /* the only one that it is bound to (SO_BINDTODEVICE), or 0 */
    bool v6_only; /* of a listener of IPv6: it takes no IPv4 connections */
};

struct sockets *sockets_open(struct err *err); /* NULL on failure; sockets_close() frees */
void sockets_close(struct sockets *s);

/*
 * Calls each() for the sockets of a family and protocol whose local port (0: any) and
 * peer's port (0: any) are these, half-open requests and TIME-WAIT included. each()
 * returns false to stop early.
 */
bool sockets_each(struct sockets *s, int family, int proto, uint16_t port, uint16_t peer_port,
                  bool (*each)(void *context, const struct socket_info *info), void *context,
                  struct err *err);

/* "LISTEN", "SYN-RECV", "ESTABLISHED" ...: RFC 9293's names, with the hyphens. */
const char *socket_state_name(uint8_t state);

/* A server's end and its peer's, as a connection has them. */
struct socket_pair {
    int family;                      /* AF_INET, AF_INET6: of the packets */
    uint16_t port, peer_port;        /* host order */
    uint8_t addr[16], peer_addr[16]; /* the first 4 bytes when AF_INET */
};

/*
 * The state of the socket that a packet from the peer would meet, as the kernel looks it up: the
 * connection's own, else "LISTEN" when somebody listens there, else "" (none). TCP. Also ""
 * when the kernel can't be asked.
 */
const char *sockets_server_state(struct sockets *s, const struct socket_pair *pair);

#endif
