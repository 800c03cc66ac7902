/*
 * addresses.h: what kind of address is it? By IANA's special-purpose registries (RFC 6890, 8190)
 * and its registries of multicast addresses. Nothing is looked up anywhere.
 */
#ifndef LOOPCRAFT_ADDRESSES_H
#define LOOPCRAFT_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How far such an address goes: where it can be used to reach somebody. */
enum reach {
    REACH_NOWHERE, /* not an address to send to: unspecified, documentation, reserved */
    REACH_HOST,    /* this machine */
    REACH_LINK,    /* the machines on the same link */
    REACH_SITE,    /* inside an organisation, or a provider */
    REACH_GLOBAL   /* the internet */
};

/* A block of addresses; the longest that holds an address says what it is. */
struct block {
    int family;         /* AF_INET, AF_INET6 */
    const char *prefix; /* "127.0.0.0/8", as IANA writes it */
    const char *name;   /* "loopback" */
    const char *means;  /* a phrase */
    uint8_t reach;      /* enum reach */
    const char *source; /* "RFC 1122, 3.2.1.3" */
};

/* Ends with prefix NULL. */
extern const struct block blocks_ipv4[], blocks_ipv6[];

/* The block's first address (4 or 16 bytes) and the length of its prefix in bits. */
unsigned block_prefix(const struct block *block, uint8_t *addr);

/* How many bytes an address of the family has. */
size_t address_size(int family);

/*
 * The longest block of at most `most` bits that holds the address; there always is one. With most
 * 32 or 128 it says what the address is; with one less than its own bits, what that lies in.
 */
const struct block *block_find(int family, const uint8_t *addr, unsigned most);

/*
 * The IPv4 address that an IPv6 address carries in it: mapped, 6to4, Teredo's client, NAT64. The
 * number of bytes at `four` is 4. False when it carries none.
 */
bool address_carried(const uint8_t *six, uint8_t *four);

/* "this machine", "the internet" ... */
const char *reach_name(unsigned reach);

#endif
