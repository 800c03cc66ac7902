/*
 * firewall.h: the sandbox's firewall, made from the table of ports.
 */
#ifndef SANDBOX_FIREWALL_H
#define SANDBOX_FIREWALL_H

#include <loopcraft/err.h>
#include <loopcraft/text.h>

/* The ruleset, in nft's language. */
void firewall_text(struct text *rules);

/* Loads it into this network namespace, which must be the sandbox's; CAP_NET_ADMIN. */
bool firewall_load(struct err *err);

#endif
