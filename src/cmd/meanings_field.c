/* meanings_field.c: names of fields and protocols, and the values of fields. */
#include "meanings.h"

#include <loopcraft/glossary.h>
#include <loopcraft/proto.h>

#include <stdlib.h>
#include <string.h>

enum { VALUES_MOST = 20, SHORT_MOST = 8 };

static const char *first_of(const char *a, const char *b)
{
    return a && *a ? a : b ? b : "";
}

/* "1 ICMP, 6 TCP"; of a long list its beginning. */
static void add_values(struct meanings *m, const struct term *terms)
{
    struct text values = TEXT_EMPTY;
    for (size_t i = 0; terms && terms[i].name; i++) {
        if (i == VALUES_MOST) {
            text_put(&values, " ...");
            break;
        }
        text_format(&values, "%s%llu %s", i ? ", " : "", (unsigned long long)terms[i].number,
                    terms[i].name);
    }
    meaning_add(m, "values", text_string(&values));
    text_free(&values);
}

static void tell_entry(struct meanings *m, const struct field_event *entry)
{
    const struct field *field = entry->field;
    const struct record *record = entry->record;
    struct text place = TEXT_EMPTY;
    meaning_begin(m, field ? "field" : record->layer == LAYER_PART ? "part" : "protocol");
    text_put(&m->name, catalog_name(entry));
    text_format(&m->name, " %s", field ? field->label : record->title);
    text_put(&m->means, field ? field->means : record->means);
    meaning_add_named(m, "label", field ? field->label : record->title);
    if (field && entry->placed && field->bits)
        text_format(&place, "bit %u of %s, %u bit%s wide", field->bit, record->title, field->bits,
                    field->bits == 1 ? "" : "s");
    else if (field && entry->placed)
        text_format(&place, "from bit %u of %s to its end", field->bit, record->title);
    else if (field)
        text_format(&place, "in %s, behind its fixed part", record->title);
    meaning_add(m, "place", text_string(&place));
    if (field)
        add_values(m, field->terms);
    meaning_add(m, "source", field ? field->rfc : record->rfc);
    meaning_tell(m);
    text_free(&place);
}

/*
 * Several records may have a field of one name (ICMP's cases): told once if it means the same. Of
 * records with one name (an IP header, and what should be one and is not) the one with most rows.
 */
static bool told_elsewhere(const struct catalog *c, size_t at)
{
    const struct field_event *now = &c->each[at];
    for (size_t i = 0; i < c->count; i++) {
        const struct field_event *other = &c->each[i];
        const char *name = catalog_name(other);
        if (i == at || !other->field != !now->field || !name ||
            strcmp(catalog_name(now), name) != 0)
            continue;
        size_t rows = now->record->field_count, others = other->record->field_count;
        if (now->field ? i < at && strcmp(now->field->means, other->field->means) == 0
                       : others > rows || (others == rows && i < at))
            return true;
    }
    return false;
}

void meanings_field(struct meanings *m, const char *word)
{
    for (size_t i = 0; i < m->catalog.count; i++) {
        const struct field_event *entry = &m->catalog.each[i];
        const char *name = catalog_name(entry);
        bool titled = !entry->field && glossary_same(entry->record->title, word);
        if (name && (strcasecmp(name, word) == 0 || titled) && !told_elsewhere(&m->catalog, i))
            tell_entry(m, entry);
    }
}

void meanings_short(struct meanings *m, const char *word)
{
    size_t len = strlen(word);
    unsigned before = m->told;
    for (size_t i = 0; i < m->catalog.count && m->told < before + SHORT_MOST; i++) {
        const char *name = catalog_name(&m->catalog.each[i]);
        size_t whole = name ? strlen(name) : 0;
        if (whole > len && name[whole - len - 1] == '.' &&
            strcasecmp(name + whole - len, word) == 0 && !told_elsewhere(&m->catalog, i))
            tell_entry(m, &m->catalog.each[i]);
    }
}

/* --- values ----------------------------------------------------------------------- */

static void tell_value(struct meanings *m, const struct field *field, const struct term *term)
{
    meaning_begin(m, "value");
    text_format(&m->name, "%s %llu %s", field->name, (unsigned long long)term->number, term->name);
    text_put(&m->means, first_of(term->means, field->means));
    meaning_add_named(m, "field", field->name);
    meaning_add_number(m, "number", term->number);
    meaning_add_named(m, "label", term->name);
    meaning_add(m, "source", field->rfc);
    meaning_tell(m);
}

/* Types of ICMP are told with their codes (meanings_packet.c). */
static bool has_values(const struct field_event *entry)
{
    return entry->field && entry->field->name && entry->field->terms &&
           entry->record != &proto_icmp && entry->record != &proto_icmpv6;
}

/* Lists are shared: a name in one of them is told with the first field that has it. */
static bool listed_before(const struct catalog *c, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (has_values(&c->each[i]) && c->each[i].field->terms == c->each[at].field->terms)
            return true;
    return false;
}

/* "ip.proto=6", "ip.proto 6", "ip.proto TCP" */
static bool tell_assigned(struct meanings *m, const struct field *field, const char *word)
{
    size_t len = strlen(field->name);
    if (strncasecmp(word, field->name, len) != 0 || !word[len] || !strchr("= ", word[len]))
        return false;
    char *end;
    const char *value = word + len + 1;
    unsigned long long number = strtoull(value, &end, 0);
    bool numeric = *value >= '0' && *value <= '9' && !*end;
    for (const struct term *t = field->terms; t->name; t++) {
        if (numeric ? t->number == number : glossary_same(t->name, value)) {
            tell_value(m, field, t);
            return true;
        }
    }
    return false;
}

/* A bare number is a port's, but of these lists people know the numbers by heart. */
static bool is_number_of(const struct field *field, const char *word, const struct term *term)
{
    unsigned long number;
    if (strcmp(field->name, "ip.proto") == 0)
        return meaning_number(word, UINT8_MAX, &number) && number == term->number;
    if (strcmp(field->name, "eth.type") != 0 || strncmp(word, "0x", 2) != 0 || strlen(word) != 6)
        return false;
    char *end;
    return strtoull(word, &end, 16) == term->number && !*end;
}

void meanings_value(struct meanings *m, const char *word)
{
    for (size_t i = 0; i < m->catalog.count; i++) {
        const struct field *field = m->catalog.each[i].field;
        if (!has_values(&m->catalog.each[i]) || told_elsewhere(&m->catalog, i) ||
            tell_assigned(m, field, word) || listed_before(&m->catalog, i))
            continue;
        for (const struct term *t = field->terms; t->name; t++)
            if (glossary_same(t->name, word) || is_number_of(field, word, t))
                tell_value(m, field, t);
    }
}
