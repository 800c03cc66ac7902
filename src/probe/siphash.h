/*
 * siphash.h: a keyed hash that strangers can't guess: SipHash-2-4 (Aumasson and Bernstein,
 * "SipHash: a fast short-input PRF", 2012) of one 64-bit number.
 */
#ifndef LOOPCRAFT_PROBE_SIPHASH_H
#define LOOPCRAFT_PROBE_SIPHASH_H

#include <stdint.h>

struct siphash_key {
    uint64_t half[2];
};

struct siphash_key siphash_random_key(void);
uint64_t siphash(const struct siphash_key *key, uint64_t number);

#endif
