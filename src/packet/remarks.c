/* remarks.c: what fields mean in this packet. */
#include <loopcraft/remarks.h>

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

void remarks_say(struct remarks *remarks, const struct field *field, const char *constant)
{
    struct remark *remark = remarks_place(remarks, field);
    if (!remark)
        return;
    remark->constant = true;
    remark->text = constant;
}

struct text *remarks_write(struct remarks *remarks, const struct field *field)
{
    struct remark *remark = remarks_place(remarks, field);
    if (!remark)
        return NULL;
    struct text *text = &remarks->texts[remark - remarks->each];
    text_clear(text);
    return text;
}

void remarks_add(struct remarks *remarks, const struct record *record, const char *name,
                 const char *format, ...)
{
    struct text *text = remarks_write(remarks, record_field(record, name));
    if (!text)
        return;
    char line[256];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    text_put(text, line);
}

static void remarks_add_sum(struct remarks *remarks, const struct field *field,
                            const struct sum_check *check)
{
    if (check->verdict != SUM_WRONG) {
        remarks_say(remarks, field, sum_words(check->verdict));
        return;
    }
    struct text *text = remarks_write(remarks, field);
    if (text)
        sum_say(text, check);
}

void remarks_add_places(struct remarks *remarks, const struct dissection *d,
                        const struct sum_place *places, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct sum_check check = sum_check_at(d, &places[i]);
        remarks_add_sum(remarks, places[i].row, &check);
    }
}

void remarks_add_sums(struct remarks *remarks, const struct dissection *d)
{
    struct sum_place places[REMARKS_MOST];
    remarks_add_places(remarks, d, places, sum_places(places, REMARKS_MOST, d));
}

const struct remark *remarks_list(struct remarks *remarks)
{
    for (size_t i = 0; i < remarks->count; i++)
        if (!remarks->each[i].constant)
            remarks->each[i].text = text_string(&remarks->texts[i]);
    return remarks->each;
}
