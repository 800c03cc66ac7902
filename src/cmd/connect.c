/* connect.c: the kernel's own connect() to each port, captured and shown. */
#include "command.h"

#include "ask.h"

static int run(const struct line *line, struct err *err)
{
    static const struct ask ask = {
        .command = "connect",
        .kind = PROBE_CONNECT,
        .proto = "tcp",
        .example = "22,80,8080-8084",
        .most = 100,
        .wants = {.capture = true},
    };
    return ask_run(&ask, line, err);
}

static const enum option options[] = {
    OPTIONS_LIVE,   OPTION_PORTS, OPTION_EXPECT, OPTION_WITNESS, OPTION_EXPLAIN_CHECKSUM,
    OPTIONS_OUTPUT, OPTION_COUNT};

const struct command command_connect = {
    .name = "connect",
    .arguments = "PORTS",
    .summary = "the kernel's own connect() to each port, captured",
    .help = "Lets the kernel connect, as any program would, and shows both sides of it: what the "
            "program saw\n"
            "(success, ECONNREFUSED, EHOSTUNREACH, a timeout) and what was on the wire.\n\n"
            "  loopcraft connect 8080 8081 8082\n",
    .options = options,
    .run = run,
};
