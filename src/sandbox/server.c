/* server.c: a small HTTP server of one's own, outside the sandbox too. */
#include "loopback.h"
#include "services.h"

#include <loopcraft/sandbox.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void server_main(int listener, int lifeline, struct report report)
{
    setsid(); /* the terminal's Ctrl-C is not for it */
    child_settle((int *const[]){&listener, &lifeline, &report.write}, 3);
    struct services services;
    services_start(&services);
    http_listen(&services.http, listener);
    services_run(&services, lifeline, &report);
}

bool server_start(int family, struct server *server, struct err *err)
{
    int ends[2];
    struct report report;
    *server = (struct server){.child = 0};
    int listener = loopback_bind(family, SOCK_STREAM, &server->port);
    if (listener < 0)
        return err_system(err, "can't listen on %s", family == AF_INET6 ? "::1" : "127.0.0.1");
    if (pipe2(ends, O_CLOEXEC) != 0 || !report_open(&report, err))
        return err_system(err, "can't make a pipe");
    pid_t child = fork();
    if (child == 0)
        server_main(listener, ends[0], report);
    close(listener);
    close(ends[0]);
    *server = (struct server){.port = server->port, .child = child, .lifeline = ends[1]};
    if (child > 0 && report_wait(&report, err))
        return true;
    if (child < 0)
        err_system(err, "can't start a server");
    server_stop(server);
    return false;
}

void server_stop(struct server *server)
{
    if (server->child == 0)
        return;
    close(server->lifeline);
    while (server->child > 0 && waitpid(server->child, NULL, 0) < 0 && errno == EINTR)
        ;
    *server = (struct server){.child = 0, .lifeline = -1};
}
