/* glossary.c: looking words up. */
#include "glossary.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

const struct glossary glossaries[] = {
    {"port state", words_port_states, "nmap(1), port scanning basics"},
    {"TCP state", words_tcp_states, "RFC 9293, 3.3.2"},
    {"reason", words_reasons, "nmap --reason"},
    {"failure", words_failures, "RFC 1035, 4.1.1; getaddrinfo(3)"},
    {"errno", words_errors, "errno(3)"},
    {"drop reason", words_drops, "Linux include/net/dropreason-core.h"},
    {"drop reason", words_drops_tcp, "Linux include/net/dropreason-core.h"},
    {"drop reason", words_drops_ip, "Linux include/net/dropreason-core.h"},
    {"term", words_told, "loopcraft"},
    {"JSON", words_json, "loopcraft --json"},
    {0},
};

static int folded(char c)
{
    return c == '_' || c == ' ' ? '-' : tolower((unsigned char)c);
}

bool glossary_same(const char *a, const char *b)
{
    while (*a && folded(*a) == folded(*b)) {
        a++;
        b++;
    }
    return !*a && !*b;
}

const struct word *word_find(const struct word *words, const char *word)
{
    for (const struct word *w = words; w->name; w++)
        if (glossary_same(w->name, word) || (w->other && glossary_same(w->other, word)))
            return w;
    return NULL;
}

const struct word *glossary_find(const char *kind, const char *word)
{
    for (const struct glossary *g = glossaries; g->kind; g++)
        if (strcmp(g->kind, kind) == 0 && word_find(g->words, word))
            return word_find(g->words, word);
    return NULL;
}

void glossary_nearest(struct nearest *nearest)
{
    for (const struct glossary *g = glossaries; g->kind; g++)
        for (const struct word *w = g->words; w->name; w++)
            nearest_try(nearest, w->name);
}
