/* syn.c: one SYN a port: open, closed or filtered, and why. */
#include "command.h"

#include "ask.h"

static enum probe_result probe(struct live *live, const char **states, struct err *err)
{
    return probe_syn(&live->exchange, &live->recipe, live->addr, &live->ports, states, err);
}

static int run(const struct line *line, struct err *err)
{
    static const struct ask ask = {
        .command = "syn",
        .ports_most = 1000, /* every packet is shown */
        .words = true,
        .wants = {.send = true, .capture = true, .reserve = true},
        .probe = probe,
    };
    return ask_ports(&ask, line, err);
}

static const enum option options[] = {OPTIONS_LIVE,   OPTION_PORTS,
                                      OPTION_EXPECT,  OPTION_EXPLAIN_CHECKSUM,
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
