/*
 * recipe.h: what a packet shall be, read from words in Wireshark's names by the tables.
 *
 *     dstport=8080  tcp.flags=SYN,ACK  ip.ttl=3  options=mss:1460,nop,nop,ts:1:0  data=hi\r\n
 *
 * A word may leave its protocol out (dstport, ttl); each may be given once. Every value
 * remembers who asked for it.
 */
#ifndef LOOPCRAFT_RECIPE_H
#define LOOPCRAFT_RECIPE_H

#include <loopcraft/event.h>
#include <loopcraft/record.h>

enum { RECIPE_WORDS_MOST = 64 };

/* One value: a row of a record, and the bytes that were asked for it. */
struct asked {
    const struct record *record;
    const struct field *field;
    enum origin origin;
    size_t at, len; /* in recipe.values: (field->bits + 7) / 8 bytes, big-endian */
};

struct recipe {
    const struct record *ip;    /* proto_ipv4 or proto_ipv6 */
    const struct record *proto; /* proto_tcp, proto_udp, ...; proto_opaque: IP carries data alone */
    struct asked asked[RECIPE_WORDS_MOST];
    size_t count;
    struct text values;                /* the bytes of all values, one after the other */
    struct text options, data;         /* of proto: finished option bytes; the payload */
    struct text ip_options;            /* likewise, of IPv4 */
    enum origin options_origin, data_origin, ip_options_origin; /* ORIGIN_UNKNOWN: none asked for */
};

/*
 * An empty recipe for a protocol ("tcp", "udp", "icmp": ICMPv6 over IPv6, "ip": data alone) and
 * AF_INET or AF_INET6.
 */
bool recipe_begin(struct recipe *recipe, const char *proto, int family, struct err *err);
void recipe_free(struct recipe *recipe);

/* A recipe of one's own that may be changed; to be freed as well. */
struct recipe recipe_copy(const struct recipe *recipe);

/* Bytes of the IP header, its options padded to a multiple of 4 (RFC 791, 3.1). */
size_t recipe_ip_size(const struct recipe *recipe);

/* Reads one word. STATUS_USAGE when it is unknown (with the nearest names), wrong, or there already. */
bool recipe_word(struct recipe *recipe, const char *word, enum origin origin, struct err *err);

/* Sets a row of the recipe's records by its full name, unless it was asked for before. */
void recipe_default(struct recipe *recipe, const char *name, uint64_t number);

/*
 * Sets what a packet must have and libnet has no default for, where nobody asked: loopback
 * addresses, 64 hops, a window of 64240 bytes (Linux's for an MSS of 1460), a protocol number
 * for data alone.
 */
void recipe_fill(struct recipe *recipe);

/* Sets the payload, foreign bytes included, unless it was asked for before. */
void recipe_data(struct recipe *recipe, struct bytes data, enum origin origin);

/* What was asked for a row, or NULL; its number (0 when it has more than 64 bits). */
const struct asked *recipe_asked(const struct recipe *recipe, const char *name);
uint64_t recipe_number(const struct recipe *recipe, const struct asked *asked);

/*
 * Text with C's escapes (\r \n \t \0 \\ \xNN) to bytes; "hex:48 65" and "@FILE" likewise.
 * STATUS_USAGE when it can't be read.
 */
bool recipe_text(struct text *out, const char *text, struct err *err);

/* --- words from a file -------------------------------------------------------- */

enum { RECIPE_FILE_MOST = 256 * 1024, RECIPE_FILE_WORDS = 256 };

/*
 * The words of a file, one or several a line, `#` before a word starts a comment. Quotes keep
 * spaces: data="two words", 'data=two words'; a backslash keeps the quote behind it.
 */
struct recipe_file {
    struct text name; /* for messages, made safe to print */
    struct text text; /* the words, each ended by a 0 byte */
    struct {
        size_t at; /* in text */
        unsigned line;
    } each[RECIPE_FILE_WORDS];
    size_t count;
};

/*
 * Reads a file ("-": standard input), or bytes that stood in one. STATUS_USAGE when it can't be
 * read, is too large, or is no text. To be freed, also after a failure.
 */
bool recipe_file_open(struct recipe_file *file, const char *path, struct err *err);
bool recipe_file_read(struct recipe_file *file, const char *name, struct bytes text, struct err *err);
void recipe_file_free(struct recipe_file *file);

/* The n-th word. */
const char *recipe_file_word(const struct recipe_file *file, size_t n);

/* Puts "FILE:LINE: ", where the n-th word stands, in front of a message about it; returns false. */
bool recipe_file_blame(const struct recipe_file *file, size_t n, struct err *err);

#endif
