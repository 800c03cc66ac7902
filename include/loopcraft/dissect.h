/*
 * dissect.h: from a frame to nodes, and to the line that sums it up.
 */
#ifndef LOOPCRAFT_DISSECT_H
#define LOOPCRAFT_DISSECT_H

#include <loopcraft/event.h>
#include <loopcraft/node.h>

/* Dissects a frame by its link type; an unknown one is plain data. *out borrows the frame's bytes. */
void dissect(struct dissection *out, const struct frame *frame);

/* Is the link type one that a table reads? */
bool dissect_knows(int linktype);

/* The node where a packet that this one quotes begins (an ICMP error); d->count: it quotes none. */
size_t dissection_quote(const struct dissection *d);

/* The outermost layer that is this record, or NULL: `proto_tcp` in a frame that carries TCP. */
const struct node *dissection_layer(const struct dissection *d, const struct record *record);

/* The number of a row of that layer, by name; false when it is not there (cut short). */
bool dissection_number(const struct dissection *d, const struct node *layer, const char *name,
                       uint64_t *number);

/*
 * The line that sums a packet up: what it is ("SYN ACK", "Destination unreachable, Port
 * unreachable"), the details worth a look ("seq_raw=1234 ..."), and both ends.
 */
struct summary {
    struct text title, detail;
    struct end from, to;
    /* kept from packet to packet: */
    struct text piece;
    struct end_made {
        const struct field *field; /* NULL: the end is "" */
        uint8_t bytes[16];
        size_t size;
    } made[4]; /* the addresses and ports that stand in from and to */
};

enum { SUMMARY_ROWS = 32 };

void summarise(struct summary *summary, const struct dissection *d);

/* Which nodes have a say in that: of frames with one shape the same. */
struct summary_rows {
    uint32_t each[SUMMARY_ROWS]; /* of the nodes before this one: */
    size_t count, listed;
    size_t end; /* where the packet ends, and one that it quotes begins */
};
struct summary_rows summary_rows(const struct dissection *d);

/* Likewise, but for what is not wanted (enum without): that stays empty. */
void summarise_rows(struct summary *summary, const struct dissection *d,
                    const struct summary_rows *rows, unsigned without);
void summary_free(struct summary *summary);

#endif
