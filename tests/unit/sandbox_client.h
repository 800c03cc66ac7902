/*
 * sandbox_client.h: a child that enters the sandbox, and a client there, for the tests.
 *
 * Entering is for good, so each test that enters runs in a child of its own. What a child
 * finds wrong it says on stderr, and it ends with 1.
 */
#ifndef SANDBOX_CLIENT_H
#define SANDBOX_CLIENT_H

#include <loopcraft/sandbox.h>

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum {
    TEST_SKIPS = 77, /* the exit status of a child that the system refused a sandbox */
    TEST_PATIENCE_MS = 5000
};

/* --- children ---------------------------------------------------------------- */

static inline void must(bool fact, const char *what)
{
    if (fact)
        return;
    fprintf(stderr, "not so: %s (errno: %s)\n", what, strerror(errno));
    _exit(1);
}

static inline void may_enter(enum sandbox_entry *entry)
{
    struct err err;
    if (sandbox_enter(entry, &err))
        return;
    fprintf(stderr, "%s\n", err.message);
    _exit(TEST_SKIPS);
}

/* The child ends by itself, with this status; skips when the system refused it a sandbox. */
static inline void ends_with(pid_t child, int status)
{
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    if (WEXITSTATUS(how) == TEST_SKIPS) {
        print_message("[  SKIPPED ] this system refuses a sandbox (see the line above)\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(how), status);
}

/* A child of ours, which dies with the test. */
static inline pid_t child_begin(void)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    return child;
}

/* Begins story() in a child, for ends_with(). */
static inline pid_t child_story(void (*story)(void))
{
    pid_t child = child_begin();
    if (child == 0) {
        story();
        _exit(0);
    }
    return child;
}

/* Runs story() in a child. */
static inline void in_child(void (*story)(void))
{
    ends_with(child_story(story), 0);
}

/* Does a descriptor become readable, or end, in time? */
static inline bool readable(int fd, int ms)
{
    return poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, ms) == 1;
}

/* --- the client's side ------------------------------------------------------- */

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static inline socklen_t loopback(union address *to, int family, uint16_t port)
{
    *to = (union address){.v6 = {0}};
    if (family == AF_INET)
        to->v4 = (struct sockaddr_in){.sin_family = AF_INET,
                                      .sin_port = htons(port),
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    else
        to->v6 = (struct sockaddr_in6){
            .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    return family == AF_INET ? sizeof to->v4 : sizeof to->v6;
}

/* A connected socket of this type; -1 and errno on failure, ETIMEDOUT after `ms`. */
static inline int client(int family, int type, uint16_t port, int ms)
{
    union address there;
    socklen_t len = loopback(&there, family, port);
    int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    must(fd >= 0, "a client's socket");
    int error = connect(fd, &there.any, len) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        socklen_t size = sizeof error;
        error = ETIMEDOUT;
        if (poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, ms) == 1)
            must(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0, "SO_ERROR");
    }
    if (error == 0)
        return fd;
    close(fd);
    errno = error;
    return -1;
}

static inline bool refused(int family, uint16_t port, int number, int ms)
{
    return client(family, SOCK_STREAM, port, ms) < 0 && errno == number;
}

/* All that comes until the server's FIN; how many bytes, 0 at the end of `answer`. */
static inline size_t read_all(int fd, char *answer, size_t room)
{
    size_t len = 0;
    ssize_t got;
    do {
        must(readable(fd, TEST_PATIENCE_MS), "an answer in time");
        got = recv(fd, answer + len, room - 1 - len, 0);
        must(got >= 0, "an answer, not a reset");
        len += (size_t)got;
    } while (got > 0);
    answer[len] = '\0';
    return len;
}

/* Sends a request, then a FIN if `fin`, and checks the answer. */
static inline void ask(int family, uint16_t port, const char *request, size_t len, bool fin)
{
    char answer[1024];
    int fd = client(family, SOCK_STREAM, port, TEST_PATIENCE_MS);
    must(fd >= 0, "a connection to the HTTP server");
    for (size_t sent = 0; sent < len;) {
        ssize_t put = send(fd, request + sent, len - sent, MSG_NOSIGNAL);
        must(put > 0 || errno == EAGAIN, "sending the request");
        if (put > 0)
            sent += (size_t)put;
        else
            must(poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, TEST_PATIENCE_MS) == 1,
                 "the server reads on");
    }
    if (fin)
        must(shutdown(fd, SHUT_WR) == 0, "the client's FIN");
    size_t got = read_all(fd, answer, sizeof answer);
    const char *body = strstr(answer, "\r\n\r\n"), *length = strstr(answer, "Content-Length: ");
    must(strncmp(answer, "HTTP/1.0 200 OK\r\n", 17) == 0 && body && length, "an HTTP answer");
    must(strtoul(length + 16, NULL, 10) == got - (size_t)(body + 4 - answer), "Content-Length");
    close(fd);
}

#endif
