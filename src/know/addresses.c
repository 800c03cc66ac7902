/* addresses.c: looking an address up in the tables of blocks. */
#include <loopcraft/addresses.h>

#include <loopcraft/bytes.h>

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

size_t address_size(int family)
{
    return family == AF_INET ? 4 : 16;
}

unsigned block_prefix(const struct block *block, uint8_t *addr)
{
    char text[INET6_ADDRSTRLEN];
    const char *slash = strchr(block->prefix, '/');
    size_t len = slash ? (size_t)(slash - block->prefix) : 0;
    if (len >= sizeof text)
        len = 0;
    memcpy(text, block->prefix, len);
    text[len] = '\0';
    memset(addr, 0, address_size(block->family));
    inet_pton(block->family, text, addr);
    return slash ? (unsigned)strtoul(slash + 1, NULL, 10) : 0;
}

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
    unsigned rest = bits % 8;
    return memcmp(a, b, bits / 8) == 0 && (!rest || (a[bits / 8] ^ b[bits / 8]) >> (8 - rest) == 0);
}

const struct block *block_find(int family, const uint8_t *addr, unsigned most)
{
    const struct block *best = NULL;
    unsigned best_bits = 0;
    for (const struct block *b = family == AF_INET ? blocks_ipv4 : blocks_ipv6; b->prefix; b++) {
        uint8_t first[16];
        unsigned bits = block_prefix(b, first);
        if (bits <= most && (!best || bits > best_bits) && same_bits(addr, first, bits)) {
            best = b;
            best_bits = bits;
        }
    }
    return best;
}

bool address_carried(const uint8_t *six, uint8_t *four)
{
    static const struct {
        uint8_t prefix[12];
        unsigned bits, at;
        uint8_t turned; /* 0xff: every bit of it is turned */
    } carriers[] = {
        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 12, 0}, /* RFC 4291, 2.5.5.2 */
        {{0, 0x64, 0xff, 0x9b}, 96, 12, 0},                      /* RFC 6052, 2.2 */
        {{0x20, 0x02}, 16, 2, 0},                                /* RFC 3056, 2 */
        {{0x20, 0x01}, 32, 12, 0xff},                            /* RFC 4380, 4 */
    };
    for (size_t i = 0; i < sizeof carriers / sizeof carriers[0]; i++) {
        if (!same_bits(six, carriers[i].prefix, carriers[i].bits))
            continue;
        for (unsigned j = 0; j < 4; j++)
            four[j] = six[carriers[i].at + j] ^ carriers[i].turned;
        return true;
    }
    return false;
}

const char *reach_name(unsigned reach)
{
    static const char *const names[] = {
        [REACH_NOWHERE] = "nowhere: nobody is to be reached by it",
        [REACH_HOST] = "this machine",
        [REACH_LINK] = "the machines on the same link",
        [REACH_SITE] = "inside an organisation or a provider",
        [REACH_GLOBAL] = "the internet",
    };
    return names[reach];
}
