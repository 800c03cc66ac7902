/* siphash.c: SipHash-2-4 of eight bytes. */
#include "siphash.h"

#include <sys/random.h>

static uint64_t rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static void mix(uint64_t v[4], unsigned rounds)
{
    while (rounds--) {
        v[0] += v[1];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[0] = rotate(v[0], 32);
        v[2] += v[3];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[2] = rotate(v[2], 32);
    }
}

struct siphash_key siphash_random_key(void)
{
    struct siphash_key key = {{0}};
    while (getrandom(&key, sizeof key, 0) != (ssize_t)sizeof key)
        ;
    return key;
}

/* The message is eight bytes, then a word with its length alone: the paper's section 2.2. */
uint64_t siphash(const struct siphash_key *key, uint64_t number)
{
    const uint64_t words[2] = {number, UINT64_C(8) << 56};
    uint64_t v[4] = {
        key->half[0] ^ UINT64_C(0x736f6d6570736575), key->half[1] ^ UINT64_C(0x646f72616e646f6d),
        key->half[0] ^ UINT64_C(0x6c7967656e657261), key->half[1] ^ UINT64_C(0x7465646279746573)};
    for (unsigned i = 0; i < 2; i++) {
        v[3] ^= words[i];
        mix(v, 2);
        v[0] ^= words[i];
    }
    v[2] ^= 0xff;
    mix(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
