/*
 * mould.h: the probes of a sweep: libnet lays one, and for each port only what differs is set.
 */
#ifndef LOOPCRAFT_PROBE_MOULD_H
#define LOOPCRAFT_PROBE_MOULD_H

#include "siphash.h"

#include <loopcraft/probe.h>

enum {
    MOULD_MOST = 128, /* bytes of a probe: IPv6, UDP and the token take 56 */
    TOKEN_LETTERS = 8
};

struct mould {
    struct siphash_key key;
    enum probe_kind kind;
    int family;
    uint16_t source; /* our port */
    uint32_t *seen;  /* of PROBE_CONNECT: the numbers that the kernel chose, by port; borrowed */
    size_t header;   /* where TCP or UDP begins */
    size_t len;
    uint8_t bytes[MOULD_MOST]; /* a probe of port 0, its numbers 0 */
};

/* The words' probe, from our port. STATUS_USAGE when it is larger than a sweep's can be. */
bool mould_make(struct mould *mould, enum probe_kind kind, const struct recipe *words, int family,
                uint16_t source, struct err *err);

/* Writes the probe of a port: mould->len bytes. */
void mould_cast(const struct mould *mould, uint16_t port, uint8_t *packet);

/*
 * The reset that makes a server forget the SYN before: Linux answers a repeated SYN once in 500 ms
 * (tcp_invalid_ratelimit), and a SYN-ACK that was lost would stay so. A closed port ignores it.
 */
void mould_cast_reset(const struct mould *mould, uint16_t port, uint8_t *packet);

/* A probe of PROBE_CONNECT, captured on its way: remembers its number. */
void mould_see(const struct mould *mould, const struct reply *probe);

/* The port whose probe this answers, or 0. *bare: nothing but the pair of ports says so. */
uint16_t mould_answered(const struct mould *mould, const struct reply *reply, bool *bare);

/* Its addresses, as they stand in the IP header. */
struct bytes mould_source(const struct mould *mould);
struct bytes mould_target(const struct mould *mould);

#endif
