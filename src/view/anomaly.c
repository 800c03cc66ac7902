/* anomaly.c: a packet that ordinary traffic does not have, and how many there were. */
#include "dump.h"

#include "pieces.h"

#include <string.h>

enum { TEXT_AT = 8, COUNT_END = 10, RULE_AT = 12 };

static void put_sentence(struct dump *d, const char *lead, const char *sentence, const char *source)
{
    struct line line = line_at(d, TEXT_AT);
    line_pad(&line, TEXT_AT);
    if (lead) {
        line_put(&line, TONE_DIM, lead);
        line_gap(&line, 1);
    }
    line_told(&line, TONE_PLAIN, sentence);
    if (source) {
        text_clear(&d->piece);
        text_format(&d->piece, "(%s)", source);
        line_piece(&line, 1, TONE_DIM, text_string(&d->piece));
    }
    line_end(&line);
}

/* What a rule means is said once. */
static bool first_of_rule(struct dump *d, const char *rule)
{
    text_clear(&d->piece);
    text_format(&d->piece, "\n%s\n", rule);
    if (strstr(text_string(&d->told), text_string(&d->piece)))
        return false;
    text_put(&d->told, text_string(&d->piece));
    return true;
}

void put_anomaly(struct dump *d, const struct anomaly_event *a)
{
    struct line line = line_at(d, TEXT_AT);
    line_put(&line, TONE_BAD, "!");
    line_pad(&line, 2);
    line_told(&line, TONE_BAD, a->rule);
    if (!a->again) {
        text_clear(&d->piece);
        text_format(&d->piece, "#%llu", (unsigned long long)a->packet);
        line_piece(&line, 2, TONE_DIM, text_string(&d->piece));
    }
    if (a->from.addr[0]) {
        const struct packet_event ends = {.from = a->from, .to = a->to};
        line_piece(&line, 2, TONE_PLAIN, ends_of(d, &ends));
    }
    line_gap(&line, 2);
    line_told(&line, TONE_BOLD, a->evidence);
    line_end(&line);
    if (!first_of_rule(d, a->rule))
        return;
    put_sentence(d, NULL, a->means, a->source);
    if (a->innocent)
        put_sentence(d, "Harmless:", a->innocent, NULL);
}

void put_rule_counts(struct dump *d, const struct rule_count *counts)
{
    for (const struct rule_count *each = counts; each->name; each++) {
        const char *count = piece(d, each->count, "");
        size_t columns = strlen(count);
        struct line line = line_at(d, RULE_AT);
        line_pad(&line, columns < COUNT_END ? COUNT_END - (unsigned)columns : 0);
        line_put(&line, TONE_BOLD, count);
        line_pad(&line, RULE_AT);
        line_told(&line, TONE_PLAIN, each->name);
        line_end(&line);
    }
}
