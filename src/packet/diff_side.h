/*
 * diff_side.h: what is kept of one of the two captures.
 */
#ifndef LOOPCRAFT_PACKET_DIFF_SIDE_H
#define LOOPCRAFT_PACKET_DIFF_SIDE_H

#include "diff_start.h"
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
    uint32_t mate;              /* the other capture's, or DIFF_NOBODY */
    bool opened;                /* by a SYN that is here */
    struct diff_start start[2]; /* of the client's end, of the server's */
};

struct diff_packet {
    struct frame frame; /* its bytes are owned */
    uint32_t conversation;
    uint32_t kind;          /* flags, type */
    uint32_t mate;          /* the other capture's, or DIFF_NOBODY */
    uint32_t seq, ack, len; /* of TCP, as on the wire; the bytes that it carries */
    bool from_server, is_segment;
    bool in_step; /* an ACK and no more, of all that came up to the end of a segment */
};

struct diff_side {
    struct diff_packet *packets;
    struct diff_conversation *conversations;
    uint32_t count, cap, conversation_count, conversation_cap;
    size_t bytes;
    struct keys
        ends; /* two ends, the lower one first, to the latest conversation of theirs, from 1 */
    struct keys edges; /* where segments end: a conversation's end and its number */
    struct dissection dissection;
};

/* The conversation learns from a segment of it from where its two ends count. */
void diff_note_numbers(struct diff_side *side, struct diff_packet *p);

/* A segment that acknowledges, and no more. */
bool diff_is_bare(const struct diff_packet *p);

/* Mates that are one and the same connection count from the same numbers, whatever was captured. */
void diff_share_starts(struct diff_conversation *a, struct diff_conversation *b);

/* Where the part that is compared begins: the internet layer, else what the link carries. */
size_t diff_base(const struct dissection *d);

#endif
