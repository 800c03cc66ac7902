/*
 * event.h: what happens while a command runs, and the sinks that it is told to.
 *
 * Commands and probes emit events in order; a view (dump, ladder, JSON) or a writer
 * (pcapng) is a sink. Everything in an event is borrowed and valid during the call only:
 * a sink that needs it longer copies it.
 */
#ifndef LOOPCRAFT_EVENT_H
#define LOOPCRAFT_EVENT_H

#include <loopcraft/err.h>
#include <loopcraft/frame.h>
#include <loopcraft/verdict.h>

struct dissection; /* node.h */
struct field;      /* record.h */
struct record;     /* likewise */

enum event_kind {
    EVENT_START, /* the first, once: which command, where */
    EVENT_PACKET,
    EVENT_STEP, /* a stage reached, and what both ends are in now */
    EVENT_NOTE, /* one line that belongs to no packet */
    EVENT_VERDICT,
    EVENT_WITNESS,     /* the kernel's testimony, where it belongs to no verdict */
    EVENT_DIFF,        /* a field that two packets differ in */
    EVENT_FIELD,       /* a row of a table */
    EVENT_EXPLANATION, /* a checksum, added up */
    EVENT_MEANING,     /* what a word means */
    EVENT_ANSWER,      /* what belongs to a name, or that there is nothing */
    EVENT_ANOMALY,     /* a packet that ordinary traffic does not have */
    EVENT_PORT,        /* a port of this machine, looked at */
    EVENT_SUMMARY      /* the last, when the command has one */
};

/* Who set a field of a packet that was sent. */
enum origin {
    ORIGIN_UNKNOWN,
    ORIGIN_YOU,       /* asked for on the command line */
    ORIGIN_LOOPCRAFT, /* chosen by the command: a port, a sequence number, the flags */
    ORIGIN_LIBNET,    /* filled in by libnet's builders */
    ORIGIN_KERNEL     /* differs between the crafted and the captured bytes */
};

/* What a field means in this packet, instead of what it means in general. */
struct remark {
    const struct field *field;
    const char *text;
    bool constant; /* a text of our own, always the same at this address: plain ASCII */
};

/* One end of a conversation, printable; "" for a port where there is none. */
struct end {
    char addr[48];
    char port[8];
};

struct start_event {
    const char *command; /* "handshake" */
    const char *world;   /* "sandbox" or "host" */
    const char *place;   /* a line that says where it happens and what that means */
    const char *version; /* of the program; NULL: not told */
};

struct packet_event {
    struct frame frame;
    const struct dissection *dissection; /* of frame.bytes */
    const char *title;  /* "SYN", "SYN-ACK", "Destination unreachable, Port unreachable" */
    const char *detail; /* "seq_raw=1234 window_size_value=64240 ...", or "" */
    struct end from, to;
    const char *note;  /* what it means here, one sentence, or "" */
    uint64_t answered; /* the number of the packet that it answers; 0: none, or not known */
    const struct remark *remarks;
    size_t remark_count;
    const uint8_t *origins;    /* enum origin for each node of the dissection, or NULL */
    const struct bytes *built; /* the bytes as crafted, from the IP header on, or NULL */
    int64_t since_ns;          /* since the packet before, or below 0 for the first */
};

struct step_event {
    const char *title;  /* "SYN sent" */
    const char *ours;   /* the state of our end: "SYN-SENT"; ours is a claim, there is no socket */
    const char *theirs; /* the state of their socket, as the kernel's inet_diag says; "" unknown */
    const char *means;  /* a sentence or two: the arithmetic, what comes next */
};

/* What a difference between two packets is worth. */
enum diff_kind {
    DIFF_EXPECTED, /* what must differ: time, numbers drawn by chance, sums that follow from them */
    DIFF_FOLLOWS,  /* a length or padding that follows from another difference */
    DIFF_SUBSTANCE
};

/* A field that differs in a pair of packets, one of each capture. */
struct diff_event {
    uint64_t a, b;       /* the numbers of the two packets in their captures */
    const char *title;   /* of the first: "SYN" */
    struct end from, to; /* likewise */
    const char *name;    /* Wireshark's; NULL where it has none */
    const char *label;
    enum diff_kind kind;
    bool counts;                   /* the captures are not the same because of it */
    const char *a_value, *b_value; /* for people, escaped; NULL: it is not there */
    const char *means;             /* the difference in a sentence */
};

struct field_event {
    const char *protocol; /* the first word of its name: "tcp" */
    const struct record *record;
    const struct field *field; /* NULL: the record itself */
    bool placed;               /* it lies at field->bit; false: wherever the fixed rows end */
};

enum { SUM_ROW_WORDS = 8 };

/* Some 16-bit words of a checksum, and the sum up to here. */
struct sum_row {
    const char *what; /* "ip.src", "length" */
    const char *to;   /* where a word touches several fields, the last of them; or NULL */
    const char *note; /* "taken as 0", or NULL */
    uint16_t words[SUM_ROW_WORDS];
    unsigned count;
    uint32_t sum; /* its carries above the lower 16 bits */
    bool pseudo;  /* of the pseudo-header */
};

struct explanation_event {
    uint64_t number;            /* the packet */
    const char *name, *title;   /* "tcp.checksum", "TCP" */
    const struct sum_row *rows; /* none when it can't be checked */
    size_t row_count;
    uint32_t sum; /* of all words */
    uint16_t folded, complement;
    uint16_t expected, stored; /* expected: the complement, or what UDP sends for 0 */
    bool partial;              /* stored: the pseudo-header's sum alone */
    bool quoted;               /* it is of a packet that an error quotes */
    const char *means;         /* right, partial, none, wrong */
};

struct witness_event {
    const struct testimony *testimony;
    const char *means; /* a sentence or several without the last full stop, or "" */
};

/* A fact beside the meaning. */
struct detail {
    const char *key; /* one word: a label for people, a member in JSON */
    const char *text;
    bool number; /* decimal digits */
    bool named;  /* the name says it already: people need not read it twice */
};

/* One of the meanings that a word has. */
struct meaning_event {
    const char *word;  /* as it was asked, escaped */
    const char *kind;  /* "port", "field", "TCP state" ... */
    const char *name;  /* "22/tcp ssh" */
    const char *means; /* a phrase */
    const struct detail *details;
    size_t detail_count;
};

/* What belongs to a name, an address, a port: one thing each. All texts are safe to print. */
struct answer_event {
    const char *name;    /* that was asked about, or on the way to it; "" none */
    const char *kind;    /* "A", "CNAME", "port", "service" ... */
    const char *data;    /* NULL: there is none, and `failure` says why in a word */
    int64_t ttl;         /* seconds that it may be remembered; below 0: nobody said */
    const char *class;   /* of an address: "loopback"; or NULL */
    const char *reaches; /* likewise: how far it goes */
    const char *means;   /* a phrase, or "" */
    const char *source;  /* who says so: "127.0.0.1:53", "/etc/hosts" */
    const char *failure; /* "NXDOMAIN", "no-response" ...; NULL: none */
};

/* All are constants or ASCII of our own. */
struct anomaly_event {
    const char *rule;     /* "syn-fin" */
    const char *means;    /* a sentence or two: what is odd about it */
    const char *innocent; /* likewise: how it can be harmless; NULL: it hardly can */
    const char *source;   /* "RFC 9293, 3.5" */
    const char *evidence; /* a phrase: values, numbers of packets */
    uint64_t packet;      /* the first, or with `again` the last */
    uint64_t count;       /* of packets, ports ..., as the evidence says */
    bool again;           /* more of what was told before */
    struct end from, to;  /* who is to blame, and whom it went to */
};

/* So many of a kind: ends with name NULL. */
struct rule_count {
    const char *name;
    uint64_t count;
};

/* What was heard when a port was asked at an address. */
struct port_asked {
    const char *addr;
    const char *state, *reason; /* of the handmade probe; NULL: there was none */
    const char *called;         /* connect(): "connected", "no-response" or errno's name; or NULL */
};

enum { PORT_ASKED_MOST = 2 };

/*
 * A port of this machine: what the kernel's table of sockets, a handmade probe and connect() say
 * of it, and what is to be thought of that. Texts marked foreign were written by others, as they
 * were found: a sink escapes them.
 */
struct port_event {
    const char *proto; /* "tcp", "udp" */
    uint16_t port;
    const char *concern;  /* why it stands where it stands in the order: a word of the glossary */
    const char *state;    /* "open", ...; NULL: it was not asked */
    const char *bound;    /* the address that its socket is bound to; NULL: none is in sight */
    const char *exposure; /* "every interface", "loopback" ...; NULL: none is in sight */
    const char *binding;  /* the same in a phrase */
    const char *service;  /* what is usual there, by name and purpose; NULL: nothing is known */
    const char *purpose;
    const char *encryption;        /* "plaintext", ...; NULL: nothing is known */
    bool observed;                 /* the encryption was seen; else it is what is usual */
    const char *banner;            /* what it said first, foreign; NULL: nothing */
    const char *user;              /* whose socket it is; NULL: none is in sight. Foreign */
    int pid;                       /* the process that has it; 0: not to be seen */
    unsigned pids_more;            /* others that have it as well */
    const char *program, *command; /* the process's file and command line, foreign */
    const char *unknown;           /* why the process is not to be seen, or NULL */
    struct port_asked asked[PORT_ASKED_MOST];
    size_t asked_count;
    const char *unasked; /* why nothing was sent to it; NULL: it was asked */
    const char *finding; /* what is odd about it, sentences without the last full stop; or NULL */
    const char *advice;  /* should it be open? a phrase */
    const char *instead; /* the encrypted alternative, or NULL */
};

struct summary_event {
    const char *text;                 /* a sentence for people */
    bool partial;                     /* interrupted: what is known so far */
    unsigned sent, received, dropped; /* packets; dropped: by the capture (ps_drop) */
    bool asked_again; /* what was dropped changed no verdict: it was asked for again */
    struct {
        const char *state;
        unsigned count;
    } states[8];                        /* ends with state NULL */
    const struct rule_count *anomalies; /* by their rules; NULL: nobody looked for any */
};

struct event {
    enum event_kind kind;
    union {
        struct start_event start;
        struct packet_event packet;
        struct step_event step;
        const char *note;
        struct verdict verdict;
        struct witness_event witness;
        struct diff_event diff;
        struct field_event field;
        struct explanation_event explanation;
        struct meaning_event meaning;
        struct answer_event answer;
        struct anomaly_event anomaly;
        struct port_event port;
        struct summary_event summary;
    };
};

/*
 * A sink embeds this as its first member. end() is called once after the last event
 * (also when the run failed), writes what is still held back and frees the sink; it fails
 * when something could not be written.
 */
struct sink {
    bool (*event)(struct sink *sink, const struct event *event, struct err *err);
    bool (*end)(struct sink *sink, struct err *err);
    bool (*flush)(struct sink *sink, struct err *err); /* shows what it held back; NULL: nothing */
    bool patient;     /* flush() is called when there is a pause: nothing need be written before */
    unsigned without; /* enum without: what it has no use for in packets */
};

/* Parts of a packet event that cost time, and that may be "" where no sink has a use for them. */
enum without {
    WITHOUT_TITLE = 1, /* nor both ends */
    WITHOUT_DETAIL = 2
};

/* Several sinks as one. It does not own the array or the sinks. */
struct sinks {
    struct sink *each[4];
    size_t count;
};

bool sinks_event(const struct sinks *sinks, const struct event *event, struct err *err);

/* Packets come as they happen, and no more are there now: what is held back is shown. */
bool sinks_flush(const struct sinks *sinks, struct err *err);

/* What none of them has a use for. */
unsigned sinks_without(const struct sinks *sinks);

#endif
