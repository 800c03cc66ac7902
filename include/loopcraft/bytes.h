/*
 * bytes.h: a stretch of bytes, and the only ways to look into it.
 *
 * Every accessor checks its bounds itself, so that no caller can forget to.
 * Bits are numbered as in the RFCs' diagrams: bit 0 is the most significant
 * bit of the first byte; numbers are big-endian (RFC 791, appendix B).
 */
#ifndef LOOPCRAFT_BYTES_H
#define LOOPCRAFT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed, never owned. */
struct bytes {
    const uint8_t *at;
    size_t len;
};

/* The part from `from`, at most `len` bytes; empty when `from` lies outside. */
struct bytes bytes_part(struct bytes b, size_t from, size_t len);

/* The number in `bits` bits (1 to 64) from bit `bit`; false when they are not all there. */
bool bytes_number(struct bytes b, size_t bit, unsigned bits, uint64_t *number);

/* One byte, or two or four in network order; false when they are not all there. */
bool bytes_u8(struct bytes b, size_t at, uint8_t *value);
bool bytes_u16(struct bytes b, size_t at, uint16_t *value);
bool bytes_u32(struct bytes b, size_t at, uint32_t *value);

/* Sets `bits` bits (1 to 64) from bit `bit`; false, and nothing set, when they do not fit. */
bool bytes_set_number(uint8_t *at, size_t len, size_t bit, unsigned bits, uint64_t number);

bool bytes_equal(struct bytes a, struct bytes b);

#endif
