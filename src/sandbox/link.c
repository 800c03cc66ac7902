/* link.c: what the sandbox's kernel takes from lo's link. */
#include <loopcraft/sandbox.h>

#include "namespace.h"

/*
 * ip-sysctl: accept_local takes packets with a source of this host's, route_localnet those from and
 * to 127/8. Without both, what AF_PACKET puts on lo is dropped (ip_route_input_slow(): IP_LOCALNET,
 * IP_INVALID_SOURCE). They end with the namespace.
 */
bool sandbox_open_link(struct err *err)
{
    static const char *const settings[] = {"/proc/sys/net/ipv4/conf/lo/accept_local",
                                           "/proc/sys/net/ipv4/conf/lo/route_localnet"};
    if (!sandbox_here())
        return err_set(err, STATUS_USAGE, "--exact works in the sandbox only: add -S");
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (!namespace_set(settings[i], "1"))
            return err_system(err,
                              "--exact: can't set %s in the sandbox; in a container /proc/sys may "
                              "be read-only: send without --exact",
                              settings[i]);
    return true;
}
