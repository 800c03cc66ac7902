/* bytes.c: looking into bytes, with the bounds checked in one place. */
#include <loopcraft/bytes.h>

#include <string.h>

/* Do `bits` bits from `bit` lie inside `len` bytes? Written so that nothing can overflow. */
static bool bits_fit(size_t len, size_t bit, unsigned bits)
{
    if (bits == 0 || bits > 64 || bit / 8 >= len)
        return false;
    size_t left = (len - bit / 8) * 8 - bit % 8;
    return bits <= left;
}

bool bytes_number_slowly(struct bytes b, size_t bit, unsigned bits, uint64_t *number)
{
    if (!bits_fit(b.len, bit, bits))
        return false;
    const uint8_t *at = b.at + bit / 8;
    unsigned skip = bit % 8, have = 8 - skip;
    uint64_t value = *at & (0xffu >> skip);
    while (have < bits) {
        unsigned take = bits - have < 8 ? bits - have : 8;
        value = value << take | (uint64_t) * ++at >> (8 - take);
        have += take;
    }
    *number = value >> (have - bits);
    return true;
}

bool bytes_u8(struct bytes b, size_t at, uint8_t *value)
{
    if (at >= b.len)
        return false;
    *value = b.at[at];
    return true;
}

bool bytes_u16(struct bytes b, size_t at, uint16_t *value)
{
    if (b.len < 2 || at > b.len - 2)
        return false;
    *value = (uint16_t)(b.at[at] << 8 | b.at[at + 1]);
    return true;
}

bool bytes_u32(struct bytes b, size_t at, uint32_t *value)
{
    uint16_t high, low;
    if (!bytes_u16(b, at, &high) || !bytes_u16(b, at + 2, &low))
        return false;
    *value = (uint32_t)high << 16 | low;
    return true;
}

bool bytes_set_number(uint8_t *at, size_t len, size_t bit, unsigned bits, uint64_t number)
{
    if (!bits_fit(len, bit, bits))
        return false;
    for (unsigned i = 0; i < bits; i++) {
        size_t where = bit + i;
        uint8_t mask = (uint8_t)(0x80u >> where % 8);
        bool set = number >> (bits - 1 - i) & 1;
        at[where / 8] = (uint8_t)(set ? at[where / 8] | mask : at[where / 8] & ~mask);
    }
    return true;
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}
