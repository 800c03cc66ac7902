/*
 * record.h: how a protocol is described, once, in a table.
 *
 * A record is a stretch of bytes with a name: a header, an option, a message. Its rows
 * (struct field) lie at constant bit offsets; where its length stops being static the
 * record says declaratively what follows: options, a case by type, repeated elements,
 * a next record. One walk (walk.h) reads all of them. No table has a code path.
 *
 * Names are Wireshark's display filter names. Where Wireshark has none a row has a label
 * and no name.
 */
#ifndef LOOPCRAFT_RECORD_H
#define LOOPCRAFT_RECORD_H

#include <loopcraft/bytes.h>
#include <loopcraft/err.h>
#include <loopcraft/text.h>

enum layer {
    LAYER_LINK,
    LAYER_INTERNET,
    LAYER_TRANSPORT,
    LAYER_APPLICATION,
    LAYER_PART /* an option, a case, an element: a part of the record around it */
};

/* What a row does beside carrying a value: the walk acts on it, and craft fills it. */
enum role {
    ROLE_VALUE,           /* nothing more */
    ROLE_GROUP,           /* spans the rows after it that lie inside: they are the leaves */
    ROLE_ALSO,            /* another reading of bits that other rows cover: not in the tiling */
    ROLE_RESERVED,        /* to be sent as 0 and ignored */
    ROLE_HEADER_LENGTH,   /* shown: bytes of this record, its options included */
    ROLE_LENGTH,          /* shown: bytes of this record and of all that it carries */
    ROLE_PAYLOAD_LENGTH,  /* shown: bytes after the fixed rows (IPv6) */
    ROLE_NEXT,            /* selects what follows in record->next */
    ROLE_CASE,            /* selects how this record goes on, in record->cases */
    ROLE_CODE,            /* its terms come from the case that was selected (ICMP) */
    ROLE_FRAGMENT,        /* when not 0, what follows is the middle of something, no header */
    ROLE_MORE,            /* when set, what follows goes on in another packet */
    ROLE_CHECKSUM,        /* of this record and what it carries; record->sum says over what */
    ROLE_SOURCE,          /* the address or the port it comes from */
    ROLE_DESTINATION,     /* the address or the port it goes to */
    ROLE_KIND,            /* of an option */
    ROLE_OPTION_LENGTH,   /* of an option, kind and length included */
    ROLE_POINTER,         /* of an option: its first byte, from 1, that `ahead` describes */
    ROLE_BODY_LENGTH,     /* shown: bytes of this part after its fixed rows */
    ROLE_COUNT,           /* how many elements the next of record->lists has */
    ROLES                 /* how many there are */
};

/* A number and its name. A list ends with name NULL. */
struct term {
    uint64_t number;
    const char *name;  /* "TCP"; read back in recipes */
    const char *means; /* a sentence, or NULL */
};

struct field;

/*
 * Wire to text and back. `number` holds the row's bits when it has at most 64 of them;
 * `raw` the bytes that it touches.
 */
struct format {
    const char *name; /* "decimal", "IPv4 address": what a recipe may write, in errors */
    /* Exactly what tshark -T pdml gives as show="". */
    void (*show)(struct text *out, const struct field *field, struct bytes raw, uint64_t number);
    /* What people read; NULL: show, then the term's name. */
    void (*say)(struct text *out, const struct field *field, struct bytes raw, uint64_t number);
    /*
     * A recipe's word to bytes: appends the value to `out`, as a big-endian number of
     * (bits + 7) / 8 bytes, or as many bytes as the text makes when field->bits is 0.
     * NULL: the row can't be written as a word.
     */
    bool (*read)(struct text *out, const struct field *field, const char *word, struct err *err);
    bool whole; /* PDML's value="" is the touched bytes, unmasked (ip.version), not the number */
    /*
     * Instead of show and say, for what its own bytes do not tell: the row starts at byte `at` of
     * the message and may point elsewhere in it (a compressed DNS name).
     */
    void (*show_within)(struct text *out, struct bytes message, size_t at);
    void (*say_within)(struct text *out, struct bytes message, size_t at);
    bool silent; /* Wireshark gives it a place and no value: PDML's show="" and value="" */
};

struct field {
    const char *name;   /* "tcp.flags.syn"; NULL where Wireshark has none */
    const char *label;  /* "SYN": short, for boxes and for rows without a name */
    uint16_t bit, bits; /* from the record's start, as the RFC draws it; bits 0: to its end */
    uint8_t word;       /* bytes of the aligned word Wireshark shows it in; 0: those it touches */
    uint8_t scale;      /* shown = (wire + bias) * scale; 0 means 1 */
    int8_t bias;
    uint8_t role;       /* enum role */
    bool brief;         /* part of the packet's one-line summary */
    const struct format *format;
    const struct term *terms; /* names of its values, or NULL */
    const char *rfc;    /* "RFC 9293, 3.1" */
    const char *means;  /* one sentence that a student understands */
};

struct record;

/* What follows when the selecting row has this number. Lists end with record NULL. */
struct branch {
    uint64_t number;
    const struct record *record;
    const struct term *codes; /* names for the ROLE_CODE row in this case, or NULL */
};

/*
 * Another record for the same bytes, when the number in these bits lies in a range: a header whose
 * rows depend on one of them. Lists end with record NULL.
 */
struct choice {
    uint16_t bit, bits; /* from the record's start */
    uint64_t from, to;
    const struct record *record;
    bool behind; /* the bits are counted from the record's measured end */
};

/* As many elements as the ROLE_COUNT row of the same place says. Lists end with element NULL. */
struct list {
    struct field area; /* the whole of it; bit and bits unused */
    const struct record *element;
};

/* A list of options: kind, and for most a length; ends at the header length or an end kind. */
struct options {
    struct field area;            /* Wireshark's name for the whole area; bit and bits unused */
    const struct branch *kinds;
    const struct record *unknown; /* for kinds that are not in the list */
    int end;                      /* the kind before padding, that ends the list; -1: none does */
    uint8_t uncounted;            /* bytes of an option that its length leaves out: 2 in IPv6 */
    uint8_t unit;                 /* bytes that its length counts in; 0 means 1 */
};

/* What a checksum runs over, beside the record itself and what it carries. */
enum sum {
    SUM_NONE,
    SUM_HEADER,          /* the record alone, options included (IPv4) */
    SUM_MESSAGE,         /* the record and what it carries (ICMP) */
    SUM_PSEUDO,          /* and the pseudo-header of the IP below (TCP, ICMPv6) */
    SUM_PSEUDO_OPTIONAL  /* likewise; over IPv4 a 0 on the wire means there is none (UDP) */
};

struct record {
    const char *name;          /* Wireshark's name: "tcp", "tcp.options.mss"; or NULL */
    const char *title;         /* "TCP", "Maximum segment size" */
    enum layer layer;
    const char *unit;          /* "frame", "packet", "segment", "datagram", "message" */
    uint16_t size;             /* bytes of the fixed rows */
    const struct field *fields; /* in the order of their bits; a group before what lies inside it */
    size_t field_count;
    const struct choice *instead; /* other records for its bytes, or NULL */
    /*
     * For a part whose length only reading it tells: its bytes, from byte `at` of the message; 0
     * when it can't be read, or goes on behind `end`.
     */
    size_t (*measure)(struct bytes message, size_t at, size_t end);
    uint8_t lead;                 /* bytes of it before the message that such parts point into */
    const struct record *const *parts; /* what stands behind the fixed rows, in turn, then NULL */
    const struct list *lists;     /* then these */
    const struct options *options; /* between the fixed rows and the header length, or NULL */
    const struct branch *cases;    /* how it goes on, by the ROLE_CASE row (a case: by the ROLE_CODE
                                      row before it); NULL: one way only */
    const struct record *other;    /* the case for numbers not in the list; NULL: `rest` */
    const struct record *repeat;   /* elements that fill the record to its end, or NULL */
    bool again;                    /* what follows its ROLE_LENGTH is one more of the same */
    const struct record *ahead;    /* those from the ROLE_POINTER row's byte on; NULL: `repeat` */
    const struct branch *next;     /* what it carries, by the ROLE_NEXT row */
    const struct branch *ports;    /* or by its ROLE_SOURCE or ROLE_DESTINATION row */
    const struct branch *starts;   /* or by its first four bytes; in what a port leads to: what its
                                      own tell that it is, more exactly */
    const struct record *rest;     /* what it carries when nothing else is known; NULL: nothing */
    const struct record *piece;    /* what it carries when ROLE_FRAGMENT is not 0; NULL: `rest` */
    const struct field *payload;   /* Wireshark's name for it ("tcp.payload"), or NULL */
    const struct field *padding;   /* Wireshark's name for zeros behind what it carries, or NULL */
    uint8_t padded;                /* up to so many bytes in all */
    bool spans_all;                /* Wireshark counts what it carries as part of it (ICMP) */
    bool silent;                   /* Wireshark gives its name a place and no value (dns.opt) */
    enum sum sum;
    uint8_t protocol;          /* its number in IP, for the pseudo-header; 0: it has none */
    const char *word;          /* its short name in recipes: "tcp"; NULL: not sent by name */
    const char *rfc, *means;
};

/* The row's shown number: (wire + bias) * scale; and back, false when no wire number gives it. */
uint64_t field_shown(const struct field *field, uint64_t wire);
bool field_wire(const struct field *field, uint64_t shown, uint64_t *wire);

/* The term of a number, or NULL. */
const struct term *term_find(const struct term *terms, uint64_t number);

/* The branch of a number, or NULL. */
const struct branch *branch_find(const struct branch *branches, uint64_t number);

/* The row of a record with this role, or this name; NULL if there is none. */
const struct field *record_role(const struct record *record, enum role role);
const struct field *record_field(const struct record *record, const char *name);

#endif
