/*
 * json.c: one JSON object a line (DESIGN.md, "JSON"), from the same events as the dump.
 *
 * A note has no type of its own there: it is a step with nothing but "means".
 */
#include "json_anomaly.h"
#include "json_members.h"
#include "json_packet.h"
#include "json_port.h"
#include "json_witness.h"
#include "output.h"

#include <loopcraft/record.h>
#include <loopcraft/view.h>

#include <stdlib.h>

struct json {
    struct sink sink; /* first */
    struct output output;
    struct vocabulary vocabulary;
};

/* --- members ---------------------------------------------------------------------- */

static void put_type(struct text *out, const char *type)
{
    text_put(out, "{\"type\":");
    text_json_string(out, type);
}

/* Microseconds with three decimals; null when there was no answer. */
static void put_rtt(struct text *out, int64_t ns)
{
    put_key(out, "rtt_us");
    if (ns < 0) {
        text_put(out, "null");
        return;
    }
    text_number(out, (uint64_t)ns / 1000);
    text_char(out, '.');
    for (int64_t unit = 100; unit; unit /= 10)
        text_char(out, (char)('0' + ns / unit % 10));
}

/* --- events ----------------------------------------------------------------------- */

static void put_start(struct text *out, const struct start_event *start)
{
    put_type(out, "start");
    put_string(out, "command", start->command);
    if (start->version)
        put_string(out, "version", start->version);
    put_string(out, "world", start->world);
    if (start->place)
        put_string(out, "place", start->place);
}

static void put_step(struct text *out, const struct step_event *step)
{
    put_type(out, "step");
    put_string(out, "title", step->title);
    put_string(out, "ours", step->ours);
    put_string(out, "theirs", step->theirs);
    put_string(out, "means", step->means);
}

static void put_note(struct text *out, const char *note)
{
    put_type(out, "step");
    put_string(out, "means", note);
}

static void put_verdict(struct text *out, const struct verdict *verdict)
{
    put_type(out, "verdict");
    put_string(out, "proto", verdict->proto);
    put_string(out, "addr", verdict->addr);
    put_known(out, "port", verdict->port, verdict->port);
    if (verdict->service)
        put_string(out, "service", verdict->service);
    put_string(out, "state", verdict->state);
    put_string(out, "reason", verdict->reason);
    put_number(out, "tries", verdict->tries);
    put_rtt(out, verdict->rtt_ns);
    put_string(out, "evidence", verdict->evidence ? verdict->evidence : "");
    if (verdict->witness)
        put_witness(out, verdict->witness);
}

static void put_witness_event(struct text *out, const struct witness_event *event)
{
    put_type(out, "witness");
    put_string(out, "means", event->means);
    put_witness(out, event->testimony);
}

static void put_summary(struct text *out, const struct summary_event *summary)
{
    put_type(out, "summary");
    put_string(out, "text", summary->text);
    put_key(out, "partial");
    text_put(out, summary->partial ? "true" : "false");
    put_number(out, "sent", summary->sent);
    put_number(out, "received", summary->received);
    put_number(out, "dropped", summary->dropped);
    put_key(out, "states");
    text_char(out, '{');
    size_t most = sizeof summary->states / sizeof summary->states[0];
    for (size_t i = 0; i < most && summary->states[i].state; i++) {
        if (i)
            text_char(out, ',');
        text_json_string(out, summary->states[i].state);
        text_char(out, ':');
        text_number(out, summary->states[i].count);
    }
    text_char(out, '}');
    if (summary->anomalies)
        put_rule_counts_json(out, summary->anomalies);
}

static void put_diff(struct text *out, const struct diff_event *diff)
{
    static const char *const kinds[] = {[DIFF_EXPECTED] = "must-differ",
                                        [DIFF_FOLLOWS] = "follows",
                                        [DIFF_SUBSTANCE] = "substance"};
    put_type(out, "diff");
    put_number(out, "a", diff->a);
    put_number(out, "b", diff->b);
    put_string(out, "title", diff->title);
    put_string(out, "name", diff->name);
    put_string(out, "label", diff->label);
    put_string(out, "kind", kinds[diff->kind]);
    put_flag(out, "counts", diff->counts);
    put_string(out, "a_value", diff->a_value);
    put_string(out, "b_value", diff->b_value);
    put_string(out, "means", diff->means);
}

static void put_field(struct text *out, const struct field_event *event)
{
    const struct field *field = event->field;
    const struct record *record = event->record;
    put_type(out, "field");
    put_string(out, "name", field ? field->name : record->name);
    put_string(out, "label", field ? field->label : record->title);
    put_string(out, "protocol", event->protocol);
    put_string(out, "record", record->name);
    put_string(out, "title", record->title);
    put_known(out, "bit", event->placed, field ? field->bit : 0);
    put_known(out, "bits", field && field->bits, field ? field->bits : 0);
    put_string(out, "rfc", field ? field->rfc : record->rfc);
    put_string(out, "means", field ? field->means : record->means);
    put_flag(out, "settable", field && field->format->read && field->role != ROLE_ALSO);
}

static void put_hex(struct text *out, const char *key, uint32_t number)
{
    put_key(out, key);
    text_char(out, '"');
    text_hex(out, number, number > 0xfffff ? 8 : number > 0xffff ? 5 : 4);
    text_char(out, '"');
}

static void put_sum_row(struct text *out, const struct sum_row *row)
{
    text_put(out, "{\"what\":");
    text_json_string(out, row->what);
    if (row->to)
        put_string(out, "to", row->to);
    if (row->note)
        put_string(out, "note", row->note);
    put_flag(out, "pseudo", row->pseudo);
    put_key(out, "words");
    for (unsigned i = 0; i < row->count; i++) {
        text_put(out, i ? "\",\"" : "[\"");
        text_hex(out, row->words[i], 4);
    }
    text_put(out, "\"]");
    put_hex(out, "sum", row->sum);
    text_char(out, '}');
}

/* Without rows it can't be checked, and there are no numbers to give. */
static void put_explanation(struct text *out, const struct explanation_event *e)
{
    put_type(out, "explanation");
    put_string(out, "kind", "checksum");
    put_number(out, "number", e->number);
    put_string(out, "name", e->name);
    put_key(out, "rows");
    text_char(out, '[');
    for (size_t i = 0; i < e->row_count; i++) {
        if (i)
            text_char(out, ',');
        put_sum_row(out, &e->rows[i]);
    }
    text_char(out, ']');
    if (e->row_count) {
        put_hex(out, "sum", e->sum);
        put_hex(out, "folded", e->folded);
        put_hex(out, "complement", e->complement);
        put_hex(out, "expected", e->expected);
        put_hex(out, "stored", e->stored);
    }
    put_string(out, "means", e->means);
}

static void put_meaning(struct text *out, const struct meaning_event *m)
{
    put_type(out, "explanation");
    put_string(out, "kind", m->kind);
    put_string(out, "word", m->word);
    put_string(out, "name", m->name);
    put_string(out, "means", m->means);
    for (size_t i = 0; i < m->detail_count; i++) {
        if (!m->details[i].number) {
            put_string(out, m->details[i].key, m->details[i].text);
            continue;
        }
        put_key(out, m->details[i].key);
        text_put(out, m->details[i].text);
    }
}

static void put_answer(struct text *out, const struct answer_event *answer)
{
    put_type(out, "answer");
    put_string(out, "name", answer->name);
    put_string(out, "kind", answer->kind);
    put_string(out, "data", answer->data);
    put_known(out, "ttl_s", answer->ttl >= 0, (uint64_t)answer->ttl);
    put_string(out, "class", answer->class);
    put_string(out, "reaches", answer->reaches);
    put_string(out, "means", answer->means);
    put_string(out, "source", answer->source);
    put_string(out, "failure", answer->failure);
}

/* --- the sink --------------------------------------------------------------------- */

static bool json_event(struct sink *sink, const struct event *event, struct err *err)
{
    struct json *json = (struct json *)sink;
    struct text *out = &json->output.text;
    switch (event->kind) {
    case EVENT_START: put_start(out, &event->start); break;
    case EVENT_PACKET: put_packet_json(out, &json->vocabulary, &event->packet); break;
    case EVENT_STEP: put_step(out, &event->step); break;
    case EVENT_NOTE: put_note(out, event->note); break;
    case EVENT_VERDICT: put_verdict(out, &event->verdict); break;
    case EVENT_WITNESS: put_witness_event(out, &event->witness); break;
    case EVENT_DIFF: put_diff(out, &event->diff); break;
    case EVENT_FIELD: put_field(out, &event->field); break;
    case EVENT_EXPLANATION: put_explanation(out, &event->explanation); break;
    case EVENT_MEANING: put_meaning(out, &event->meaning); break;
    case EVENT_ANSWER: put_answer(out, &event->answer); break;
    case EVENT_ANOMALY: put_anomaly_json(out, &event->anomaly); break;
    case EVENT_PORT: put_type(out, "port"), put_port_json(out, &event->port); break;
    case EVENT_SUMMARY: put_summary(out, &event->summary); break;
    }
    text_put(out, "}\n");
    return output_event(&json->output, err);
}

static bool json_flush(struct sink *sink, struct err *err)
{
    return output_flush(&((struct json *)sink)->output, err);
}

static bool json_end(struct sink *sink, struct err *err)
{
    struct json *json = (struct json *)sink;
    bool done = output_end(&json->output, err);
    vocabulary_free(&json->vocabulary);
    free(json);
    return done;
}

struct sink *json_view(FILE *out, bool live)
{
    struct json *json = calloc(1, sizeof *json);
    if (!json) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    json->sink = (struct sink){.event = json_event,
                               .end = json_end,
                               .flush = json_flush,
                               .without = WITHOUT_TITLE | WITHOUT_DETAIL};
    json->vocabulary = vocabulary_new();
    json->output = (struct output){.file = out, .live = live};
    return &json->sink;
}
