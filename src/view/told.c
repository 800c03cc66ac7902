/*
 * told.c: what is told around the packets: where it happens, the steps, what was found out.
 */
#include "dump.h"

#include "pieces.h"

#include <loopcraft/witness.h>

void put_start(struct dump *d, const struct start_event *start)
{
    struct line line = line_at(d, 2);
    line_put(&line, TONE_BOLD, start->command);
    line_piece(&line, 1, TONE_DIM, d->page.palette.signs->point);
    line_gap(&line, 1);
    line_told(&line, TONE_PLAIN, start->place ? start->place : start->world);
    line_end(&line);
}

/* --- steps, notes ------------------------------------------------------------------- */

static void put_state(struct line *line, const char *whose, const char *state)
{
    if (!state || !*state)
        return;
    line_piece(line, 3, TONE_DIM, whose);
    line_gap(line, 1);
    line_told(line, TONE_BOLD, state);
}

void put_step(struct dump *d, const struct step_event *step)
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

void put_note(struct dump *d, const char *note)
{
    struct line line = line_at(d, 2);
    line_put(&line, TONE_DIM, "-");
    line_pad(&line, 2);
    line_told(&line, TONE_PLAIN, note);
    line_end(&line);
}

/* --- what was found out --------------------------------------------------------------- */

enum { PORT_AT = 0, STATE_AT = 11, REASON_AT = 26, TRIES_END = 49, RTT_END = 60, EVIDENCE_AT = 63 };

/* A column more, behind the port, where services are told. */
enum { SERVICE_AT = STATE_AT, SERVICE_WIDE = 16, BESIDE_FROM = 110 };

static enum tone state_tone(const char *state)
{
    static const struct {
        const char *state;
        enum tone tone;
    } tones[] = {
        {"open", TONE_GOOD},          {"closed", TONE_BAD},      {"filtered", TONE_WARN},
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

static void put_verdict_header(struct dump *d, bool services)
{
    unsigned right = services ? SERVICE_WIDE : 0;
    struct line line = line_at(d, 2);
    blank_line(d);
    line_put(&line, TONE_DIM, "PORT");
    if (services) {
        line_pad(&line, SERVICE_AT);
        line_put(&line, TONE_DIM, "SERVICE");
    }
    line_pad(&line, right + STATE_AT);
    line_put(&line, TONE_DIM, "STATE");
    line_pad(&line, right + REASON_AT);
    line_put(&line, TONE_DIM, "REASON");
    if (d->page.columns >= right + RTT_END) {
        put_number(&line, right + TRIES_END, TONE_DIM, "TRIES");
        put_number(&line, right + RTT_END, TONE_DIM, "RTT");
    }
    if (d->page.columns >= right + BESIDE_FROM) {
        line_pad(&line, right + EVIDENCE_AT);
        line_put(&line, TONE_DIM, "EVIDENCE");
    }
    line_end(&line);
    d->verdicts = true;
}

static void put_probed(struct dump *d, struct line *line, const struct verdict *verdict)
{
    text_clear(&d->piece);
    if (verdict->port) {
        text_number(&d->piece, verdict->port);
        text_char(&d->piece, '/');
    }
    text_put(&d->piece, verdict->proto);
    line_put(line, TONE_BOLD, text_string(&d->piece));
}

static void put_evidence(struct dump *d, struct line *line, unsigned right, const char *evidence)
{
    if (!evidence || !*evidence)
        return;
    bool beside = d->page.columns >= right + BESIDE_FROM;
    line->hang = beside ? right + EVIDENCE_AT : STATE_AT;
    if (beside)
        line_pad(line, line->hang);
    else
        line_break(line);
    line_told(line, TONE_DIM, evidence);
}

/* The kernel's testimony, under the verdict that it belongs to. */
static void put_testimony(struct dump *d, const struct testimony *testimony)
{
    struct line line = line_at(d, STATE_AT);
    struct text list = TEXT_EMPTY;
    witness_list(testimony, &list);
    if (list.len) {
        line_pad(&line, 2);
        line_put(&line, TONE_DIM, "kernel");
        line_pad(&line, STATE_AT);
        line_told(&line, TONE_PLAIN, text_string(&list));
        line_end(&line);
    }
    text_free(&list);
}

void put_verdict(struct dump *d, const struct verdict *verdict)
{
    unsigned right = verdict->service ? SERVICE_WIDE : 0;
    if (!d->verdicts)
        put_verdict_header(d, verdict->service != NULL);
    struct line line = line_at(d, STATE_AT);
    put_probed(d, &line, verdict);
    if (verdict->service) {
        line_pad(&line, SERVICE_AT);
        line_told(&line, TONE_PLAIN, verdict->service);
    }
    line_pad(&line, right + STATE_AT);
    line_put(&line, state_tone(verdict->state), verdict->state);
    line_pad(&line, right + REASON_AT);
    line_told(&line, TONE_PLAIN, verdict->reason);
    if (d->page.columns >= right + RTT_END) {
        put_number(&line, right + TRIES_END, TONE_PLAIN, piece(d, verdict->tries, ""));
        text_clear(&d->piece);
        if (verdict->rtt_ns >= 0)
            put_duration(&d->piece, verdict->rtt_ns, d->page.palette.signs);
        else
            text_char(&d->piece, '-');
        put_number(&line, right + RTT_END, TONE_PLAIN, text_string(&d->piece));
    }
    put_evidence(d, &line, right, verdict->evidence);
    line_end(&line);
    if (verdict->witness)
        put_testimony(d, verdict->witness);
}

void put_witness_event(struct dump *d, const struct witness_event *witness)
{
    blank_line(d);
    put_testimony(d, witness->testimony);
    if (*witness->means) {
        struct line line = line_at(d, STATE_AT);
        line_pad(&line, STATE_AT);
        line_told(&line, TONE_DIM, witness->means);
        line_end(&line);
    }
}

void put_summary(struct dump *d, const struct summary_event *summary)
{
    struct line line = line_at(d, 0);
    blank_line(d);
    line_told(&line, TONE_BOLD, summary->text);
    if (summary->partial)
        line_piece(&line, 1, TONE_WARN, "(partial)");
    line_end(&line);
    if (summary->anomalies)
        put_rule_counts(d, summary->anomalies);
    if (summary->dropped) {
        bool one = summary->dropped == 1;
        text_clear(&d->piece);
        text_format(&d->piece, "%u packet%s dropped by the capture: it did not keep up, and %s",
                    summary->dropped, one ? " was" : "s were",
                    summary->asked_again ? "asked for them again."
                    : one                ? "one is missing here."
                                         : "they are missing here.");
        line_put(&line, TONE_WARN, text_string(&d->piece));
        line_end(&line);
    }
}
