/* ask.c: what the commands share that ask for a state. */
#include "ask.h"

#include "ports.h"

#include <loopcraft/craft.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* --- the command line ------------------------------------------------------------ */

/* Echo requests are numbered from 1, unless the user numbers the only one. */
static bool number_echoes(struct live *live, const struct ask *ask, const struct line *line,
                          struct err *err)
{
    const char *name = live->family == AF_INET6 ? "icmpv6.echo.sequence_number" : "icmp.seq";
    const struct asked *asked = recipe_asked(&live->recipe, name);
    unsigned long count = 1;
    if (!line_number(line, OPTION_TIMES, ask->most, &count, err))
        return false;
    if (asked && count > 1)
        return err_set(err, STATUS_USAGE, "%s names one echo request: leave out --%s", name,
                       option_name(OPTION_TIMES));
    uint16_t first = asked ? (uint16_t)recipe_number(&live->recipe, asked) : 1;
    for (unsigned long i = 0; i < count; i++)
        ports_add(&live->ports, (uint16_t)(first + i));
    return true;
}

/* Data too large for a packet is heard of here, before a file of -w is written over. */
static bool fits(const struct live *live, struct err *err)
{
    struct recipe filled = recipe_copy(&live->recipe);
    struct crafted crafted = {0};
    recipe_fill(&filled);
    bool good = craft(&crafted, &filled, err);
    crafted_free(&crafted);
    recipe_free(&filled);
    return good;
}

static bool read_line(struct live *live, const struct ask *ask, const struct line *line,
                      struct err *err)
{
    if (!live_target(live, line, ask->proto, ask->most, err) || !expect_read(line, err))
        return false;
    if (ask->kind == PROBE_ECHO) {
        if (!number_echoes(live, ask, line, err))
            return false;
    } else if (!live->ports.count) {
        return err_set(err, STATUS_USAGE, "which ports? for example: loopcraft %s %s", ask->command,
                       ask->example);
    }
    if (ask->kind == PROBE_CONNECT && live->words)
        return err_set(err, STATUS_USAGE,
                       "%s takes no words: the kernel makes these packets; "
                       "`loopcraft syn` crafts its own",
                       ask->command);
    return (!ask->data || live_data(live, line, ask->data, err)) && fits(live, err);
}

/* --- asking ------------------------------------------------------------------------ */

static enum probe_result probe(struct live *live, const struct ask *ask, const char **states,
                               struct err *err)
{
    if (ask->kind == PROBE_CONNECT)
        return probe_connect(&live->exchange, live->addr, &live->ports, states, err);
    return probe_ask(&live->exchange, ask->kind, &live->recipe, live->addr, &live->ports, states,
                     err);
}

/* Ports may have any state; whoever pings asks whether there is an answer. */
static int judge(const struct ask *ask, const struct line *line, const char *const *states,
                 size_t count)
{
    bool answered = states[0] && strcmp(states[0], "open") == 0;
    if (ask->kind == PROBE_ECHO && !line->options[OPTION_EXPECT])
        return answered ? STATUS_DONE : STATUS_NO;
    return expect_judge(line, states, count);
}

static int ask_open(struct live *live, const struct ask *ask, const struct line *line,
                    struct err *err)
{
    const char **states = calloc(live->ports.count, sizeof *states);
    if (!states)
        abort();
    size_t count = ask->kind == PROBE_ECHO ? 1 : live->ports.count; /* of states */
    enum probe_result result = probe(live, ask, states, err);
    bool partial = result == PROBE_INTERRUPTED;
    bool told = result != PROBE_FAILED && live_sandbox_hint(live, states, err) &&
                probe_summarise(&live->exchange, states, count, partial, err);
    int status = !told     ? err->status
                 : partial ? live_interrupted(live)
                           : judge(ask, line, states, count);
    free(states);
    return status;
}

/* A few ports need no large buffer for their packets, and the kernel's time for it is seen. */
static struct wants wants_of(const struct ask *ask, const struct live *live)
{
    enum { FEW = 4, FEW_BUFFER = 4 << 20 };
    struct wants wants = ask->wants;
    if (live->ports.count <= FEW)
        wants.buffer = FEW_BUFFER;
    return wants;
}

int ask_run(const struct ask *ask, const struct line *line, struct err *err)
{
    struct live live;
    bool good = read_line(&live, ask, line, err) && live_world(&live, err);
    struct wants wants = wants_of(ask, &live);
    good = good && live_open(&live, line, ask->command, &wants, err);
    return live_close(&live, good ? ask_open(&live, ask, line, err) : err->status, err);
}
