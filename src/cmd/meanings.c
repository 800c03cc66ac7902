/* meanings.c: putting a meaning together, and telling it. */
#include "meanings.h"

#include <loopcraft/glossary.h>

#include <stdlib.h>
#include <string.h>

void meaning_begin(struct meanings *m, const char *kind)
{
    m->kind = kind;
    m->count = 0;
    text_clear(&m->name);
    text_clear(&m->means);
}

static struct detail *add(struct meanings *m, const char *key, const char *text)
{
    if (!text || !*text || m->count == DETAILS_MOST)
        return NULL;
    struct text *copy = &m->texts[m->count];
    text_clear(copy);
    text_put(copy, text);
    struct detail *detail = &m->details[m->count++];
    *detail = (struct detail){.key = key, .text = text_string(copy)};
    return detail;
}

void meaning_add(struct meanings *m, const char *key, const char *text)
{
    add(m, key, text);
}

void meaning_add_named(struct meanings *m, const char *key, const char *text)
{
    struct detail *detail = add(m, key, text);
    if (detail)
        detail->named = true;
}

void meaning_add_number(struct meanings *m, const char *key, uint64_t number)
{
    struct text digits = TEXT_EMPTY;
    text_number(&digits, number);
    struct detail *detail = add(m, key, text_string(&digits));
    if (detail)
        detail->named = detail->number = true;
    text_free(&digits);
}

/* "state" wants "TCP state" too. */
bool meaning_wanted(const struct meanings *m, const char *kind)
{
    const char *last = strrchr(kind, ' ');
    return m->only && (glossary_same(m->only, kind) || (last && glossary_same(m->only, last + 1)));
}

void meaning_tell(struct meanings *m)
{
    if (m->failed || (m->only && !meaning_wanted(m, m->kind)))
        return;
    struct event event = {.kind = EVENT_MEANING};
    event.meaning = (struct meaning_event){
        .word = m->asked,
        .kind = m->kind,
        .name = text_string(&m->name),
        .means = text_string(&m->means),
        .details = m->details,
        .detail_count = m->count,
    };
    m->failed = !sinks_event(m->sinks, &event, m->err);
    m->told++;
}

bool meaning_number(const char *word, unsigned long most, unsigned long *number)
{
    size_t len = strlen(word);
    if (len == 0 || len > 9 || strspn(word, "0123456789") != len)
        return false;
    *number = strtoul(word, NULL, 10);
    return *number <= most;
}
