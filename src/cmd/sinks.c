/* sinks.c: the sinks that a command line asks for. */
#include "sinks.h"

#include <loopcraft/view.h>
#include <loopcraft/wire.h>

#include <string.h>

static bool color_word(const char *word, struct err *err)
{
    if (strcmp(word, "auto") == 0 || strcmp(word, "always") == 0 || strcmp(word, "never") == 0)
        return true;
    return err_set(err, STATUS_USAGE, "--color takes auto, always or never");
}

bool sinks_open(struct sinks *sinks, const struct line *line, bool ladder, bool live,
                struct err *err)
{
    const char *color = line->options[OPTION_COLOR] ? line->options[OPTION_COLOR] : "auto";
    const char *write = line->options[OPTION_WRITE];
    sinks->count = 0;
    if (!color_word(color, err))
        return false;
    bool piped = write && strcmp(write, "-") == 0;
    if (piped && line->options[OPTION_JSON])
        return err_set(err, STATUS_USAGE,
                       "--json and -w - both want standard output: give -w a file");
    if (write) {
        struct sink *sink = pcapng_sink(write, err);
        if (!sink)
            return false;
        sinks->each[sinks->count++] = sink;
    }
    if (line->options[OPTION_JSON]) {
        sinks->each[sinks->count++] = json_view(stdout, live);
    } else if (!piped) {
        struct look look = look_at(stdout, color, line->options[OPTION_ASCII] != NULL);
        look.verbose = line->options[OPTION_VERBOSE] != NULL;
        look.quiet = line->options[OPTION_QUIET] != NULL;
        look.ladder = ladder;
        look.live = live;
        sinks->each[sinks->count++] = dump_view(stdout, look);
    }
    return true;
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
