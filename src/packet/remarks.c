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

/* A place for a remark on this field; NULL when there is no room, or one, and it is not `again`. */
static struct remark *remarks_place(struct remarks *remarks, const struct field *field, bool again)
{
    if (!field || remarks->count == REMARKS_MOST)
        return NULL;
    for (size_t i = 0; !again && i < remarks->count; i++)
        if (remarks->each[i].field == field)
            return NULL;
    struct remark *remark = &remarks->each[remarks->count++];
    *remark = (struct remark){.field = field};
    return remark;
}

void remarks_say(struct remarks *remarks, const struct field *field, const char *constant)
{
    struct remark *remark = remarks_place(remarks, field, false);
    if (!remark)
        return;
    remark->constant = true;
    remark->text = constant;
}

static struct text *text_of(struct remarks *remarks, const struct remark *remark)
{
    if (!remark)
        return NULL;
    struct text *text = &remarks->texts[remark - remarks->each];
    text_clear(text);
    return text;
}

struct text *remarks_write(struct remarks *remarks, const struct field *field)
{
    return text_of(remarks, remarks_place(remarks, field, false));
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
                            const struct sum_check *check, bool again)
{
    struct remark *remark = remarks_place(remarks, field, again);
    if (!remark)
        return;
    remark->constant = check->verdict != SUM_WRONG;
    if (remark->constant)
        remark->text = sum_words(check->verdict);
    else
        sum_say(text_of(remarks, remark), check);
}

void remarks_add_places(struct remarks *remarks, const struct dissection *d,
                        const struct sum_place *places, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct sum_check check = sum_check_at(d, &places[i]);
        bool again = false; /* a quoted packet's are other occurrences of their fields */
        for (size_t j = 0; j < i && !again; j++)
            again = places[j].row == places[i].row;
        remarks_add_sum(remarks, places[i].row, &check, again);
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
