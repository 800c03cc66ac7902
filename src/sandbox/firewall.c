/* firewall.c: a ruleset from the table of ports, loaded in-process by libnftables. */
#include "firewall.h"

#include <loopcraft/ruleset.h>
#include <loopcraft/sandbox.h>

/* icmpx: 3/13 over IPv4 and 1/1 over IPv6 from one rule (nft(8), reject statement). */
static const char *const firewall_verdicts[] = {
    [RULE_DROP] = "drop",
    [RULE_REJECT_ADMIN] = "reject with icmpx type admin-prohibited",
    [RULE_REJECT_RESET] = "reject with tcp reset",
};

void firewall_text(struct text *rules)
{
    text_put(rules, "table inet loopcraft {\n"
                    "    chain input {\n"
                    "        type filter hook input priority 0; policy accept;\n");
    for (const struct sandbox_port *p = sandbox_ports; p->proto; p++)
        if (p->rule != RULE_PASS)
            text_format(rules, "        iif lo %s dport %u %s\n", p->proto, p->port,
                        firewall_verdicts[p->rule]);
    text_put(rules, "    }\n"
                    "}\n");
}

bool firewall_load(struct err *err)
{
    struct text rules = TEXT_EMPTY, why = TEXT_EMPTY;
    firewall_text(&rules);
    struct ruleset *firewall = ruleset_load(text_string(&rules), &why);
    if (!firewall)
        err_set(err, STATUS_SYSTEM, "can't open the sandbox: its firewall is refused (%.200s): "
                "the kernel needs nf_tables, nft_reject and nft_reject_inet; as root: "
                "modprobe -a nf_tables nft_reject_inet", text_string(&why));
    ruleset_free(firewall); /* the table has no owner: it stays as long as the namespace */
    text_free(&rules);
    text_free(&why);
    return firewall != NULL;
}
