/*
 * http.h: a small HTTP server, one answer for whatever is asked.
 *
 * HTTP/1.0 (RFC 1945): an answer, then the server's FIN. It keeps nothing of a request but
 * where its head ends, so a request of any size takes no memory.
 */
#ifndef SANDBOX_HTTP_H
#define SANDBOX_HTTP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HTTP_LISTENERS = 2,
    HTTP_CONNECTIONS = 64,     /* one more, and the one that is due first makes room */
    HTTP_POLLS = HTTP_LISTENERS + HTTP_CONNECTIONS,
    HTTP_REQUEST = 64 * 1024,  /* bytes of a request, after which it is answered anyway */
    HTTP_IDLE_MS = 30000       /* a connection that says nothing for so long is closed */
};

struct http_connection {
    int fd;
    int64_t due;     /* clock_now()'s nanoseconds: closed then */
    size_t seen;     /* bytes of the request */
    unsigned breaks; /* line ends in a row; two end the request's head */
    bool answered;
};

struct http {
    int listeners[HTTP_LISTENERS];
    size_t listener_count;
    struct http_connection each[HTTP_CONNECTIONS];
    size_t count;
    int64_t idle_ns;
    char answer[512];
    size_t answer_len;
};

void http_start(struct http *http, int idle_ms);

/* Takes over a listening socket. There is room for HTTP_LISTENERS. */
void http_listen(struct http *http, int fd);

/*
 * One turn: http_polls() says what to wait for (at most HTTP_POLLS) and http_timeout() how
 * many milliseconds at most, -1: for ever; then http_turn() acts on what poll(2) said.
 */
size_t http_polls(const struct http *http, struct pollfd *polls);
int http_timeout(const struct http *http);
void http_turn(struct http *http, const struct pollfd *polls);

#endif
