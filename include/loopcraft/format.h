/*
 * format.h: the ways a row's bits are written as text, and read back.
 */
#ifndef LOOPCRAFT_FORMAT_H
#define LOOPCRAFT_FORMAT_H

#include <loopcraft/record.h>

extern const struct format format_decimal; /* 64240; scaled as the row says */
extern const struct format format_part;    /* decimal, PDML's value unmasked: ip.version */
extern const struct format format_hex;     /* 0x1f90, as many digits as the bytes it touches have */
extern const struct format format_flag;    /* 0 or 1; for people "set" or "not set" */
extern const struct format format_flags;   /* a group of flags: 0x0012; for people "SYN ACK" */
extern const struct format format_flag_letters; /* tshark's ·······A··S· */
extern const struct format format_ipv4;
extern const struct format format_ipv6;
extern const struct format format_ether;
extern const struct format format_bytes;   /* 48:65:6c: any number of bytes */
extern const struct format format_power;   /* 2 to the power of the wire's number (window scale) */
extern const struct format format_code;    /* a large one is a mantissa and an exponent (RFC 3810) */
extern const struct format format_string;  /* ASCII text, as tshark has it in PDML */
extern const struct format format_nothing; /* bytes that Wireshark gives no value */
extern const struct format format_family;  /* a number in the byte order of whoever captured it */
extern const struct format format_little;  /* decimal, the bytes in little-endian order */

#endif
