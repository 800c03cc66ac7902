/* loopback.c: sockets on 127.0.0.1 and ::1. */
#include "loopback.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* Either family's address: the port stands at the same place in both (RFC 3493, 3.3). */
union loopback {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t loopback_address(int family, uint16_t port, union loopback *address)
{
    *address = (union loopback){.v6 = {0}};
    if (family == AF_INET6) {
        address->v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port),
                                            .sin6_addr = IN6ADDR_LOOPBACK_INIT};
        return sizeof address->v6;
    }
    address->v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port),
                                       .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return sizeof address->v4;
}

int loopback_bind(int family, int type, uint16_t *port)
{
    union loopback address;
    socklen_t len = loopback_address(family, *port, &address);
    int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (bind(fd, &address.any, len) == 0 &&
        (type != SOCK_STREAM || listen(fd, SOMAXCONN) == 0) &&
        getsockname(fd, &address.any, &len) == 0) {
        *port = ntohs(address.v4.sin_port);
        return fd;
    }
    int number = errno;
    close(fd);
    errno = number;
    return -1;
}
