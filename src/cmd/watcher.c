/* watcher.c: what becomes of each packet that `watch` sees, and of what it finds out. */
#include "watcher.h"

#include <loopcraft/dissect.h>

void watcher_open(struct watcher *w)
{
    teller_open(&w->teller);
    w->anomalies = anomalies_new(w->teller.context);
}

void watcher_close(struct watcher *w)
{
    selection_close(&w->selection);
    anomalies_free(w->anomalies);
    told_free(&w->told);
    teller_close(&w->teller);
}

/* --- packets ------------------------------------------------------------------------------ */

bool watcher_tell(struct watcher *w, int64_t now, struct err *err)
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
static void note_anomalies(struct watcher *w)
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

bool watcher_see(struct watcher *w, const struct frame *frame, struct err *err)
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
    w->seen++;
    if (selected) {
        note_anomalies(w);
        told->since_ns = w->shown++ ? frame->time_ns - w->last_ns : -1;
        w->last_ns = frame->time_ns;
        if (!told_tell(told, &w->sinks, err))
            return false;
    }
    return watcher_tell(w, frame->time_ns, err);
}

/* --- the end ------------------------------------------------------------------------------ */

static void put_count(struct text *text, uint64_t count, const char *one, const char *several)
{
    text_number(text, count);
    text_put(text, count == 1 ? one : several);
}

static void put_summary(const struct watcher *w, struct text *text, const struct watcher_end *end,
                        size_t kinds)
{
    put_count(text, w->seen, " packet", " packets");
    if (w->shown != w->seen)
        text_format(text, ", %llu of them shown", (unsigned long long)w->shown);
    if (end->live)
        text_put(text, end->dropped ? ", others lost" : ", none lost");
    text_put(text, "; ");
    if (kinds)
        put_count(text, kinds, " kind of anomaly:", " kinds of anomalies:");
    else
        text_put(text, "no anomaly.");
}

bool watcher_summarise(struct watcher *w, const struct watcher_end *end, struct err *err)
{
    struct event event = {.kind = EVENT_SUMMARY};
    struct text text = TEXT_EMPTY;
    struct rule_count counts[64] = {{0}};
    size_t kinds = 0;
    for (size_t i = 0; anomaly_rules[i].name && kinds < 63; i++)
        if (anomalies_count(w->anomalies, i))
            counts[kinds++] = (struct rule_count){anomaly_rules[i].name,
                                                  anomalies_count(w->anomalies, i)};
    put_summary(w, &text, end, kinds);
    event.summary = (struct summary_event){.text = text_string(&text),
                                           .partial = end->partial,
                                           .received = (unsigned)w->seen,
                                           .dropped = end->dropped,
                                           .anomalies = counts};
    bool good = watcher_tell(w, INT64_MAX, err) && sinks_event(&w->sinks, &event, err);
    text_free(&text);
    return good;
}
