/* handshake.c: the three-way handshake by hand, then data, then a close. */
#include "command.h"

#include "live.h"

#include <loopcraft/handshake.h>
#include <loopcraft/sandbox.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { HOLD_MOST = 600 }; /* seconds */

struct job {
    struct live live;
    struct handshake how;
    struct text data;
    bool by_kernel;
    struct server server; /* our own, when no port was named */
};

/* One word of a few: its place in the list, or -1. */
static int choose(const char *word, const char *const *choices)
{
    for (int i = 0; choices[i]; i++)
        if (strcmp(word, choices[i]) == 0)
            return i;
    return -1;
}

static bool read_options(struct job *job, const struct line *line, struct err *err)
{
    static const char *const closes[] = {"fin", "rst", NULL};
    static const char *const stops[] = {"never", "syn", "ack", "data", NULL};
    static const char *const makers[] = {"hand", "kernel", NULL};
    const char *const *given = line->options;
    int close = given[OPTION_CLOSE] ? choose(given[OPTION_CLOSE], closes) : 0;
    int stop = given[OPTION_STOP_AFTER] ? choose(given[OPTION_STOP_AFTER], stops) : STOP_NEVER;
    int by = given[OPTION_BY] ? choose(given[OPTION_BY], makers) : 0;
    if (by < 0)
        return err_set(err, STATUS_USAGE, "--by takes hand or kernel");
    if (by && (job->live.words || given[OPTION_STOP_AFTER] || given[OPTION_LET_KERNEL_RESET]))
        return err_set(err, STATUS_USAGE,
                       "--by kernel leaves the packets to the kernel: no words, "
                       "--stop-after or --let-kernel-reset with it");
    if (close < 0)
        return err_set(err, STATUS_USAGE, "--close takes fin or rst");
    if (stop < 0 || (given[OPTION_STOP_AFTER] && stop == STOP_NEVER))
        return err_set(err, STATUS_USAGE, "--stop-after takes syn, ack or data");
    if (given[OPTION_DATA] && !recipe_text(&job->data, given[OPTION_DATA], err))
        return false;
    if (stop == STOP_AFTER_DATA && !job->data.len)
        return err_set(err, STATUS_USAGE, "--stop-after data needs --data TEXT");
    if (given[OPTION_HOLD] && stop == STOP_NEVER)
        return err_set(err, STATUS_USAGE, "--hold needs --stop-after: where shall it halt?");
    job->by_kernel = by == 1;
    job->how.close_rst = close == 1;
    job->how.stop = (enum handshake_stop)stop;
    job->how.kernel_resets = given[OPTION_LET_KERNEL_RESET] != NULL;
    job->how.data = (struct bytes){(uint8_t *)job->data.at, job->data.len};
    return line_seconds(line, OPTION_HOLD, HOLD_MOST, &job->how.hold_ns, err);
}

/* The server to talk to: the one that was named, or a small one of our own. */
static bool find_server(struct job *job, struct err *err)
{
    if (job->live.ports.count) {
        job->how.port = job->live.ports.each[0];
        return true;
    }
    if (!server_start(job->live.family, &job->server, err))
        return false;
    job->how.port = job->server.port;
    return true;
}

static int tell_end(struct job *job, enum handshake_result result, struct text *told,
                    struct err *err)
{
    struct exchange *x = &job->live.exchange;
    struct event event = {.kind = EVENT_SUMMARY};
    const char *closed = "closed";
    if (result == HANDSHAKE_FAILED)
        return err->status;
    if (result == HANDSHAKE_CLOSED && job->live.ports.count &&
        !live_sandbox_hint(&job->live, &closed, err))
        return err->status;
    if (result == HANDSHAKE_INTERRUPTED)
        text_put(told, "Interrupted: what had been opened was reset.");
    event.summary = (struct summary_event){.text = text_string(told),
                                           .partial = result == HANDSHAKE_INTERRUPTED,
                                           .sent = x->sent_count,
                                           .received = x->received_count,
                                           .dropped = capture_dropped(x->wire.capture)};
    if (!sinks_event(&job->live.sinks, &event, err))
        return err->status;
    if (result == HANDSHAKE_INTERRUPTED)
        return live_interrupted(&job->live);
    return result == HANDSHAKE_DONE || result == HANDSHAKE_KERNEL_RESET ? STATUS_DONE : STATUS_NO;
}

static int shake(struct job *job, const struct line *line, struct err *err)
{
    bool hand = !job->by_kernel;
    struct wants wants = {
        .send = hand, .capture = true, .reserve = hand, .shield = hand && !job->how.kernel_resets};
    if (!live_world(&job->live, err) || !find_server(job, err) ||
        !live_open(&job->live, line, "handshake", &wants, err))
        return err->status;
    struct text told = TEXT_EMPTY;
    job->how.words = &job->live.recipe;
    enum handshake_result result = hand ? handshake_run(&job->live.exchange, &job->how, &told, err)
                                        : handshake_by_kernel(&job->live.exchange, &job->how,
                                                              job->live.addr, &told, err);
    int status = tell_end(job, result, &told, err);
    text_free(&told);
    return status;
}

static int run(const struct line *line, struct err *err)
{
    struct job job = {0};
    bool good = live_target(&job.live, line, "tcp", 1, err) && read_options(&job, line, err);
    if (good && job.live.recipe.data_origin)
        good = err_set(err, STATUS_USAGE, "data= would go into the SYN; use --data TEXT");
    if (good && !job.live.recipe.options_origin)
        good = recipe_word(&job.live.recipe, "options=mss:1460", ORIGIN_LOOPCRAFT, err);
    int status = live_close(&job.live, good ? shake(&job, line, err) : err->status, err);
    server_stop(&job.server);
    text_free(&job.data);
    return status;
}

static const enum option options[] = {
    OPTION_BY,         OPTION_DATA,  OPTION_CLOSE,
    OPTION_STOP_AFTER, OPTION_HOLD,  OPTION_LET_KERNEL_RESET,
    OPTIONS_LIVE,      OPTION_PORTS, OPTION_EXPLAIN_CHECKSUM,
    OPTIONS_OUTPUT,    OPTION_COUNT,
};

const struct command command_handshake = {
    .name = "handshake",
    .arguments = "[PORT] [WORD...]",
    .summary = "the three-way handshake by hand, then data, then a close",
    .help = "Opens a TCP connection packet by packet, says what was given, takes in what the "
            "server says, and\n"
            "closes in order. Every sequence number is worked out on screen, and beside each step "
            "stands the\n"
            "state of the server's socket. With no PORT it brings its own small server. Words "
            "shape the SYN.\n\n"
            "  loopcraft handshake 8080 --data 'GET / HTTP/1.0\\r\\n\\r\\n'\n"
            "  loopcraft handshake 8080 --stop-after syn --hold 5\n"
            "  loopcraft handshake 8080 tcp.seq_raw=1234 --close rst\n"
            "  loopcraft handshake 8080 --by kernel\n",
    .options = options,
    .run = run,
};
