/* anomalies.c: the rules, one table: what fires each, what is said, and how it can be harmless. */
#include "anomalies_rules.h"

#include <stdio.h>
#include <stdlib.h>

const struct anomaly_rule anomaly_rules[] = {
    {"syn-fin", "SYN and FIN together: nobody opens and closes at once; it slips by old filters.",
     "T/TCP did so; nothing has spoken it for decades (RFC 6247).", "RFC 9293, 3.5", "packet",
     fires_syn_fin, say_flags},
    {"syn-rst", "SYN and RST together: opens and breaks off at once.", NULL, "RFC 9293, 3.5.2",
     "packet", fires_syn_rst, say_flags},
    {"rst-fin", "RST and FIN together: breaks off, and says goodbye in order.", NULL,
     "RFC 9293, 3.5.2", "packet", fires_rst_fin, say_flags},
    {"null", "No flag at all: a closed port answers RST, an open one is silent (nmap -sN).", NULL,
     "RFC 9293, 3.10.7", "packet", fires_null, say_flags},
    {"xmas",
     "FIN, PSH and URG, lit like a Christmas tree: a closed port answers RST, an open one "
     "is silent (nmap -sX).",
     NULL, "RFC 9293, 3.10.7", "packet", fires_xmas, say_flags},
    {"fin", "FIN without ACK: a closed port answers RST, an open one is silent (nmap -sF).", NULL,
     "RFC 9293, 3.10.7", "packet", fires_fin, say_flags},
    {"no-ack", "No ACK, though only a SYN or RST may do without.", NULL, "RFC 9293, 3.10.7",
     "packet", fires_no_ack, say_flags},
    {"no-handshake",
     "An ACK or data for a connection that does not exist: the other end says so "
     "with RST. Asks a firewall what it lets through (nmap -sA).",
     "A connection older than the capture, whose other end was restarted or has closed it.",
     "RFC 9293, 3.10.7.1", "packet", fires_no_handshake, say_no_handshake},
    {"syn-data", "A SYN that carries data, without fast open: most servers ignore the data.",
     "TCP allows it, and a kernel can be told to do so without a cookie.",
     "RFC 9293, 3.4; RFC 7413", "packet", fires_syn_data, say_syn_data},
    {"half-open", "Asked, was answered, and hung up: a SYN scan (nmap -sS, loopcraft syn).",
     "A program that gave up waiting, or tried two addresses and took the other (RFC 8305).",
     "RFC 4987, 2", "connection", fires_half_open, say_half_open},
    {"half-open-burst",
     "Many connections to one port that nobody completes: a SYN flood fills the "
     "server's queue.",
     "Clients behind a link that broke, or that loses packets.", "RFC 4987, 2", "connection",
     fires_burst, say_burst},
    {"port-sweep", "One machine asks many ports of another in vain: a port scan.",
     "A program that looks for a service whose port it does not know; an inventory of one's own.",
     "RFC 4949, port scan", "port", fires_sweep, say_sweep},
    {"wrong-sender", "An answer from another port or address than was asked.",
     "A server with several addresses that answers from the wrong one; some protocols answer from "
     "a "
     "new port (TFTP, RFC 1350).",
     "RFC 1122, 4.1.3.5", "packet", fires_elsewhere, say_elsewhere},
    {"client-port",
     "A client asks from a server's port: careless firewalls let in what comes from "
     "port 53 or 20.",
     "Active FTP's data comes from port 20; old remote shells ask from below 1024.", "RFC 6335, 6",
     "packet", fires_client_port, say_client_port},
    {"land",
     "Source and destination are the same, port too: old kernels answered themselves for "
     "ever.",
     "A program can connect to itself: both ends open at once.", "CERT CA-1997-28", "packet",
     fires_land, say_land},
    {"bad-checksum", "A checksum that is wrong: receivers drop the packet without a word.",
     "Captured before a network card filled it in; a broken cable or card.", "RFC 1071", "packet",
     fires_checksum, say_checksum},
    {"reserved-bits", "Reserved bits are set, which are to be sent as 0.",
     "A newer protocol than this program knows.", "RFC 9293, 3.1; RFC 791, 3.1", "packet",
     fires_reserved, say_reserved},
    {"port-zero", "Port 0: no program can have it.",
     "UDP may leave its source port 0 when no answer is wanted (RFC 768).", "RFC 6335, 6", "packet",
     fires_port_zero, say_port_zero},
    {"tiny-fragment",
     "A fragment smaller than any link needs: hides a header from a filter that "
     "looks at the first piece alone (nmap -f).",
     NULL, "RFC 1858, 3", "packet", fires_tiny, say_piece},
    {"overlapping-fragments",
     "Two fragments say something about the same bytes: a filter and the "
     "receiver may read different ones.",
     "The number of another packet came up again within "
     "seconds (RFC 4963).",
     "RFC 1858, 4; RFC 5722", "packet", fires_overlap, say_overlap},
    {"amplification",
     "An answer many times longer than its question: with a forged source address "
     "it floods somebody else.",
     "A stream or a large record that was really asked for.", "RFC 5358", "conversation",
     fires_long, say_long},
    {"ttl-change", "The TTL changed within a connection: another sender, or another way.",
     "The route changed; a firewall answered in the server's place; traceroute.", "RFC 791, 3.2",
     "connection", fires_hops, say_hops_changed},
    {0},
};
_Static_assert(sizeof anomaly_rules / sizeof *anomaly_rules <= RULES_MOST, "room for each rule");

/* --- a packet ------------------------------------------------------------------------------- */

struct anomalies *anomalies_new(const struct context *context)
{
    struct anomalies *a = calloc(1, sizeof *a);
    if (!a) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    a->context = context;
    keeper_open(&a->talks, sizeof(struct talk), 512, 8);
    keeper_open(&a->asks, sizeof(struct ask), 256, 4);
    keeper_open(&a->sweeps, sizeof(struct sweep), 4, 4);
    keeper_open(&a->bursts, sizeof(struct burst), 32, 4);
    keeper_open(&a->pieces, sizeof(struct pieces), 64, 4);
    keeper_open(&a->repeats, sizeof(struct repeat), 64, 4);
    return a;
}

void anomalies_free(struct anomalies *a)
{
    if (!a)
        return;
    struct keeper *keepers[] = {&a->talks,  &a->asks,   &a->sweeps,
                                &a->bursts, &a->pieces, &a->repeats};
    for (size_t i = 0; i < sizeof keepers / sizeof *keepers; i++)
        keeper_close(keepers[i]);
    for (size_t i = 0; i < RULES_MOST; i++)
        text_free(&a->ready[i].evidence);
    text_free(&a->again);
    free(a);
}

void anomalies_packet(struct anomalies *a, bool told)
{
    struct sight s;
    bool ip = sight_read(&s, a->context);
    told_begin(a, &s);
    if (!ip)
        return;
    talk_packet(a, &s);
    pieces_packet(a, &s);
    for (uint32_t i = 0; told && anomaly_rules[i].name; i++) {
        unsigned count = anomaly_rules[i].fires(&s);
        if (count)
            told_fire(a, &s, i, count);
    }
}
