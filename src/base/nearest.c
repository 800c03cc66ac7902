/* nearest.c: edit distance, for "did you mean". */
#include <loopcraft/nearest.h>

#include <ctype.h>
#include <limits.h>
#include <string.h>

enum { LONGEST = 48 };

/* Levenshtein's distance, upper and lower case alike; words beyond LONGEST are far from all. */
static unsigned distance(const char *a, const char *b)
{
    size_t rows = strlen(a), columns = strlen(b);
    if (rows > LONGEST || columns > LONGEST)
        return UINT_MAX;
    unsigned line[LONGEST + 1];
    for (size_t j = 0; j <= columns; j++)
        line[j] = (unsigned)j;
    for (size_t i = 1; i <= rows; i++) {
        unsigned diagonal = line[0];
        line[0] = (unsigned)i;
        for (size_t j = 1; j <= columns; j++) {
            bool same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            unsigned best = diagonal + !same;
            diagonal = line[j];
            if (line[j] + 1 < best)
                best = line[j] + 1;
            if (line[j - 1] + 1 < best)
                best = line[j - 1] + 1;
            line[j] = best;
        }
    }
    return line[columns];
}

struct nearest nearest_to(const char *word)
{
    return (struct nearest){.word = word};
}

/* A word may leave out what comes before a dot: "ttll" is as near to "ip.ttl" as to "ttl". */
void nearest_try(struct nearest *n, const char *name)
{
    unsigned far = distance(n->word, name);
    const char *dot = strchr(name, '.');
    if (dot && distance(n->word, dot + 1) < far)
        far = distance(n->word, dot + 1);
    if (strlen(n->word) > 2 && strncasecmp(name, n->word, strlen(n->word)) == 0)
        far = 0; /* the beginning of a name means it */
    if (far > 1 + strlen(n->word) / 3)
        return;
    size_t most = sizeof n->best / sizeof n->best[0], i = 0;
    for (size_t j = 0; j < most; j++)
        if (n->best[j].name && strcmp(n->best[j].name, name) == 0)
            return;
    while (i < most && n->best[i].name && n->best[i].distance <= far)
        i++;
    if (i == most)
        return;
    memmove(&n->best[i + 1], &n->best[i], (most - i - 1) * sizeof n->best[0]);
    n->best[i].name = name;
    n->best[i].distance = far;
}

void nearest_put(struct text *out, const struct nearest *n)
{
    for (size_t i = 0; i < sizeof n->best / sizeof n->best[0] && n->best[i].name; i++) {
        if (i)
            text_put(out, ", ");
        text_put(out, n->best[i].name);
    }
}
