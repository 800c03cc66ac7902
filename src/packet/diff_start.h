/*
 * diff_start.h: the number from which an end of a TCP connection counts.
 */
#ifndef LOOPCRAFT_PACKET_DIFF_START_H
#define LOOPCRAFT_PACKET_DIFF_START_H

#include <stdbool.h>
#include <stdint.h>

/* TCP's flags that make a segment what it is (RFC 9293, 3.1); the others are compared. */
enum {
    DIFF_FIN = 1,
    DIFF_SYN = 2,
    DIFF_RST = 4,
    DIFF_ACK = 16,
    DIFF_KIND_FLAGS = DIFF_FIN | DIFF_SYN | DIFF_RST | DIFF_ACK
};

struct diff_start {
    uint32_t first, last; /* the initial sequence number; the furthest that was seen */
    uint32_t taken;       /* the furthest that the other end acknowledged */
    bool has;
    bool told; /* by the handshake; else the first number seen counts as (+1), as in Wireshark */
};

/* A number as counted from the start of its end; as it stands when that is not known. */
uint32_t diff_relative(const struct diff_start *start, uint32_t number);

#endif
