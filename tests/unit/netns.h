/*
 * netns.h: a private network namespace for a test program, and TCP servers in it.
 *
 * The program moves into it for good; a refusal is told, so that the tests can skip.
 */
#ifndef LOOPCRAFT_TEST_NETNS_H
#define LOOPCRAFT_TEST_NETNS_H

#include <loopcraft/sockets.h>

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Brings up lo, the only interface there is. */
static inline bool netns_lo_up(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    bool done = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}

/* Root needs no user namespace; others get one, where they have every capability. */
static inline bool netns_enter(void)
{
    if (unshare(geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) == 0 &&
        netns_lo_up())
        return true;
    printf("no private network namespace can be had here: %s\n", strerror(errno));
    return false;
}

/* A cmocka group setup: *state is not NULL in a private namespace. Without one, tests skip. */
static inline int netns_setup(void **state)
{
    static char inside;
    *state = netns_enter() ? &inside : NULL;
    return 0;
}

/* A TCP listener on this address, "::" for both versions; its port, in host order, in *port. */
static inline int netns_listen(const char *addr, bool v6_only, uint16_t *port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    bool is_v4 = inet_pton(AF_INET, addr, &v4.sin_addr) == 1;
    int only = v6_only;
    *port = 0;
    int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr *at = is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
    socklen_t len = is_v4 ? sizeof v4 : sizeof v6;
    if (!is_v4) {
        inet_pton(AF_INET6, addr, &v6.sin6_addr);
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
    }
    if (fd < 0 || bind(fd, at, len) != 0 || listen(fd, 8) != 0 || getsockname(fd, at, &len) != 0)
        return -1;
    *port = ntohs(is_v4 ? v4.sin_port : v6.sin6_port);
    return fd;
}

/* The kernel's own connect() to that port on 127.0.0.1 or ::1; our port in *port. */
static inline int netns_connect(int family, uint16_t to, uint16_t *port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(to),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(to),
                              .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr *at = family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
    socklen_t len = family == AF_INET ? sizeof v4 : sizeof v6;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, at, len) != 0 || getsockname(fd, at, &len) != 0)
        return -1;
    *port = ntohs(family == AF_INET ? v4.sin_port : v6.sin6_port);
    return fd;
}

/* The state of the server's socket at `port` of loopback that talks with `peer` there. */
static inline const char *netns_state(struct sockets *s, int family, uint16_t port, uint16_t peer)
{
    struct socket_pair pair = {.family = family, .port = port, .peer_port = peer};
    if (family == AF_INET6)
        pair.addr[15] = pair.peer_addr[15] = 1;
    else
        pair.addr[0] = pair.peer_addr[0] = 127, pair.addr[3] = pair.peer_addr[3] = 1;
    return sockets_server_state(s, &pair);
}

#endif
