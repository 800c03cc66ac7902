/*
 * audit.h: the open ports of this machine, by three witnesses: the kernel's table of sockets, a
 * handmade probe, and an ordinary connect().
 *
 *     audit_look()   while there is privilege: sockets, and who holds them
 *     audit_open()   opens what is needed to ask, and gives privilege up
 *     audit_ask()    asks each port at its loopback address
 *     audit_tell()   the worst first
 *
 * Where a port can't be asked at a loopback address, the table of sockets speaks alone. What a
 * socket is bound to says nothing of what a firewall lets through from elsewhere.
 */
#ifndef LOOPCRAFT_AUDIT_H
#define LOOPCRAFT_AUDIT_H

#include <loopcraft/probe.h>

struct audit;

struct audit_wants {
    int family;                /* AF_INET, AF_INET6 alone; 0: both */
    const struct ports *ports; /* these alone; none: all that listen, and the most common */
    bool handmade;             /* there is privilege to send by hand */
};

struct audit *audit_new(const struct audit_wants *wants); /* aborts without memory */
void audit_free(struct audit *audit);                     /* or NULL */

bool audit_look(struct audit *audit, struct err *err);
bool audit_open(struct audit *audit, struct err *err);
enum probe_result audit_ask(struct audit *audit, struct err *err);

/* What was left out, each a note; before the ports. */
bool audit_tell_limits(const struct audit *audit, const struct sinks *sinks, struct err *err);
bool audit_tell(struct audit *audit, const struct sinks *sinks, bool partial, struct err *err);

/* The signal that interrupted it, or 0. */
int audit_signal(const struct audit *audit);

#endif
