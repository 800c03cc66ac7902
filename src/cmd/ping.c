/* ping.c: ICMP echo: does this kernel answer? */
#include "command.h"

#include "ask.h"

static int run(const struct line *line, struct err *err)
{
    static const struct ask ask = {
        .command = "ping",
        .kind = PROBE_ECHO,
        .proto = "icmp",
        .data = "loopcraft: is anybody there?",
        .most = 1000,
        .wants = {.send = true, .capture = true},
    };
    return ask_run(&ask, line, err);
}

static const enum option options[] = {OPTION_TIMES,
                                      OPTION_DATA,
                                      OPTIONS_LIVE,
                                      OPTION_EXPECT,
                                      OPTION_WITNESS,
                                      OPTIONS_OUTPUT,
                                      OPTION_EXPLAIN_CHECKSUM,
                                      OPTION_COUNT};

const struct command command_ping = {
    .name = "ping",
    .arguments = "[ADDR] [WORD...]",
    .summary = "ICMP echo (ICMPv6 with -6): is it there, and how far?",
    .help =
        "Sends an echo request, by hand; the kernel answers with an echo reply that carries the "
        "same data.\n"
        "With --count several, one after the other. Each is sent up to three times while nothing "
        "comes back;\n"
        "exit status 1 when no answer came at all.\n\n"
        "  loopcraft ping\n"
        "  loopcraft ping --count 3 --data 'hello' ip.ttl=3\n"
        "  loopcraft ping -6 icmpv6.echo.sequence_number=7\n",
    .options = options,
    .run = run,
};
