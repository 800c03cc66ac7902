/* ask.c: what the commands share that ask ports for their state. */
#include "ask.h"

#include <stdlib.h>

static bool read_line(struct live *live, const struct ask *ask, const struct line *line,
                      struct err *err)
{
    if (!live_target(live, line, "tcp", ask->ports_most, err) || !expect_read(line, err))
        return false;
    if (!live->ports.count)
        return err_set(err, STATUS_USAGE, "which ports? for example: loopcraft %s 22,80,8080-8084",
                       ask->command);
    if (!ask->words && live->words)
        return err_set(err, STATUS_USAGE,
                       "%s takes no words: the kernel makes these packets; "
                       "`loopcraft syn` crafts its own",
                       ask->command);
    return true;
}

static int ask_open(struct live *live, const struct ask *ask, const struct line *line,
                    struct err *err)
{
    const char **states = calloc(live->ports.count, sizeof *states);
    if (!states)
        abort();
    enum probe_result result = ask->probe(live, states, err);
    bool partial = result == PROBE_INTERRUPTED;
    bool told = result != PROBE_FAILED && live_sandbox_hint(live, states, err) &&
                probe_summarise(&live->exchange, states, live->ports.count, partial, err);
    int status = !told     ? err->status
                 : partial ? live_interrupted(live)
                           : expect_judge(line, states, live->ports.count);
    free(states);
    return status;
}

int ask_ports(const struct ask *ask, const struct line *line, struct err *err)
{
    struct live live;
    bool good = read_line(&live, ask, line, err) && live_world(&live, err) &&
                live_open(&live, line, ask->command, &ask->wants, err);
    return live_close(&live, good ? ask_open(&live, ask, line, err) : err->status, err);
}
