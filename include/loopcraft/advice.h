/*
 * advice.h: services that are met often: is what they say encrypted, and should they be open?
 *
 * A curated table. What stands here of a port is what is usual for it, never a proof: any program
 * may listen on any port. Names are IANA's (Service Name and Transport Protocol Port Number
 * Registry, RFC 6335); where the common use is another one the row's source says both.
 */
#ifndef LOOPCRAFT_ADVICE_H
#define LOOPCRAFT_ADVICE_H

#include <loopcraft/nearest.h>

#include <stdint.h>

enum secrecy {
    SECRECY_PLAINTEXT,  /* everybody on the way can read it */
    SECRECY_UPGRADABLE, /* plaintext at first; both ends may agree on TLS (STARTTLS) */
    SECRECY_VARIES,     /* by version, or by how it was set up */
    SECRECY_ENCRYPTED
};

/* What carries it: one of these, or both. */
enum { OVER_TCP = 1, OVER_UDP = 2 };

struct advice {
    uint16_t port;
    uint8_t over;
    const char *name;    /* "ssh" */
    const char *words;   /* the same in a dump: "ssh: a well-known port" */
    const char *others;  /* other names for it, spaces between: "postgres psql"; or NULL */
    const char *purpose; /* what it is for, a phrase */
    uint8_t secrecy;     /* enum secrecy */
    const char *instead; /* the encrypted alternative, or NULL */
    const char *advice;  /* should it be open? a phrase */
    const char *source;  /* "IANA; RFC 4253" */
};

/* Both by port; each ends with name NULL: system ports (below 1024), and all others. */
extern const struct advice advice_system[], advice_user[];
extern const size_t advice_system_count, advice_user_count; /* without the end */

/* "tcp" is OVER_TCP, "udp" OVER_UDP; 0: neither. And back, for one of them. */
unsigned advice_over(const char *proto);
const char *advice_proto(unsigned over);

/* The row after `last` (NULL: the first) of all rows; NULL at the end. */
const struct advice *advice_next(const struct advice *last);

/* The first row of this port, or of a higher one, or the end of a table: name NULL. */
const struct advice *advice_first(uint16_t port);

/* The row of a port over this protocol (OVER_TCP or OVER_UDP), or NULL. */
const struct advice *advice_find(uint16_t port, unsigned over);

/* Is this one of the row's names? Upper and lower case alike. */
bool advice_named(const struct advice *advice, const char *name);

void advice_nearest(struct nearest *nearest);

/* "plaintext", "upgradable", "varies", "encrypted": words of the glossary. */
const char *secrecy_name(unsigned secrecy);

/* The kind of number that it is, by RFC 6335, section 6: "system port (0 to 1023): ...". */
const char *port_class(uint16_t port);

#endif
