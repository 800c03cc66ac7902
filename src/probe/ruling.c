/*
 * ruling.c: the one table of verdicts: (probe, reply) to (state, reason, evidence).
 *
 * States and reasons are nmap's (its --reason). ICMP codes: RFC 792, RFC 1812 5.2.7.1 and
 * RFC 4443 3.1. The first row that fits counts.
 */
#include <loopcraft/probe.h>

#include <sys/socket.h>

enum {
    SYN = 1u << PROBE_SYN,
    CONNECT = 1u << PROBE_CONNECT,
    STEALTHY = 1u << PROBE_FIN | 1u << PROBE_NULL | 1u << PROBE_XMAS, /* RFC 9293, 3.10.7.2 */
    ACK = 1u << PROBE_ACK,
    UDP = 1u << PROBE_UDP,
    ECHO = 1u << PROBE_ECHO,
    ANY = SYN | CONNECT | STEALTHY | ACK | UDP | ECHO
};

static const struct ruling rulings[] = {
    {SYN, REPLY_SYN_ACK, 0, -1, -1, "open", "syn-ack",
     "SYN-ACK: a program listens there, and its kernel agreed to talk"},
    {SYN, REPLY_RST, 0, -1, -1, "closed", "reset",
     "RST: nobody listens there, or a firewall forges the reset; on the wire both look the same"},
    {SYN, REPLY_NONE, 0, -1, -1, "filtered", "no-response",
     "silence: something drops what is sent there; an open or closed port would have answered"},
    {CONNECT, REPLY_SYN_ACK, 0, -1, -1, "open", "syn-ack",
     "SYN-ACK on the wire: somebody listens, and the kernel completed the handshake"},
    {CONNECT, REPLY_RST, 0, -1, -1, "closed", "conn-refused",
     "RST on the wire: that is what \"connection refused\" is"},
    {CONNECT, REPLY_NONE, 0, -1, -1, "filtered", "no-response",
     "silence on the wire: the kernel repeats its SYN and would give up only after minutes"},

    {STEALTHY, REPLY_RST, 0, -1, -1, "closed", "reset",
     "RST: a closed port answers what belongs to no connection; a firewall can forge it too"},
    {STEALTHY, REPLY_NONE, 0, -1, -1, "open|filtered", "no-response",
     "silence: an open port ignores what neither opens nor belongs to a connection; a dropped one "
     "is silent too"},
    {ACK, REPLY_RST, 0, -1, -1, "unfiltered", "reset",
     "RST: the ACK arrived, and belongs to no connection; open and closed ports answer alike"},
    {ACK, REPLY_NONE, 0, -1, -1, "filtered", "no-response",
     "silence: something drops it; open and closed ports both answer an ACK with RST"},

    {UDP, REPLY_UDP, 0, -1, -1, "open", "udp-response",
     "a datagram came back: a program is there, and had something to say"},
    {UDP, REPLY_NONE, 0, -1, -1, "open|filtered", "no-response",
     "silence: a program that does not answer, or something that drops; UDP does not tell which"},
    {UDP, REPLY_ICMP_ERROR, AF_INET, 3, 3, "closed", "port-unreach",
     "ICMP 3/3, port unreachable: so a kernel says that no program has the port; for TCP it would "
     "be a firewall's word"},
    {UDP, REPLY_ICMP_ERROR, AF_INET6, 1, 4, "closed", "port-unreach",
     "ICMPv6 1/4, port unreachable: so a kernel says that no program has the port; for TCP it "
     "would be a firewall's word"},
    {ECHO, REPLY_ECHO, 0, -1, -1, "open", "echo-reply",
     "an echo reply: this host's kernel is up, and answers; no program is needed for that"},
    {ECHO, REPLY_NONE, AF_INET, -1, -1, "filtered", "no-response",
     "silence: something drops it, or the kernel is told not to answer "
     "(net.ipv4.icmp_echo_ignore_all)"},
    {ECHO, REPLY_NONE, AF_INET6, -1, -1, "filtered", "no-response",
     "silence: something drops it, or the kernel is told not to answer "
     "(net.ipv6.icmp.echo_ignore_all)"},
    {ECHO, REPLY_ICMP_ERROR, AF_INET, 3, 3, "filtered", "port-unreach",
     "ICMP 3/3, port unreachable: an echo has no port, so it was a firewall"},
    {ECHO, REPLY_ICMP_ERROR, AF_INET6, 1, 4, "filtered", "port-unreach",
     "ICMPv6 1/4, port unreachable: an echo has no port, so it was a firewall"},

    {ANY, REPLY_ICMP_ERROR, AF_INET, 3, 0, "filtered", "net-unreach",
     "ICMP 3/0, network unreachable: a firewall's word about lo, which is always reachable"},
    {ANY, REPLY_ICMP_ERROR, AF_INET, 3, 1, "filtered", "host-unreach",
     "ICMP 3/1, host unreachable: a firewall's word, for the host is this one"},
    {ANY, REPLY_ICMP_ERROR, AF_INET, 3, 2, "filtered", "proto-unreach",
     "ICMP 3/2, protocol unreachable: a firewall's word, for this kernel does speak it"},
    {ANY, REPLY_ICMP_ERROR, AF_INET, 3, 3, "filtered", "port-unreach",
     "ICMP 3/3, port unreachable: to TCP a kernel answers RST, so it was a firewall"},
    {ANY, REPLY_ICMP_ERROR, AF_INET, 3, 9, "filtered", "net-prohibited",
     "ICMP 3/9, network prohibited: a firewall refuses, and says so"},
    {ANY, REPLY_ICMP_ERROR, AF_INET, 3, 10, "filtered", "host-prohibited",
     "ICMP 3/10, host prohibited: a firewall refuses, and says so"},
    {ANY, REPLY_ICMP_ERROR, AF_INET, 3, 13, "filtered", "admin-prohibited",
     "ICMP 3/13, administratively prohibited: a firewall refuses, and says so"},
    {ANY, REPLY_ICMP_ERROR, AF_INET, 11, -1, "filtered", "time-exceeded",
     "ICMP 11, time exceeded: the packet ran out of hops, or of time to be put together"},
    {ANY, REPLY_ICMP_ERROR, AF_INET6, 1, 0, "filtered", "no-route",
     "ICMPv6 1/0, no route: a firewall's word about lo, which always has one"},
    {ANY, REPLY_ICMP_ERROR, AF_INET6, 1, 1, "filtered", "admin-prohibited",
     "ICMPv6 1/1, administratively prohibited: a firewall refuses, and says so"},
    {ANY, REPLY_ICMP_ERROR, AF_INET6, 1, 3, "filtered", "host-unreach",
     "ICMPv6 1/3, address unreachable: a firewall's word, for the address is this host's"},
    {ANY, REPLY_ICMP_ERROR, AF_INET6, 1, 4, "filtered", "port-unreach",
     "ICMPv6 1/4, port unreachable: to TCP a kernel answers RST, so it was a firewall"},
    {ANY, REPLY_ICMP_ERROR, AF_INET6, 1, 5, "filtered", "admin-prohibited",
     "ICMPv6 1/5, source address refused by policy: a firewall refuses, and says so"},
    {ANY, REPLY_ICMP_ERROR, AF_INET6, 1, 6, "filtered", "reject-route",
     "ICMPv6 1/6, reject route: the routing table refuses, and says so"},
    {ANY, REPLY_ICMP_ERROR, AF_INET6, 3, -1, "filtered", "time-exceeded",
     "ICMPv6 3, time exceeded: the packet ran out of hops, or of time to be put together"},
    {ANY, REPLY_ICMP_ERROR, 0, -1, -1, "filtered", "host-unreach",
     "an ICMP error instead of an answer: something on the way refuses"},
};

const struct ruling *ruling_find(enum probe_kind probe, int family, const struct reply *reply)
{
    for (size_t i = 0; i < sizeof rulings / sizeof rulings[0]; i++) {
        const struct ruling *r = &rulings[i];
        if (r->probes & 1u << probe && r->reply == reply->kind &&
            (r->family == 0 || r->family == family) && (r->type < 0 || r->type == reply->type) &&
            (r->code < 0 || r->code == reply->code))
            return r;
    }
    return NULL;
}
