/* dump.c: annotates a capture. */
#include "command.h"

#include "sinks.h"

#include <loopcraft/dissect.h>
#include <loopcraft/remarks.h>
#include <loopcraft/version.h>
#include <loopcraft/wire.h>

#include <string.h>

/* What is kept from packet to packet, so that nothing is allocated for each. */
struct work {
    struct reader *reader;
    struct sinks sinks;
    struct dissection dissection;
    struct summary summary;
    struct remarks remarks;
    int64_t last_ns;
};

static bool tell(struct work *w, const struct frame *frame, struct err *err)
{
    dissect(&w->dissection, frame);
    summarise(&w->summary, &w->dissection);
    remarks_clear(&w->remarks);
    remarks_add_sums(&w->remarks, &w->dissection);
    struct event event = {.kind = EVENT_PACKET};
    event.packet = (struct packet_event){
        .frame = *frame,
        .dissection = &w->dissection,
        .title = text_string(&w->summary.title),
        .detail = text_string(&w->summary.detail),
        .from = w->summary.from,
        .to = w->summary.to,
        .note = "",
        .remarks = remarks_list(&w->remarks),
        .remark_count = w->remarks.count,
        .since_ns = frame->number > 1 ? frame->time_ns - w->last_ns : -1,
    };
    w->last_ns = frame->time_ns;
    return sinks_event(&w->sinks, &event, err);
}

static bool tell_all(struct work *w, const char *path, struct err *err)
{
    struct event event = {.kind = EVENT_START};
    event.start = (struct start_event){
        .command = "dump", .version = LOOPCRAFT_VERSION, .world = "file", .place = path};
    if (!sinks_event(&w->sinks, &event, err))
        return false;
    for (;;) {
        struct frame frame;
        enum capture_result result = reader_next(w->reader, &frame, err);
        if (result != CAPTURE_FRAME)
            return result == CAPTURE_TIMEOUT;
        if (!tell(w, &frame, err))
            return false;
    }
}

static int run(const struct line *line, struct err *err)
{
    struct work w = {0};
    if (line->word_count != 1) {
        err_set(err, STATUS_USAGE, "which capture? `loopcraft dump FILE`, or - for standard input");
        return STATUS_USAGE;
    }
    const char *path = line->words[0];
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)path, strlen(path)});
    bool good = (w.reader = reader_open(path, err)) != NULL &&
                sinks_open(&w.sinks, line, false, strcmp(path, "-") == 0, err) &&
                privilege_drop(err) && tell_all(&w, text_string(&safe), err);
    good = sinks_end(&w.sinks, !good, err) && good;
    reader_close(w.reader);
    dissection_free(&w.dissection);
    summary_free(&w.summary);
    remarks_free(&w.remarks);
    text_free(&safe);
    return good ? STATUS_DONE : err->status;
}

static const enum option options[] = {OPTIONS_OUTPUT, OPTION_COUNT};

const struct command command_dump = {
    .name = "dump",
    .arguments = "FILE|-",
    .summary = "annotate any pcap or pcapng, from a file or a pipe",
    .help = "Shows every byte of every packet: its offset, its hex, the field it belongs to by "
            "Wireshark's\n"
            "name, its value, and what that means.\n\n"
            "  loopcraft dump h.pcapng\n"
            "  tcpdump -i lo -U -w - | loopcraft dump -\n",
    .options = options,
    .run = run,
};
