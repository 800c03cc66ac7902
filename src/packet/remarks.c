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

/* A cleared text for a remark on this field; NULL when there is one, or no room. */
static struct text *remarks_room(struct remarks *remarks, const struct field *field)
{
    if (!field || remarks->count == REMARKS_MOST)
        return NULL;
    for (size_t i = 0; i < remarks->count; i++)
        if (remarks->each[i].field == field)
            return NULL;
    remarks->each[remarks->count].field = field;
    struct text *text = &remarks->texts[remarks->count++];
    text_clear(text);
    return text;
}

void remarks_add(struct remarks *remarks, const struct record *record, const char *name,
                 const char *format, ...)
{
    struct text *text = remarks_room(remarks, record_field(record, name));
    if (!text)
        return;
    char line[256];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    text_put(text, line);
}

void remarks_add_sums(struct remarks *remarks, const struct dissection *d)
{
    for (size_t i = 0; i < d->count; i++) {
        const struct node *node = &d->nodes[i];
        if (node->kind != NODE_RECORD || node->record->sum == SUM_NONE)
            continue;
        struct sum_check check = sum_check(d, i);
        struct text *text = remarks_room(remarks, record_role(node->record, ROLE_CHECKSUM));
        if (text)
            sum_say(text, &check);
    }
}

const struct remark *remarks_list(struct remarks *remarks)
{
    for (size_t i = 0; i < remarks->count; i++)
        remarks->each[i].text = text_string(&remarks->texts[i]);
    return remarks->each;
}
