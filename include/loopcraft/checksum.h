/*
 * checksum.h: the one Internet checksum (RFC 1071), over any number of pieces.
 *
 *     uint32_t sum = checksum_add(0, pseudo_header);
 *     sum = checksum_add(sum, segment);
 *     uint16_t value = checksum_finish(sum);
 */
#ifndef LOOPCRAFT_CHECKSUM_H
#define LOOPCRAFT_CHECKSUM_H

#include <loopcraft/bytes.h>

/*
 * Adds the 16-bit words of b to a running sum. A piece of odd length is taken as padded
 * with a zero byte (RFC 1071, section 2), so only the last piece may be odd. The sum is
 * folded on the way: it never overflows, whatever the length.
 */
uint32_t checksum_add(uint32_t sum, struct bytes b);

/* Folds the carries: the 16-bit one's complement sum, in host order. */
uint16_t checksum_fold(uint32_t sum);

/* The complement of the folded sum: what a header carries. */
uint16_t checksum_finish(uint32_t sum);

/* The checksum of the same bytes with one 16-bit word changed (RFC 1624, equation 3). */
uint16_t checksum_update(uint16_t check, uint16_t was, uint16_t is);

#endif
