/*
 * known.c: the counters and the reasons for drops that mean something to a reader.
 *
 * Others are told by name alone. Where a counter is raised stands beside it, in Linux's source.
 */
#include "counters.h"

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

/* include/net/dropreason-core.h */
static const struct known drop_terms[] = {
    {"NOT_SPECIFIED", "the kernel does not say why"},
    {"NO_SOCKET", "no program has the port"},
    {"SOCKET_FILTER", "a filter that the program set"},
    {"SOCKET_RCVBUFF", "the program's queue is full"},
    {"SOCKET_BACKLOG", "the program's backlog is full"},
    {"PKT_TOO_SMALL", "shorter than its header"},
    {"TCP_CSUM", "a wrong TCP checksum"},
    {"UDP_CSUM", "a wrong UDP checksum"},
    {"ICMP_CSUM", "a wrong ICMP checksum"},
    {"NETFILTER_DROP", "a rule of the firewall"},
    {"OTHERHOST", "for another host"},
    {"IP_CSUM", "a wrong IP header checksum"},
    {"IP_INHDR", "a broken IP header"},
    {"IP_RPFILTER", "the way back to its source is another"},
    {"IP_NOPROTO", "a protocol that nobody here speaks"},
    {"IP_INADDRERRORS", "an address that can't be"},
    {"IP_LOCAL_SOURCE", "a source that is this host's own"},
    {"IP_INVALID_SOURCE", "a source that no packet may have"},
    {"IP_LOCALNET", "a loopback address from a link (route_localnet is 0)"},
    {"IP_INVALID_DEST", "a destination that no packet may have"},
    {"TCP_FLAGS", "flags that a listener takes no notice of"},
    {"TCP_ZEROWINDOW", "data for a window that is shut"},
    {"TCP_OLD_DATA", "data that had come already"},
    {"TCP_OVERWINDOW", "data beyond the window"},
    {"TCP_RFC7323_PAWS", "an old timestamp (RFC 7323)"},
    {"TCP_LISTEN_OVERFLOW", "the listener's queue is full"},
    {"TCP_OLD_SEQUENCE", "sequence numbers of the past"},
    {"TCP_INVALID_SEQUENCE", "sequence numbers out of the window"},
    {"TCP_INVALID_ACK_SEQUENCE", "it acknowledges what was never sent"},
    {"TCP_RESET", "a reset, done with"},
    {"TCP_INVALID_SYN", "a SYN within a connection"},
    {"TCP_CLOSE", "the connection is closed"},
    {"TCP_OLD_ACK", "an acknowledgement of the past"},
    {"TCP_ACK_UNSENT_DATA", "it acknowledges what was never sent"},
    {"TCP_MINTTL", "a TTL below what the program asks for"},
    {"UNHANDLED_PROTO", "a protocol that nobody here speaks"},
    {"IPV6DISABLED", "IPv6 is switched off here"},
    {"IPV6_BAD_EXTHDR", "a broken extension header"},
    {"FRAG_REASM_TIMEOUT", "fragments that never became whole"},
    {"DUP_FRAG", "a fragment that had come already"},
    {"INVALID_PROTO", "a message that makes no sense"},
    {NULL, NULL},
};

static const char *look_up(const struct known *known, const char *name)
{
    while (known->name && strcmp(known->name, name) != 0)
        known++;
    return known->means;
}

const char *counter_means(const char *name)
{
    return look_up(known_counters, name);
}

const char *drop_means(const char *name)
{
    return look_up(drop_terms, name);
}
