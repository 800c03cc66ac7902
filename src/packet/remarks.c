/* remarks.c: what fields mean in this packet. */
#include <loopcraft/remarks.h>

#include <loopcraft/sums.h>

#include <stdarg.h>
#include <stdio.h>

void remarks_free(struct remarks *remarks)
{
    for (size_t i = 0; i < REMARKS_MOST; i++)
        text_free(&remarks->texts[i]);
    remarks->count = 0;
}

void remarks_clear(struct remarks *remarks)
{
    remarks->count = 0;
}

/* A place for a remark on this field; NULL when there is one, or no room. */
static struct remark *remarks_place(struct remarks *remarks, const struct field *field)
{
    if (!field || remarks->count == REMARKS_MOST)
        return NULL;
    for (size_t i = 0; i < remarks->count; i++)
        if (remarks->each[i].field == field)
            return NULL;
    struct remark *remark = &remarks->each[remarks->count++];
    *remark = (struct remark){.field = field};
    return remark;
}

/* The cleared text of the remark that was added last. */
static struct text *remarks_text(struct remarks *remarks)
{
    struct text *text = &remarks->texts[remarks->count - 1];
    text_clear(text);
    return text;
}

void remarks_add(struct remarks *remarks, const struct record *record, const char *name,
                 const char *format, ...)
{
    struct remark *remark = remarks_place(remarks, record_field(record, name));
    if (!remark)
        return;
    char line[256];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    struct text *text = remarks_text(remarks);
    text_put(text, line);
    remark->text = text_string(text);
}

static void remarks_add_sum(struct remarks *remarks, const struct field *field,
                            const struct sum_check *check)
{
    struct remark *remark = remarks_place(remarks, field);
    if (!remark)
        return;
    remark->constant = check->verdict != SUM_WRONG;
    remark->text = sum_words(check->verdict);
    if (remark->constant)
        return;
    struct text *text = remarks_text(remarks);
    sum_say(text, check);
    remark->text = text_string(text);
}

void remarks_add_sums(struct remarks *remarks, const struct dissection *d)
{
    for (size_t i = 0; i < d->count; i++) {
        const struct node *node = &d->nodes[i];
        if (node->kind != NODE_RECORD || node->record->sum == SUM_NONE)
            continue;
        struct sum_check check = sum_check(d, i);
        remarks_add_sum(remarks, record_role(node->record, ROLE_CHECKSUM), &check);
    }
}

const struct remark *remarks_list(struct remarks *remarks)
{
    return remarks->each;
}
