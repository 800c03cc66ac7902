/* catalog.c: every field that the tables know. */
#include <loopcraft/catalog.h>

#include <loopcraft/lint.h>
#include <loopcraft/proto.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- collecting ----------------------------------------------------------------- */

/* The first word of the field's name, else of its record's, else of the record's other fields'. */
static const char *protocol_of(const struct record *record, const struct field *field, size_t *len)
{
    const char *name = field && field->name ? field->name : record->name;
    for (size_t i = 0; !name && i < record->field_count; i++)
        name = record->fields[i].name;
    *len = name ? strcspn(name, ".") : 0;
    return name ? name : "";
}

static bool same_row(const struct field *a, const struct field *b)
{
    if (!a || !b)
        return false;
    bool named = a->name && b->name && strcmp(a->name, b->name) == 0;
    return a == b || (named && a->bit == b->bit && a->bits == b->bits && a->role == b->role);
}

static void add(struct catalog *c, const struct record *record, const struct field *field,
                bool placed)
{
    for (size_t i = 0; i < c->count; i++)
        if (same_row(c->each[i].field, field))
            return;
    if (c->count == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 256;
        c->each = realloc(c->each, c->cap * sizeof *c->each);
        if (!c->each) {
            fputs("loopcraft: out of memory\n", stderr);
            abort();
        }
    }
    c->each[c->count++] = (struct field_event){.record = record, .field = field, .placed = placed};
}

static void add_record(void *context, const struct record *record)
{
    struct catalog *c = context;
    for (size_t i = 0; i < c->count; i++)
        if (c->each[i].record == record)
            return; /* reached from another link type as well */
    if (record->name)
        add(c, record, NULL, false);
    for (size_t i = 0; i < record->field_count; i++)
        add(c, record, &record->fields[i], true);
    if (record->options)
        add(c, record, &record->options->area, false);
    if (record->payload)
        add(c, record, record->payload, false);
    if (record->padding)
        add(c, record, record->padding, false);
}

/* --- sorting -------------------------------------------------------------------- */

/* Moves the entries of each protocol behind its first one; otherwise the order stays. */
static void group(struct catalog *c)
{
    for (size_t i = 0; i < c->count; i++) {
        size_t end = i + 1;
        for (size_t j = i + 1; j < c->count; j++) {
            if (strcmp(c->each[j].protocol, c->each[i].protocol) != 0)
                continue;
            struct field_event entry = c->each[j];
            memmove(&c->each[end + 1], &c->each[end], (j - end) * sizeof entry);
            c->each[end++] = entry;
        }
        i = end - 1;
    }
}

/* The words stay where they are once all of them are there: room is made for all at first. */
static void name_protocols(struct catalog *c)
{
    size_t most = 0, len;
    for (size_t i = 0; i < c->count; i++) {
        protocol_of(c->each[i].record, c->each[i].field, &len);
        most += len + 1;
    }
    text_room(&c->words, most + 1);
    for (size_t i = 0; i < c->count; i++) {
        const char *word = protocol_of(c->each[i].record, c->each[i].field, &len);
        c->each[i].protocol = c->words.at + c->words.len;
        text_put_n(&c->words, word, len);
        text_char(&c->words, '\0');
    }
}

void catalog_open(struct catalog *c)
{
    *c = (struct catalog){0};
    lint_branches(proto_links, add_record, c);
    name_protocols(c);
    group(c);
}

void catalog_free(struct catalog *c)
{
    free(c->each);
    text_free(&c->words);
    *c = (struct catalog){0};
}

/* --- looking up ----------------------------------------------------------------- */

bool name_below(const char *name, const char *group)
{
    size_t len = strlen(group);
    return strncmp(name, group, len) == 0 && (!name[len] || name[len] == '.');
}

const char *catalog_name(const struct field_event *entry)
{
    return entry->field ? entry->field->name : entry->record->name;
}

bool catalog_knows(const struct catalog *c, const char *name)
{
    for (size_t i = 0; *name && i < c->count; i++) {
        const char *known = catalog_name(&c->each[i]);
        if (known && name_below(known, name))
            return true;
    }
    return false;
}

void catalog_nearest(const struct catalog *c, struct nearest *nearest)
{
    for (size_t i = 0; i < c->count; i++)
        if (catalog_name(&c->each[i]))
            nearest_try(nearest, catalog_name(&c->each[i]));
}
