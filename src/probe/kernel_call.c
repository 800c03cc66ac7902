/* kernel_call.c: a connection that the kernel opens itself. */
#include "kernel_call.h"

#include <loopcraft/guard.h>

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

static void read_end(const struct sockaddr_storage *from, uint16_t *port, uint8_t *addr)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)from;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;
    bool is_six = from->ss_family == AF_INET6;
    *port = ntohs(is_six ? six->sin6_port : four->sin_port);
    memcpy(addr, is_six ? (const void *)&six->sin6_addr : (const void *)&four->sin_addr,
           is_six ? sizeof six->sin6_addr : sizeof four->sin_addr);
}

bool kernel_call(struct kernel_call *call, int family, const char *addr, uint16_t port,
                 struct err *err)
{
    struct sockaddr_storage to, from;
    socklen_t len = sizeof from, to_len = family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                             : sizeof(struct sockaddr_in);
    if (!guard_target(addr, family, &to, err))
        return false;
    if (family == AF_INET6)
        ((struct sockaddr_in6 *)&to)->sin6_port = htons(port);
    else
        ((struct sockaddr_in *)&to)->sin_port = htons(port);
    call->fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (call->fd < 0)
        return err_system(err, "no socket for port %u", port);
    call->error = connect(call->fd, (struct sockaddr *)&to, to_len) < 0 ? errno : 0;
    if (getsockname(call->fd, (struct sockaddr *)&from, &len) < 0) {
        err_system(err, "no source port for port %u", port);
        close(call->fd);
        return false;
    }
    call->ends = (struct socket_pair){.family = family};
    read_end(&to, &call->ends.port, call->ends.addr);
    read_end(&from, &call->ends.peer_port, call->ends.peer_addr);
    return true;
}

void kernel_call_explain(struct text *note, const struct reply *r, uint16_t port, bool sent,
                         bool again)
{
    const char *who = sent ? "The kernel" : "The server";
    if (r->kind == REPLY_ICMP_ERROR)
        text_format(note,
                    "An ICMP error about port %u, but the socket is still busy in connect(): the "
                    "kernel will try again before it tells the program.",
                    port);
    else if (r->flags & TCP_SYN && again && sent)
        text_format(note, "No answer: the kernel repeats its SYN to port %u.", port);
    else if (r->flags & TCP_SYN && sent)
        text_format(note,
                    "The program called connect() to port %u; the kernel sends the SYN for it.",
                    port);
    else if (r->flags & TCP_SYN)
        text_put(note, "The server agrees, and asks back: SYN-ACK.");
    else if (r->flags & TCP_FIN)
        text_format(note, "%s closes its half: FIN.", who);
    else if (r->kind == REPLY_RST)
        text_format(note, "%s resets the connection.", who);
    else if (r->data.len)
        text_format(note, "%s sends %zu bytes of data.", who, r->data.len);
    else
        text_format(note, "%s acknowledges up to %u.", who, r->ack);
}
