/* watch.c: packets as they pass, or those of a file: from the command line to the last of them. */
#include "command.h"

#include "live.h"
#include "watcher.h"

#include <loopcraft/clock.h>
#include <loopcraft/signals.h>
#include <loopcraft/version.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SIGNAL_EACH = 256,          /* packets between two looks for a signal, when there is no pause */
    LINGER = 20 * CLOCK_MS,     /* what came just before the end may still be on its way to us */
    LOOK_EACH = 250 * CLOCK_MS, /* for anomalies that wait to be told */
    FOR_MOST = 1000000000
};

struct watch {
    const struct line *line;
    struct watcher watcher;
    struct wire wire;
    struct reader *reader; /* of a file; or NULL: live */
    int signal_fd, signal; /* which one came, or 0 */
    bool opened;           /* the wire is */
    unsigned long most;    /* packets to show; 0: all */
    int64_t for_ns;        /* how long to watch; INT64_MAX: for ever */
    int64_t end_ns;        /* by the clock of the packets */
};

static bool enough(const struct watch *w)
{
    return w->most && w->watcher.shown >= w->most;
}

/* --- a file ------------------------------------------------------------------------------ */

/* Also what was read before an error is told. */
static bool watch_file(struct watch *w, struct err *err)
{
    bool live = reader_is_live(w->reader);
    struct frame frame;
    for (uint64_t i = 1; !enough(w); i++) {
        enum capture_result result = reader_next(w->reader, &frame, err);
        if (result != CAPTURE_FRAME)
            return result == CAPTURE_TIMEOUT;
        if (i == 1 && __builtin_add_overflow(frame.time_ns, w->for_ns, &w->end_ns))
            w->end_ns = INT64_MAX;
        if (frame.time_ns > w->end_ns)
            return true;
        if (!watcher_see(&w->watcher, &frame, err) ||
            (live && !sinks_flush(&w->watcher.sinks, err)))
            return false;
        if ((live || i % SIGNAL_EACH == 0) && (w->signal = signals_read(w->signal_fd)))
            return true;
    }
    return true;
}

/* --- live --------------------------------------------------------------------------------- */

/* What was captured before a signal is shown still; a second one ends it at once. */
static bool stop_asked(struct watch *w)
{
    int signal = signals_read(w->signal_fd);
    if (!signal)
        return false;
    bool second = w->signal;
    w->signal = signal;
    if (!second)
        w->end_ns = clock_wall();
    return second;
}

/* There is nothing to do: what is held back is shown, and the next packet awaited. */
static bool rest(struct watch *w, int64_t *deadline, struct err *err)
{
    int64_t now = clock_wall(), wait = LOOK_EACH;
    if (!watcher_tell(&w->watcher, now, err) || !sinks_flush(&w->watcher.sinks, err))
        return false;
    if (w->end_ns - now + LINGER < wait)
        wait = w->end_ns - now + LINGER;
    *deadline = clock_now() + (wait > 0 ? wait : 0);
    return true;
}

static bool watch_live(struct watch *w, struct err *err)
{
    struct frame frame;
    int64_t deadline = 0; /* long past: only what is there */
    if (__builtin_add_overflow(clock_wall(), w->for_ns, &w->end_ns))
        w->end_ns = INT64_MAX - LINGER;
    for (uint64_t i = 1; !enough(w); i++) {
        enum capture_result result = capture_next(w->wire.capture, deadline, w->signal_fd, &frame,
                                                  err);
        if (result == CAPTURE_FAILED)
            return false;
        if ((result == CAPTURE_OTHER || i % SIGNAL_EACH == 0) && stop_asked(w))
            return true;
        if (result == CAPTURE_FRAME && frame.time_ns > w->end_ns)
            return true;
        if (result == CAPTURE_TIMEOUT && clock_wall() > w->end_ns + LINGER)
            return true;
        deadline = 0;
        if (result == CAPTURE_FRAME ? !watcher_see(&w->watcher, &frame, err)
                                    : !rest(w, &deadline, err))
            return false;
    }
    return true;
}

/* --- the command ----------------------------------------------------------------------------- */

/* Lines for people unless something else is asked for; -v: every byte. */
static struct line with_view(const struct line *asked)
{
    struct line line = *asked;
    if (!line.options[OPTION_VIEW] && !line.options[OPTION_VERBOSE] && !line.options[OPTION_JSON])
        line.options[OPTION_VIEW] = "brief";
    if (!line.options[OPTION_VIEW])
        line.options[OPTION_VERBOSE] = NULL; /* the full dump is what it asks for */
    return line;
}

static bool open_file(struct watch *w, const char *path, const char *output, struct err *err)
{
    return file_apart(path, output, err) && (w->reader = reader_open(path, err)) != NULL;
}

static bool read_line(struct watch *w, enum where *where, struct err *err)
{
    const struct line *line = w->line;
    w->for_ns = INT64_MAX;
    if (line->word_count > 1)
        return err_set(err, STATUS_USAGE,
                       "which one? `loopcraft watch` watches lo, "
                       "`loopcraft watch FILE` one file");
    if (line->word_count && (line->options[OPTION_SANDBOX] || line->options[OPTION_HOST]))
        return err_set(err, STATUS_USAGE, "a file is the same everywhere: leave out -S and --host");
    return live_where(line, where, err) &&
           line_number(line, OPTION_TIMES, UINT32_MAX, &w->most, err) &&
           line_seconds(line, OPTION_FOR, FOR_MOST, &w->for_ns, err) &&
           selection_open(&w->watcher.selection, line, err);
}

static bool open_live(struct watch *w, enum where where, struct world *world, struct err *err)
{
    static const struct wants wants = {.capture = true, .profile = CAPTURE_WATCH};
    const char *filter = w->line->options[OPTION_CAPTURE_FILTER];
    if (!world_enter_joinable(where, world, err) ||
        !sinks_open(&w->watcher.sinks, w->line, false, false, err))
        return false;
    w->opened = wire_open(&w->wire, &wants, err);
    return w->opened && (!filter || capture_filter(w->wire.capture, filter, err));
}

static bool begin(struct watch *w, const char *world, const char *place, struct err *err)
{
    struct event event = {.kind = EVENT_START};
    event.start = (struct start_event){
        .command = "watch", .version = LOOPCRAFT_VERSION, .world = world, .place = place};
    w->signal_fd = signals_open();
    if (w->signal_fd < 0)
        return err_system(err, "can't watch for signals");
    w->watcher.teller.without = sinks_without(&w->watcher.sinks);
    return sinks_event(&w->watcher.sinks, &event, err) && sinks_flush(&w->watcher.sinks, err);
}

static bool run_file(struct watch *w, const char *path, struct err *err)
{
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)path, strlen(path)});
    bool good = open_file(w, path, w->line->options[OPTION_WRITE], err) &&
                sinks_open(&w->watcher.sinks, w->line, false, false, err) && privilege_drop(err) &&
                reader_start(w->reader, err) && begin(w, "file", text_string(&safe), err);
    text_free(&safe);
    return good && watch_file(w, err);
}

static bool run_live(struct watch *w, enum where where, struct err *err)
{
    struct world world;
    return open_live(w, where, &world, err) &&
           begin(w, world.sandbox ? "sandbox" : "host", world.place, err) && watch_live(w, err);
}

static bool tell_summary(struct watch *w, struct err *err)
{
    struct watcher_end end = {
        .live = !w->reader,
        .partial = w->signal != 0,
        .dropped = w->reader ? 0 : capture_dropped(w->wire.capture),
    };
    return watcher_summarise(&w->watcher, &end, err);
}

static void close_all(struct watch *w)
{
    if (w->opened)
        wire_close(&w->wire);
    reader_close(w->reader);
    if (w->signal_fd >= 0)
        close(w->signal_fd);
    watcher_close(&w->watcher);
}

static int run(const struct line *asked, struct err *err)
{
    struct line line = with_view(asked);
    struct watch w = {.line = &line, .signal_fd = -1, .end_ns = INT64_MAX};
    enum where where = WHERE_DEFAULT;
    watcher_open(&w.watcher);
    bool good = read_line(&w, &where, err) &&
                (line.word_count ? run_file(&w, line.words[0], err) : run_live(&w, where, err)) &&
                tell_summary(&w, err);
    good = sinks_end(&w.watcher.sinks, !good, err) && good;
    int signal = w.signal;
    close_all(&w);
    return !good ? err->status : signal ? STATUS_SIGNAL + signal : STATUS_DONE;
}

static const enum option options[] = {
    OPTION_CAPTURE_FILTER, OPTION_DISPLAY_FILTER, OPTION_TIMES,   OPTION_FOR,   OPTION_VIEW,
    OPTION_SANDBOX,        OPTION_HOST,           OPTIONS_OUTPUT, OPTION_COUNT,
};

const struct command command_watch = {
    .name = "watch",
    .arguments = "[FILE|-]",
    .summary = "packets as they pass, and those that ordinary traffic does not have",
    .help =
        "Shows each packet of lo in a line, as it passes, or those of a capture; -v shows every "
        "byte.\n"
        "What ordinary traffic does not have is pointed out: flags that no connection sends, ACKs\n"
        "without a handshake, port sweeps, half-open connections, wrong checksums, tiny fragments "
        "and\n"
        "others; each with the evidence, and with an innocent explanation if it has one. Of many "
        "alike\n"
        "the first is told at once, the others together. -q: nothing but these. -f chooses what "
        "is\n"
        "looked at, -Y what is told.\n\n"
        "  loopcraft watch                              # Ctrl-C ends it, with a summary\n"
        "  loopcraft -S watch -q                        # beside `loopcraft sandbox` in a "
        "terminal\n"
        "  loopcraft watch -f 'port 8080' --for 10 -w seen.pcapng\n"
        "  loopcraft watch capture.pcapng --json | jq 'select(.type == \"anomaly\")'\n",
    .options = options,
    .run = run,
};
