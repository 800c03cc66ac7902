/*
 * drops.h: why the kernel threw packets of this thread away: the tracepoint skb:kfree_skb.
 */
#ifndef LOOPCRAFT_KERNEL_DROPS_H
#define LOOPCRAFT_KERNEL_DROPS_H

#include <loopcraft/bytes.h>
#include <loopcraft/witness.h>

/* --- drop_format.c: the tracepoint's own description --------------------------- */

enum { DROP_REASONS_MOST = 512 }; /* Linux 6.18 names 127 */

/* Where a record has what we want, and the names of its reasons. */
struct drop_format {
    size_t reason_at, reason_size;     /* bytes */
    size_t protocol_at, protocol_size; /* an EtherType in this machine's order */
    struct drop_name {
        uint64_t number;
        char name[WITNESS_NAME];
    } names[DROP_REASONS_MOST];
    size_t name_count;
};

/* Reads the text of events/skb/kfree_skb/format; false when it tells no reasons (before 5.17). */
bool drop_format_parse(struct drop_format *format, struct bytes text);

/* A record's reason; NULL when it is no IP packet's. One without a name is "UNNAMED". */
const char *drop_format_reason(const struct drop_format *format, struct bytes record);

/* --- drop_ring.c: perf_event_open(2)'s ring ------------------------------------ */

/* The data part of the mapping; head and tail count bytes and never wrap. */
struct drop_ring {
    const uint8_t *data;
    size_t size; /* a power of two */
    uint64_t tail;
};

enum { DROP_RECORD_MOST = 256 };

/*
 * The raw part of the next sample up to head, copied to `record` (which unrolls the ring); false
 * when there is none left. What is no sample is passed over; *lost grows when the kernel says so.
 */
bool drop_ring_next(struct drop_ring *ring, uint64_t head, uint8_t record[DROP_RECORD_MOST],
                    size_t *len, bool *lost);

/* --- drops.c: all together -------------------------------------------------------- */

struct drops;

/* NULL, and why in `why` (a sentence without its full stop), when it can't be had. */
struct drops *drops_open(char *why, size_t size);
void drops_close(struct drops *drops);

/* Forgets what has been dropped up to now. */
void drops_skip(struct drops *drops);

/* The reasons since; at most WITNESS_DROPS, *more when there were others. */
size_t drops_read(struct drops *drops, char names[WITNESS_DROPS][WITNESS_NAME], bool *more);

#endif
