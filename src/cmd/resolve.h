/*
 * resolve.h: what the files of `resolve` share: who is asked, and telling what was found.
 */
#ifndef LOOPCRAFT_CMD_RESOLVE_H
#define LOOPCRAFT_CMD_RESOLVE_H

#include "live.h"

struct resolve {
    const char *name, *service; /* as typed, or NULL */
    const char *server;         /* likewise, without its @ */
    bool offline;
    bool typed; /* --type was given: */
    uint16_t type;
    struct text safe; /* the name, safe to print */
    int family;       /* the name is an address: AF_INET, AF_INET6; 0: it is none */
    uint8_t addr[16];
    const struct sinks *sinks;
    unsigned found, missed; /* answers, failures */
    bool no;                /* something that was asked for has no answer at all */
};

/* What was found. family and addr: it is an address, and gets its class. */
struct found {
    const char *name, *kind, *data, *means, *source;
    int64_t ttl; /* below 0: nobody said */
    int family;
    const uint8_t *addr;
};
bool resolve_tell(struct resolve *r, const struct found *found, struct err *err);

/* Nothing was found; means NULL: what the glossary says of that failure. */
bool resolve_miss(struct resolve *r, const char *name, const char *kind, const char *failure,
                  const char *means, const char *source, struct err *err);

/* "2 found, 1 not found"; the counts of packets, where there were any. */
bool resolve_sum_up(struct resolve *r, struct summary_event summary, struct err *err);

/* Each tells all that there is, and goes on after a failure; false when a sink fails. */
bool resolve_host(struct resolve *r, struct err *err); /* resolve_system.c */
bool resolve_system(struct resolve *r, struct err *err);
bool resolve_service(struct resolve *r, struct err *err); /* resolve_service.c */

/* Asks r->server by hand, then the services; the exit status. resolve_server.c */
int resolve_server(struct resolve *r, const struct line *line, struct err *err);

#endif
