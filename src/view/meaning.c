/* meaning.c: what a word means. */
#include "dump.h"

enum { MEANS_AT = 2, DETAIL_AT = 16 };

void put_meaning(struct dump *d, const struct meaning_event *m)
{
    if (d->meanings)
        blank_line(d);
    d->meanings = true;
    struct line line = line_at(d, MEANS_AT);
    line_told(&line, TONE_BOLD, m->name);
    line_piece(&line, 2, TONE_DIM, m->kind);
    line_end(&line);
    line_pad(&line, MEANS_AT);
    line_told(&line, TONE_PLAIN, m->means);
    line_end(&line);
    for (size_t i = 0; i < m->detail_count; i++) {
        if (m->details[i].named)
            continue;
        struct line detail = line_at(d, DETAIL_AT);
        line_pad(&detail, MEANS_AT);
        line_put(&detail, TONE_DIM, m->details[i].key);
        line_pad(&detail, DETAIL_AT);
        line_told(&detail, TONE_PLAIN, m->details[i].text);
        line_end(&detail);
    }
}
