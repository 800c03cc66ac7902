/*
 * dump.c: the annotated encapsulation dump, and what is told around it.
 *
 * Each kind of event has its function; packets go on in rows.c, the ladder in ladder.c.
 */
#include "ladder.h"
#include "output.h"
#include "pieces.h"
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>

struct dump {
    struct sink sink; /* first */
    struct look look;
    struct output output;
    struct page page;
    struct rows rows;
    struct text piece;     /* for small texts, kept */
    struct ladder *ladder; /* or NULL */
    bool verdicts;         /* their header stands already */
};

static struct line line_at(const struct dump *d, unsigned hang)
{
    return (struct line){.page = &d->page, .hang = hang};
}

static void blank_line(struct dump *d)
{
    if (d->look.quiet)
        return;
    text_char(&d->output.text, '\n');
}

static void put_start(struct dump *d, const struct start_event *start)
{
    struct line line = line_at(d, 2);
    line_put(&line, TONE_BOLD, start->command);
    line_piece(&line, 1, TONE_DIM, d->page.palette.signs->dot + 1);
    line_pad(&line, 0);
    line_told(&line, TONE_PLAIN, start->place ? start->place : start->world);
    line_end(&line);
}

/* --- packets ---------------------------------------------------------------------- */

static const char *piece(struct dump *d, uint64_t number, const char *unit)
{
    text_clear(&d->piece);
    text_number(&d->piece, number);
    text_put(&d->piece, unit);
    return text_string(&d->piece);
}

static void put_ends(struct dump *d, struct line *line, const struct packet_event *packet)
{
    if (!packet->from.addr[0])
        return;
    text_clear(&d->piece);
    put_end(&d->piece, &packet->from);
    text_char(&d->piece, ' ');
    text_put(&d->piece, d->page.palette.signs->to);
    text_char(&d->piece, ' ');
    put_end(&d->piece, &packet->to);
    line_piece(line, 3, TONE_PLAIN, text_string(&d->piece));
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
    line_pad(&line, line.at + 2);
    line_told(&line, TONE_BOLD, packet->title);
    put_ends(d, &line, packet);
    line_piece(&line, 3, TONE_PLAIN, piece(d, frame->len, frame->len == 1 ? " byte" : " bytes"));
    if (frame->bytes.len < frame->len)
        line_piece(&line, 1, TONE_WARN, piece(d, frame->bytes.len, " of them captured"));
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
        line_pad(&line, 0);
        text_clear(&d->piece);
        put_foreign(&d->piece, (struct bytes){(const uint8_t *)comment, strlen(comment)}, d->page.utf8);
        line_words(&line, TONE_PLAIN, text_string(&d->piece), d->piece.len);
        line_end(&line);
    }
    rows_packet(&d->rows, packet);
}

/* --- steps, notes ------------------------------------------------------------------- */

static void put_state(struct line *line, const char *whose, const char *state)
{
    if (!state || !*state)
        return;
    line_piece(line, 3, TONE_DIM, whose);
    line_pad(line, 0);
    line_told(line, TONE_BOLD, state);
}

static void put_step(struct dump *d, const struct step_event *step)
{
    blank_line(d);
    struct line line = line_at(d, 2);
    line_put(&line, TONE_YOU, d->page.palette.signs->step);
    line_pad(&line, 2);
    line_told(&line, TONE_YOU, step->title);
    put_state(&line, "you:", step->ours);
    put_state(&line, "server:", step->theirs);
    line_end(&line);
    if (step->means && *step->means) {
        line_pad(&line, 2);
        line_told(&line, TONE_PLAIN, step->means);
        line_end(&line);
    }
}

static void put_note(struct dump *d, const char *note)
{
    struct line line = line_at(d, 2);
    line_put(&line, TONE_DIM, "-");
    line_pad(&line, 2);
    line_told(&line, TONE_PLAIN, note);
    line_end(&line);
}

/* --- what was found out --------------------------------------------------------------- */

enum { PORT_AT = 0, STATE_AT = 11, REASON_AT = 26, TRIES_END = 49, RTT_END = 60, EVIDENCE_AT = 63 };

static enum tone state_tone(const char *state)
{
    static const struct { const char *state; enum tone tone; } tones[] = {
        {"open", TONE_GOOD}, {"closed", TONE_BAD}, {"filtered", TONE_WARN},
        {"open|filtered", TONE_WARN}, {"unfiltered", TONE_GOOD},
    };
    for (size_t i = 0; i < sizeof tones / sizeof tones[0]; i++)
        if (strcmp(tones[i].state, state) == 0)
            return tones[i].tone;
    return TONE_BOLD;
}

/* Right-aligned. */
static void put_number(struct line *line, unsigned end, enum tone tone, const char *string)
{
    unsigned columns = (unsigned)columns_of(string, strlen(string));
    line_pad(line, columns < end ? end - columns : 0);
    line_put(line, tone, string);
}

static void put_verdict_header(struct dump *d)
{
    struct line line = line_at(d, 2);
    blank_line(d);
    line_put(&line, TONE_DIM, "PORT");
    line_pad(&line, STATE_AT);
    line_put(&line, TONE_DIM, "STATE");
    line_pad(&line, REASON_AT);
    line_put(&line, TONE_DIM, "REASON");
    if (d->page.columns >= RTT_END) {
        put_number(&line, TRIES_END, TONE_DIM, "TRIES");
        put_number(&line, RTT_END, TONE_DIM, "RTT");
    }
    if (d->page.columns >= 110) {
        line_pad(&line, EVIDENCE_AT);
        line_put(&line, TONE_DIM, "EVIDENCE");
    }
    line_end(&line);
    d->verdicts = true;
}

static void put_port(struct dump *d, struct line *line, const struct verdict *verdict)
{
    text_clear(&d->piece);
    if (verdict->port) {
        text_number(&d->piece, verdict->port);
        text_char(&d->piece, '/');
    }
    text_put(&d->piece, verdict->proto);
    line_put(line, TONE_BOLD, text_string(&d->piece));
}

static void put_evidence(struct dump *d, struct line *line, const char *evidence)
{
    if (!evidence || !*evidence)
        return;
    bool beside = d->page.columns >= 110;
    line->hang = beside ? EVIDENCE_AT : STATE_AT;
    if (beside)
        line_pad(line, line->hang);
    else
        line_break(line);
    line_told(line, TONE_DIM, evidence);
}

static void put_verdict(struct dump *d, const struct verdict *verdict)
{
    if (!d->verdicts)
        put_verdict_header(d);
    struct line line = line_at(d, STATE_AT);
    put_port(d, &line, verdict);
    line_pad(&line, STATE_AT);
    line_put(&line, state_tone(verdict->state), verdict->state);
    line_pad(&line, REASON_AT);
    line_told(&line, TONE_PLAIN, verdict->reason);
    if (d->page.columns >= RTT_END) {
        put_number(&line, TRIES_END, TONE_PLAIN, piece(d, verdict->tries, ""));
        text_clear(&d->piece);
        if (verdict->rtt_ns >= 0)
            put_duration(&d->piece, verdict->rtt_ns, d->page.palette.signs);
        else
            text_char(&d->piece, '-');
        put_number(&line, RTT_END, TONE_PLAIN, text_string(&d->piece));
    }
    put_evidence(d, &line, verdict->evidence);
    line_end(&line);
}

static void put_summary(struct dump *d, const struct summary_event *summary)
{
    struct line line = line_at(d, 0);
    blank_line(d);
    line_told(&line, TONE_BOLD, summary->text);
    if (summary->partial)
        line_piece(&line, 1, TONE_WARN, "(partial: interrupted)");
    line_end(&line);
    if (summary->dropped) {
        bool one = summary->dropped == 1;
        line_put(&line, TONE_WARN, piece(d, summary->dropped,
                 one ? " packet was dropped by the capture: it did not keep up, and one is missing here."
                     : " packets were dropped by the capture: it did not keep up, and they are missing here."));
        line_end(&line);
    }
}

/* --- the sink ------------------------------------------------------------------------- */

static bool dump_event(struct sink *sink, const struct event *event, struct err *err)
{
    struct dump *d = (struct dump *)sink;
    bool all = !d->look.quiet;
    if (event->kind == EVENT_START) {
        put_start(d, &event->start);
    } else if (event->kind == EVENT_PACKET) {
        if (d->ladder)
            ladder_packet(d->ladder, &event->packet);
        if (all)
            put_packet(d, &event->packet);
    } else if (event->kind == EVENT_STEP) {
        if (d->ladder)
            ladder_step(d->ladder, &event->step);
        if (all)
            put_step(d, &event->step);
    } else if (event->kind == EVENT_NOTE) {
        if (all)
            put_note(d, event->note);
    } else if (event->kind == EVENT_VERDICT) {
        put_verdict(d, &event->verdict);
    } else {
        put_summary(d, &event->summary);
    }
    return output_event(&d->output, err);
}

static bool dump_end(struct sink *sink, struct err *err)
{
    struct dump *d = (struct dump *)sink;
    if (d->ladder)
        ladder_draw(d->ladder, &d->page);
    ladder_free(d->ladder);
    bool done = output_end(&d->output, err);
    rows_free(&d->rows);
    text_free(&d->piece);
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
    d->sink = (struct sink){dump_event, dump_end};
    d->look = look;
    d->output = (struct output){.file = out, .live = look.live};
    d->page = (struct page){
        .out = &d->output.text,
        .palette = palette_of(&look),
        .columns = look.columns,
        .utf8 = look.utf8,
    };
    rows_start(&d->rows, &d->page, look.verbose);
    d->ladder = look.ladder ? ladder_new() : NULL;
    return &d->sink;
}
