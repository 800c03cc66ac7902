/*
 * context_parts.h: what the files of the context share.
 *
 * context.c         a packet's layers, its ports and hops
 * context_table.c   what is remembered
 * context_tcp.c     TCP: who sent what, who acknowledged it
 * context_words.c   what that means for a segment's rows
 * context_answer.c  which packet this one answers
 */
#ifndef PACKET_CONTEXT_PARTS_H
#define PACKET_CONTEXT_PARTS_H

#include "context_table.h"

#include <loopcraft/context.h>

/* Rows that are read from nearly every packet, looked up once. */
struct ip_rows {
    const struct field *source, *destination, *length, *hops;
};
struct tcp_rows {
    const struct field *source, *destination, *seq, *ack, *header, *flags, *window, *shift;
};
struct udp_rows {
    const struct field *source, *destination, *length, *sum;
};

/* A packet's layers; NULL where there is none. The IP layer is the one around the transport. */
struct layers {
    const struct node *outer_ip, *ip, *tcp, *udp, *icmp, *dns, *arp;
    size_t quote; /* the node where a quoted packet begins, or the number of nodes */
};

struct context {
    struct flow_table table;
    struct ip_rows ip4, ip6;
    struct tcp_rows tcp;
    struct udp_rows udp;
    struct text note;
    uint64_t answered; /* the number of the packet that it answers, or 0 */
    /* the packet at hand */
    const struct frame *frame;
    const struct dissection *d;
    struct layers layers;
    struct remarks *remarks; /* or NULL */
};

/* The layers of the nodes [from, end). */
struct layers layers_find(const struct dissection *d, size_t from, size_t end);

/* The number of a row of this layer's fixed part; false when it is not there. */
static inline bool row_number(const struct context *c, const struct node *layer,
                              const struct field *row, uint64_t *number)
{
    return bytes_number(c->d->bytes, layer->bit + row->bit, row->bits, number);
}

static inline void context_say(struct context *c, const struct field *row, const char *constant)
{
    if (c->remarks)
        remarks_say(c->remarks, row, constant);
}

static inline struct text *context_write(struct context *c, const struct field *row)
{
    return c->remarks ? remarks_write(c->remarks, row) : NULL;
}

/* Of IP by its version. */
static inline const struct ip_rows *ip_rows(const struct context *c, const struct node *ip)
{
    return ip->record->size == 40 ? &c->ip6 : &c->ip4;
}

/* The address in this row, into a key's 16 bytes that are zero; false when it is cut off. */
bool key_address(const struct context *c, const struct node *layer, const struct field *row,
                 uint8_t *to);

/* Who talks with whom over TCP or UDP; *side: which of the two the packet is from. */
bool talk_key(const struct context *c, const struct layers *l, struct flow_key *key,
              unsigned *side);

/* Where the packet ends by what IP says, as a byte of the frame; its own end when IP says none. */
size_t packet_end(const struct context *c, const struct node *ip);

/* "Answers #12." when it is known what it answers. */
void note_answers(struct context *c, uint64_t number);

void context_tcp(struct context *c, const struct layers *l);
void context_udp(struct context *c, const struct layers *l);
void context_icmp(struct context *c, const struct layers *l);
void context_dns(struct context *c, const struct layers *l);
void context_arp(struct context *c, const struct layers *l);

#endif
