/*
 * diff.h: two captures, packet beside packet, field beside field.
 *
 *     diff_keep()     each packet of each capture
 *     diff_pair()     by conversation, direction, kind and place, then order
 *     diff_compare()  a pair's differences, from the internet layer up
 *
 * A conversation is two ends and what they speak over; who sent its first packet is the client.
 * One of A and one of B belong together when they are the same connection (the same ports, the
 * same first sequence number), else by their order among those of the same client's address
 * and server's address and port: the client's port is chosen by chance. An ICMP error belongs
 * to the conversation of the packet that it quotes.
 *
 * A TCP number is counted from the first one of its end, which the handshake tells; without one
 * the first number that was seen counts as +1. What is counted must be the same in both, and is
 * the place of a segment: segments of one place are a pair, whatever is missing beside them. By
 * their order are paired only those that are left between two pairs of their kind.
 */
#ifndef LOOPCRAFT_DIFF_H
#define LOOPCRAFT_DIFF_H

#include <loopcraft/dissect.h>
#include <loopcraft/event.h>

enum {
    DIFF_PACKETS_MOST = 100000, /* kept of one capture, */
    DIFF_BYTES_MOST = 128 << 20 /* and their bytes */
};

struct diff_side; /* one of the two captures */

struct diff_side *diff_side_new(void);
void diff_side_free(struct diff_side *side);

/* Keeps a copy of a packet; false when there is no room for it. */
bool diff_keep(struct diff_side *side, const struct frame *frame);
size_t diff_count(const struct diff_side *side);
const struct frame *diff_frame(const struct diff_side *side, size_t i);

struct diff_pair {
    uint32_t a, b; /* packets, counted from 0 */
};

/* Pairs the two captures: an array in A's order, for the caller to free. */
struct diff_pair *diff_pair(struct diff_side *a, struct diff_side *b, size_t *count);

/* Does the packet belong to a pair? After diff_pair(). */
bool diff_is_paired(const struct diff_side *side, size_t i);

/* Differences of a pair. Reused from pair to pair. */
struct differences {
    struct diff_event *each; /* `counts` is for the caller to judge */
    size_t count, cap;
    /* private */
    struct text text; /* of all values and sentences */
    struct dissection a, b;
    struct summary summary;
    struct diff_work *work;
};

void diff_compare(struct differences *out, const struct diff_side *a, const struct diff_side *b,
                  struct diff_pair pair);
void differences_free(struct differences *differences);

/* The name under which the time of capture is compared: Wireshark's. */
#define DIFF_TIME_NAME "frame.time_epoch"

#endif
