/* options.c: option lists, from words to bytes. */
#include "options.h"

#include <loopcraft/nearest.h>

#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MOST = 40 }; /* bytes: 15 words of header less 5 fixed ones (RFC 9293, 3.1) */

static bool is_value(const struct field *field)
{
    return field->role != ROLE_KIND && field->role != ROLE_OPTION_LENGTH &&
           field->role != ROLE_ALSO && field->role != ROLE_GROUP && field->format->read &&
           field->bit >= 16;
}

/* A value to its bits of the option at `start`; behind it when the row runs to the option's end. */
static bool put_value(struct text *out, size_t start, const struct field *field, const char *value,
                      struct err *err)
{
    struct text read = TEXT_EMPTY;
    bool good = field->format->read(&read, field, value, err);
    struct bytes bytes = {(const uint8_t *)read.at, read.len};
    uint64_t number = 0;
    if (good && !field->bits)
        text_put_n(out, text_string(&read), read.len);
    else if (good && field->bits > 64)
        memcpy(out->at + start + field->bit / 8, bytes.at, bytes.len);
    else if (good && bytes_number(bytes, 0, (unsigned)bytes.len * 8, &number))
        bytes_set_number((uint8_t *)out->at + start, out->len - start, field->bit, field->bits,
                         number);
    text_free(&read);
    return good;
}

/* The values behind an option's word, one for each row that takes one; NULL when they run out.
 * A row that runs to the option's end takes all that is left, if anything: it may have colons. */
static bool put_rows(struct text *out, size_t start, const struct record *record, char **values,
                     struct err *err)
{
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *field = &record->fields[i];
        if (!is_value(field))
            continue;
        char *value = strsep(values, field->bits ? ":" : "");
        if (!value && !field->bits)
            break;
        if (!value)
            return err_set(err, STATUS_USAGE, "options: %s wants %s for %s", record->word,
                           field->format->name, field->label);
        if (!put_value(out, start, field, value, err))
            return false;
    }
    return true;
}

/* Elements are shown from their own start, so all their rows are values. */
static bool put_elements(struct text *out, const struct record *record, char **values,
                         struct err *err)
{
    while (*values) {
        for (size_t i = 0; i < record->field_count; i++) {
            char *value = strsep(values, ":");
            if (!value)
                return err_set(err, STATUS_USAGE, "options: a value for %s is missing",
                               record->fields[i].label);
            if (!record->fields[i].format->read(out, &record->fields[i], value, err))
                return false;
        }
    }
    return true;
}

static bool put_option(struct text *out, const struct record *record, uint8_t kind, char *values,
                       struct err *err)
{
    size_t start = out->len;
    bool has_length = record_role(record, ROLE_OPTION_LENGTH) != NULL;
    text_char(out, (char)kind);
    while (out->len < start + record->size)
        text_char(out, 0);
    if (!put_rows(out, start, record, &values, err))
        return false;
    if (record->repeat && !put_elements(out, record->repeat, &values, err))
        return false;
    if (values)
        return err_set(err, STATUS_USAGE, "options: %s takes fewer values", record->word);
    if (has_length)
        out->at[start + 1] = (char)(uint8_t)(out->len - start);
    return true;
}

static const struct branch *option_find(const struct options *options, const char *word)
{
    for (const struct branch *b = options->kinds; b && b->record; b++)
        if (b->record->word && strcasecmp(b->record->word, word) == 0)
            return b;
    return NULL;
}

static bool read_option(struct text *out, const struct options *options, char *word,
                        struct err *err)
{
    char *values = word;
    strsep(&values, ":");
    const struct branch *branch = option_find(options, word);
    if (branch)
        return put_option(out, branch->record, (uint8_t)branch->number, values, err);
    char *end;
    unsigned long kind = strtoul(word, &end, 10);
    if (*word >= '0' && *word <= '9' && !*end && kind < 256) {
        const struct branch *known = branch_find(options->kinds, kind);
        bool alone = known && !record_role(known->record, ROLE_OPTION_LENGTH); /* 0 and 1 */
        return put_option(out, alone ? known->record : options->unknown, (uint8_t)kind, values,
                          err);
    }
    if (!*word)
        return err_set(err, STATUS_USAGE, "options: one is missing; write mss:1460,nop,nop,ts:1:0");
    struct nearest nearest = nearest_to(word);
    struct text names = TEXT_EMPTY, safe = TEXT_EMPTY;
    for (const struct branch *b = options->kinds; b && b->record; b++)
        if (b->record->word)
            nearest_try(&nearest, b->record->word);
    nearest_put(&names, &nearest);
    text_escape(&safe, (struct bytes){(const uint8_t *)word, strnlen(word, 40)});
    err_set(err, STATUS_USAGE, "options: no option called %s%s%s", text_string(&safe),
            names.len ? "; did you mean " : "", text_string(&names));
    text_free(&names);
    text_free(&safe);
    return false;
}

bool options_read(struct text *out, const struct record *record, const char *list, struct err *err)
{
    size_t start = out->len;
    char *copy = strdup(list), *rest = copy;
    bool good = copy != NULL;
    for (char *word; good && (word = strsep(&rest, ","));)
        good = read_option(out, record->options, word, err);
    free(copy);
    if (good && out->len - start > OPTIONS_MOST)
        return err_set(err, STATUS_USAGE, "options: %zu bytes, and a header holds at most %d",
                       out->len - start, OPTIONS_MOST);
    return good;
}
