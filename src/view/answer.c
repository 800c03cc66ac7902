/* answer.c: what belongs to a name. */
#include "dump.h"

enum { NAME_AT = 2, KIND_AT = 24, DATA_AT = 34, MEANS_AT = 52, TTL_PLACE = 24 };

static void put_means(struct dump *d, struct line *line, const struct answer_event *answer)
{
    text_clear(&d->piece);
    if (answer->class)
        text_format(&d->piece, "%s%s", answer->class, *answer->means ? ": " : "");
    text_put(&d->piece, answer->means);
    if (answer->ttl >= 0)
        text_format(&d->piece, "%sttl %lld s", d->piece.len ? "; " : "", (long long)answer->ttl);
    line_told(line, answer->failure ? TONE_PLAIN : TONE_DIM, text_string(&d->piece));
}

void put_answer(struct dump *d, const struct answer_event *answer)
{
    if (!d->answers)
        blank_line(d);
    d->answers = true;
    bool wide = d->page.columns >= MEANS_AT + TTL_PLACE;
    struct line line = line_at(d, wide ? DATA_AT : NAME_AT + 2);
    line_pad(&line, NAME_AT);
    line_told(&line, TONE_BOLD, answer->name);
    line_pad(&line, wide ? KIND_AT : line.at + 2);
    line_told(&line, TONE_DIM, answer->kind);
    line_pad(&line, wide ? DATA_AT : line.at + 2);
    line_told(&line, answer->failure ? TONE_WARN : TONE_PLAIN,
              answer->data ? answer->data : answer->failure);
    if (line.at + 2 < MEANS_AT && wide)
        line_pad(&line, MEANS_AT);
    else
        line_gap(&line, 2);
    line.hang = wide ? MEANS_AT : line.hang;
    put_means(d, &line, answer);
    line_end(&line);
}
