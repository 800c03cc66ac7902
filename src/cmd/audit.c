/* audit.c: the open ports of this machine, by three witnesses. */
#include "command.h"

#include "ports.h"
#include "sinks.h"

#include <loopcraft/audit.h>
#include <loopcraft/sandbox.h>
#include <loopcraft/version.h>
#include <loopcraft/view.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

struct audited {
    struct ports ports;
    struct world world;
    struct sinks sinks;
    struct audit *audit;
};

/* --- the command line ------------------------------------------------------------ */

static bool read_ports(struct audited *a, const struct line *line, struct err *err)
{
    char addr[48] = "";
    const char *given = line->options[OPTION_PORTS];
    if (given && !ports_read(&a->ports, given, "tcp", addr, err))
        return false;
    for (size_t i = 0; i < line->word_count; i++)
        if (!ports_read(&a->ports, line->words[i], "tcp", addr, err))
            return false;
    if (*addr)
        return err_set(err, STATUS_USAGE,
                       "an address in front of a port: audit asks each at the address that it is "
                       "bound to; leave it out");
    if (a->ports.count > 1000)
        return err_set(err, STATUS_USAGE, "%zu ports: at most 1000 here", a->ports.count);
    return true;
}

static bool read_line(struct audited *a, const struct line *line, struct err *err)
{
    const char *report = line->options[OPTION_REPORT];
    if (line->options[OPTION_IPV4] && line->options[OPTION_IPV6])
        return err_set(err, STATUS_USAGE, "-4 and -6 contradict each other");
    if (line->options[OPTION_HOST] && line->options[OPTION_SANDBOX])
        return err_set(err, STATUS_USAGE, "-S and --host contradict each other");
    if (report && (!*report || strcmp(report, "-") == 0))
        return err_set(err, STATUS_USAGE, "--report needs the name of a file: --report audit.md");
    return read_ports(a, line, err);
}

/* --- open ----------------------------------------------------------------------------- */

/* It is about this machine, and needs no privilege to begin with; --host says so where that can't
 * be. */
static bool enter(struct audited *a, const struct line *line, struct err *err)
{
    bool host = line->options[OPTION_HOST] && sandbox_here();
    enum where where = line->options[OPTION_SANDBOX] ? WHERE_SANDBOX
                       : host                        ? WHERE_HOST
                                                     : WHERE_ANYWAY;
    return world_enter(where, &a->world, err);
}

/* The report before the views, whose last may add to the others. */
static bool open_sinks(struct audited *a, const struct line *line, struct err *err)
{
    const char *report = line->options[OPTION_REPORT];
    if (!sinks_open(&a->sinks, line, false, true, err))
        return false;
    FILE *file = report ? output_open(report, err) : NULL;
    if (file)
        a->sinks.each[a->sinks.count++] = report_view(file);
    return !report || file;
}

static bool tell_start(const struct audited *a, struct err *err)
{
    struct event event = {.kind = EVENT_START};
    event.start = (struct start_event){.command = "audit",
                                       .version = LOOPCRAFT_VERSION,
                                       .world = a->world.sandbox ? "sandbox" : "host",
                                       .place = a->world.place};
    return sinks_event(&a->sinks, &event, err);
}

static bool look(struct audited *a, const struct line *line, struct err *err)
{
    struct audit_wants wants = {.family = line->options[OPTION_IPV6]   ? AF_INET6
                                          : line->options[OPTION_IPV4] ? AF_INET
                                                                       : 0,
                                .ports = &a->ports,
                                .handmade = a->world.privileged};
    a->audit = audit_new(&wants);
    return audit_look(a->audit, err) && open_sinks(a, line, err) && audit_open(a->audit, err);
}

/* --- run -------------------------------------------------------------------------------- */

static int ask(struct audited *a, struct err *err)
{
    if (!tell_start(a, err) || !audit_tell_limits(a->audit, &a->sinks, err))
        return err->status;
    enum probe_result result = audit_ask(a->audit, err);
    bool partial = result == PROBE_INTERRUPTED;
    if (result == PROBE_FAILED || !audit_tell(a->audit, &a->sinks, partial, err))
        return err->status;
    return partial ? STATUS_SIGNAL + audit_signal(a->audit) : STATUS_DONE;
}

static int run(const struct line *line, struct err *err)
{
    struct audited a = {0};
    bool good = read_line(&a, line, err) && enter(&a, line, err) && look(&a, line, err);
    int status = good ? ask(&a, err) : err->status;
    bool failed = err->message[0] != '\0';
    if (!sinks_end(&a.sinks, failed, err) && !failed)
        status = err->status;
    audit_free(a.audit);
    ports_free(&a.ports);
    return status;
}

static const enum option options[] = {OPTION_REPORT, OPTION_SANDBOX, OPTION_HOST,  OPTION_IPV4,
                                      OPTION_IPV6,   OPTION_PORTS,   OPTION_JSON,  OPTION_VERBOSE,
                                      OPTION_QUIET,  OPTION_COLOR,   OPTION_ASCII, OPTION_COUNT};

const struct command command_audit = {
    .name = "audit",
    .arguments = "[PORTS]",
    .summary = "this machine's open ports: whose, encrypted, should they be?",
    .help =
        "Three witnesses for each port that is listened on, and for the twenty most common ones of "
        "TCP:\nthe kernel's table of sockets, a handmade SYN or datagram, an ordinary connect(). "
        "Where they\ndiffer, that is told: a firewall before a server, an answer without a "
        "socket.\n\n"
        "It is about this machine, with root or without (-S: about the sandbox). All is sent to\n"
        "loopback; \"bound to\" says what a program asked for, not who can reach it. A UDP port "
        "gets one\nempty datagram, and none where a program would log it or raise an alarm. A "
        "server that takes\none connection alone (ncat -l) is used up by being asked.\n\n"
        "The order: programs that do not belong on their port, answers without a socket, what is "
        "bound\nto more than loopback (plaintext, unknown, encrypted), loopback, closed.\n\n"
        "  loopcraft audit\n"
        "  sudo loopcraft audit --report audit.md\n"
        "  loopcraft audit 22,80,5432 --json\n",
    .options = options,
    .run = run,
};
