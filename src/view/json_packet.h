/*
 * json_packet.h: a packet as a JSON object, the same names and offsets as tshark -T pdml.
 */
#ifndef VIEW_JSON_PACKET_H
#define VIEW_JSON_PACKET_H

#include "memo.h"

#include <loopcraft/event.h>
#include <loopcraft/text.h>

/* What stays the same of a table's row each time that it is written at the same place. */
struct words {
    const void *row;        /* a struct field, or the struct record of an option; NULL: free */
    uint32_t pos, size;     /* that the head has */
    struct text head, tail; /* {"name":"tcp.flags","pos":46,"size":2,"show":" and ,"means":"..." */
};

/* All that were written so far: as many as the tables have rows, whatever the capture holds. */
struct vocabulary {
    struct words *words;
    size_t count, cap;      /* cap: a power of two */
    struct memo_slot *memo; /* fields that were written before, with their bytes */
    struct text piece;      /* a value, before it is made JSON */
};

struct vocabulary vocabulary_new(void);
void vocabulary_free(struct vocabulary *vocabulary);

void put_packet_json(struct text *out, struct vocabulary *vocabulary,
                     const struct packet_event *packet);

#endif
