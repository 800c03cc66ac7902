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

struct piece {
    uint32_t node;       /* the first that it is about */
    uint32_t start, end; /* the bytes that it depends on */
    uint32_t from, to;   /* in the pattern's text */
    uint32_t printed;    /* of struct rows, before it */
    uint8_t remark;      /* the packet's remark that it has, from 1; 0: none */
    bool never;          /* copied: it depends on other bytes as well */
};

struct pattern {
    uint64_t hash;
    const struct walk_memory *memory; /* of the dissection that it had the last time, */
    uint64_t shape;                   /* likewise */
    bool whole;                       /* else only seen once */
    struct node nodes[PATTERN_NODES];
    struct piece pieces[PATTERN_NODES + 1];
    struct remark remarks[PATTERN_REMARKS];
    size_t remarked[PATTERN_REMARKS]; /* of struct rows, before the first piece */
    size_t node_count, piece_count, remark_count;
    struct text bytes, text;
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

/* A piece of the nodes [node, next): `piece` with node, text, printed and remark filled in. */
void pattern_piece(struct pattern *pattern, struct piece piece, size_t next);
void pattern_text(struct pattern *pattern, const char *at, size_t len);

/* Does the piece look the same in this packet? */
static inline bool piece_same(const struct pattern *pattern, const struct piece *piece,
                              const struct packet_event *packet)
{
    const uint8_t *then = (const uint8_t *)pattern->bytes.at, *now = packet->frame.bytes.at;
    uint32_t i = piece->start;
    if (piece->end - i > 16)
        return !piece->never && !piece->remark && memcmp(then + i, now + i, piece->end - i) == 0;
    while (i < piece->end && then[i] == now[i])
        i++;
    if (i < piece->end || piece->never)
        return false;
    if (!piece->remark)
        return true;
    const struct remark *remark = &packet->remarks[piece->remark - 1];
    return remark->constant && remark->text == pattern->remarks[piece->remark - 1].text;
}

#endif
