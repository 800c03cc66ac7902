/* watch.c: packets as they pass, or those of a file, and what ordinary traffic does not have. */
#include "command.h"

#include "live.h"
#include "select.h"
#include "teller.h"

#include <loopcraft/anomalies.h>
#include <loopcraft/clock.h>
#include <loopcraft/signals.h>
#include <loopcraft/version.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SIGNAL_EACH = 256,          /* packets between two looks for a signal, when there is no pause */
    RING = 64 << 20,            /* of lo's packets, while we are behind: some 400,000 small ones */
    LINGER = 20 * CLOCK_MS,     /* what came just before the end may still be on its way to us */
    LOOK_EACH = 250 * CLOCK_MS, /* for anomalies that wait to be told */
    FOR_MOST = 1000000000
};

struct watch {
    const struct line *line;
    struct selection selection;
    struct sinks sinks;
    struct teller teller;
    struct told told;
    struct anomalies *anomalies;
    struct wire wire;
    struct reader *reader; /* of a file; or NULL: live */
    int signal_fd, signal; /* which one came, or 0 */
    bool opened;           /* the wire is */
    unsigned long most;    /* packets to show; 0: all */
    int64_t for_ns;        /* how long to watch; INT64_MAX: for ever */
    int64_t end_ns;        /* by the clock of the packets */
    uint64_t seen, shown;
    int64_t last_ns;             /* of the packet shown last */
    int64_t first_ns, latest_ns; /* of all that were seen */
};

/* --- telling --------------------------------------------------------------------------- */

static bool tell_anomalies(struct watch *w, int64_t now, struct err *err)
{
    struct anomaly anomaly;
    while (anomalies_next(w->anomalies, now, &anomaly)) {
        struct event event = {.kind = EVENT_ANOMALY};
        event.anomaly = (struct anomaly_event){.rule = anomaly.rule->name,
                                               .means = anomaly.rule->means,
                                               .innocent = anomaly.rule->innocent,
                                               .source = anomaly.rule->source,
                                               .evidence = anomaly.evidence,
                                               .packet = anomaly.packet,
                                               .count = anomaly.count,
                                               .again = anomaly.again,
                                               .from = anomaly.from,
                                               .to = anomaly.to};
        if (!sinks_event(&w->sinks, &event, err))
            return false;
    }
    return true;
}

/* Every packet that breaks a rule says so in its note, and in the file that -w writes. */
static void note_anomalies(struct watch *w)
{
    struct text *note = &w->told.note;
    const char *lead = note->len ? " Anomaly: " : "Anomaly: ";
    bool any = false;
    for (size_t i = 0; anomaly_rules[i].name; i++) {
        if (!anomalies_fired(w->anomalies, i))
            continue;
        text_put(note, any ? ", " : lead);
        text_put(note, anomaly_rules[i].name);
        any = true;
    }
    if (any)
        text_char(note, '.');
}

/* A packet that -f leaves out is not looked at; one that -Y leaves out is, and nobody is told. */
static bool see(struct watch *w, const struct frame *frame, struct err *err)
{
    struct told *told = &w->told;
    bool selected;
    if (!selection_frame(&w->selection, frame, &selected, err))
        return false;
    if (!selected)
        return true;
    told->frame = *frame;
    dissect(&told->dissection, frame);
    struct scene scene = {frame, &told->dissection};
    selected = selection_scene(&w->selection, &scene);
    teller_understand(&w->teller, told, selected);
    anomalies_packet(w->anomalies, selected);
    if (!w->seen++)
        w->first_ns = frame->time_ns;
    w->latest_ns = frame->time_ns;
    if (selected) {
        note_anomalies(w);
        told->since_ns = w->shown++ ? frame->time_ns - w->last_ns : -1;
        w->last_ns = frame->time_ns;
        if (!told_tell(told, &w->sinks, err))
            return false;
    }
    return tell_anomalies(w, frame->time_ns, err);
}

static bool enough(const struct watch *w)
{
    return w->most && w->shown >= w->most;
}

static void put_count(struct text *text, uint64_t count, const char *one, const char *several)
{
    text_number(text, count);
    text_put(text, count == 1 ? one : several);
}

static void put_summary(struct watch *w, struct text *text, unsigned dropped, size_t kinds)
{
    put_count(text, w->seen, " packet", " packets");
    if (w->shown != w->seen)
        text_format(text, ", %llu of them shown", (unsigned long long)w->shown);
    if (!w->reader)
        text_put(text, dropped ? ", others lost" : ", none lost");
    text_put(text, "; ");
    if (kinds)
        put_count(text, kinds, " kind of anomaly:", " kinds of anomalies:");
    else
        text_put(text, "no anomaly.");
}

static bool summarise_all(struct watch *w, struct err *err)
{
    struct event event = {.kind = EVENT_SUMMARY};
    struct text text = TEXT_EMPTY;
    struct rule_count counts[64] = {{0}};
    size_t kinds = 0;
    for (size_t i = 0; anomaly_rules[i].name && kinds < 63; i++)
        if (anomalies_count(w->anomalies, i))
            counts[kinds++] = (struct rule_count){anomaly_rules[i].name,
                                                  anomalies_count(w->anomalies, i)};
    unsigned dropped = w->reader ? 0 : capture_dropped(w->wire.capture);
    put_summary(w, &text, dropped, kinds);
    event.summary = (struct summary_event){.text = text_string(&text),
                                           .partial = w->signal != 0,
                                           .received = (unsigned)w->seen,
                                           .dropped = dropped,
                                           .anomalies = counts};
    bool good = tell_anomalies(w, INT64_MAX, err) && sinks_event(&w->sinks, &event, err);
    text_free(&text);
    return good;
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
        if (!see(w, &frame, err) || (live && !sinks_flush(&w->sinks, err)))
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
    if (!tell_anomalies(w, now, err) || !sinks_flush(&w->sinks, err))
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
        if (result == CAPTURE_FRAME ? !see(w, &frame, err) : !rest(w, &deadline, err))
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
           selection_open(&w->selection, line, err);
}

static bool open_live(struct watch *w, enum where where, struct world *world, struct err *err)
{
    static const struct wants wants = {
        .capture = true, .profile = CAPTURE_SWEEP_WHOLE, .buffer = RING};
    const char *filter = w->line->options[OPTION_CAPTURE_FILTER];
    if (!world_enter_joinable(where, world, err) || !sinks_open(&w->sinks, w->line, false, false, err))
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
    w->teller.without = sinks_without(&w->sinks);
    return sinks_event(&w->sinks, &event, err) && sinks_flush(&w->sinks, err);
}

static bool run_file(struct watch *w, const char *path, struct err *err)
{
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)path, strlen(path)});
    bool good = open_file(w, path, w->line->options[OPTION_WRITE], err) &&
                sinks_open(&w->sinks, w->line, false, false, err) && privilege_drop(err) &&
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

static void close_all(struct watch *w)
{
    if (w->opened)
        wire_close(&w->wire);
    reader_close(w->reader);
    if (w->signal_fd >= 0)
        close(w->signal_fd);
    selection_close(&w->selection);
    anomalies_free(w->anomalies);
    told_free(&w->told);
    teller_close(&w->teller);
}

static int run(const struct line *asked, struct err *err)
{
    struct line line = with_view(asked);
    struct watch w = {.line = &line, .signal_fd = -1, .end_ns = INT64_MAX};
    enum where where = WHERE_DEFAULT;
    teller_open(&w.teller);
    w.anomalies = anomalies_new(w.teller.context);
    bool good = read_line(&w, &where, err) &&
                (line.word_count ? run_file(&w, line.words[0], err) : run_live(&w, where, err)) &&
                summarise_all(&w, err);
    good = sinks_end(&w.sinks, !good, err) && good;
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
