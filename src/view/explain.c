/* explain.c: a checksum, added up. */
#include "dump.h"

#include "pieces.h"

enum { WHAT_AT = 4, WORDS_AT = 32, SUM_AT = 73 }; /* eight words lie between, and fit 80 columns */

/* On a narrow terminal words hang under what they are, as many as fit. */
static unsigned words_at(const struct dump *d)
{
    return d->page.columns < 80 ? WHAT_AT + 2 : WORDS_AT;
}

static void put_hex(struct dump *d, struct line *line, enum tone tone, uint32_t number)
{
    text_clear(&d->piece);
    text_hex(&d->piece, number, number > 0xfffff ? 8 : number > 0xffff ? 5 : 4);
    line_put(line, tone, text_string(&d->piece));
}

static const char *what_of(struct dump *d, const struct sum_row *row)
{
    text_clear(&d->piece);
    text_put(&d->piece, row->what);
    if (row->to)
        text_format(&d->piece, " to %s", row->to);
    if (row->note)
        text_format(&d->piece, ", %s", row->note);
    return text_string(&d->piece);
}

static void put_sum_row(struct dump *d, const struct sum_row *row)
{
    unsigned at = words_at(d);
    struct line line = line_at(d, at);
    line_pad(&line, WHAT_AT);
    line_told(&line, TONE_PLAIN, what_of(d, row));
    if (line.at >= at)
        line_break(&line);
    else
        line_pad(&line, at);
    for (unsigned i = 0; i < row->count; i++) {
        text_clear(&d->piece);
        text_hex(&d->piece, row->words[i], 4);
        if (i && line.at + 5 > d->page.columns)
            line_break(&line);
        else if (i)
            line_pad(&line, line.at + 1);
        line_put(&line, TONE_BOLD, text_string(&d->piece));
    }
    if (d->page.columns >= 80)
        line_pad(&line, SUM_AT);
    else
        line_gap(&line, 2);
    put_hex(d, &line, TONE_DIM, row->sum);
    line_end(&line);
}

static void put_heading(struct dump *d, const char *heading)
{
    struct line line = line_at(d, WHAT_AT);
    line_pad(&line, 2);
    line_put(&line, TONE_DIM, heading);
    line_end(&line);
}

/* "the carries folded    ddf0 + 2 =   ddf2" */
static void put_result(struct dump *d, const char *what, uint32_t number, const char *how)
{
    struct line line = line_at(d, words_at(d));
    line_pad(&line, WHAT_AT);
    line_put(&line, TONE_PLAIN, what);
    line_pad(&line, WORDS_AT);
    put_hex(d, &line, TONE_BOLD, number);
    if (*how)
        line_piece(&line, 2, TONE_DIM, how);
    line_end(&line);
}

static void put_results(struct dump *d, const struct explanation_event *e)
{
    struct text how = TEXT_EMPTY;
    put_heading(d, "result");
    put_result(d, "sum of all words", e->sum, "");
    if (e->sum > 0xffff) {
        text_format(&how, "%04x + %x", e->sum & 0xffff, e->sum >> 16);
        if ((e->sum & 0xffff) + (e->sum >> 16) > 0xffff)
            text_put(&how, ", and once more");
    } else {
        text_put(&how, "there are none");
    }
    put_result(d, "carries added below", e->folded, text_string(&how));
    put_result(d, "its complement", e->complement, "every bit turned");
    if (e->expected != e->complement)
        put_result(d, "sent as", e->expected, "0 would say that there is none");
    put_result(d, "in the packet", e->stored, e->partial ? "the sum of the pseudo-header" : "");
    text_free(&how);
}

void put_explanation(struct dump *d, const struct explanation_event *e)
{
    text_char(&d->output.text, '\n');
    struct line line = line_at(d, 4);
    text_clear(&d->piece);
    text_format(&d->piece, "#%llu", (unsigned long long)e->number);
    line_put(&line, TONE_DIM, text_string(&d->piece));
    line_gap(&line, 2);
    line_put(&line, TONE_BOLD, e->name);
    if (e->quoted)
        line_piece(&line, 1, TONE_BOLD, "of the quoted packet");
    line_piece(&line, 2, TONE_PLAIN, "the 16-bit words, and at the right the sum so far");
    line_end(&line);
    for (size_t i = 0; i < e->row_count; i++) {
        if (i == 0 || e->rows[i].pseudo != e->rows[i - 1].pseudo)
            put_heading(d, e->rows[i].pseudo ? "pseudo-header: summed, never sent" : e->title);
        put_sum_row(d, &e->rows[i]);
    }
    if (e->row_count)
        put_results(d, e);
    line_pad(&line, WHAT_AT);
    line_told(&line, TONE_BOLD, e->means);
    line_end(&line);
}
