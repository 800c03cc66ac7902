/*
 * live.h: the parts that wire_open() puts together, one file each.
 *
 * Each ..._open() needs privilege (but for the port); what it opens works on without.
 * NULL, or -1, and *err on failure.
 */
#ifndef LOOPCRAFT_WIRE_LIVE_H
#define LOOPCRAFT_WIRE_LIVE_H

#include <loopcraft/wire.h>

/*
 * send.c: a raw socket of this family (AF_INET, AF_INET6), bound to lo; exact: libnet's socket of
 * lo's link, for bytes that no IP code of the kernel touches.
 */
struct sender *sender_open(int family, bool exact, struct err *err);
void sender_close(struct sender *sender);

/* capture.c: libpcap on lo. buffer: bytes for what was captured; 0: what suits the profile. */
struct capture *capture_open(enum capture_profile profile, unsigned buffer, struct err *err);
void capture_close(struct capture *capture);

/*
 * shield.c: the kernel never gets to see what comes to this TCP port of lo; libpcap does.
 * Lasts as long as the ruleset, or the process.
 */
struct ruleset *shield_open(int family, uint16_t port, struct err *err);

/*
 * port.c: a source port of 127.0.0.1 or ::1, of TCP or UDP as is wanted, held by the socket that
 * is returned. wants->port 0: one of 61000-61999 that nobody uses and no server remembers in
 * TIME-WAIT.
 */
int port_reserve(const struct wants *wants, struct sockets *sockets, uint16_t *port,
                 struct err *err);

#endif
