/* lint.c: is a table well formed? */
#include <loopcraft/lint.h>

#include "walk_rows.h"

#include <stdlib.h>
#include <string.h>

/* --- every record that can be reached --------------------------------------- */

struct visit {
    const struct record *seen[1024];
    size_t count;
};

static void visit(struct visit *v, const struct record *record);

static void visit_branches(struct visit *v, const struct branch *branch)
{
    for (; branch && branch->record; branch++)
        visit(v, branch->record);
}

static void visit(struct visit *v, const struct record *record)
{
    if (!record || v->count == sizeof v->seen / sizeof v->seen[0])
        return;
    for (size_t i = 0; i < v->count; i++)
        if (v->seen[i] == record)
            return;
    v->seen[v->count++] = record;
    if (record->options) {
        visit_branches(v, record->options->kinds);
        visit(v, record->options->unknown);
    }
    for (const struct choice *c = record->instead; c && c->record; c++)
        visit(v, c->record);
    for (const struct record *const *part = record->parts; part && *part; part++)
        visit(v, *part);
    for (const struct list *list = record->lists; list && list->element; list++)
        visit(v, list->element);
    visit_branches(v, record->cases);
    visit(v, record->other);
    visit(v, record->repeat);
    visit(v, record->ahead);
    visit_branches(v, record->next);
    visit_branches(v, record->ports);
    visit_branches(v, record->starts);
    visit(v, record->rest);
    visit(v, record->piece);
}

static void tell_each(struct visit *v, void (*each)(void *context, const struct record *record),
                      void *context)
{
    for (size_t i = 0; i < v->count; i++)
        each(context, v->seen[i]);
    free(v);
}

void lint_records(const struct record *first,
                  void (*each)(void *context, const struct record *record), void *context)
{
    struct visit *v = calloc(1, sizeof *v);
    if (!v)
        abort();
    visit(v, first);
    tell_each(v, each, context);
}

void lint_branches(const struct branch *branches,
                   void (*each)(void *context, const struct record *record), void *context)
{
    struct visit *v = calloc(1, sizeof *v);
    if (!v)
        abort();
    visit_branches(v, branches);
    tell_each(v, each, context);
}

/* --- one record --------------------------------------------------------------- */

static void complain(struct text *out, const struct record *record, const struct field *field,
                     const char *what)
{
    text_format(out, "%s, row %s: %s\n", record->name ? record->name : record->title,
                !field         ? "-"
                : field->name  ? field->name
                : field->label ? field->label
                               : "?",
                what);
}

static void lint_words(struct text *out, const struct record *record, const struct field *field)
{
    if (!field->label || !*field->label)
        complain(out, record, field, "has no label");
    if (!field->format)
        complain(out, record, field, "has no format");
    if (!field->rfc || !*field->rfc)
        complain(out, record, field, "names no source");
    if (!field->means || strlen(field->means) < 8)
        complain(out, record, field, "has no meaning");
    if (field->name && !strchr(field->name, '.'))
        complain(out, record, field, "is not a Wireshark field name");
}

/* Leaves tile; a group spans what follows it; ALSO rows lie on bits that were seen before. */
static void lint_tiling(struct text *out, const struct record *record)
{
    unsigned at = 0, group_end = 0;
    const struct field *open = NULL; /* a row that runs to the end */
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *field = &record->fields[i];
        if (field->role == ROLE_ALSO) {
            if (!open && field->bit + field->bits > at && field->bit + field->bits > group_end)
                complain(out, record, field, "reads bits that no row before it covers");
            continue;
        }
        if (field->bit != at)
            complain(out, record, field, "leaves a gap, or overlaps the row before it");
        if (open)
            complain(out, record, open, "runs to the end but is not the last row");
        open = field->bits == 0 ? field : NULL;
        if (field->role == ROLE_GROUP) {
            if (at < group_end)
                complain(out, record, field, "is a group inside a group");
            group_end = field->bit + field->bits;
            continue;
        }
        if (at < group_end && at + field->bits > group_end)
            complain(out, record, field, "crosses the end of its group");
        at += field->bits;
    }
    if (at < group_end)
        complain(out, record, NULL, "a group is not filled by the rows after it");
    if (at != record->size * 8u)
        complain(out, record, NULL, "its rows do not fill its size");
}

static void lint_options(struct text *out, const struct record *record)
{
    const struct options *options = record->options;
    if (!record_role(record, ROLE_HEADER_LENGTH) && record->layer != LAYER_PART)
        complain(out, record, NULL, "has options and no header length");
    if (!options->unknown || !record_role(options->unknown, ROLE_OPTION_LENGTH))
        complain(out, record, &options->area, "has no record with a length for unknown options");
    for (const struct branch *b = options->kinds; b && b->record; b++) {
        const struct field *kind = record_role(b->record, ROLE_KIND);
        const struct field *group = b->record->fields;
        bool first = kind && kind->bit == 0 && kind->bits == 8;
        bool grouped = group->role == ROLE_GROUP && group->bit == 0 && group->bits == 8;
        if (!first && !grouped)
            complain(out, b->record, kind, "is an option without its kind in the first byte");
        const struct field *length = record_role(b->record, ROLE_OPTION_LENGTH);
        if (length ? length->bit != 8 || length->bits != 8 : b->record->size != 1)
            complain(out, b->record, length, "is an option without its length in the second byte");
    }
}

static bool is_element(const struct record *record)
{
    return !record || record->size > 0 || record->measure;
}

static size_t count_role(const struct record *record, enum role role)
{
    size_t count = 0;
    for (size_t i = 0; i < record->field_count; i++)
        count += record->fields[i].role == role;
    return count;
}

static void lint_lists(struct text *out, const struct record *record)
{
    size_t lists = 0;
    for (const struct list *list = record->lists; list && list->element; list++) {
        lint_words(out, record, &list->area);
        lists++;
    }
    if (lists != count_role(record, ROLE_COUNT))
        complain(out, record, NULL, "has not as many lists as rows that count them");
    if (lists > COUNTS_MOST)
        complain(out, record, NULL, "has more lists than the walk can keep");
}

static void lint_choices(struct text *out, const struct record *record)
{
    for (const struct choice *c = record->instead; c && c->record; c++) {
        if (c->bits == 0 || c->bits > 64 || c->from > c->to)
            complain(out, record, NULL, "chooses by bits that are no number, or by none");
        if (c->behind && !record->measure)
            complain(out, record, NULL, "chooses by bits behind an end that it can't measure");
    }
}

void lint_record(struct text *out, const struct record *record)
{
    if (!record->title || !record->means || !record->rfc)
        complain(out, record, NULL, "has no title, no source or no meaning");
    for (size_t i = 0; i < record->field_count; i++)
        lint_words(out, record, &record->fields[i]);
    lint_tiling(out, record);
    if (record->options)
        lint_options(out, record);
    if (record->next && !record_role(record, ROLE_NEXT))
        complain(out, record, NULL, "has next records and no row that selects one");
    if (!is_element(record->repeat) || !is_element(record->ahead))
        complain(out, record, NULL, "repeats an element without a fixed size");
    if (record->ahead && (!record->repeat || !record_role(record, ROLE_POINTER)))
        complain(out, record, NULL, "has elements ahead and no pointer to them");
    if (record->cases && record->layer != LAYER_PART && !record_role(record, ROLE_CASE))
        complain(out, record, NULL, "has cases and no row that selects one");
    lint_lists(out, record);
    lint_choices(out, record);
    bool ends = record_role(record, ROLE_SOURCE) && record_role(record, ROLE_DESTINATION);
    if (record->ports && !ends)
        complain(out, record, NULL, "carries by port and has no ports");
    if (record->padding)
        lint_words(out, record, record->padding);
    if (record->sum != SUM_NONE && !record_role(record, ROLE_CHECKSUM))
        complain(out, record, NULL, "has a sum and no checksum row");
}
