/*
 * shield.c: keeps the kernel from resetting a connection that it knows nothing of.
 *
 * Every segment to the port is dropped at input, not SYN-ACKs alone: the server's first
 * data would draw a reset as well. At the input hook fragments are whole again, and
 * libpcap, which looks before it, still sees all. The table is ours alone (flags owner,
 * nft(8)): the kernel removes it when the context's netlink socket goes, kill -9 included.
 */
#include "live.h"

#include <loopcraft/caps.h>
#include <loopcraft/ruleset.h>
#include <loopcraft/text.h>

#include <linux/capability.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * The pid and the port name the table: two processes can have one pid in two PID
 * namespaces, but never one reserved port. Priority -300: before the machine's own rules.
 */
static void shield_rules(struct text *rules, int family, uint16_t port)
{
    text_format(rules, "table inet loopcraft_%ld_%u {\n", (long)getpid(), port);
    text_put(rules, "    flags owner\n    chain input {\n"
                    "        type filter hook input priority -300; policy accept;\n");
    text_format(rules, "        iif lo meta nfproto %s tcp dport %u drop\n    }\n}\n",
                family == AF_INET6 ? "ipv6" : "ipv4", port);
}

struct ruleset *shield_open(int family, uint16_t port, struct err *err)
{
    /* Asked without privilege, libnftables writes to stderr itself. */
    if (!caps_effective(CAP_NET_ADMIN)) {
        err_set(err, STATUS_SYSTEM, "no privilege for the firewall rule that keeps the kernel "
                "from resetting the connection: run it with sudo, or add -S to use "
                "the sandbox");
        return NULL;
    }
    struct text rules = TEXT_EMPTY, why = TEXT_EMPTY;
    shield_rules(&rules, family, port);
    struct ruleset *shield = ruleset_load(text_string(&rules), &why);
    if (!shield)
        err_set(err, STATUS_SYSTEM, "can't set the firewall rule that keeps the kernel from "
                "resetting the connection: %.200s: see that nf_tables is there (nft list tables), "
                "or use --let-kernel-reset", text_string(&why));
    text_free(&rules);
    text_free(&why);
    return shield;
}
