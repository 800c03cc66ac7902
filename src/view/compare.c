/* compare.c: a difference between two packets, and a row of a table. */
#include "dump.h"

#include "pieces.h"

/* --- differences ------------------------------------------------------------------ */

enum { DIFF_NAME_AT = 4, DIFF_VALUE_AT = 30, DIFF_MEANS_AT = 6 };

static const char *not_ascii(const struct dump *d, const char *sign, const char *ascii)
{
    return d->page.utf8 ? sign : ascii;
}

static void put_pair(struct dump *d, const struct diff_event *diff)
{
    if (diff->a == d->diff_a && diff->b == d->diff_b)
        return;
    d->diff_a = diff->a;
    d->diff_b = diff->b;
    text_char(&d->output.text, '\n');
    struct line line = line_at(d, DIFF_NAME_AT);
    text_clear(&d->piece);
    text_format(&d->piece, "A #%llu %s B #%llu", (unsigned long long)diff->a,
                not_ascii(d, "↔", "<->"), (unsigned long long)diff->b);
    line_put(&line, TONE_DIM, text_string(&d->piece));
    line_pad(&line, line.at + 2);
    line_told(&line, TONE_BOLD, diff->title);
    if (diff->from.addr[0]) {
        text_clear(&d->piece);
        put_end(&d->piece, &diff->from);
        text_char(&d->piece, ' ');
        text_put(&d->piece, d->page.palette.signs->to);
        text_char(&d->piece, ' ');
        put_end(&d->piece, &diff->to);
        line_piece(&line, 3, TONE_PLAIN, text_string(&d->piece));
    }
    line_end(&line);
}

static void put_side(struct line *line, const char *side, const char *value, enum tone tone)
{
    line_piece(line, 2, TONE_DIM, side);
    line_pad(line, 0);
    line_told(line, value ? tone : TONE_DIM, value ? value : "not there");
}

/* A sentence that was told before says nothing new: the values stand there all the same. */
static bool is_new(struct dump *d, const char *sentence)
{
    if (d->look.verbose)
        return true;
    text_clear(&d->piece);
    text_char(&d->piece, '\n');
    text_put(&d->piece, sentence);
    text_char(&d->piece, '\n');
    if (strstr(text_string(&d->told), text_string(&d->piece)))
        return false;
    text_put(&d->told, text_string(&d->piece));
    return true;
}

/* What must differ is what most lines are about: each on one line, its sentence once. */
void put_diff(struct dump *d, const struct diff_event *diff)
{
    bool loud = diff->counts;
    put_pair(d, diff);
    struct line line = line_at(d, DIFF_MEANS_AT);
    line_pad(&line, 2);
    line_put(&line, loud ? TONE_BAD : TONE_DIM,
             loud                          ? not_ascii(d, "≠", "!")
             : diff->kind == DIFF_EXPECTED ? "~"
                                           : "-");
    line_pad(&line, DIFF_NAME_AT);
    line_put(&line, loud ? TONE_BOLD : TONE_DIM, diff->name ? diff->name : diff->label);
    line_pad(&line, DIFF_VALUE_AT);
    put_side(&line, "A", diff->a_value, loud ? TONE_PLAIN : TONE_DIM);
    put_side(&line, "B", diff->b_value, loud ? TONE_PLAIN : TONE_DIM);
    line_end(&line);
    if (diff->kind != DIFF_SUBSTANCE && !is_new(d, diff->means))
        return;
    line_pad(&line, DIFF_MEANS_AT);
    line_told(&line, loud ? TONE_PLAIN : TONE_DIM, diff->means);
    line_end(&line);
}

/* --- rows of tables ----------------------------------------------------------------- */

enum {
    FIELD_BIT_END = 42,
    FIELD_BITS_END = 48,
    FIELD_RFC_AT = 51,
    FIELD_MEANS_AT = 80,
    FIELD_WIDE = 120 /* columns: the meaning stands beside, not below */
};

static void put_heading(struct dump *d, const struct record *record)
{
    if (d->record)
        text_char(&d->output.text, '\n');
    d->record = record;
    struct line line = line_at(d, 4);
    enum tone tone = record->layer == LAYER_PART ? TONE_BOLD : TONE_HEADING + record->layer;
    line_put(&line, tone, record->title ? record->title : record->name);
    if (record->name)
        line_piece(&line, 2, TONE_DIM, record->name);
    line_piece(&line, 2, TONE_DIM, record->rfc ? record->rfc : "-");
    line_piece(&line, 2, TONE_DIM, record->means ? record->means : "");
    line_end(&line);
}

/* Right-aligned; what depends on the packet has no number. */
static void put_count(struct dump *d, struct line *line, unsigned end, bool known, uint64_t number)
{
    const char *string = known ? piece(d, number, "") : "-";
    unsigned columns = (unsigned)strlen(string);
    line_pad(line, end - columns);
    line_put(line, TONE_PLAIN, string);
}

void put_field(struct dump *d, const struct field_event *event)
{
    const struct field *field = event->field;
    if (!d->record) {
        struct line head = line_at(d, 0);
        line_put(&head, TONE_DIM, "  FIELD");
        line_pad(&head, FIELD_BIT_END - 3);
        line_put(&head, TONE_DIM, "BIT");
        line_pad(&head, FIELD_BITS_END - 4);
        line_put(&head, TONE_DIM, "BITS");
        line_pad(&head, FIELD_RFC_AT);
        line_put(&head, TONE_DIM, "RFC");
        line_end(&head);
    }
    if (event->record != d->record)
        put_heading(d, event->record);
    if (!field)
        return;
    struct line line = line_at(d, 6);
    line_pad(&line, 2);
    if (field->name) {
        line_put(&line, TONE_PLAIN, field->name);
    } else {
        text_clear(&d->piece);
        text_format(&d->piece, "(%s)", field->label);
        line_put(&line, TONE_DIM, text_string(&d->piece));
    }
    put_count(d, &line, FIELD_BIT_END, event->placed, field->bit);
    put_count(d, &line, FIELD_BITS_END, field->bits != 0, field->bits);
    line_pad(&line, FIELD_RFC_AT);
    line_put(&line, TONE_DIM, field->rfc);
    line.hang = d->page.columns >= FIELD_WIDE ? FIELD_MEANS_AT : 6;
    if (line.hang == FIELD_MEANS_AT && line.at < FIELD_MEANS_AT)
        line_pad(&line, FIELD_MEANS_AT);
    else
        line_break(&line);
    line_put(&line, TONE_PLAIN, field->means);
    line_end(&line);
}
