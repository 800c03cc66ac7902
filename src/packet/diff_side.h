/*
 * diff_side.h: what is kept of one of the two captures.
 */
#ifndef LOOPCRAFT_PACKET_DIFF_SIDE_H
#define LOOPCRAFT_PACKET_DIFF_SIDE_H

#include "keys.h"

#include <loopcraft/diff.h>

#define DIFF_NOBODY UINT32_MAX

/* An end of a conversation, as on the wire. Parts of keys have no gaps: all bytes are compared. */
struct diff_end {
    uint8_t addr[16], port[4];
};

struct diff_ends {
    const struct record *internet, *transport; /* what it speaks over; transport NULL: none */
    struct diff_end client, server;
};

_Static_assert(sizeof(struct diff_ends) == 2 * sizeof(void *) + 40, "a key has no gaps");

struct diff_conversation {
    struct diff_ends ends;
    uint32_t mate;     /* the other capture's, or DIFF_NOBODY */
    bool opened;       /* by a SYN that is here */
    uint32_t first[2]; /* sequence numbers: of the client's end, of the server's; */
    bool has_first[2]; /* the first that was seen */
};

struct diff_packet {
    struct frame frame; /* its bytes are owned */
    uint32_t conversation;
    uint32_t kind; /* flags, type */
    bool from_server, paired;
};

struct diff_side {
    struct diff_packet *packets;
    struct diff_conversation *conversations;
    uint32_t count, cap, conversation_count, conversation_cap;
    size_t bytes;
    struct keys
        ends; /* two ends, the lower one first, to the latest conversation of theirs, from 1 */
    struct dissection dissection;
};

/* Where the part that is compared begins: the internet layer, else what the link carries. */
size_t diff_base(const struct dissection *d);

#endif
