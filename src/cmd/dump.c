/* dump.c: annotates a capture. */
#include "command.h"

#include "relay.h"
#include "select.h"
#include "sinks.h"

#include <loopcraft/version.h>
#include <loopcraft/wire.h>

#include <string.h>

struct work {
    struct reader *reader;
    struct selection selection;
    struct sinks sinks;
    struct teller teller;
    struct relay *relay;
    uint64_t seen, shown; /* packets */
    int64_t last_ns;      /* of the packet shown last */
};

static bool tell(struct work *w, const struct frame *frame, struct err *err)
{
    bool selected;
    if (!selection_frame(&w->selection, frame, &selected, err))
        return false;
    struct told *told = relay_place(w->relay, err);
    if (!told)
        return false;
    told->frame = *frame;
    dissect(&told->dissection, frame);
    struct scene scene = {frame, &told->dissection};
    selected = selected && selection_scene(&w->selection, &scene);
    teller_understand(&w->teller, told, selected);
    if (!selected)
        return true;
    told->since_ns = w->shown ? frame->time_ns - w->last_ns : -1;
    w->last_ns = frame->time_ns;
    w->shown++;
    return relay_hand(w->relay, err);
}

/* Nothing was shown: said, so that nobody waits for more. */
static bool tell_none(struct work *w, const char *path, struct err *err)
{
    if (w->shown)
        return true;
    if (w->selection.first > 1 && w->seen < w->selection.first)
        return err_set(err, STATUS_USAGE, "%s: no packet %llu: it has %llu", path,
                       (unsigned long long)w->selection.first, (unsigned long long)w->seen);
    struct event event = {.kind = EVENT_NOTE};
    event.note = w->seen ? "No packet is selected by these options."
                         : "There is no packet in this capture.";
    return sinks_event(&w->sinks, &event, err);
}

/* Also what was read before an error is told. */
static bool tell_packets(struct work *w, struct err *err)
{
    enum capture_result result = CAPTURE_FRAME;
    bool told = true;
    while (told && w->seen < w->selection.last) { /* beyond the last one wanted nobody waits */
        struct frame frame;
        result = reader_next(w->reader, &frame, err);
        if (result != CAPTURE_FRAME)
            break;
        told = tell(w, &frame, err);
        w->seen += told;
    }
    struct err own = {0};
    if (told && !relay_finish(w->relay, &own)) {
        *err = own;
        told = false;
    }
    return told && result != CAPTURE_FAILED;
}

static bool tell_all(struct work *w, const char *path, struct err *err)
{
    struct event event = {.kind = EVENT_START};
    event.start = (struct start_event){
        .command = "dump", .version = LOOPCRAFT_VERSION, .world = "file", .place = path};
    if (!sinks_event(&w->sinks, &event, err))
        return false;
    w->teller.without = sinks_without(&w->sinks);
    w->relay = relay_open(&w->sinks, reader_is_live(w->reader));
    return tell_packets(w, err) && tell_none(w, path, err);
}

/* -q: a dump finds nothing out but packets, so that a line each is left of them; beside -w none. */
static struct line without_quiet(const struct line *asked)
{
    struct line line = *asked;
    if (!line.options[OPTION_QUIET] || line.options[OPTION_WRITE])
        return line;
    line.options[OPTION_QUIET] = NULL;
    if (!line.options[OPTION_JSON] && !line.options[OPTION_FIELD] && !line.options[OPTION_VIEW])
        line.options[OPTION_VIEW] = "brief";
    return line;
}

/* A second word is mostly a filter without quotes, or names with spaces between them. */
static bool one_capture(const struct line *line, struct err *err)
{
    if (line->word_count == 0)
        return err_set(err, STATUS_USAGE,
                       "which capture? `loopcraft dump FILE`, or - for standard input");
    if (line->word_count == 1)
        return true;
    struct text second = TEXT_EMPTY;
    text_escape(&second, (struct bytes){(const uint8_t *)line->words[1], strlen(line->words[1])});
    err_set(err, STATUS_USAGE,
            "%s: one capture at a time; quote a filter, and join the names of --field by commas",
            text_string(&second));
    text_free(&second);
    return false;
}

static int run(const struct line *asked, struct err *err)
{
    struct line quieted = without_quiet(asked), *line = &quieted;
    struct work w = {0};
    if (!one_capture(line, err))
        return STATUS_USAGE;
    teller_open(&w.teller);
    const char *path = line->words[0];
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)path, strlen(path)});
    bool good = sinks_fit(asked, err) && selection_open(&w.selection, line, err) &&
                file_apart(path, line->options[OPTION_WRITE], err) &&
                (w.reader = reader_open(path, err)) != NULL &&
                sinks_open(&w.sinks, line, false, reader_is_live(w.reader), err) &&
                privilege_drop(err) && reader_start(w.reader, err) &&
                tell_all(&w, text_string(&safe), err);
    relay_close(w.relay);
    good = sinks_end(&w.sinks, !good, err) && good;
    reader_close(w.reader);
    selection_close(&w.selection);
    teller_close(&w.teller);
    text_free(&safe);
    return good ? STATUS_DONE : err->status;
}

static const enum option options[] = {
    OPTION_VIEW,  OPTION_DISPLAY_FILTER,   OPTION_CAPTURE_FILTER, OPTION_PACKET,
    OPTION_FIELD, OPTION_EXPLAIN_CHECKSUM, OPTIONS_OUTPUT,        OPTION_COUNT,
};

const struct command command_dump = {
    .name = "dump",
    .arguments = "FILE|-",
    .summary = "annotate any pcap or pcapng, from a file or a pipe",
    .help =
        "Shows every byte of every packet: its offset, its hex, the field it belongs to by "
        "Wireshark's\n"
        "name, its value, and what that means here: what it answers, what was sent again, whose\n"
        "number is acknowledged. -Y, -f and --packet choose packets; -q gives each a line;\n"
        "--field prints some values alone, as `tshark -T fields` does.\n\n"
        "  loopcraft dump h.pcapng\n"
        "  loopcraft dump h.pcapng --view brief -Y 'tcp.flags.syn == 1 and tcp.port == 8080'\n"
        "  loopcraft dump h.pcapng --view ladder\n"
        "  loopcraft dump h.pcapng --field frame.number,tcp.flags,tcp.seq_raw\n"
        "  tcpdump -i lo -U -w - | loopcraft dump -\n",
    .options = options,
    .run = run,
};
