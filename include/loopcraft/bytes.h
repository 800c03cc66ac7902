/*
 * bytes.h: a stretch of bytes, and the only ways to look into it.
 *
 * Every accessor checks its bounds itself, so that no caller can forget to.
 * Bits are numbered as in the RFCs' diagrams: bit 0 is the most significant
 * bit of the first byte; numbers are big-endian (RFC 791, appendix B).
 */
#ifndef LOOPCRAFT_BYTES_H
#define LOOPCRAFT_BYTES_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed, never owned. */
struct bytes {
    const uint8_t *at;
    size_t len;
};

/* The part from `from`, at most `len` bytes; empty when `from` lies outside. */
static inline struct bytes bytes_part(struct bytes b, size_t from, size_t len)
{
    if (from >= b.len)
        return (struct bytes){b.at, 0};
    size_t left = b.len - from;
    return (struct bytes){b.at + from, len < left ? len : left};
}

/* bytes_number() wherever the bits stand. */
bool bytes_number_slowly(struct bytes b, size_t bit, unsigned bits, uint64_t *number);

/*
 * The number in `bits` bits (1 to 64) from bit `bit`; false when they are not all there.
 * Nearly all of them can be read with the bytes before them in one go.
 */
static inline bool bytes_number(struct bytes b, size_t bit, unsigned bits, uint64_t *number)
{
    uint64_t eight;
    size_t end = (bit + bits + 7) / 8; /* a sum that overflows is small: 8 bytes from 0 on */
    size_t from = end > sizeof eight ? end - sizeof eight : 0;
    if (bits - 1 >= 64 || from + sizeof eight > b.len || bit < from * 8 || bit >= end * 8)
        return bytes_number_slowly(b, bit, bits, number);
    memcpy(&eight, b.at + from, sizeof eight);
    *number = be64toh(eight) >> (from * 8 + 64 - bit - bits) & UINT64_MAX >> (64 - bits);
    return true;
}

/* One byte, or two or four in network order; false when they are not all there. */
bool bytes_u8(struct bytes b, size_t at, uint8_t *value);
bool bytes_u16(struct bytes b, size_t at, uint16_t *value);
bool bytes_u32(struct bytes b, size_t at, uint32_t *value);

/* Sets `bits` bits (1 to 64) from bit `bit`; false, and nothing set, when they do not fit. */
bool bytes_set_number(uint8_t *at, size_t len, size_t bit, unsigned bits, uint64_t number);

bool bytes_equal(struct bytes a, struct bytes b);

#endif
