/*
 * rows.h: the nodes of a packet as lines: layers nested in each other, every byte once.
 */
#ifndef VIEW_ROWS_H
#define VIEW_ROWS_H

#include "line.h"
#include "memo.h"
#include "pattern.h"

#include <loopcraft/node.h>

enum {
    OFFSET_COLUMNS = 6,
    BARS_MOST = 12, /* layers that are drawn inside each other; deeper ones stand below the last */
    BARS_ROOM = BARS_MOST * 2 * (int)sizeof(struct mark),
    REMARKS_ROOM = 64 /* more of them in one packet are not shown */
};

/* An error of ICMP carries a packet once more: the internet layer behind a layer that is a whole
 * message, and all that follows it. */
enum quoting {
    QUOTES_NOTHING,
    QUOTES_SOON, /* the message has begun */
    QUOTED
};

/* Where things stand in a line that has so many bars at its left. */
struct columns {
    unsigned indent;             /* the offset */
    unsigned name, value, means; /* value, means 0: they flow after what is before them */
    unsigned per;                /* bytes that fit between the offset and the name */
    bool stacked;                /* too narrow: the name stands below the bytes */
};

/* Kept from packet to packet, so that nothing is allocated for each. */
struct rows {
    struct page page;
    bool verbose;
    unsigned bars_most;
    struct columns columns[BARS_MOST + 1]; /* by the number of bars */
    struct text value;                     /* of the row at hand */
    struct memo_slot *memo;
    struct patterns *patterns;

    const struct packet_event *packet; /* at hand */
    size_t remarked[REMARKS_ROOM];     /* the node of each remark that has not found its row */
    size_t next_remark;                /* the first of these nodes */
    const struct pattern *like;        /* what it looks like, or is to be kept as; or NULL */
    bool recording;                    /* to be kept */
    const struct piece *piece;         /* that the row is; then its remark is known. Or NULL */
    struct spot spot;                  /* of the row that was written, in the page's text */
    uint8_t taken;                     /* the remark that the row has, from 1; 0: none */
    uint32_t printed;                  /* bytes before this one stand on the page already */
    enum quoting quoting;
    unsigned bars;
    char left[BARS_ROOM];             /* the bars, the outermost first */
    uint16_t left_len[BARS_MOST + 1]; /* of the first so many */
    enum layer layers[BARS_MOST];
    uint32_t layers_key; /* the same in two bits each: which bars are drawn */
};

/* A line whose left side has an offset and bytes of the packet. */
struct row {
    struct line line; /* first: its lead() finds the row */
    struct rows *rows;
    const struct columns *columns;
    uint32_t pos, end; /* bytes not yet shown */
    unsigned per;      /* of them on a line */
    size_t digits;     /* where the line's first byte stands in the page's text */
    uint32_t bit,
        bits; /* that the row is about: a digit that it shares with others is no digit of its own */
};

void rows_start(struct rows *rows, const struct page *page, bool verbose);
void rows_packet(struct rows *rows, const struct packet_event *packet);
void rows_free(struct rows *rows);

/* A layer begins, of a packet whose layers before it have been told: is it part of a quoted one? */
void rows_enter(struct rows *rows, const struct record *layer);

/* A layer's name, and a rule to the end of the line. */
void rows_title(struct rows *rows, struct line *line, const struct record *record, uint32_t size);

/* --- shared by rows.c, row.c, remarked.c, layers.c, values.c and block.c ---------------------- */

/* What a row says beside its bytes. */
struct said {
    const char *name;
    const char *means; /* or NULL */
    const char *why;   /* of the fault */
    uint8_t fault, origin;
    bool again;       /* another reading of bytes that stand in the rows above */
    size_t node, end; /* the nodes that it stands for */
};

/* Starts a row for the bytes [pos, end): writes the bars, the offset and what fits. */
struct row row_start(struct rows *rows, const struct columns *columns, uint32_t pos, uint32_t end);
void row_left(struct line *line);
void row_name(struct row *row, const struct said *said);
void row_value(struct row *row);                         /* rows->value */
void row_again(struct row *row);                         /* both, like rows->piece */
void row_tail(struct row *row, const struct said *said); /* fault, meaning, origin; ends the row */

/* layers.c: the line where a layer begins; the bar alone, from here on; what closes all of them. */
void layer_heading(struct rows *rows, const struct node *node);
void layer_enter(struct rows *rows, const struct node *node);
void layers_foot(struct rows *rows);

/* remarked.c: finds the nodes that the packet's remarks are about. */
void remarks_start(struct rows *rows);

/* It has found its row. */
void remark_done(struct rows *rows, size_t index);

/* Rows before this node have had theirs. */
void remarks_pass(struct rows *rows, size_t node);

/* Which remark is about the row of the nodes [node, end), of those that have not found theirs. */
bool remark_find(struct rows *rows, size_t node, size_t end, size_t *index);

/* The end of what the node at `i` spans: its rows follow it. */
size_t node_end(const struct dissection *d, size_t i);

/* Writes the value of the nodes [said->node, said->end) into rows->value. */
void put_value(struct rows *rows, const struct said *said);

/* The value that the crafted packet had where the kernel changed it: ", was 0x0000". */
void put_crafted(struct rows *rows, size_t node, struct text *out);

/* Application bytes: a hex dump with the characters beside it, and the text if it is text. */
void put_block(struct rows *rows, const struct said *said);

#endif
