/*
 * ruleset.h: firewall rules, by libnftables.
 *
 * The library is loaded with the first rule, not with the program: it brings four more, a third of
 * the time in which a command without a firewall starts.
 */
#ifndef LOOPCRAFT_RULESET_H
#define LOOPCRAFT_RULESET_H

#include <loopcraft/text.h>

struct ruleset;

/*
 * Carries out rules in nft(8)'s language in this network namespace; it needs CAP_NET_ADMIN. To be
 * freed with ruleset_free(). A table with `flags owner` lasts as long as what is returned, or the
 * process; any other lasts as long as the namespace. On failure NULL, nothing is changed, and *why
 * has libnftables' first line of complaint, safe to print.
 */
struct ruleset *ruleset_load(const char *rules, struct text *why);
void ruleset_free(struct ruleset *ruleset);

#endif
