/* sinks.c: the sinks that a command line asks for. */
#include "sinks.h"

#include "explained.h"
#include "few.h"
#include "picked.h"

#include <loopcraft/view.h>
#include <loopcraft/wire.h>

#include <string.h>
#include <sys/stat.h>

/* The words of --view. */
static const struct {
    const char *word;
    enum view view;
} views[] = {
    {"full", VIEW_FULL},
    {"brief", VIEW_BRIEF},
    {"boxes", VIEW_BOXES},
    {"ladder", VIEW_LADDER},
};

static bool view_word(const char *word, enum view *view, struct err *err)
{
    *view = VIEW_FULL;
    for (size_t i = 0; word && i < sizeof views / sizeof *views; i++)
        if (strcmp(views[i].word, word) == 0) {
            *view = views[i].view;
            return true;
        }
    return !word || err_set(err, STATUS_USAGE, "--view takes full, brief, boxes or ladder");
}

/* What may have standard output: one of them alone. */
static bool output_is_one(const struct line *line, struct err *err)
{
    static const enum option takers[] = {OPTION_JSON, OPTION_FIELD, OPTION_VIEW};
    const char *write = line->options[OPTION_WRITE], *taken = NULL;
    if (write && strcmp(write, "-") == 0)
        taken = "-w -";
    for (size_t i = 0; i < sizeof takers / sizeof *takers; i++) {
        if (!line->options[takers[i]])
            continue;
        if (taken)
            return err_set(err, STATUS_USAGE, "--%s and %s both want standard output: %s",
                           option_name(takers[i]), taken,
                           taken[1] == 'w' ? "give -w a file" : "choose one");
        taken = takers[i] == OPTION_JSON ? "--json" : "--field";
    }
    if (line->options[OPTION_EXPLAIN_CHECKSUM] &&
        (line->options[OPTION_FIELD] || (taken && taken[1] == 'w')))
        return err_set(err, STATUS_USAGE,
                       "--explain-checksum has nowhere to be shown beside %s: choose one", taken);
    return true;
}

/* What one of them asks for the other takes away. */
bool sinks_fit(const struct line *line, struct err *err)
{
    static const struct {
        enum option one, other;
        const char *why;
    } at_odds[] = {
        {OPTION_QUIET, OPTION_VERBOSE, "fewer lines, or more"},
        {OPTION_FIELD, OPTION_VERBOSE, "it prints values alone"},
        {OPTION_FIELD, OPTION_QUIET, "it prints a line a packet already"},
    };
    const char *view = line->options[OPTION_VIEW];
    for (size_t i = 0; i < sizeof at_odds / sizeof *at_odds; i++)
        if (line->options[at_odds[i].one] && line->options[at_odds[i].other])
            return err_set(err, STATUS_USAGE, "--%s and --%s do not go together: %s; choose one",
                           option_name(at_odds[i].one), option_name(at_odds[i].other),
                           at_odds[i].why);
    if (line->options[OPTION_QUIET] && view &&
        (strcmp(view, "full") == 0 || strcmp(view, "boxes") == 0))
        return err_set(err, STATUS_USAGE,
                       "--quiet and --view %s do not go together: no dumps, or those; choose one",
                       view);
    return true;
}

bool sinks_open(struct sinks *sinks, const struct line *line, bool ladder, bool live,
                struct err *err)
{
    const char *color, *write = line->options[OPTION_WRITE];
    sinks->count = 0;
    enum view view;
    if (!line_color(line, &color, err) || !view_word(line->options[OPTION_VIEW], &view, err) ||
        !sinks_fit(line, err) || !output_is_one(line, err))
        return false;
    bool piped = write && strcmp(write, "-") == 0;
    if (line->options[OPTION_FIELD]) { /* before a file is made: a name may be unknown */
        struct sink *sink = picked_sink(stdout, live, line->options[OPTION_FIELD], err);
        if (!sink)
            return false;
        sinks->each[sinks->count++] = sink;
    }
    if (write) {
        struct sink *sink = pcapng_sink(write, err);
        if (!sink)
            return false;
        sink->patient = !live;
        sinks->each[sinks->count++] = sink;
    }
    if (line->options[OPTION_JSON]) {
        sinks->each[sinks->count++] = json_view(stdout, live);
    } else if (!piped && !line->options[OPTION_FIELD]) {
        struct look look = look_at(stdout, color, line->options[OPTION_ASCII] != NULL);
        look.verbose = line->options[OPTION_VERBOSE] != NULL;
        look.quiet = line->options[OPTION_QUIET] != NULL;
        look.ladder = ladder;
        look.view = view;
        look.live = live;
        sinks->each[sinks->count++] = dump_view(stdout, look);
    }
    if (line->options[OPTION_EXPLAIN_CHECKSUM]) { /* the last: the others have the packet then */
        struct sink *sink = explained_sink(sinks, err);
        if (!sink)
            return false;
        sinks->each[sinks->count++] = sink;
    }
    return true;
}

bool file_apart(const char *path, const char *output, struct err *err)
{
    struct stat in, out;
    if (!output || stat(path, &in) < 0 || stat(output, &out) < 0 || !S_ISREG(in.st_mode) ||
        in.st_dev != out.st_dev || in.st_ino != out.st_ino)
        return true;
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)path, strlen(path)});
    err_set(err, STATUS_USAGE, "%s: is being read: give -w another file", text_string(&safe));
    text_free(&safe);
    return false;
}

void sinks_show(struct sinks *sinks, const struct line *line, unsigned long packets)
{
    const char *write = line->options[OPTION_WRITE];
    bool seen = !line->options[OPTION_JSON] && !line->options[OPTION_FIELD] &&
                (!write || strcmp(write, "-") != 0);
    size_t view = write ? 1 : 0; /* behind the writer */
    if (seen)
        sinks->each[view] = few_sink(sinks->each[view], packets);
}

bool sinks_end(struct sinks *sinks, bool failed, struct err *err)
{
    bool good = !failed;
    for (size_t i = 0; i < sinks->count; i++) {
        struct err own = {0};
        if (!sinks->each[i]->end(sinks->each[i], &own) && good) {
            *err = own;
            good = false;
        }
    }
    sinks->count = 0;
    return good;
}
