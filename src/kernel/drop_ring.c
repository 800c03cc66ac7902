/* drop_ring.c: the records in the ring of perf_event_open(2). */
#include "drops.h"

#include <linux/perf_event.h>

/* Bytes of the ring from a place on, wherever it wraps. */
static void copy_out(const struct drop_ring *ring, uint64_t from, void *to, size_t len)
{
    uint8_t *out = to;
    size_t at = (size_t)(from & (ring->size - 1));
    size_t first = ring->size - at < len ? ring->size - at : len;
    memcpy(out, ring->data + at, first);
    memcpy(out + first, ring->data, len - first);
}

bool drop_ring_next(struct drop_ring *ring, uint64_t head, uint8_t record[DROP_RECORD_MOST],
                    size_t *len, bool *lost)
{
    struct perf_event_header header;
    uint32_t raw; /* of PERF_SAMPLE_RAW alone: its length, then its bytes */
    while (head - ring->tail >= sizeof header && head - ring->tail <= ring->size) {
        uint64_t at = ring->tail;
        copy_out(ring, at, &header, sizeof header);
        if (header.size < sizeof header || header.size > head - at)
            break; /* no record of the kernel's */
        ring->tail += header.size;
        if (header.type == PERF_RECORD_LOST)
            *lost = true;
        if (header.type != PERF_RECORD_SAMPLE || header.size < sizeof header + sizeof raw)
            continue;
        copy_out(ring, at + sizeof header, &raw, sizeof raw);
        if (raw > header.size - sizeof header - sizeof raw)
            continue;
        *len = raw < DROP_RECORD_MOST ? raw : DROP_RECORD_MOST;
        copy_out(ring, at + sizeof header + sizeof raw, record, *len);
        return true;
    }
    ring->tail = head;
    return false;
}
