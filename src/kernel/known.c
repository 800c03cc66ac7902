/*
 * known.c: the counters that mean something to a reader; reasons for drops are in the glossary.
 *
 * Others are told by name alone. Where a counter is raised stands beside it, in Linux's source.
 */
#include "counters.h"

#include <loopcraft/glossary.h>

const struct known known_counters[] = {
    /* net/ipv4/tcp_ipv4.c, net/ipv6/tcp_ipv6.c: tcp_v4_rcv, tcp_v4_send_reset; both versions */
    {"TcpInSegs", "segments that reached TCP"},
    {"TcpInErrs", "segments that TCP could not make sense of"},
    {"TcpInCsumErrors", "segments with a wrong checksum"},
    {"TcpOutSegs", "segments that TCP sent"},
    {"TcpOutRsts", "resets that TCP sent"},
    {"TcpRetransSegs", "segments that TCP sent again"},
    /* net/ipv4/tcp.c, tcp_minisocks.c */
    {"TcpActiveOpens", "connections that a program here asked for"},
    {"TcpPassiveOpens", "connections that a listener here took"},
    {"TcpAttemptFails", "connections that ended before they began"},
    {"TcpEstabResets", "connections that a reset ended"},
    /* net/ipv4/tcp_input.c: tcp_conn_request, tcp_reqsk_... */
    {"TcpExtListenOverflows", "connections that found the listener's queue full"},
    {"TcpExtListenDrops", "connections that a listener dropped"},
    {"TcpExtTCPReqQFullDrop", "SYNs that found the queue of half-open connections full"},
    {"TcpExtTCPReqQFullDoCookies", "SYNs answered with a cookie, for that queue was full"},
    {"TcpExtSyncookiesSent", "SYN cookies sent"},
    {"TcpExtSyncookiesRecv", "SYN cookies that came back"},
    {"TcpExtSyncookiesFailed", "ACKs that bore no valid SYN cookie"},
    {"TcpExtEmbryonicRsts", "resets of half-open connections"},
    {"TcpExtTCPChallengeACK", "challenge ACKs sent (RFC 5961)"},
    {"TcpExtTCPSYNChallenge", "SYNs answered with a challenge ACK (RFC 5961)"},
    /* net/ipv4/udp.c: __udp4_lib_rcv, __udp_queue_rcv_skb, udp_recvmsg */
    {"UdpInDatagrams", "datagrams that a program read"},
    {"UdpNoPorts", "datagrams to a port that no program has"},
    {"UdpInErrors", "datagrams that UDP could not deliver"},
    {"UdpInCsumErrors", "datagrams with a wrong checksum"},
    {"UdpRcvbufErrors", "datagrams that found the program's queue full"},
    /* net/ipv6/udp.c */
    {"Udp6InDatagrams", "datagrams that a program read"},
    {"Udp6NoPorts", "datagrams to a port that no program has"},
    {"Udp6InErrors", "datagrams that UDP could not deliver"},
    {"Udp6InCsumErrors", "datagrams with a wrong checksum"},
    {"Udp6RcvbufErrors", "datagrams that found the program's queue full"},
    /* net/ipv4/icmp.c, net/ipv6/icmp.c */
    {"IcmpInEchos", "echo requests that arrived"},
    {"IcmpOutEchoReps", "echo replies that the kernel sent"},
    {"IcmpOutDestUnreachs", "\"unreachable\" errors that the kernel sent"},
    {"IcmpInCsumErrors", "ICMP messages with a wrong checksum"},
    {"Icmp6InEchos", "echo requests that arrived"},
    {"Icmp6OutEchoReplies", "echo replies that the kernel sent"},
    {"Icmp6OutDestUnreachs", "\"unreachable\" errors that the kernel sent"},
    {"Icmp6InCsumErrors", "ICMPv6 messages with a wrong checksum"},
    /* net/ipv4/ip_input.c: ip_rcv_core, before the firewall; ip_protocol_deliver_rcu, behind it */
    {"IpInReceives", "packets that came in, before any firewall"},
    {"IpInDelivers", "packets that went on to TCP, UDP or ICMP, past the firewall"},
    {"IpInHdrErrors", "packets with a broken IP header"},
    {"IpInAddrErrors", "packets with an address that can't be"},
    {"IpInUnknownProtos", "packets of a protocol that nobody here speaks"},
    {"IpInDiscards", "packets that the kernel had no room for"},
    {"IpExtInCsumErrors", "IP headers with a wrong checksum"},
    {"IpExtInTruncatedPkts", "packets shorter than their header says"},
    {"IpReasmFails", "packets that could not be put together again"},
    /* net/ipv6/ip6_input.c */
    {"Ip6InReceives", "packets that came in, before any firewall"},
    {"Ip6InDelivers", "packets that went on to TCP, UDP or ICMPv6, past the firewall"},
    {"Ip6InHdrErrors", "packets with a broken IPv6 header"},
    {"Ip6InAddrErrors", "packets with an address that can't be"},
    {"Ip6InUnknownProtos", "packets of a protocol that nobody here speaks"},
    {"Ip6InTruncatedPkts", "packets shorter than their header says"},
    {NULL, NULL},
};

const char *counter_means(const char *name)
{
    const struct known *known = known_counters;
    while (known->name && strcmp(known->name, name) != 0)
        known++;
    return known->means;
}

const char *drop_means(const char *name)
{
    const struct word *word = glossary_find("drop reason", name);
    return word ? word->means : NULL;
}
