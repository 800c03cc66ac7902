/* options.c: the options of all commands. This table is the master copy. */
#include "options.h"

#include <loopcraft/clock.h>
#include <loopcraft/nearest.h>

#include <stdlib.h>
#include <string.h>

static const struct {
    char letter; /* 0: none */
    const char *name;
    const char *argument; /* NULL: takes none */
    const char *help;
} table[OPTION_COUNT] = {
    [OPTION_SANDBOX] = {'S', "sandbox", NULL,
                        "act in the sandbox, a private loopback; no root needed"},
    [OPTION_HOST] = {0, "host", NULL, "act on this machine's own lo; needs root"},
    [OPTION_IPV4] = {'4', "ipv4", NULL, "over IPv4 (the default)"},
    [OPTION_IPV6] = {'6', "ipv6", NULL, "over IPv6"},
    [OPTION_TO] = {0, "to", "ADDR", "a loopback address (default 127.0.0.1 or ::1)"},
    [OPTION_WRITE] = {'w', "write", "FILE",
                      "keep the packets as pcapng, with comments; - is standard output"},
    [OPTION_JSON] = {0, "json", NULL, "one JSON object a line"},
    [OPTION_VERBOSE] = {'v', "verbose", NULL, "spare no line: every flag, every option part, every explanation"},
    [OPTION_QUIET] = {'q', "quiet", NULL, "only what was found out, no dumps"},
    [OPTION_COLOR] = {0, "color", "WHEN", "auto, always or never"},
    [OPTION_ASCII] = {0, "ascii", NULL, "draw with plain ASCII"},
    [OPTION_EXPECT] = {0, "expect", "STATE", "exit 1 unless this is the state of every port"},
    [OPTION_PORTS] = {'p', "ports", "PORTS", "the same as PORTS without -p"},
    [OPTION_DATA] = {0, "data", "TEXT",
                     "what to say; \\r \\n \\xNN are understood, @FILE and hex:... too"},
    [OPTION_CLOSE] = {0, "close", "HOW", "fin (in order, the default) or rst (at once)"},
    [OPTION_STOP_AFTER] = {0, "stop-after", "STAGE", "halt after syn, ack or data, then reset"},
    [OPTION_HOLD] = {0, "hold", "SECONDS", "how long to halt there (default 0, at most 600)"},
    [OPTION_LET_KERNEL_RESET] = {0, "let-kernel-reset", NULL,
                                 "no shield: watch the kernel reset what it does not know"},
    [OPTION_BY] = {0, "by", "WHO",
                   "hand (packet by packet, the default) or kernel (its own connect())"},
    [OPTION_STRICT] = {0, "strict", NULL, "every difference counts, also what must differ"},
    [OPTION_IGNORE] = {0, "ignore", "FIELD,...", "fields, or groups of them, that do not count"},
    [OPTION_LIST] = {0, "list", NULL, "the sandbox's ports and what is there"},
    [OPTION_DISPLAY_FILTER] = {'Y', "display-filter", "EXPR",
                               "only packets that Wireshark's display filter selects"},
    [OPTION_CAPTURE_FILTER] = {'f', "filter", "EXPR",
                               "only packets that libpcap's capture filter selects"},
    [OPTION_PACKET] = {0, "packet", "N[-M]", "only this packet, or those from N to M"},
    [OPTION_FIELD] = {0, "field", "NAME,...",
                      "only these fields' values: a line a packet, tabs between"},
    [OPTION_EXPLAIN_CHECKSUM] = {0, "explain-checksum", NULL,
                                 "after each packet, its checksums added up word by word"},
    [OPTION_TIMES] = {'c', "count", "N", "so many times"},
    [OPTION_RATE] = {0, "rate", "N", "at most so many packets a second"},
    [OPTION_WAIT] = {0, "wait", "SECONDS", "how long to wait for what comes back"},
    [OPTION_FOR] = {0, "for", "SECONDS", "stop after so long"},
    [OPTION_DRY_RUN] = {0, "dry-run", NULL, "show what would be sent, and send nothing"},
    [OPTION_EXACT] = {0, "exact", NULL,
                      "put the bytes on the link just as they are (in the sandbox only)"},
    [OPTION_RECIPE] = {0, "recipe", "FILE", "read words from a file too; # starts a comment"},
    [OPTION_WITNESS] = {0, "witness", NULL,
                        "ask the kernel too: its counters, sockets, reasons for drops"},
    [OPTION_PROBE] = {0, "probe", "KIND", "syn (the default), connect, fin, null, xmas or ack"},
    [OPTION_UDP] = {0, "udp", NULL, "datagrams instead of TCP segments"},
    [OPTION_REPORT] = {0, "report", "FILE", "a page of Markdown to hand in, too"},
    [OPTION_TECHNIQUE] = {'s', "technique", "LETTER", "nmap's word for the probe: S T F N X A U"},
    [OPTION_SERVER] = {0, "server", "ADDR[:PORT]", "ask this DNS server, on loopback; or @ADDR"},
    [OPTION_TYPE] = {0, "type", "TYPE", "only this: A, AAAA, MX, TXT ...; of the system A or AAAA"},
    [OPTION_OFFLINE] = {0, "offline", NULL, "ask the hosts file alone"},
    [OPTION_AUTO] = {0, "auto", NULL, "without a person: no questions, every step verified"},
    [OPTION_ALL] = {0, "all", NULL, "every lab, one after the other (with --auto)"},
    [OPTION_RESET] = {0, "reset", NULL, "forget how far it was done, and start anew"},
    [OPTION_SEED] = {0, "seed", "N", "draw the lab's numbers from N: somebody's again"},
    [OPTION_TRANSCRIPT] = {0, "transcript", "FILE",
                           "a page of Markdown to hand in: what happened, and what was answered"},
    [OPTION_WATCH] = {0, "watch", NULL,
                      "go to the exercise, and check again when its file is saved"},
    [OPTION_VIEW] = {0, "view", "VIEW", "full (the default), brief, boxes or ladder"},
    [OPTION_HELP] = {'h', "help", NULL, "this help"},
    [OPTION_VERSION] = {0, "version", NULL, "the version"},
};

const char *option_name(enum option option)
{
    return table[option].name;
}

static bool unknown(const char *word, struct err *err)
{
    const char *name = word + strspn(word, "-");
    char *typed = strndup(name, strcspn(name, "="));
    struct nearest nearest = nearest_to(typed ? typed : "");
    struct text safe = TEXT_EMPTY, names = TEXT_EMPTY;
    for (size_t i = 0; i < OPTION_COUNT; i++)
        nearest_try(&nearest, table[i].name);
    for (size_t i = 0; i < sizeof nearest.best / sizeof nearest.best[0] && nearest.best[i].name;
         i++)
        text_format(&names, "%s--%s", i ? ", " : "; did you mean ", nearest.best[i].name);
    text_escape(&safe, (struct bytes){(const uint8_t *)word, strnlen(word, 60)});
    err_set(err, STATUS_USAGE, "%s: no such option%s; --help lists them", text_string(&safe),
            text_string(&names));
    free(typed);
    text_free(&safe);
    text_free(&names);
    return false;
}

/* Sets one option; *next is the argument behind it, taken (and moved on) when it needs one. */
static bool set(struct line *line, enum option option, const char *value, char ***next,
                struct err *err)
{
    if (!table[option].argument && value)
        return err_set(err, STATUS_USAGE, "--%s takes no value", table[option].name);
    if (table[option].argument && !value)
        value = *(*next) ? *(*next)++ : NULL;
    if (table[option].argument && !value)
        return err_set(err, STATUS_USAGE, "--%s needs a value: %s", table[option].name,
                       table[option].argument);
    if (line->options[option] && table[option].argument)
        return err_set(err, STATUS_USAGE, "--%s is given twice: give it once", table[option].name);
    line->options[option] = value ? value : "";
    return true;
}

static bool read_long(struct line *line, const char *word, char ***next, struct err *err)
{
    size_t len = strcspn(word + 2, "=");
    const char *value = word[2 + len] ? word + 3 + len : NULL;
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (strlen(table[i].name) == len && strncmp(table[i].name, word + 2, len) == 0)
            return set(line, (enum option)i, value, next, err);
    return unknown(word, err);
}

/* -v, -vq, -w FILE, -wFILE */
static bool read_letters(struct line *line, const char *word, char ***next, struct err *err)
{
    for (const char *at = word + 1; *at; at++) {
        size_t i = 0;
        while (i < OPTION_COUNT && table[i].letter != *at)
            i++;
        if (i == OPTION_COUNT)
            return unknown(word, err);
        bool takes = table[i].argument != NULL;
        if (!set(line, (enum option)i, takes && at[1] ? at + 1 : NULL, next, err))
            return false;
        if (takes)
            return true;
    }
    return true;
}

static bool add_word(struct line *line, const char *word, struct err *err)
{
    if (line->word_count == WORDS_MOST)
        return err_set(err, STATUS_USAGE, "more than %d words", WORDS_MOST);
    line->words[line->word_count++] = word;
    return true;
}

bool line_read(struct line *line, char **argv, struct err *err)
{
    *line = (struct line){0};
    for (char **at = argv + 1; *at;) {
        const char *word = *at++;
        if (strcmp(word, "--") == 0) {
            line->rest = at;
            return true;
        }
        bool good;
        if (word[0] == '-' && word[1] == '-')
            good = read_long(line, word, &at, err);
        else if (word[0] == '-' && word[1])
            good = read_letters(line, word, &at, err);
        else
            good = add_word(line, word, err);
        if (!good)
            return false;
    }
    return true;
}

bool line_take_rest(struct line *line, struct err *err)
{
    for (char **at = line->rest; at && *at; at++)
        if (!add_word(line, *at, err))
            return false;
    line->rest = NULL;
    return true;
}

void line_shift(struct line *line)
{
    for (size_t i = 1; i < line->word_count; i++)
        line->words[i - 1] = line->words[i];
    line->word_count--;
}

bool line_number(const struct line *line, enum option option, unsigned long most,
                 unsigned long *number, struct err *err)
{
    const char *word = line->options[option];
    if (!word)
        return true;
    char *end;
    unsigned long given = strtoul(word, &end, 10); /* too large: ULONG_MAX */
    if (*word < '0' || *word > '9' || *end || given < 1 || given > most)
        return err_set(err, STATUS_USAGE, "--%s takes a number from 1 to %lu", table[option].name,
                       most);
    *number = given;
    return true;
}

bool line_seconds(const struct line *line, enum option option, unsigned most, int64_t *ns,
                  struct err *err)
{
    const char *word = line->options[option];
    if (!word)
        return true;
    char *end;
    double seconds = strtod(word, &end);
    if (end == word || *end || !(seconds >= 0 && seconds <= most))
        return err_set(err, STATUS_USAGE, "--%s takes seconds, from 0 to %u", table[option].name,
                       most);
    *ns = (int64_t)(seconds * (double)CLOCK_SECOND);
    return true;
}

bool line_color(const struct line *line, const char **color, struct err *err)
{
    const char *word = line->options[OPTION_COLOR];
    *color = word ? word : "auto";
    return strcmp(*color, "auto") == 0 || strcmp(*color, "always") == 0 ||
           strcmp(*color, "never") == 0 ||
           err_set(err, STATUS_USAGE, "--color takes auto, always or never");
}

void options_help(struct text *out, const enum option *options)
{
    for (; *options != OPTION_COUNT; options++) {
        size_t start = out->len;
        text_put(out, "  ");
        if (table[*options].letter)
            text_format(out, "-%c, ", table[*options].letter);
        text_format(out, "--%s", table[*options].name);
        if (table[*options].argument)
            text_format(out, " %s", table[*options].argument);
        size_t used = out->len - start;
        text_repeat(out, " ", used < 28 ? 28 - used : 1);
        text_format(out, "%s\n", table[*options].help);
    }
}
