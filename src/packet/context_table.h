/*
 * context_table.h: what is remembered of conversations, and of questions that want an answer.
 */
#ifndef PACKET_CONTEXT_TABLE_H
#define PACKET_CONTEXT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    FLOW_SETS = 256,
    FLOW_WAYS = 8,   /* places that one conversation can have */
    FLOW_RECENT = 4, /* packets of a side whose numbers are kept */
    FLOW_KEY_WORDS = 10
};

/* Who with whom; of a question and its answer also about what. Zero what is not used. */
struct flow_key {
    uint8_t addr[2][16];
    uint16_t port[2];
    uint16_t id;      /* of a question */
    uint8_t kind;     /* enum flow_kind */
    uint8_t protocol; /* of a conversation its number in IP; of an ICMP question its type */
};
_Static_assert(sizeof(struct flow_key) == FLOW_KEY_WORDS * sizeof(uint32_t), "a key has no holes");

/* Addresses of IPv4 are short, so that a kind has one size of them. */
enum flow_kind {
    FLOW_TALK4,
    FLOW_TALK6,
    FLOW_ASK4, /* ICMP; ARP has no ICMP type that is in use: 0xff */
    FLOW_ASK6,
    FLOW_DNS4,
    FLOW_DNS6
};

/* What is known of a side. */
enum {
    KNOWN_NEXT = 1,
    KNOWN_SYN = 2,
    KNOWN_ACKED = 4,
    KNOWN_FIN = 8,
    KNOWN_GAP = 16,
    KNOWN_SCALE = 32 /* its SYN offered one */
};

/* What one side of a conversation has sent. */
struct side {
    uint64_t numbers[FLOW_RECENT]; /* its last packets in the capture; the newest before `turn` */
    uint32_t marks[FLOW_RECENT];   /* by which each can be told from the others */
    int64_t time_ns;               /* of the last */
    uint32_t first;                /* the SYN's number; these five by TCP's count */
    uint32_t next;                 /* behind the last number sent */
    uint32_t acked;                /* the most it acknowledged */
    uint32_t fin;                  /* behind the FIN */
    uint32_t gap, gap_end;         /* the last numbers that were skipped */
    uint8_t turn;                  /* of numbers and marks */
    uint8_t since;                 /* packets since the last from the other side, 255: or more */
    uint8_t scale;
    uint8_t known;
};

struct flow {
    struct flow_key key;
    struct side sides[2];
};

struct flow_set {
    uint32_t tags[FLOW_WAYS]; /* some bits of the key's hash; 0: free */
    uint32_t used[FLOW_WAYS]; /* when */
};

/* Drawn by chance for each table. */
struct flow_secrets {
    uint64_t each[FLOW_KEY_WORDS + 1];
};

struct flow_table {
    struct flow_secrets secrets;
    uint32_t clock;
    struct flow_set sets[FLOW_SETS];
    struct flow flows[FLOW_SETS][FLOW_WAYS];
};

void flow_secrets_draw(struct flow_secrets *secrets);
uint32_t flow_hash(const struct flow_secrets *secrets, const struct flow_key *key);

void flow_table_start(struct flow_table *table);

/* What is known of it; what is not is NULL, or with `make` all zero but for the key. */
struct flow *flow_find(struct flow_table *table, const struct flow_key *key, bool make);

/* A packet of this side came; and the number of its newest with this mark, or 0. */
void side_came(struct side *side, struct side *other, uint32_t mark, uint64_t number,
               int64_t time_ns);
uint64_t side_number(const struct side *side, uint32_t mark);

#endif
