/* caller.c: a sweep by the kernel's own connect(). */
#include "caller.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A socket address of the mould's family. */
struct place {
    struct sockaddr_storage addr;
    socklen_t len;
};

static struct place place_of(int family, struct bytes addr, uint16_t port)
{
    struct place place = {.len = sizeof(struct sockaddr_in)};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&place.addr;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&place.addr;
    place.addr.ss_family = (sa_family_t)family;
    if (family == AF_INET6) {
        place.len = sizeof *v6;
        v6->sin6_port = htons(port);
        memcpy(&v6->sin6_addr, addr.at, sizeof v6->sin6_addr);
    } else {
        v4->sin_port = htons(port);
        memcpy(&v4->sin_addr, addr.at, sizeof v4->sin_addr);
    }
    return place;
}

/* close() then resets what is connected (socket(7), SO_LINGER): no TIME-WAIT stays behind. */
static int open_socket(int family)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    int on = 1, fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* bind() asks whether both sockets agree to share, at that moment (inet_csk_bind_conflict). */
bool caller_share(int port_fd, struct err *err)
{
    int on = 1;
    return setsockopt(port_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 ||
           err_system(err, "can't share the source port between connections");
}

/* What connect() says at once is of no interest, as long as it went out. */
static bool call(const struct mould *m, const struct place *source, uint16_t port, int *fd,
                 struct err *err)
{
    struct place target = place_of(m->family, mould_target(m), port);
    *fd = open_socket(m->family);
    if (*fd < 0)
        return err_system(err, "can't open a socket to connect with");
    if (bind(*fd, (const struct sockaddr *)&source->addr, source->len) != 0)
        return err_system(err, "can't connect from source port %u", m->source);
    connect(*fd, (struct sockaddr *)&target.addr, target.len);
    return true;
}

bool caller_connect(const struct mould *m, const uint16_t *ports, size_t count, struct err *err)
{
    int fds[SEND_BATCH_MOST];
    struct place source = place_of(m->family, mould_source(m), m->source);
    size_t opened = 0;
    bool good = count <= SEND_BATCH_MOST;
    while (good && opened < count) {
        good = call(m, &source, ports[opened], &fds[opened], err);
        opened++;
    }
    while (opened)
        if (fds[--opened] >= 0)
            close(fds[opened]);
    return good;
}

bool caller_ask_own(const struct mould *m, struct reply *reply, struct err *err)
{
    enum { WAIT_MS = 50 };
    struct place target = place_of(m->family, mould_target(m), m->source);
    int error = 0, fd = open_socket(m->family);
    socklen_t len = sizeof error;
    if (fd < 0)
        return err_system(err, "can't open a socket to connect with");
    *reply = (struct reply){.kind = REPLY_NONE};
    if (connect(fd, (struct sockaddr *)&target.addr, target.len) != 0)
        error = errno;
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    if (error == EINPROGRESS && poll(&wait, 1, WAIT_MS) > 0)
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
    close(fd);
    if (!error || error == ECONNREFUSED)
        reply->kind = error ? REPLY_RST : REPLY_SYN_ACK;
    return true;
}
