/* scan.c: which of many ports are open, closed or filtered: a sweep. */
#include "command.h"

#include "ask.h"
#include "ports.h"
#include "progress.h"

#include <loopcraft/sweep.h>

#include <stdlib.h>
#include <string.h>

struct job {
    struct live live;
    enum probe_kind kind;
    unsigned rate;
};

/* --- the command line ------------------------------------------------------------------- */

/* How a probe is called, and nmap's letter for it. */
static const struct {
    const char *name, *letter;
    enum probe_kind kind;
} kinds[] = {
    {"syn", "S", PROBE_SYN},   {"connect", "T", PROBE_CONNECT}, {"fin", "F", PROBE_FIN},
    {"null", "N", PROBE_NULL}, {"xmas", "X", PROBE_XMAS},       {"ack", "A", PROBE_ACK},
    {"udp", "U", PROBE_UDP},
};

static bool read_kind(struct job *job, const struct line *line, struct err *err)
{
    const char *probe = line->options[OPTION_PROBE], *letter = line->options[OPTION_TECHNIQUE];
    bool udp = line->options[OPTION_UDP] != NULL;
    if ((probe != NULL) + (letter != NULL) + udp > 1)
        return err_set(err, STATUS_USAGE, "--probe, --udp and -s%s say the same thing: give one",
                       letter ? letter : "S");
    job->kind = udp ? PROBE_UDP : PROBE_SYN;
    if (!probe && !letter)
        return true;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(probe ? probe : letter, probe ? kinds[i].name : kinds[i].letter) == 0) {
            job->kind = kinds[i].kind;
            return true;
        }
    return err_set(err, STATUS_USAGE,
                   probe ? "--probe takes syn, connect, fin, null, xmas or ack; "
                           "--udp is an option of its own"
                         : "-s takes one of nmap's letters: S, T, F, N, X, A or "
                           "U, as in -sS");
}

static bool read_rate(struct job *job, const struct line *line, struct err *err)
{
    enum { RATE_MOST = 10000000 };
    unsigned long rate = 0;
    if (!line_number(line, OPTION_RATE, RATE_MOST, &rate, err))
        return false;
    job->rate = (unsigned)rate;
    return true;
}

/* The template's other fields are the sweep's. */
static bool only_source(const struct live *live, struct err *err)
{
    const struct asked *source = recipe_asked(&live->recipe, "tcp.srcport");
    source = source ? source : recipe_asked(&live->recipe, "udp.srcport");
    return live->words == (source ? 1 : 0) ||
           err_set(err, STATUS_USAGE,
                   "scan takes ports and srcport=PORT alone: it sets the rest "
                   "itself; `loopcraft syn` shapes its packets");
}

static bool read_line(struct job *job, const struct line *line, struct err *err)
{
    struct live *live = &job->live;
    char addr[48] = "";
    const char *proto = job->kind == PROBE_UDP ? "udp" : "tcp";
    if (!live_target(live, line, proto, SWEEP_PORTS, err) || !read_rate(job, line, err) ||
        !only_source(live, err) || !expect_read(line, err))
        return false;
    return live->ports.count || ports_read(&live->ports, "1-65535", proto, addr, err);
}

/* --- running ------------------------------------------------------------------------------ */

static int judge(struct job *job, const struct line *line, const struct sweep_plan *plan,
                 struct sweep_result *result, enum probe_result end, struct err *err)
{
    struct live *live = &job->live;
    const char **states = calloc(live->ports.count, sizeof *states);
    bool partial = end == PROBE_INTERRUPTED;
    if (!states)
        abort();
    bool told = sweep_tell(&live->exchange, plan, result, states, err) &&
                (live->ports.count > SWEEP_FEW || live_sandbox_hint(live, states, err)) &&
                probe_summarise(&live->exchange, states, live->ports.count, partial, err);
    int status = !told     ? err->status
                 : partial ? live_interrupted(live)
                           : expect_judge(line, states, live->ports.count);
    free(states);
    return status;
}

static int sweep(struct job *job, const struct line *line, struct err *err)
{
    struct live *live = &job->live;
    struct sinks file = {.each = {live->sinks.each[0]},
                         .count = 1}; /* sinks.h: the file's is first */
    struct progress progress = progress_on(line);
    struct sweep_result result = {.found = calloc(SWEEP_PORTS, sizeof *result.found)};
    struct sweep_plan plan = {
        .kind = job->kind,
        .addr = live->addr,
        .words = &live->recipe,
        .ports = &live->ports,
        .rate = job->rate,
        .every = line->options[OPTION_VERBOSE] != NULL,
        .kept = line->options[OPTION_WRITE] ? &file : NULL,
        .progress = progress.on ? progress_show : NULL,
        .context = &progress,
    };
    if (!result.found)
        abort();
    enum probe_result end = probe_sweep(&live->exchange, &plan, &result, err);
    progress_clear(&progress);
    int status = end == PROBE_FAILED ? err->status : judge(job, line, &plan, &result, end, err);
    free(result.found);
    return status;
}

/* One port at a time between looks at the kernel, every packet shown: `syn`'s engine, any probe. */
static int ask_witnessed(enum probe_kind kind, const struct line *line, struct err *err)
{
    bool by_hand = kind != PROBE_CONNECT;
    struct ask ask = {
        .command = "scan",
        .kind = kind,
        .proto = kind == PROBE_UDP ? "udp" : "tcp",
        .example = "--witness 8080-8084",
        .data = kind == PROBE_UDP ? "" : NULL,
        .most = SWEEP_FEW,
        .wants = {.send = by_hand, .capture = true, .reserve = by_hand},
    };
    if (line->options[OPTION_RATE]) {
        err_set(err, STATUS_USAGE, "--witness asks one port at a time: leave out --rate");
        return STATUS_USAGE;
    }
    return ask_run(&ask, line, err);
}

static int run(const struct line *line, struct err *err)
{
    struct job job = {0};
    if (!read_kind(&job, line, err))
        return err->status;
    if (line->options[OPTION_WITNESS])
        return ask_witnessed(job.kind, line, err);
    struct wants wants = {.send = true,
                          .capture = true,
                          .profile = line->options[OPTION_WRITE] ? CAPTURE_SWEEP_WHOLE
                                                                 : CAPTURE_SWEEP,
                          .reserve = true};
    bool good = read_line(&job, line, err) && live_world(&job.live, err) &&
                live_open(&job.live, line, "scan", &wants, err);
    return live_close(&job.live, good ? sweep(&job, line, err) : err->status, err);
}

static const enum option options[] = {OPTIONS_LIVE,     OPTION_PORTS, OPTION_PROBE,  OPTION_UDP,
                                      OPTION_TECHNIQUE, OPTION_RATE,  OPTION_EXPECT, OPTION_WITNESS,
                                      OPTIONS_OUTPUT,   OPTION_COUNT};

const struct command command_scan = {
    .name = "scan",
    .arguments = "[PORTS]",
    .summary = "sweep a range of ports (default: all), TCP or UDP",
    .help =
        "Asks very many ports at once, again and again until silence can be believed, and lists\n"
        "those that are not in the commonest state; with -v all of them. With --witness, of a few\n"
        "ports, each exchange is shown, and what the kernel says of it:\n\n"
        "  loopcraft scan\n"
        "  loopcraft scan --udp 1-10000 -6\n"
        "  loopcraft scan --probe fin 8000-9000     (or, as in nmap, -sF)\n"
        "  loopcraft -S scan --probe null --witness 8080 8082\n",
    .options = options,
    .run = run,
};
