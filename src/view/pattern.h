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

/* Frames are compared once for all pieces: their first bytes, where headers lie, a bit a byte. */
enum { COMPARED_WORDS = 2, COMPARED_BYTES = COMPARED_WORDS * 64 };

/* Some of a pattern's pieces, a bit each. */
enum { PIECES_MOST = PATTERN_NODES + 1, SET_WORDS = (PIECES_MOST + 63) / 64 };
struct piece_set {
    uint64_t words[SET_WORDS];
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
    bool around;         /* it depends on other bytes as well */
};

struct pattern {
    uint64_t hash;
    const struct walk_memory *memory; /* of the dissection that it had the last time, */
    uint64_t shape;                   /* likewise */
    bool whole;                       /* else only seen once */
    struct node nodes[PATTERN_NODES];
    struct piece pieces[PIECES_MOST];
    struct piece_set of_byte[COMPARED_BYTES], of_remark[PATTERN_REMARKS]; /* that depend on it */
    struct piece_set always;                                              /* to be looked at */
    struct remark remarks[PATTERN_REMARKS];
    size_t node_count, piece_count, remark_count;
    struct text bytes, text;
    /* of the packet that it was found for: */
    uint64_t changed[COMPARED_WORDS]; /* bytes */
    uint32_t changed_remarks;
    struct piece_set touched; /* the pieces that may look otherwise */
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

/* The first piece from number `from` on that may look otherwise in the packet, or NULL. */
static inline const struct piece *pattern_touched(const struct pattern *pattern, size_t from)
{
    for (; from < pattern->piece_count; from = (from / 64 + 1) * 64) {
        uint64_t bits = pattern->touched.words[from / 64] >> from % 64;
        if (bits)
            return &pattern->pieces[from + (size_t)__builtin_ctzll(bits)];
    }
    return NULL;
}

/* Likewise behind this one. */
static inline const struct piece *piece_next(const struct pattern *pattern,
                                             const struct piece *piece)
{
    return pattern_touched(pattern, (size_t)(piece - pattern->pieces) + 1);
}

/* A layer's heading depends on no bytes. */
static inline bool piece_is_heading(const struct piece *piece)
{
    return piece->next == piece->node;
}

/* Of one of these: does it not? */
bool piece_same(const struct pattern *pattern, const struct piece *piece,
                const struct packet_event *packet);

#endif
