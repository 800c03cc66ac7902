/*
 * guard.h: the last look before a packet is sent. Loopback only, proved on the bytes.
 *
 * It reads the finished bytes by its own bounded offsets: deliberately the one second
 * description of an IP header in this program, so that a mistake in a table can't send
 * anything anywhere. There is no override.
 */
#ifndef LOOPCRAFT_GUARD_H
#define LOOPCRAFT_GUARD_H

#include <loopcraft/bytes.h>
#include <loopcraft/err.h>

#include <sys/socket.h>

/*
 * Checks a finished IPv4 or IPv6 packet and derives its socket address from its bytes.
 *
 * IPv4: source and destination in 127.0.0.0/8 (RFC 1122, 3.2.1.3), no source route option.
 * IPv6: both ::1 (RFC 4291, 2.5.3); next headers TCP, UDP, ICMPv6, fragment, hop-by-hop and
 * destination options, walked with bounds. Of ICMP, on the host, echo and timestamp alone
 * (a crafted "fragmentation needed" would lower lo's MTU for ten minutes); in the sandbox,
 * all: sandbox_here() is asked, no caller tells. Fails with STATUS_GUARD.
 */
bool guard_check(struct bytes packet, struct sockaddr_storage *to, socklen_t *to_len,
                 struct err *err);

/*
 * The same for bytes that go to lo's link as a packet of this family, whatever its version says:
 * in the sandbox alone (STATUS_USAGE elsewhere), from where no mistake of the kernel's leads out.
 */
bool guard_check_exact(struct bytes packet, int family, struct err *err);

/*
 * Reads a target address: inet_pton alone, and it must be 127.0.0.0/8 or ::1. "localhost"
 * is a constant of `family` (AF_INET or AF_INET6; AF_UNSPEC: 127.0.0.1), never looked up.
 * Fails with STATUS_GUARD, for malformed addresses and names too.
 */
bool guard_target(const char *text, int family, struct sockaddr_storage *to, struct err *err);

#endif
