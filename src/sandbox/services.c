/* services.c: HTTP, UDP echo and a silent server, in one poll loop. */
#include "services.h"

#include "loopback.h"

#include <loopcraft/sandbox.h>

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SERVICES_POLLS = HTTP_POLLS + SERVICES_ECHO + 1 };

/* --- opening --------------------------------------------------------------- */

void services_start(struct services *services)
{
    *services = (struct services){.echo_count = 0};
    http_start(&services->http, HTTP_IDLE_MS);
}

/* Each service's socket, by enum sandbox_service, and who takes it over. */
static void service_add(struct services *services, enum sandbox_service service, int fd)
{
    if (service == SERVICE_HTTP)
        http_listen(&services->http, fd);
    else if (service == SERVICE_ECHO && services->echo_count < SERVICES_ECHO)
        services->echo[services->echo_count++] = fd;
    /* SERVICE_SILENT: open, and never looked at. */
}

static bool service_open(struct services *services, const struct sandbox_port *p, int family,
                         struct err *err)
{
    int type = strcmp(p->proto, "tcp") == 0 ? SOCK_STREAM : SOCK_DGRAM;
    uint16_t port = p->port;
    int fd = loopback_bind(family, type, &port);
    if (fd < 0 && family == AF_INET6 && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL))
        return true; /* a kernel without IPv6 */
    if (fd < 0)
        return err_system(err, "can't open the sandbox: its server on %s port %u does not start",
                          p->proto, p->port);
    service_add(services, p->service, fd);
    return true;
}

bool services_open(struct services *services, struct err *err)
{
    for (const struct sandbox_port *p = sandbox_ports; p->proto; p++)
        if (p->service != SERVICE_NONE && (!service_open(services, p, AF_INET, err) ||
                                           !service_open(services, p, AF_INET6, err)))
            return false;
    return true;
}

/* --- UDP echo -------------------------------------------------------------- */

/* Is this the port of a service of ours? Two echo servers would talk for ever (RFC 862's trap). */
static bool echo_from_service(uint16_t port)
{
    const struct sandbox_port *p = sandbox_port_find("udp", port);
    return p && p->service != SERVICE_NONE;
}

static void echo_turn(int fd)
{
    uint8_t room[ECHO_LONGEST];
    union {
        struct sockaddr any;
        struct sockaddr_in v4; /* its port stands where sockaddr_in6 has it (RFC 3493, 3.3) */
        struct sockaddr_in6 v6;
    } from = {.v6 = {0}};
    socklen_t from_len = sizeof from;
    ssize_t len = recvfrom(fd, room, sizeof room, 0, &from.any, &from_len);
    if (len >= 0 && !echo_from_service(ntohs(from.v4.sin_port)))
        (void)sendto(fd, room, (size_t)len, MSG_DONTWAIT, &from.any, from_len);
}

/* --- the loop -------------------------------------------------------------- */

static size_t services_polls(const struct services *services, int lifeline, struct pollfd *polls)
{
    size_t n = 0;
    polls[n++] = (struct pollfd){.fd = lifeline, .events = POLLIN};
    for (size_t i = 0; i < services->echo_count; i++)
        polls[n++] = (struct pollfd){.fd = services->echo[i], .events = POLLIN};
    return n + http_polls(&services->http, polls + n);
}

_Noreturn void services_run(struct services *services, int lifeline, struct report *report)
{
    struct err err;
    if (!child_humble(&err)) {
        report_send(report, &err);
        _exit(STATUS_SYSTEM);
    }
    child_bind("loopcraft-serve");
    report_send(report, NULL);
    struct pollfd polls[SERVICES_POLLS];
    for (;;) {
        size_t n = services_polls(services, lifeline, polls);
        int ready = poll(polls, n, http_timeout(&services->http));
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready < 0 || polls[0].revents)
            _exit(STATUS_DONE);
        for (size_t i = 0; i < services->echo_count; i++)
            if (polls[1 + i].revents)
                echo_turn(services->echo[i]);
        http_turn(&services->http, polls + 1 + services->echo_count);
    }
}
