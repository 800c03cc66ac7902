/*
 * finder.h: the values of a name in a packet.
 *
 * Names are those of the tables, Wireshark's: fields ("tcp.flags"), protocols and options ("tcp",
 * "tcp.options.mss"); beside them what belongs to no byte ("frame.number"), and the names that mean
 * either side ("ip.addr", "tcp.port"). A name may occur several times in a packet.
 */
#ifndef LOOPCRAFT_FINDER_H
#define LOOPCRAFT_FINDER_H

#include <loopcraft/frame.h>
#include <loopcraft/node.h>

/* What the values are, and so how they compare. */
enum finder_kind {
    FINDER_NUMBER,
    FINDER_BOOLEAN,
    FINDER_TIME, /* seconds since 1970, held as nanoseconds */
    FINDER_IPV4,
    FINDER_IPV6,
    FINDER_ETHER,
    FINDER_BYTES,
    FINDER_PROTOCOL, /* a header or an option: its bytes */
    FINDER_TEXT
};

/* A packet to look into. */
struct scene {
    const struct frame *frame;
    const struct dissection *dissection; /* of frame */
};

/* One occurrence; valid until the next one is asked for. */
struct found {
    int64_t time_ns;
    uint64_t number;    /* of numbers and booleans, as shown */
    struct bytes bytes; /* of all others; of a protocol those that Wireshark counts to it */
    struct bytes reach; /* of a protocol: and all that it carries; else the same as bytes */
};

struct finder_source;
struct finder_size;

struct finder {
    const char *name; /* as the tables spell it */
    enum finder_kind kind;
    unsigned bits;            /* of a number: its width */
    bool flags;               /* a number that is a group of flags */
    const struct term *terms; /* of a number: names of its values, or NULL */
    /* private */
    const struct finder_source *source; /* of a name of the frame's own; else NULL, and */
    const struct finder_size *size;     /* or of a size of the records in `rows`; else NULL, and */
    const void **rows;                  /* the struct field or struct record of that name */
    size_t row_count, row_cap;
    struct text text; /* a value as text, kept for the next */
};

/* Finds out what a name means. False, and nothing to free, when no table has it. */
bool finder_open(struct finder *finder, const char *name);
void finder_free(struct finder *finder);

/* The next occurrence from *at (0 at first, moved on) in the order of the bytes; false: no more. */
bool finder_next(struct finder *finder, const struct scene *scene, size_t *at, struct found *found);

/* All values, commas between them, as `tshark -T fields -e` gives them; foreign bytes escaped. */
void finder_put(struct text *out, struct finder *finder, const struct scene *scene);

/* The names that a mistyped one may have meant: "tcp.flags, tcp.flags.syn"; or nothing. */
void finder_nearest(struct text *out, const char *name);

#endif
