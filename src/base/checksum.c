/* checksum.c: RFC 1071. */
#include <loopcraft/checksum.h>

#include <endian.h>
#include <string.h>

/* Two words at a time: that gives the same folded sum (RFC 1071, 2 (C)). */
uint32_t checksum_add(uint32_t sum, struct bytes b)
{
    uint64_t wide = sum;
    size_t i = 0;
    for (; b.len - i >= 4; i += 4) {
        uint32_t two;
        memcpy(&two, b.at + i, sizeof two);
        wide += be32toh(two);
    }
    for (; i + 1 < b.len; i += 2)
        wide += (uint32_t)(b.at[i] << 8 | b.at[i + 1]);
    if (i < b.len)
        wide += (uint32_t)(b.at[i] << 8);
    while (wide >> 16)
        wide = (wide & 0xffff) + (wide >> 16);
    return (uint32_t)wide;
}

uint16_t checksum_fold(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)sum;
}

uint16_t checksum_finish(uint32_t sum)
{
    return (uint16_t)~checksum_fold(sum);
}

uint16_t checksum_update(uint16_t check, uint16_t was, uint16_t is)
{
    return checksum_finish((uint32_t)(uint16_t)~check + (uint16_t)~was + is);
}
