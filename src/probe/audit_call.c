/*
 * audit_call.c: the third witness: an ordinary connect() to each TCP port, and what is said first.
 *
 * A server that greets is listened to, and nothing is said to it. One that stays silent where TLS
 * is usual gets the first message of TLS (RFC 5246, 7.4.1.2): only an answer shows that it speaks
 * it.
 */
#include "audit_rows.h"
#include "kernel_call.h"

#include <loopcraft/clock.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CALLS_MOST = 64, /* at once */
    CALL_MS = 700,   /* less than the second after which the kernel repeats its SYN */
    GREETING_MS = 300
};

enum step { STEP_CALLING, STEP_LISTENING, STEP_HELLO };

struct call {
    struct audit_row *row;
    struct audit_ask *ask;
    int fd;
    enum step step;
    int64_t due;
};

struct calls {
    struct audit *audit;
    struct call each[CALLS_MOST];
    size_t count;
    size_t row, ask; /* the next one to call */
};

static int64_t in_ms(int ms)
{
    return clock_now() + ms * (int64_t)CLOCK_MS;
}

/* --- one call -------------------------------------------------------------------------- */

/*
 * ClientHello of TLS 1.2: a record of 63 bytes, version 1.0 as is usual there; a random number of
 * zeros, for nobody goes on from here; ten cipher suites of TLS 1.3 and 1.2; no compression.
 */
static const uint8_t hello[68] = {
    0x16, 3,    1,    0,    63,   1,    0,    0,    59,   3,    3,    [45] = 20,
    0x13, 1,    0x13, 2,    0x13, 3,    0xc0, 0x2b, 0xc0, 0x2c, 0xc0, 0x2f,
    0xc0, 0x30, 0,    0x9c, 0,    0x9d, 0,    0x2f, 1,    0,
};

/* A record of TLS: a handshake or an alert, of version 3.x (RFC 8446, 5.1). Not a client's hello:
 * that is ours, and comes from a server that echoes. */
static bool is_tls(const uint8_t *at, size_t len)
{
    bool echo = len >= 6 && at[0] == 0x16 && at[5] == 1;
    return len >= 2 && (at[0] == 0x15 || at[0] == 0x16) && at[1] == 3 && !echo;
}

/* What came first is kept. False: the call is over. */
static bool listened(struct call *call)
{
    struct audit_row *row = call->row;
    uint8_t room[BANNER_MOST];
    ssize_t len = recv(call->fd, room, sizeof room, 0);
    if (len <= 0)
        return len < 0 && errno == EAGAIN;
    row->tls = row->tls || is_tls(room, (size_t)len);
    if (!row->banner_len && !row->tls) {
        memcpy(row->banner, room, (size_t)len);
        row->banner_len = (size_t)len;
    }
    return false;
}

/* connect() has come to something: errno, or a connection. */
static bool called(struct call *call)
{
    int error = 0;
    socklen_t len = sizeof error;
    getsockopt(call->fd, SOL_SOCKET, SO_ERROR, &error, &len);
    call->ask->called = error ? strerrorname_np(error) : "connected";
    call->step = STEP_LISTENING;
    call->due = in_ms(GREETING_MS);
    return !error;
}

/* Where TLS is usual from the first byte on; others that are encrypted would take it for an attack.
 */
static bool speaks_tls(uint16_t port)
{
    static const uint16_t ports[] = {443,  465,  563,  636,  853,  990,  993,  995,  2376,
                                     5061, 5671, 5986, 6443, 6514, 6697, 8443, 8883, 10250};
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++)
        if (ports[i] == port)
            return true;
    return false;
}

/* Nothing came in time. */
static bool waited(struct call *call)
{
    if (call->step == STEP_CALLING)
        call->ask->called = "no-response";
    if (call->step != STEP_LISTENING || !speaks_tls(call->row->port))
        return false;
    call->step = STEP_HELLO;
    call->due = in_ms(GREETING_MS);
    return send(call->fd, hello, sizeof hello, MSG_NOSIGNAL) == (ssize_t)sizeof hello;
}

/* --- all of them ------------------------------------------------------------------------- */

/* The next ask of a TCP row, or false when there is none left. */
static bool next_ask(struct calls *calls, struct call *call)
{
    struct audit *audit = calls->audit;
    for (; calls->row < audit->count; calls->row++, calls->ask = 0) {
        struct audit_row *row = &audit->rows[calls->row];
        if (row->proto != IPPROTO_TCP || calls->ask >= row->ask_count)
            continue;
        *call = (struct call){.row = row, .ask = &row->asks[calls->ask++], .fd = -1};
        return true;
    }
    return false;
}

static bool start_calls(struct calls *calls, struct err *err)
{
    struct call *call = &calls->each[calls->count];
    while (calls->count < CALLS_MOST && next_ask(calls, call)) {
        struct kernel_call kernel;
        if (!kernel_call(&kernel, call->ask->family, call->ask->addr, call->row->port, err))
            return false;
        call->fd = kernel.fd;
        call->due = in_ms(CALL_MS);
        if (kernel.error && kernel.error != EINPROGRESS) {
            call->ask->called = strerrorname_np(kernel.error);
            close(call->fd);
            continue;
        }
        call = &calls->each[++calls->count];
    }
    return true;
}

/* then: before it was looked whether something came; silence is judged by that, however long we
 * slept. */
static bool goes_on(struct call *call, short events, int64_t then)
{
    if (events)
        return call->step == STEP_CALLING ? called(call) : listened(call);
    return call->due > then || waited(call);
}

/* Waits until something comes, or the first is due. False: interrupted. */
static bool wait_calls(struct calls *calls, struct pollfd *polls, int64_t *then)
{
    int64_t due = INT64_MAX;
    for (size_t i = 0; i < calls->count; i++) {
        const struct call *call = &calls->each[i];
        polls[i] = (struct pollfd){.fd = call->fd,
                                   .events = call->step == STEP_CALLING ? POLLOUT : POLLIN};
        due = call->due < due ? call->due : due;
    }
    polls[calls->count] = (struct pollfd){.fd = calls->audit->signal_fd, .events = POLLIN};
    int64_t left = due - clock_now();
    int ms = left <= 0 ? 0 : (int)(left / CLOCK_MS) + 1;
    int64_t end = clock_now() + ms * (int64_t)CLOCK_MS;
    int ready = poll(polls, (nfds_t)calls->count + 1, ms);
    *then = ready == 0 ? end : 0; /* only a look that found nothing at all is silence */
    for (size_t i = 0; ready < 0 && i <= calls->count; i++)
        polls[i].revents = 0;
    struct signalfd_siginfo info;
    if (!polls[calls->count].revents ||
        read(calls->audit->signal_fd, &info, sizeof info) != (ssize_t)sizeof info)
        return true;
    calls->audit->signal = (int)info.ssi_signo;
    return false;
}

static enum probe_result run(struct calls *calls, struct err *err)
{
    struct pollfd polls[CALLS_MOST + 1];
    int64_t then;
    for (;;) {
        if (!start_calls(calls, err))
            return PROBE_FAILED;
        if (!calls->count)
            return PROBE_DONE;
        if (!wait_calls(calls, polls, &then))
            return PROBE_INTERRUPTED;
        /* From the last to the first: the place of one that is over is taken by one that had its
         * turn. */
        for (size_t i = calls->count; i-- > 0;) {
            if (goes_on(&calls->each[i], polls[i].revents, then))
                continue;
            close(calls->each[i].fd);
            calls->each[i] = calls->each[--calls->count];
        }
    }
}

enum probe_result audit_call(struct audit *audit, struct err *err)
{
    struct calls calls = {.audit = audit};
    enum probe_result result = run(&calls, err);
    for (size_t i = 0; i < calls.count; i++)
        close(calls.each[i].fd);
    return result;
}
