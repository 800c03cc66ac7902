/*
 * pattern.h: packets that look like one before, but for some bytes.
 *
 * In a large capture the same nodes come again and again: a SYN is like every other SYN. What such
 * a packet looks like is kept in pieces, a row a piece. Of the next packet with the same nodes a
 * view writes anew only the pieces whose bytes are others; all that stands between them is copied.
 */
#ifndef VIEW_PATTERN_H
#define VIEW_PATTERN_H

#include <loopcraft/event.h>
#include <loopcraft/node.h>

enum { PATTERN_NODES = 256, PATTERN_TEXT = 16 * 1024, PATTERN_REMARKS = 16 };

/* Frames are compared once for all pieces: their first bytes, in which headers lie, a bit a byte.
 */
enum { COMPARED_WORDS = 2, COMPARED_BYTES = COMPARED_WORDS * 64 };

/* What a packet differs in, or what a piece depends on. */
struct touched {
    uint64_t bytes[COMPARED_WORDS];
    uint32_t remarks; /* from bit 1 on; bit 0: always */
};

/*
 * Where a row's first digit and its value stand in its text, and the value's columns; value 0: it
 * has no value, or what stands before it depends on more than the digits of the row's bytes.
 */
struct spot {
    uint32_t digits, value;
    uint32_t at, hang;
};

struct piece {
    uint32_t node, next; /* the nodes that it is about */
    struct spot spot;
    uint32_t start, end; /* the bytes that it depends on */
    uint32_t from, to;   /* in the pattern's text */
    uint32_t printed;    /* of struct rows, before it */
    uint8_t remark;      /* the packet's remark that it has, from 1; 0: none */
    bool beyond;         /* it depends on more than the bytes that are compared once */
    struct touched depends;
};

struct pattern {
    uint64_t hash;
    const struct walk_memory *memory; /* of the dissection that it had the last time, */
    uint64_t shape;                   /* likewise */
    bool whole;                       /* else only seen once */
    struct node nodes[PATTERN_NODES];
    struct piece pieces[PATTERN_NODES + 1];
    struct remark remarks[PATTERN_REMARKS];
    size_t node_count, piece_count, remark_count;
    struct text bytes, text;
    struct touched changed; /* in the packet that it was found for */
};

struct patterns;

struct patterns *patterns_new(void); /* ends the program when there is no memory */
void patterns_free(struct patterns *patterns);

/*
 * The pattern of this packet, or NULL. With *record set the packet is one to be kept: the view
 * writes all of it, tells of its pieces, and then of its text.
 */
struct pattern *pattern_find(struct patterns *patterns, const struct packet_event *packet,
                             bool *record);

/* `piece` with nodes, text, printed, spot and remark filled in. */
void pattern_piece(struct pattern *pattern, struct piece piece);
void pattern_text(struct pattern *pattern, const char *at, size_t len);

/* Does the piece look the same in the packet that the pattern was found for? */
static inline bool piece_same(const struct pattern *pattern, const struct piece *piece,
                              const struct packet_event *packet)
{
    const struct touched *depends = &piece->depends, *changed = &pattern->changed;
    if ((depends->bytes[0] & changed->bytes[0]) | (depends->bytes[1] & changed->bytes[1]) |
        (depends->remarks & changed->remarks))
        return false;
    return !piece->beyond ||
           memcmp(pattern->bytes.at + piece->start, packet->frame.bytes.at + piece->start,
                  piece->end - piece->start) == 0;
}

#endif
