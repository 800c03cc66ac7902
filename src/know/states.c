/* states.c: states of ports and connections, and the reasons that a state rests on. */
#include "glossary.h"

#include <stddef.h>

const struct word words_port_states[] = {
    {"open", NULL, "a program listens there and answers", NULL},
    {"closed", NULL, "the machine answers, and no program listens there", NULL},
    {"filtered", NULL,
     "something on the way drops or refuses what is sent; no telling open from "
     "closed",
     NULL},
    {"unfiltered", NULL, "what is sent arrives; this probe does not tell open from closed", NULL},
    {"open|filtered", NULL, "silence: an open port may be silent to this probe, a filtered one is",
     NULL},
    {"closed|filtered", NULL, "no telling closed from filtered (nmap's idle scan; no probe here)",
     NULL},
    {0},
};

/* RFC 9293, 3.3.2, and what Linux adds. */
const struct word words_tcp_states[] = {
    {"LISTEN", NULL, "a server waits for a connection, from anybody", NULL},
    {"SYN-SENT", NULL, "a SYN was sent; its answer is awaited", NULL},
    {"SYN-RECV", "SYN-RECEIVED", "half open: a SYN came, SYN-ACK was sent, the last ACK is awaited",
     NULL},
    {"ESTABLISHED", "ESTAB", "the connection is open: data flows both ways", NULL},
    {"FIN-WAIT-1", NULL, "this end closed first: its FIN is sent, and not acknowledged yet", NULL},
    {"FIN-WAIT-2", NULL,
     "this end closed, and that is acknowledged; the other end's FIN is awaited", NULL},
    {"CLOSE-WAIT", NULL, "the other end closed; the program here has not closed yet", NULL},
    {"CLOSING", NULL, "both ends closed at once; the acknowledgment of our FIN is awaited", NULL},
    {"LAST-ACK", NULL, "the other end closed first, then this one; the last ACK is awaited", NULL},
    {"TIME-WAIT", NULL, "over; the numbers are kept for a minute, so that late segments do no harm",
     "RFC 9293, 3.6.1; Linux TCP_TIMEWAIT_LEN"},
    {"CLOSED", "CLOSE", "there is no connection: not yet, or no longer", NULL},
    {"BOUND", "BOUND-INACTIVE", "a socket has the port, and neither listens nor connects",
     "Linux include/net/tcp_states.h, since 6.8"},
    {0},
};

/* The words of nmap --reason. */
const struct word words_reasons[] = {
    {"syn-ack", NULL, "SYN-ACK came back: a program listens, and its kernel agreed to talk", NULL},
    {"reset", "rst", "RST came back: nobody listens, or a firewall forges the reset", NULL},
    {"conn-refused", NULL, "the program's connect() got ECONNREFUSED: RST came back", NULL},
    {"no-response", NULL, "nothing came back, also not when it was asked again", NULL},
    {"udp-response", NULL, "a datagram came back: a program is there, and had something to say",
     NULL},
    {"echo-reply", NULL, "the ping was answered: the machine's kernel is up", NULL},
    {"net-unreach", NULL, "ICMP 3/0: there is no route to that network", NULL},
    {"host-unreach", NULL, "ICMP 3/1, ICMPv6 1/3 or another error: that machine is not to be had",
     NULL},
    {"proto-unreach", NULL, "ICMP 3/2: that machine does not speak this protocol", NULL},
    {"port-unreach", NULL, "ICMP 3/3, ICMPv6 1/4: to UDP it means closed, to TCP a firewall", NULL},
    {"net-prohibited", NULL, "ICMP 3/9: a firewall forbids that network", NULL},
    {"host-prohibited", NULL, "ICMP 3/10: a firewall forbids that machine", NULL},
    {"admin-prohibited", NULL, "ICMP 3/13, ICMPv6 1/1 or 1/5: a firewall forbids it, and says so",
     NULL},
    {"time-exceeded", NULL, "ICMP 11, ICMPv6 3: the packet ran out of hops, or its pieces of time",
     NULL},
    {"no-route", NULL, "ICMPv6 1/0: there is no route to that destination", NULL},
    {"reject-route", NULL, "ICMPv6 1/6: a route says that such packets are to be refused", NULL},
    {0},
};

/* The order is that of the bits, as in the title of a packet. */
const struct word words_flags[] = {
    {"SYN-ACK", NULL, "agrees to a connection, and opens the other direction", "RFC 9293, 3.5"},
    {"PSH-ACK", NULL, "data, to be handed to the program now; and an acknowledgment",
     "RFC 9293, 3.9.1.2"},
    {"FIN-ACK", NULL, "no more data from this end; and an acknowledgment", "RFC 9293, 3.6"},
    {"FIN-PSH-ACK", NULL, "the last data from this end; and an acknowledgment", "RFC 9293, 3.6"},
    {"RST-ACK", NULL, "no such connection: the answer of a closed port to a SYN",
     "RFC 9293, 3.5.2"},
    {"SYN-ECE-CWR", NULL, "opens a connection, and offers ECN", "RFC 3168, 6.1.1"},
    {"SYN-ACK-ECE", NULL, "agrees to a connection, and to ECN", "RFC 3168, 6.1.1"},
    {"no flags", "NULL", "allowed in no state: a scanner's probe (nmap -sN)", "RFC 9293, 3.10.7.2"},
    {"FIN-PSH-URG", "xmas", "without ACK allowed in no state: a scanner's probe (nmap -sX)",
     "RFC 9293, 3.10.7.2"},
    {"FIN-SYN", "SYN-FIN", "opens and closes at once: no honest sender does that",
     "RFC 9293, 3.10.7"},
    {"SYN-RST", NULL, "opens and resets at once: no honest sender does that", "RFC 9293, 3.10.7"},
    {0},
};
