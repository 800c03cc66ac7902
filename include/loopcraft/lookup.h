/*
 * lookup.h: one question to a DNS server on loopback, by a handmade datagram; over TCP when the
 * answer does not fit one.
 */
#ifndef LOOPCRAFT_LOOKUP_H
#define LOOPCRAFT_LOOKUP_H

#include <loopcraft/dns.h>
#include <loopcraft/probe.h>

struct lookup {
    const struct recipe *words; /* of UDP: the server's address */
    const char *addr;           /* the same, printable */
    uint16_t port;              /* the server's */
    struct bytes query;         /* dns_query() */
    const char *asks;           /* "A of www.example.com", safe to print: for notes */
};

/* What came of it. */
struct looked_up {
    struct text message; /* the answer; empty when there is none */
    const char
        *failure; /* why there is none, in a word: "no-response", "port-unreach" ...; or NULL */
    struct text means; /* and in a sentence without its full stop */
    unsigned tries;    /* datagrams that were sent */
};

/*
 * Everything on the wire that has to do with the server, once, before the first lookup: what the
 * capture lets through, and that it is DNS. *at must stay where it is until exchange_close().
 */
bool lookup_begin(struct exchange *x, struct dns_port *at, uint16_t port, struct err *err);

/*
 * Sends the query up to three times, until its answer comes: from the server's address and port,
 * with our identifier and question. One that was cut short is asked for again over TCP, by the
 * kernel's own connect(). All packets are told. The exchange has a sender, a capture and a reserved
 * UDP port.
 */
enum probe_result lookup_ask(struct exchange *x, const struct lookup *lookup,
                             struct looked_up *found, struct err *err);
void looked_up_free(struct looked_up *found);

#endif
