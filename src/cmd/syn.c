/* syn.c: one SYN a port: open, closed or filtered, and why. */
#include "command.h"

#include "ask.h"

static int run(const struct line *line, struct err *err)
{
    static const struct ask ask = {
        .command = "syn",
        .kind = PROBE_SYN,
        .proto = "tcp",
        .example = "22,80,8080-8084",
        .most = 1000,
        .wants = {.send = true, .capture = true, .reserve = true},
    };
    return ask_run(&ask, line, err);
}

static const enum option options[] = {
    OPTIONS_LIVE,   OPTION_PORTS, OPTION_EXPECT, OPTION_WITNESS, OPTION_EXPLAIN_CHECKSUM,
    OPTIONS_OUTPUT, OPTION_COUNT};

const struct command command_syn = {
    .name = "syn",
    .arguments = "PORTS [WORD...]",
    .summary = "one SYN a port: open, closed or filtered, and why",
    .help = "Sends one SYN to each port, by hand, and says what the answer means: SYN-ACK is open, "
            "RST is\n"
            "closed, silence or an ICMP error is filtered. Words shape the SYN, in Wireshark's "
            "names:\n\n"
            "  loopcraft syn 22,80,8080-8084\n"
            "  loopcraft syn 8080 ip.ttl=3 tcp.seq_raw=1000 options=mss:1460,nop,nop,sackok\n"
            "  loopcraft syn [::1]:8080 --expect open\n",
    .options = options,
    .run = run,
};
