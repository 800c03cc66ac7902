/* udp.c: one datagram a port: answered, refused, or silence. */
#include "command.h"

#include "ask.h"

static int run(const struct line *line, struct err *err)
{
    static const struct ask ask = {
        .command = "udp",
        .kind = PROBE_UDP,
        .proto = "udp",
        .example = "53,9000-9004",
        .data = "loopcraft: is anybody there?",
        .most = 1000,
        .wants = {.send = true, .capture = true, .reserve = true},
    };
    return ask_run(&ask, line, err);
}

static const enum option options[] = {OPTION_DATA,
                                      OPTIONS_LIVE,
                                      OPTION_PORTS,
                                      OPTION_EXPECT,
                                      OPTION_WITNESS,
                                      OPTIONS_OUTPUT,
                                      OPTION_EXPLAIN_CHECKSUM,
                                      OPTION_COUNT};

const struct command command_udp = {
    .name = "udp",
    .arguments = "PORTS [WORD...]",
    .summary = "one datagram a port: open, closed, or no telling, and why",
    .help =
        "Sends one datagram to each port, by hand. UDP has no handshake: an answer is open, ICMP "
        "port\n"
        "unreachable is closed, silence is a program that says nothing or a firewall that drops "
        "(open|filtered).\n"
        "Many programs answer only what they understand: --data says it in their words.\n\n"
        "  loopcraft udp 9000-9004\n"
        "  loopcraft udp 9000 --data 'hello\\n' ip.ttl=3\n"
        "  loopcraft udp [::1]:9000 --expect open\n",
    .options = options,
    .run = run,
};
