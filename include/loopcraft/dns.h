/*
 * dns.h: a question to a DNS server, written by the rows of the tables, and its answer, read by
 * them (RFC 1035, 4.1).
 */
#ifndef LOOPCRAFT_DNS_H
#define LOOPCRAFT_DNS_H

#include <loopcraft/node.h>

/* Types of records that the program itself goes by; the tables name more. */
enum dns_type {
    DNS_A = 1,
    DNS_CNAME = 5,
    DNS_PTR = 12,
    DNS_AAAA = 28,
    DNS_OPT = 41,
    DNS_ANY = 255
};

/* Reply codes (RFC 1035, 4.1.1). */
enum dns_rcode {
    DNS_FORMERR = 1,
    DNS_SERVFAIL = 2,
    DNS_NXDOMAIN = 3,
    DNS_NOTIMP = 4,
    DNS_REFUSED = 5
};

/* --- the question --------------------------------------------------------------- */

/*
 * Can it be asked about? Labels of 1 to 63 bytes, 255 in all (RFC 1035, 2.3.4), `\.` and `\DDD` for
 * bytes that are none of text (5.1), "." alone for the root. STATUS_USAGE with the reason: also for
 * bytes that are not ASCII, which no server knows as they stand (RFC 5890, 2.3.2.1).
 */
bool dns_name_check(const char *name, struct err *err);

/* "A", "aaaa", "TYPE257" (RFC 3597, 5) to its number; STATUS_USAGE for what can't be asked so. */
bool dns_type_read(const char *word, uint16_t *type, struct err *err);
void dns_type_name(struct text *out, uint16_t type);

/* "where its mail goes": a constant phrase, or NULL. */
const char *dns_type_means(uint16_t type);

/* The name under which an address's own name is kept: "1.0.0.127.in-addr.arpa". */
void dns_reverse_name(struct text *out, int family, const uint8_t *addr);

/* Appends a message that asks for one type of one name, and for recursion. */
bool dns_query(struct text *message, const char *name, uint16_t type, uint16_t id, struct err *err);

/* --- the answer ----------------------------------------------------------------- */

/*
 * Does the message answer that query (RFC 5452, 9.1)? By its identifier and its question, case
 * aside. If not, *why gets a constant phrase. The two addresses and ports are the caller's to
 * check.
 */
bool dns_answers(struct bytes query, struct bytes message, const char **why);

/* Was it cut short to fit a datagram? False for what is too short for a message. */
bool dns_truncated(struct bytes message);

struct dns_record {
    unsigned section; /* 1: answers, 2: authorities, 3: additional */
    uint16_t type;
    uint32_t ttl;           /* seconds */
    struct text name, data; /* safe to print */
    int family;             /* of A and AAAA: AF_INET, AF_INET6; 0: it is no address */
    uint8_t addr[16];
};

struct dns_answer {
    uint16_t rcode;   /* enum dns_rcode, or another */
    struct text name; /* that was asked about; safe to print */
    struct dns_record *records;
    size_t count;
    const char *bad; /* why not all of it can be read, a constant; NULL: all could be */
};

/* Reads a message. What can't be read is left out, and `bad` says why. To be freed. */
void dns_answer_read(struct dns_answer *answer, struct bytes message);
void dns_answer_free(struct dns_answer *answer);

/*
 * The records that answer the question, in order: each CNAME on the way from its name, then those
 * of the type. list[] gets at most answer->count of them; returns how many. *found: how many are of
 * the type that was asked for.
 */
size_t dns_answer_follow(const struct dns_answer *answer, uint16_t type,
                         const struct dns_record **list, size_t *found);

/* --- at any port ------------------------------------------------------------------ */

/* For dissection.decode: what comes from or goes to this port is DNS. */
struct dns_port {
    struct branch datagram[2], stream[2];
    struct decode decode[3];
};

void dns_port_set(struct dns_port *at, uint16_t port);

#endif
