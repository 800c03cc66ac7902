/* pcapng_write.c: the sink that writes packets to a pcapng file, each with its comment. */
#include "file.h"
#include "pcapng.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SNAPLEN = 262144,     /* the most that tcpdump and Wireshark take */
    COMMENT_MOST = 65535, /* an option's length has 16 bits */
    NANOSECONDS = 9       /* if_tsresol: 10^-9 */
};

struct pcapng_sink {
    struct sink sink;
    FILE *file;
    struct text name;    /* in messages */
    struct text place;   /* where it was captured: the interface's description */
    bool copied;         /* from a capture file: the interface is unknown */
    struct text block;   /* the block being laid; the buffer is used again and again */
    struct text comment;
    uint64_t count;      /* packets written */
    int linktype;        /* of the first packet, and so of the file; -1: no packet yet */
    bool failed;         /* nothing more is written, and the first failure is the one told */
    struct err failure;
};

/* --- blocks, laid in memory, little-endian --------------------------------- */

static void put_number(struct text *block, uint64_t number, size_t bytes)
{
    while (bytes--) {
        text_char(block, (char)(number & 0xff));
        number >>= 8;
    }
}

static void put_padded(struct text *block, const void *at, size_t len)
{
    text_put_n(block, at, len);
    text_put_n(block, "\0\0\0", (4 - len % 4) % 4);
}

static void put_option(struct text *block, enum pcapng_code code, const void *at, size_t len)
{
    put_number(block, code, 2);
    put_number(block, len, 2);
    put_padded(block, at, len);
}

static void put_option_text(struct text *block, enum pcapng_code code, const char *string)
{
    put_option(block, code, string, strnlen(string, COMMENT_MOST));
}

static void block_begin(struct text *block, enum pcapng_type type)
{
    text_clear(block);
    put_number(block, type, 4);
    put_number(block, 0, 4); /* the length, known when it ends */
}

static void block_end(struct text *block)
{
    uint64_t len = block->len + 4;
    put_number(block, len, 4);
    memcpy(block->at + 4, block->at + block->len - 4, 4);
}

/* --- writing --------------------------------------------------------------- */

/* A reader of the pipe who has seen enough is no error: quietly done (DESIGN, exit status). */
static bool write_failed(struct pcapng_sink *sink, int error, struct err *err)
{
    sink->failed = true;
    err_set(&sink->failure, STATUS_SYSTEM, "%s: %s: packets in it: %llu; write it elsewhere",
            text_string(&sink->name), strerror(error), (unsigned long long)sink->count);
    if (error == EPIPE) {
        sink->failure.status = STATUS_DONE;
        sink->failure.quiet = true;
    }
    *err = sink->failure;
    return false;
}

/* Written out at once, unless flush() is called: whoever reads the pipe sees each packet when it
 * comes. */
static bool block_write(struct pcapng_sink *sink, struct err *err)
{
    struct text *block = &sink->block;
    if (fwrite(block->at, 1, block->len, sink->file) != block->len ||
        (!sink->sink.patient && fflush(sink->file) != 0))
        return write_failed(sink, errno, err);
    return true;
}

static bool section_write(struct pcapng_sink *sink, struct err *err)
{
    struct text *block = &sink->block;
    block_begin(block, PCAPNG_SECTION);
    put_number(block, PCAPNG_MAGIC, 4);
    put_number(block, PCAPNG_VERSION, 2);
    put_number(block, 0, 2);          /* minor */
    put_number(block, UINT64_MAX, 8); /* the section's length: not said */
    put_option_text(block, PCAPNG_SECTION_PROGRAM, "loopcraft");
    put_number(block, PCAPNG_END, 4);
    block_end(block);
    return block_write(sink, err);
}

static bool interface_write(struct pcapng_sink *sink, int linktype, struct err *err)
{
    struct text *block = &sink->block;
    block_begin(block, PCAPNG_INTERFACE);
    put_number(block, (uint64_t)linktype, 2);
    put_number(block, 0, 2); /* reserved */
    put_number(block, SNAPLEN, 4);
    if (!sink->copied)
        put_option_text(block, PCAPNG_INTERFACE_NAME, "lo");
    put_option_text(block, PCAPNG_INTERFACE_MEANS,
                    sink->place.len ? text_string(&sink->place) : "loopback");
    put_option(block, PCAPNG_INTERFACE_TSRESOL, &(uint8_t){NANOSECONDS}, 1);
    put_number(block, PCAPNG_END, 4);
    block_end(block);
    sink->linktype = linktype;
    return block_write(sink, err);
}

/*
 * Appends text of our own. What is foreign in it was escaped by whoever wrote the event, so
 * backslashes stay as they are; should a control have slipped through, it is escaped here.
 */
static void put_printable(struct text *t, const char *string)
{
    for (;;) {
        size_t len = strcspn(string, "\\");
        text_escape(t, (struct bytes){(const uint8_t *)string, len});
        string += len;
        if (!*string)
            return;
        text_char(t, *string++);
    }
}

/* A capture file's own comment stays as it is; else what the packet is and what it means. */
static void comment_make(struct text *comment, const struct packet_event *packet)
{
    text_clear(comment);
    if (packet->frame.comment) {
        text_put(comment, packet->frame.comment);
        return;
    }
    put_printable(comment, packet->title ? packet->title : "");
    if (packet->note && *packet->note) {
        text_put(comment, comment->len ? ": " : "");
        put_printable(comment, packet->note);
    }
    if (comment->len > COMMENT_MOST) {
        comment->len = COMMENT_MOST;
        while (((uint8_t)comment->at[comment->len] & 0xc0) == 0x80)
            comment->len--; /* not in the middle of a character */
    }
}

static void packet_options(struct pcapng_sink *sink, const struct packet_event *packet)
{
    uint8_t flags[4] = {packet->frame.direction == DIRECTION_SENT ? PCAPNG_OUTBOUND
                                                                  : PCAPNG_INBOUND};
    comment_make(&sink->comment, packet);
    if (sink->comment.len)
        put_option(&sink->block, PCAPNG_COMMENT, sink->comment.at, sink->comment.len);
    if (packet->frame.direction != DIRECTION_UNKNOWN)
        put_option(&sink->block, PCAPNG_PACKET_FLAGS, flags, sizeof flags);
    put_number(&sink->block, PCAPNG_END, 4);
}

static bool packet_write(struct pcapng_sink *sink, const struct packet_event *packet,
                         struct err *err)
{
    const struct frame *frame = &packet->frame;
    if (sink->linktype < 0 && !interface_write(sink, frame->linktype, err))
        return false;
    if (frame->linktype != sink->linktype)
        return err_set(err, STATUS_SYSTEM,
                       "%s: packet %llu has link type %d, those before it %d: a file has one, "
                       "write them to two", text_string(&sink->name),
                       (unsigned long long)frame->number, frame->linktype, sink->linktype);
    struct bytes data = bytes_part(frame->bytes, 0, SNAPLEN);
    uint64_t time = frame->time_ns > 0 ? (uint64_t)frame->time_ns : 0; /* none before 1970 */
    struct text *block = &sink->block;
    block_begin(block, PCAPNG_PACKET);
    put_number(block, 0, 4); /* the interface */
    put_number(block, time >> 32, 4);
    put_number(block, time & UINT32_MAX, 4);
    put_number(block, data.len, 4);
    put_number(block, frame->len, 4);
    put_padded(block, data.at, data.len);
    packet_options(sink, packet);
    block_end(block);
    if (!block_write(sink, err))
        return false;
    sink->count++;
    return true;
}

/* --- the sink -------------------------------------------------------------- */

static bool sink_event(struct sink *base, const struct event *event, struct err *err)
{
    struct pcapng_sink *sink = (struct pcapng_sink *)base;
    if (sink->failed) {
        *err = sink->failure;
        return false;
    }
    if (event->kind == EVENT_START)
        sink->copied = event->start.world && strcmp(event->start.world, "file") == 0;
    if (event->kind == EVENT_START && event->start.place)
        put_printable(&sink->place, event->start.place);
    return event->kind != EVENT_PACKET || packet_write(sink, &event->packet, err);
}

static void sink_free(struct pcapng_sink *sink)
{
    text_free(&sink->name);
    text_free(&sink->place);
    text_free(&sink->block);
    text_free(&sink->comment);
    free(sink);
}

/* A capture without a packet still says what it was a capture of. */
static bool sink_flush(struct sink *base, struct err *err)
{
    struct pcapng_sink *sink = (struct pcapng_sink *)base;
    return sink->failed || fflush(sink->file) == 0 || write_failed(sink, errno, err);
}

static bool sink_end(struct sink *base, struct err *err)
{
    struct pcapng_sink *sink = (struct pcapng_sink *)base;
    bool done = !sink->failed;
    if (!done)
        *err = sink->failure;
    else if (sink->linktype < 0)
        done = interface_write(sink, LINKTYPE_ETHERNET, err);
    if (fclose(sink->file) != 0 && done)
        done = write_failed(sink, errno, err);
    sink_free(sink);
    return done;
}

struct sink *pcapng_sink(const char *path, struct err *err)
{
    struct pcapng_sink *sink = calloc(1, sizeof *sink);
    if (!sink) {
        err_system(err, "can't write a capture");
        return NULL;
    }
    sink->sink = (struct sink){.event = sink_event, .end = sink_end, .flush = sink_flush};
    sink->linktype = -1;
    file_name(&sink->name, path, "standard output");
    if (!(sink->file = output_open(path, err))) {
        sink_free(sink);
        return NULL;
    }
    bool ready = isatty(fileno(sink->file))
                     ? err_set(err, STATUS_USAGE, "%s: a terminal: pipe it into tshark -r - or "
                               "wireshark -k -i -", text_string(&sink->name))
                     : section_write(sink, err); /* now: a full disk is told before a packet */
    if (ready)
        return &sink->sink;
    fclose(sink->file);
    sink_free(sink);
    return NULL;
}
