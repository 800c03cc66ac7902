/*
 * errors.c: what errno means to a program that talks to a network: errno(3), connect(2), ip(7),
 * raw(7), packet(7); and, where the kernel makes one of an ICMP message, net/ipv4/icmp.c
 * (icmp_err_convert) and net/ipv6/icmp.c.
 */
#include "glossary.h"

#include <stddef.h>

const struct word words_errors[] = {
    {"ECONNREFUSED", NULL,
     "RST, or ICMP port unreachable, came back: nobody listens there, or a "
     "firewall says so",
     "connect(2); RFC 9293, 3.10.7.3"},
    {"ECONNRESET", NULL, "RST came in the middle: the other end is gone, or was asked to forget it",
     "RFC 9293, 3.10.7.4"},
    {"ECONNABORTED", NULL, "the connection was given up before the program took it", "accept(2)"},
    {"ETIMEDOUT", NULL,
     "no answer, however often it was asked: dropped by a firewall, or nobody "
     "is there",
     "connect(2); Linux gives up after about two minutes"},
    {"EHOSTUNREACH", NULL,
     "ICMP host unreachable or prohibited (3/1, 3/10, 3/13), or the "
     "neighbour does not answer",
     "Linux net/ipv4/icmp.c"},
    {"ENETUNREACH", NULL,
     "no route to that network: here, or (ICMP 3/0, 3/9) on the way. In the "
     "sandbox: all but loopback",
     "connect(2); Linux net/ipv4/icmp.c"},
    {"EHOSTDOWN", NULL, "the neighbour was looked for and is not there", "Linux net/ipv4/icmp.c"},
    {"ENETDOWN", NULL, "the interface is down", "packet(7)"},
    {"ENOPROTOOPT", NULL, "ICMP 3/2, or an option that the kernel does not know",
     "Linux net/ipv4/icmp.c; setsockopt(2)"},
    {"EPROTO", NULL, "a message that breaks the protocol; for ICMPv6 a parameter problem",
     "Linux net/ipv6/icmp.c"},
    {"EMSGSIZE", NULL, "larger than the next link takes, and it must not be cut", "ip(7), udp(7)"},
    {"EACCES", NULL,
     "not allowed: a port below 1024, a broadcast, ICMPv6 1/1, or a file that is "
     "not yours",
     "connect(2), bind(2); Linux net/ipv6/icmp.c"},
    {"EPERM", NULL,
     "not allowed: it needs root or a capability, or a local firewall rule dropped "
     "what was sent",
     "raw(7), connect(2)"},
    {"EADDRINUSE", NULL, "another socket has this address and port", "bind(2)"},
    {"EADDRNOTAVAIL", NULL, "this machine does not have that address, or no free source port",
     "bind(2), connect(2)"},
    {"EAFNOSUPPORT", NULL, "the kernel does not have that family: IPv6 may be switched off",
     "socket(2)"},
    {"EINPROGRESS", NULL, "connect() is still waiting for an answer", "connect(2)"},
    {"EALREADY", NULL, "connect() was waiting already", "connect(2)"},
    {"EISCONN", NULL, "the socket is connected already", "connect(2)"},
    {"ENOTCONN", NULL, "the socket is not connected", "recv(2)"},
    {"EAGAIN", "EWOULDBLOCK",
     "nothing there yet, and the program did not want to wait; for "
     "connect(): no free source port",
     "recv(2), connect(2)"},
    {"EINTR", NULL, "a signal came in between", "signal(7)"},
    {"EPIPE", NULL, "nobody reads any more what is written", "write(2)"},
    {"EINVAL", NULL, "the kernel finds what it was given impossible", "errno(3)"},
    {"EIO", NULL, "reading or writing failed, in a device or a file", "errno(3)"},
    {"ENOBUFS", NULL, "a queue of the network is full", "send(2), packet(7)"},
    {"ENOMEM", NULL, "no memory left", "errno(3)"},
    {"EDEADLK", "EDEADLOCK", "two wait for each other", "errno(3)"},
    {"ENODEV", NULL, "no such interface", "packet(7)"},
    {"ENXIO", NULL, "no such interface, or nobody at the other end of a pipe",
     "packet(7), fifo(7)"},
    {"ENOENT", NULL, "no such file, or no such thing in the kernel's table", "open(2)"},
    {"ENOSPC", NULL, "the disk is full; of unshare: user.max_user_namespaces is used up",
     "write(2), unshare(2)"},
    {"EMFILE", NULL, "this program has too many files open", "open(2)"},
    {"ENFILE", NULL, "the whole system has too many files open", "open(2)"},
    {"ESRCH", NULL, "no such process", "kill(2)"},
    {"EOPNOTSUPP", "ENOTSUP", "this kind of socket can't do that", "socket(2)"},
    {0},
};
