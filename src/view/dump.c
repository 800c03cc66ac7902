/*
 * dump.c: the annotated encapsulation dump: its packets' headlines, and the sink.
 *
 * Rows of packets are in rows.c, the other events in told.c, the ladder in ladder.c.
 */
#include "dump.h"

#include "pieces.h"

#include <stdio.h>
#include <stdlib.h>

struct line line_at(const struct dump *d, unsigned hang)
{
    return (struct line){.page = &d->page, .hang = hang};
}

void blank_line(struct dump *d)
{
    if (d->look.quiet)
        return;
    text_char(&d->output.text, '\n');
}

const char *piece(struct dump *d, uint64_t number, const char *unit)
{
    text_clear(&d->piece);
    text_number(&d->piece, number);
    text_put(&d->piece, unit);
    return text_string(&d->piece);
}

/* --- packets ---------------------------------------------------------------------- */

const char *ends_of(struct dump *d, const struct packet_event *packet)
{
    text_clear(&d->piece);
    if (!packet->from.addr[0])
        return "";
    put_end(&d->piece, &packet->from);
    text_char(&d->piece, ' ');
    text_put(&d->piece, d->page.palette.signs->to);
    text_char(&d->piece, ' ');
    put_end(&d->piece, &packet->to);
    return text_string(&d->piece);
}

static void put_headline(struct dump *d, const struct packet_event *packet)
{
    static const char *const directions[] = {
        [DIRECTION_SENT] = "sent", [DIRECTION_RECEIVED] = "received"};
    const struct frame *frame = &packet->frame;
    struct line line = line_at(d, 4);
    text_clear(&d->piece);
    text_char(&d->piece, '#');
    text_number(&d->piece, frame->number);
    line_put(&line, TONE_DIM, text_string(&d->piece));
    line_gap(&line, 2);
    line_told(&line, TONE_BOLD, packet->title);
    if (packet->from.addr[0])
        line_piece(&line, 3, TONE_PLAIN, ends_of(d, packet));
    line_piece(&line, 3, TONE_PLAIN, piece(d, frame->len, frame->len == 1 ? " byte" : " bytes"));
    if (frame->bytes.len < frame->len)
        line_piece(&line, 3, TONE_WARN, piece(d, frame->bytes.len, " captured"));
    if (packet->since_ns >= 0) {
        text_clear(&d->piece);
        text_char(&d->piece, '+');
        put_duration(&d->piece, packet->since_ns, d->page.palette.signs);
        line_piece(&line, 3, TONE_DIM, text_string(&d->piece));
    }
    if (frame->direction == DIRECTION_SENT || frame->direction == DIRECTION_RECEIVED)
        line_piece(&line, 3, TONE_DIM, directions[frame->direction]);
    line_end(&line);
}

static void put_packet(struct dump *d, const struct packet_event *packet)
{
    blank_line(d);
    put_headline(d, packet);
    if (packet->note && *packet->note) {
        struct line line = line_at(d, 4);
        line_pad(&line, 4);
        line_told(&line, TONE_PLAIN, packet->note);
        line_end(&line);
    }
    const char *comment = packet->frame.comment;
    if (comment && *comment) {
        struct line line = line_at(d, 4);
        line_pad(&line, 4);
        line_put(&line, TONE_DIM, "comment:");
        line_gap(&line, 1);
        text_clear(&d->piece);
        put_foreign(&d->piece, (struct bytes){(const uint8_t *)comment, strlen(comment)},
                    d->page.utf8);
        line_words(&line, TONE_PLAIN, text_string(&d->piece), d->piece.len);
        line_end(&line);
    }
    if (d->look.view == VIEW_BOXES)
        put_boxes(d, packet);
    else
        rows_packet(&d->rows, packet);
}

/* --- the sink ------------------------------------------------------------------------- */

/* Once, when the exchange is over: before what was found out, which is to be read last. */
static void draw_ladder(struct dump *d)
{
    size_t before = d->output.text.len;
    if (d->ladder)
        ladder_draw(d->ladder, &d->page);
    if (d->look.quiet && d->output.text.len > before)
        text_char(&d->output.text, '\n');
    ladder_free(d->ladder);
    d->ladder = NULL;
}

static bool dump_event(struct sink *sink, const struct event *event, struct err *err)
{
    struct dump *d = (struct dump *)sink;
    bool all = !d->look.quiet;
    if (event->kind == EVENT_START) {
        put_start(d, &event->start);
    } else if (event->kind == EVENT_PACKET) {
        if (d->ladder)
            ladder_packet(d->ladder, &event->packet);
        if (all && d->look.view == VIEW_BRIEF)
            put_brief(d, &event->packet);
        else if (all && d->look.view != VIEW_LADDER)
            put_packet(d, &event->packet);
    } else if (event->kind == EVENT_STEP) {
        if (d->ladder)
            ladder_step(d->ladder, &event->step);
        if (all)
            put_step(d, &event->step);
    } else if (event->kind == EVENT_NOTE) {
        put_note(d, event->note);
    } else if (event->kind == EVENT_VERDICT) {
        draw_ladder(d);
        put_verdict(d, &event->verdict);
    } else if (event->kind == EVENT_WITNESS) {
        draw_ladder(d);
        put_witness_event(d, &event->witness);
    } else if (event->kind == EVENT_DIFF) {
        if (all || event->diff.counts)
            put_diff(d, &event->diff);
    } else if (event->kind == EVENT_FIELD) {
        put_field(d, &event->field);
    } else if (event->kind == EVENT_EXPLANATION) {
        put_explanation(d, &event->explanation);
    } else if (event->kind == EVENT_ANSWER) {
        draw_ladder(d);
        put_answer(d, &event->answer);
    } else if (event->kind == EVENT_MEANING) {
        put_meaning(d, &event->meaning);
    } else if (event->kind == EVENT_ANOMALY) {
        put_anomaly(d, &event->anomaly);
    } else if (event->kind == EVENT_PORT) {
        put_port(d, &event->port);
    } else {
        draw_ladder(d);
        put_closed_ports(d);
        put_summary(d, &event->summary);
    }
    return output_event(&d->output, err);
}

static bool dump_flush(struct sink *sink, struct err *err)
{
    return output_flush(&((struct dump *)sink)->output, err);
}

static bool dump_end(struct sink *sink, struct err *err)
{
    struct dump *d = (struct dump *)sink;
    draw_ladder(d);
    bool done = output_end(&d->output, err);
    rows_free(&d->rows);
    text_free(&d->piece);
    text_free(&d->told);
    text_free(&d->port_told);
    text_free(&d->closed);
    free(d);
    return done;
}

struct sink *dump_view(FILE *out, struct look look)
{
    struct dump *d = calloc(1, sizeof *d);
    if (!d) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    look.columns = look.columns < 40 ? 40 : look.columns > 200 ? 200 : look.columns;
    d->sink = (struct sink){.event = dump_event, .end = dump_end, .flush = dump_flush};
    if (look.view == VIEW_FULL && !look.ladder)
        d->sink.without = WITHOUT_DETAIL;
    d->look = look;
    d->output = (struct output){.file = out, .live = look.live};
    d->page = (struct page){
        .out = &d->output.text,
        .palette = palette_of(&look),
        .columns = look.columns,
        .utf8 = look.utf8,
    };
    rows_start(&d->rows, &d->page, look.verbose);
    d->ladder = look.ladder || look.view == VIEW_LADDER ? ladder_new(look.view == VIEW_LADDER)
                                                        : NULL;
    return &d->sink;
}
