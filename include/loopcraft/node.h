/*
 * node.h: what a dissection is made of.
 *
 * The walk turns bytes into nodes, in order, a record before its rows, a group before what
 * lies inside it. The leaves (NODE_FIELD, NODE_BYTES) tile the frame: each bit lies in
 * exactly one of them, whatever the bytes are.
 */
#ifndef LOOPCRAFT_NODE_H
#define LOOPCRAFT_NODE_H

#include <loopcraft/record.h>

enum node_kind {
    NODE_RECORD, /* a header, an option: spans its rows */
    NODE_GROUP,  /* a row that spans the rows after it; an options area */
    NODE_FIELD,  /* a row: a leaf */
    NODE_ALSO,   /* another reading of bits that leaves cover */
    NODE_BYTES   /* bytes that no row describes: padding, a cut tail: a leaf */
};

enum node_fault {
    FAULT_NONE,
    FAULT_BAD, /* the bytes contradict themselves; `why` says how */
    FAULT_CUT  /* the capture ends in the middle */
};

struct node {
    const struct record *record; /* what it is, or the record that it is a row of */
    const struct field *field;   /* NULL for NODE_RECORD and NODE_BYTES */
    const struct term *terms;    /* names of the row's values here, or NULL */
    const char *why;             /* of a fault or of NODE_BYTES: a constant sentence, or NULL */
    uint32_t bit, bits;          /* from the frame's start */
    uint8_t kind;                /* enum node_kind */
    uint8_t fault;               /* enum node_fault */
    uint8_t depth;               /* how many layers lie around it: 0 for the link */
    uint8_t inside;              /* how many parts and groups of its own layer lie around it */
    uint32_t within;             /* bytes from the start of its message to its own first */
};

/*
 * What else a record carries, by its ports: asked before its own list (Wireshark's "Decode As").
 * Lists end with `of` NULL.
 */
struct decode {
    const struct record *of;
    const struct branch *ports;
};

struct dissection {
    struct bytes bytes;  /* borrowed */
    const struct decode *decode; /* or NULL; borrowed; the same for all that share a memory */
    struct node *nodes;  /* owned; reused from frame to frame */
    size_t count, cap;
    struct walk_memory *memory; /* what the walk keeps from frame to frame; shared */
    uint64_t shape; /* with one memory: the same number, the same nodes; 0: it has none */
};

void dissection_free(struct dissection *d);

/* Keeps what the other keeps: for those of one thread. */
void dissection_share(struct dissection *d, struct dissection *with);
void walk_memory_leave(struct walk_memory *memory); /* or NULL: a dissection less */

/* Room for so many more nodes after the last; nodes may move. They count once `count` says so. */
struct node *dissection_room(struct dissection *d, size_t more);

/* Appends a node and returns its index; nodes may move. */
size_t dissection_add(struct dissection *d, struct node node);

/* Offset of the first byte that the node touches, and how many it touches, as PDML counts. */
static inline uint32_t node_pos(const struct node *node)
{
    uint32_t pos = node->bit / 8;
    if (!node->field || !node->field->word)
        return pos;
    uint32_t start = (node->bit - node->field->bit) / 8; /* of the record: rows know their offset */
    return start + (pos - start) / node->field->word * node->field->word;
}

static inline uint32_t node_size(const struct node *node)
{
    if (node->field && node->field->word)
        return node->field->word;
    return (node->bit + node->bits + 7) / 8 - node->bit / 8;
}

static inline struct bytes node_raw(const struct dissection *d, const struct node *node)
{
    return bytes_part(d->bytes, node_pos(node), node_size(node));
}

/* Do other bytes than its own have a say in what it shows? */
bool node_looks_around(const struct node *node);

/* The node's bits as a number; 0 when it has more than 64. */
uint64_t node_number(const struct dissection *d, const struct node *node);

void node_show(struct text *out, const struct dissection *d, const struct node *node);  /* PDML's show="" */
void node_value(struct text *out, const struct dissection *d, const struct node *node); /* PDML's value="" */
void node_say(struct text *out, const struct dissection *d, const struct node *node);   /* for people */

/* Wireshark's name of a node, or NULL. */
const char *node_name(const struct node *node);

/* The first row of this name (at or after node `from`), or NULL. */
const struct node *node_find(const struct dissection *d, size_t from, const char *name);

#endif
