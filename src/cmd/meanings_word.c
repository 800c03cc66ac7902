/* meanings_word.c: words of the glossaries: states, reasons, drop reasons, counters, errors. */
#include "meanings.h"

#include <loopcraft/anomalies.h>
#include <loopcraft/glossary.h>
#include <loopcraft/witness.h>

#include <string.h>

static const char errno_kind[] = "errno";
static const char drop_prefix[] = "SKB_DROP_REASON_"; /* as the kernel's source has it */

void meanings_word(struct meanings *m, const char *word)
{
    if (strncasecmp(word, drop_prefix, strlen(drop_prefix)) == 0)
        word += strlen(drop_prefix);
    for (const struct glossary *g = glossaries; g->kind; g++) {
        const struct word *found = word_find(g->words, word);
        if (!found || strcmp(g->kind, errno_kind) == 0)
            continue;
        meaning_begin(m, g->kind);
        text_put(&m->name, found->name);
        text_put(&m->means, found->means);
        meaning_add(m, "also", found->other);
        meaning_add(m, "source", found->source ? found->source : g->source);
        meaning_tell(m);
    }
}

/* What the kernel counts, named as nstat(8) names it: "TcpOutRsts". */
void meanings_counter(struct meanings *m, const char *word)
{
    const char *means = counter_means(word);
    if (!means)
        return;
    meaning_begin(m, "counter");
    text_put(&m->name, word);
    text_put(&m->means, means);
    meaning_add(m, "source", "Linux /proc/net/snmp, netstat and snmp6, as nstat(8) names it");
    meaning_tell(m);
}

/* --- anomalies ---------------------------------------------------------------------------- */

void meanings_anomaly(struct meanings *m, const char *word)
{
    for (const struct anomaly_rule *rule = anomaly_rules; rule->name; rule++) {
        if (!glossary_same(rule->name, word))
            continue;
        meaning_begin(m, "anomaly");
        text_put(&m->name, rule->name);
        text_put(&m->means, rule->means);
        meaning_add(m, "innocent", rule->innocent);
        meaning_add(m, "source", rule->source);
        meaning_tell(m);
    }
}

/* --- errno ------------------------------------------------------------------------------ */

enum { ERRNO_MOST = 4095 }; /* MAX_ERRNO of Linux include/linux/err.h */

static void tell_errno(struct meanings *m, int number)
{
    const struct word *known = glossary_find(errno_kind, strerrorname_np(number));
    meaning_begin(m, errno_kind);
    text_format(&m->name, "%s (%d) %s", strerrorname_np(number), number, strerrordesc_np(number));
    text_put(&m->means, known ? known->means : strerrordesc_np(number));
    meaning_add_number(m, "number", (uint64_t)number);
    meaning_add_named(m, "text", strerrordesc_np(number));
    meaning_add(m, "also", known ? known->other : NULL);
    meaning_add(m, "source", known ? known->source : "errno(3)");
    meaning_tell(m);
}

/* "ECONNREFUSED", "Connection refused", "errno 111". What has no line here has the system's text.
 */
void meanings_errno(struct meanings *m, const char *word)
{
    unsigned long asked = 0;
    bool numeric = meaning_number(word, ERRNO_MOST, &asked);
    const struct word *known = glossary_find(errno_kind, word);
    for (int i = 1; i <= ERRNO_MOST; i++) {
        const char *name = strerrorname_np(i);
        if (!name)
            continue;
        if (numeric ? (unsigned long)i == asked && meaning_wanted(m, errno_kind)
                    : glossary_same(name, known ? known->name : word) ||
                          glossary_same(strerrordesc_np(i), word))
            tell_errno(m, i);
    }
}
