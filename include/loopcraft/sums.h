/*
 * sums.h: checksums of headers: what they should be, and what to say of what they are.
 */
#ifndef LOOPCRAFT_SUMS_H
#define LOOPCRAFT_SUMS_H

#include <loopcraft/node.h>

enum sum_verdict {
    SUM_UNKNOWN, /* not all bytes are here: cut, or a fragment */
    SUM_FULL,    /* right */
    SUM_PARTIAL, /* the pseudo-header's sum alone: the rest is left to a network card */
    SUM_ZERO,    /* UDP over IPv4: none was sent (RFC 768) */
    SUM_WRONG
};

struct sum_check {
    enum sum_verdict verdict;
    uint16_t stored, expected; /* host order */
};

/*
 * What the checksum of a record must be (RFC 1071): over `message` (the header and what
 * it carries; for SUM_HEADER the header alone) with its own two bytes at `at` taken as 0, and
 * over the pseudo-header of these addresses if the record wants one (4 or 16 bytes each:
 * RFC 9293, 3.1; RFC 8200, 8.1). A UDP sum of 0 is sent as 0xffff (RFC 768).
 */
uint16_t sum_expected(const struct record *record, struct bytes message, size_t at,
                      struct bytes source, struct bytes destination);

/*
 * What a pseudo-header has beside the addresses: the length, zero, the protocol. RFC 8200, 8.1
 * has them so; RFC 9293, 3.1 with a shorter length, which gives the same sum.
 */
struct sum_pseudo {
    uint8_t at[6];
};
struct sum_pseudo sum_pseudo(uint8_t protocol, size_t len);

/*
 * Where in the frame that lies which the checksum of a layer covers: in bytes from its start. Of
 * frames with one shape (node.h) the same, for nodes and lengths tell it, and the walk went by
 * these.
 */
struct sum_place {
    const struct record *record;           /* the layer's */
    const struct field *row;               /* the checksum's */
    uint32_t start, len;                   /* the message; len 0: not all of it is here */
    uint32_t at;                           /* its own two bytes in the message */
    uint32_t source, destination, address; /* the addresses, and how long; 0: no pseudo-header */
};
struct sum_place sum_place(const struct dissection *d, size_t layer);

/* Those of all layers, at most so many. Returns how many. */
size_t sum_places(struct sum_place *places, size_t most, const struct dissection *d);

/* What the checksum of a dissected layer covers, borrowed from the dissection. */
struct sum_covered {
    struct bytes message, source, destination; /* the addresses empty without pseudo-header */
    size_t at;                                 /* its own two bytes in the message */
    uint16_t stored;
};

/* False when not all of it is here. */
bool sum_covered(struct sum_covered *covered, const struct dissection *d,
                 const struct sum_place *place);

/* Checks the checksum of a dissected layer, the node d->nodes[layer]; and the one at a place. */
struct sum_check sum_check(const struct dissection *d, size_t layer);
struct sum_check sum_check_at(const struct dissection *d, const struct sum_place *place);

/* The sentence that says it, for the checksum's row; of SUM_WRONG its beginning. A constant. */
const char *sum_words(enum sum_verdict verdict);

/* The whole sentence. */
void sum_say(struct text *out, const struct sum_check *check);

#endif
