/*
 * loopback_oracle.h: does a packet stay on loopback? Written from the RFCs and from what the
 * kernel does with a packet, without a look at guard.c, and by other means: it lets nothing be
 * skipped that it does not know.
 */
#ifndef LOOPCRAFT_TESTS_LOOPBACK_ORACLE_H
#define LOOPCRAFT_TESTS_LOOPBACK_ORACLE_H

#include "fuzz.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>

/* No source route (131, 137) wherever the kernel's ip_options_compile() would meet one: it
 * stops at 0, and at a length that can't be (then it drops the packet). */
static inline bool oracle_has_source_route(const uint8_t *at, const uint8_t *end)
{
    while (at < end && *at != IPOPT_END) {
        if (*at == IPOPT_LSRR || *at == IPOPT_SSRR)
            return true;
        if (*at == IPOPT_NOP) {
            at++;
            continue;
        }
        if (end - at < 2 || at[1] < 2 || at[1] > end - at)
            return false;
        at += at[1];
    }
    return false;
}

/* Echo and timestamp alone change nothing in how a host sends (RFC 792, RFC 4443). */
static inline bool oracle_icmp(int family, const uint8_t *at, const uint8_t *end)
{
    if (at == end)
        return false;
    return family == AF_INET ? *at == 0 || *at == 8 || *at == 13 || *at == 14
                             : *at == 128 || *at == 129;
}

static inline bool oracle_ipv4(const uint8_t *at, size_t len)
{
    if (len < 20 || at[12] != 127 || at[16] != 127)
        return false;
    size_t header = (at[0] & 0x0fu) * 4;
    if (header < 20 || header > len || oracle_has_source_route(at + 20, at + header))
        return false;
    bool first = !(at[6] & 0x1f) && !at[7];
    return at[9] != IPPROTO_ICMP || (first && oracle_icmp(AF_INET, at + header, at + len));
}

/* A home address (201, RFC 6275, 6.3) in the options that start 2 bytes into a header: answers
 * would go there. Pad1 is one byte, all others have a length. */
static inline bool oracle_has_home_address(const uint8_t *at, const uint8_t *end)
{
    for (at += 2; at < end; at += at[0] == 0 ? 1 : end - at < 2 ? end - at : 2 + at[1])
        if (at[0] == 201)
            return true;
    return false;
}

/* Every header of the chain is one of those known to do nothing on the way (RFC 8200, 4). */
static inline bool oracle_ipv6_chain(uint8_t next, const uint8_t *at, const uint8_t *end)
{
    for (;;) {
        if (next == IPPROTO_TCP || next == IPPROTO_UDP)
            return true;
        if (next == IPPROTO_ICMPV6)
            return oracle_icmp(AF_INET6, at, end);
        if (end - at < 8)
            return false;
        if (next == IPPROTO_FRAGMENT) {
            bool later = at[2] || at[3] & 0xf8;
            if (later)
                return at[0] == IPPROTO_TCP || at[0] == IPPROTO_UDP;
        } else if (next != IPPROTO_HOPOPTS && next != IPPROTO_DSTOPTS) {
            return false;
        }
        size_t size = next == IPPROTO_FRAGMENT ? 8 : (at[1] + 1u) * 8;
        if ((size_t)(end - at) < size)
            return false;
        if (next != IPPROTO_FRAGMENT && oracle_has_home_address(at, at + size))
            return false;
        next = at[0];
        at += size;
    }
}

static inline bool oracle_loopback(struct bytes packet)
{
    static const uint8_t one[16] = {[15] = 1};
    if (packet.len == 0)
        return false;
    if (packet.at[0] >> 4 == 4)
        return oracle_ipv4(packet.at, packet.len);
    return packet.at[0] >> 4 == 6 && packet.len >= 40 && memcmp(packet.at + 8, one, 16) == 0 &&
           memcmp(packet.at + 24, one, 16) == 0 &&
           oracle_ipv6_chain(packet.at[6], packet.at + 40, packet.at + packet.len);
}

/* The socket address is the one in the bytes, and nothing else is in it. */
static inline void must_be_address_of(struct bytes packet, const struct sockaddr_storage *to,
                                      socklen_t to_len)
{
    struct sockaddr_storage want = {0};
    if (packet.at[0] >> 4 == 4) {
        struct sockaddr_in *in = (struct sockaddr_in *)&want;
        in->sin_family = AF_INET;
        memcpy(&in->sin_addr, packet.at + 16, 4);
        assert_int_equal(to_len, sizeof *in);
    } else {
        struct sockaddr_in6 *in = (struct sockaddr_in6 *)&want;
        in->sin6_family = AF_INET6;
        memcpy(&in->sin6_addr, packet.at + 24, 16);
        assert_int_equal(to_len, sizeof *in);
    }
    assert_memory_equal(to, &want, to_len);
}

#endif
