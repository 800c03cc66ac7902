/* http.c: a small HTTP server, one answer for whatever is asked. */
#include "http.h"

#include <loopcraft/clock.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void http_start(struct http *http, int idle_ms)
{
    static const char body[] = "Hello from loopcraft's practice server.\n"
                               "This answer has not left your machine.\n";
    *http = (struct http){.idle_ns = (int64_t)idle_ms * CLOCK_MS};
    int len = snprintf(http->answer, sizeof http->answer,
                       "HTTP/1.0 200 OK\r\n"
                       "Content-Type: text/plain\r\n"
                       "Content-Length: %zu\r\n"
                       "\r\n"
                       "%s", sizeof body - 1, body);
    http->answer_len = (size_t)len;
}

void http_listen(struct http *http, int fd)
{
    if (http->listener_count < HTTP_LISTENERS)
        http->listeners[http->listener_count++] = fd;
}

/* --- one connection -------------------------------------------------------- */

/* Has the head of the request ended: an empty line? Counts line ends in a row, CRs aside. */
static bool http_head_ends(struct http_connection *c, const char *at, size_t len)
{
    for (size_t i = 0; i < len && c->breaks < 2; i++)
        if (at[i] != '\r')
            c->breaks = at[i] == '\n' ? c->breaks + 1 : 0;
    return c->breaks == 2;
}

/*
 * Answers and sends the FIN, but goes on reading for a while: closing with bytes unread would
 * send a RST, which can destroy the answer on its way (RFC 9112, section 9.6).
 */
static bool http_answer(const struct http *http, struct http_connection *c)
{
    c->answered = true;
    /* The first bytes in an empty socket buffer: they fit. */
    return send(c->fd, http->answer, http->answer_len, MSG_NOSIGNAL) == (ssize_t)http->answer_len &&
           shutdown(c->fd, SHUT_WR) == 0;
}

/* Reads what came; false when the connection is at its end. */
static bool http_read(const struct http *http, struct http_connection *c)
{
    char room[4096];
    ssize_t len = recv(c->fd, room, sizeof room, 0);
    if (len < 0)
        return errno == EAGAIN || errno == EINTR;
    if (len == 0) { /* the client's FIN: what it said until now was its request */
        if (!c->answered && c->seen)
            http_answer(http, c);
        return false;
    }
    if (c->answered)
        return true; /* and it stays due: nobody keeps a connection by sending for ever */
    c->seen += (size_t)len;
    c->due = clock_now() + http->idle_ns;
    if (http_head_ends(c, room, (size_t)len) || c->seen >= HTTP_REQUEST)
        return http_answer(http, c);
    return true;
}

/* --- all of them ----------------------------------------------------------- */

static void http_close(struct http *http, size_t i)
{
    close(http->each[i].fd);
    http->each[i] = http->each[--http->count];
}

static void http_make_room(struct http *http)
{
    size_t first = 0;
    for (size_t i = 1; i < http->count; i++)
        if (http->each[i].due < http->each[first].due)
            first = i;
    if (http->count)
        http_close(http, first);
}

static void http_accept(struct http *http, int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE)
            http_make_room(http); /* poll would report the waiting one again and again */
        return;
    }
    if (http->count == HTTP_CONNECTIONS)
        http_make_room(http);
    http->each[http->count++] = (struct http_connection){.fd = fd,
                                                         .due = clock_now() + http->idle_ns};
}

size_t http_polls(const struct http *http, struct pollfd *polls)
{
    size_t n = 0;
    for (size_t i = 0; i < http->listener_count; i++)
        polls[n++] = (struct pollfd){.fd = http->listeners[i], .events = POLLIN};
    for (size_t i = 0; i < http->count; i++)
        polls[n++] = (struct pollfd){.fd = http->each[i].fd, .events = POLLIN};
    return n;
}

int http_timeout(const struct http *http)
{
    if (http->count == 0)
        return -1;
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < http->count; i++)
        if (http->each[i].due < first)
            first = http->each[i].due;
    int64_t left = first - clock_now();
    return left <= 0 ? 0 : (int)(left / CLOCK_MS) + 1;
}

void http_turn(struct http *http, const struct pollfd *polls)
{
    int64_t now = clock_now();
    /* From the last to the first: a closed one's place is taken by one that had its turn. */
    for (size_t i = http->count; i-- > 0;) {
        bool ready = polls[http->listener_count + i].revents;
        if ((ready && !http_read(http, &http->each[i])) || http->each[i].due <= now)
            http_close(http, i);
    }
    for (size_t i = 0; i < http->listener_count; i++)
        if (polls[i].revents)
            http_accept(http, http->listeners[i]);
}
