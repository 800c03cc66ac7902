/* explain.c: what a word means: a port, a field, a flag, a state, an address. */
#include "command.h"

#include "hints.h"
#include "meanings.h"
#include "sinks.h"

#include <loopcraft/advice.h>
#include <loopcraft/anomalies.h>
#include <loopcraft/glossary.h>
#include <loopcraft/wire.h>

#include <ctype.h>
#include <string.h>

/* Words that may stand for one: "destination unreachable, port unreachable". */
enum { RUN_MOST = 6 };

static void (*const tables[])(struct meanings *m, const char *word) = {
    meanings_port,    meanings_icmp,    meanings_address, meanings_field, meanings_word,
    meanings_counter, meanings_anomaly, meanings_errno,   meanings_value, meanings_flags,
};

/* Kinds by which a word may be asked for: "icmp 3/13", "state open". */
static const char *const kinds[] = {
    "port",        "tcp",     "udp",     "flags", "flag",   "icmp",     "icmpv6",
    "address",     "field",   "value",   "state", "reason", "failure",  "errno",
    "drop reason", "counter", "anomaly", "term",  "json",   "protocol", "part",
};

static void ask_tables(struct meanings *m, const char *word)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        tables[i](m, word);
}

/* Cuts "icmp " off the front, if a kind stands there; NULL if none does. */
static const char *kind_of(const char **word)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t len = strlen(kinds[i]);
        if (strncasecmp(*word, kinds[i], len) == 0 && (*word)[len] == ' ') {
            *word += len + 1;
            return strcmp(kinds[i], "flag") == 0 ? "flags" : kinds[i];
        }
    }
    return NULL;
}

/* All that the word means; false when nobody knows it. */
static bool explain(struct meanings *m, const char *word)
{
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)word, strlen(word)});
    m->asked = text_string(&safe);
    m->told = 0;
    ask_tables(m, word);
    m->only = m->told ? NULL : kind_of(&word);
    if (m->only)
        ask_tables(m, word);
    m->only = NULL;
    if (!m->told)
        meanings_short(m, word);
    text_free(&safe);
    return m->told > 0;
}

/* What was not known, and the names that come near. */
static void put_unknown(struct text *out, const struct meanings *m, const char *word)
{
    struct nearest nearest = nearest_to(word);
    struct text names = TEXT_EMPTY;
    meanings_nearest_packet(&nearest);
    glossary_nearest(&nearest);
    advice_nearest(&nearest);
    for (const struct anomaly_rule *rule = anomaly_rules; rule->name; rule++)
        nearest_try(&nearest, rule->name);
    catalog_nearest(&m->catalog, &nearest);
    nearest_put(&names, &nearest);
    text_put(out, out->len ? "; \"" : "\"");
    text_escape(out, (struct bytes){(const uint8_t *)word, strnlen(word, 60)});
    text_put(out, "\": nothing here has that name");
    const char *hint = hint_for(word);
    bool number = isdigit((unsigned char)*word); /* no name begins so: none is near */
    if (*word && names.len && !(hint && number))
        text_format(out, "; did you mean %s", text_string(&names));
    else if (hint)
        text_format(out, "; %s", hint);
    text_free(&names);
}

/* Words that mean something together are taken together, as many as do. Returns how many. */
static size_t explain_run(struct meanings *m, const char *const *words, size_t count)
{
    struct text run = TEXT_EMPTY;
    for (size_t len = count < RUN_MOST ? count : RUN_MOST; len; len--) {
        text_clear(&run);
        for (size_t i = 0; i < len; i++)
            text_format(&run, "%s%s", i ? " " : "", words[i]);
        if (explain(m, text_string(&run))) {
            text_free(&run);
            return len;
        }
    }
    text_free(&run);
    return 0;
}

static int explain_all(struct meanings *m, const struct line *line, struct err *err)
{
    struct text unknown = TEXT_EMPTY;
    for (size_t i = 0; i < line->word_count && !m->failed;) {
        size_t taken = explain_run(m, line->words + i, line->word_count - i);
        if (!taken)
            put_unknown(&unknown, m, line->words[i]);
        i += taken ? taken : 1;
    }
    int status = m->failed ? err->status : unknown.len ? STATUS_NO : STATUS_DONE;
    if (status == STATUS_NO)
        err_set(err, STATUS_NO, "%s", text_string(&unknown));
    text_free(&unknown);
    return status;
}

static int run(const struct line *line, struct err *err)
{
    struct sinks sinks = {0};
    struct meanings m = {.sinks = &sinks, .err = err};
    if (!line->word_count) {
        err_set(err, STATUS_USAGE,
                "which word? a port (22, ssh), field, flag, state, reason, ICMP code (3/13), "
                "address or errno: loopcraft explain 22");
        return STATUS_USAGE;
    }
    if (!privilege_drop(err) || !sinks_open(&sinks, line, false, false, err))
        return err->status;
    catalog_open(&m.catalog);
    int status = explain_all(&m, line, err);
    if (!sinks_end(&sinks, status != STATUS_DONE, err) && status == STATUS_DONE)
        status = err->status;
    catalog_free(&m.catalog);
    text_free(&m.name);
    text_free(&m.means);
    for (size_t i = 0; i < DETAILS_MOST; i++)
        text_free(&m.texts[i]);
    return status;
}

static const enum option options[] = {OPTION_JSON, OPTION_COLOR, OPTION_ASCII, OPTION_COUNT};

const struct command command_explain = {
    .name = "explain",
    .arguments = "WORD...",
    .summary = "a port, field, flag, state, ICMP code, address, errno: what it means",
    .help =
        "Says what a word means that stands in the program's output, or in other tools'. A "
        "word that\nmeans several things gets all of them; a kind before it picks one. Nothing "
        "is looked up\non a network.\n\n"
        "  loopcraft explain 22 ssh 53/udp        ports: encrypted? should it be open?\n"
        "  loopcraft explain tcp.flags.syn ttl    fields and protocols\n"
        "  loopcraft explain SYN SYN-ACK 0x12     flags\n"
        "  loopcraft explain filtered TIME-WAIT   states; reasons: no-response\n"
        "  loopcraft explain 3/13 icmpv6 1/4      ICMP's types and codes\n"
        "  loopcraft explain 127.8.8.8 fe80::1    addresses\n"
        "  loopcraft explain ECONNREFUSED errno 113\n"
        "  loopcraft explain NO_SOCKET            why the kernel dropped a packet; TcpOutRsts\n",
    .options = options,
    .run = run,
};
