/* firewall.c: a ruleset from the table of ports, loaded in-process by libnftables. */
#include "firewall.h"

#include <loopcraft/sandbox.h>

#include <nftables/libnftables.h>
#include <string.h>

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

/* libnftables explains itself on several lines: the first says what is wrong. */
static bool firewall_refused(struct nft_ctx *nft, struct err *err)
{
    const char *said = nft_ctx_get_error_buffer(nft);
    struct text line = TEXT_EMPTY;
    if (said)
        text_escape(&line, (struct bytes){(const uint8_t *)said, strcspn(said, "\n")});
    err_set(err, STATUS_SYSTEM, "can't open the sandbox: its firewall is refused (%.200s): "
            "the kernel needs nf_tables, nft_reject and nft_reject_inet; as root: "
            "modprobe -a nf_tables nft_reject_inet", text_string(&line));
    text_free(&line);
    return false;
}

bool firewall_load(struct err *err)
{
    struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
    if (!nft)
        return err_set(err, STATUS_SYSTEM, "can't open the sandbox: libnftables does not start");
    struct text rules = TEXT_EMPTY;
    firewall_text(&rules);
    bool done = nft_ctx_buffer_error(nft) == 0 && nft_ctx_buffer_output(nft) == 0 &&
                nft_run_cmd_from_buffer(nft, text_string(&rules)) == 0;
    if (!done)
        firewall_refused(nft, err);
    text_free(&rules);
    nft_ctx_free(nft);
    return done;
}
