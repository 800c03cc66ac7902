/* record.c: looking things up in tables. */
#include <loopcraft/record.h>

#include <string.h>

uint64_t field_shown(const struct field *field, uint64_t wire)
{
    return (wire + (uint64_t)(int64_t)field->bias) * (field->scale ? field->scale : 1);
}

bool field_wire(const struct field *field, uint64_t shown, uint64_t *wire)
{
    uint64_t scale = field->scale ? field->scale : 1;
    *wire = shown / scale - (uint64_t)(int64_t)field->bias;
    return shown % scale == 0 && field_shown(field, *wire) == shown;
}

const struct term *term_find(const struct term *terms, uint64_t number)
{
    for (; terms && terms->name; terms++)
        if (terms->number == number)
            return terms;
    return NULL;
}

const struct branch *branch_find(const struct branch *branches, uint64_t number)
{
    for (; branches && branches->record; branches++)
        if (branches->number == number)
            return branches;
    return NULL;
}

const struct field *record_role(const struct record *record, enum role role)
{
    for (size_t i = 0; i < record->field_count; i++)
        if (record->fields[i].role == role)
            return &record->fields[i];
    return NULL;
}

const struct field *record_field(const struct record *record, const char *name)
{
    for (size_t i = 0; i < record->field_count; i++)
        if (record->fields[i].name && strcmp(record->fields[i].name, name) == 0)
            return &record->fields[i];
    return NULL;
}
