/*
 * reply.h: from a dissection to what a probe wants to know of a packet.
 */
#ifndef LOOPCRAFT_PROBE_REPLY_H
#define LOOPCRAFT_PROBE_REPLY_H

#include <loopcraft/exchange.h>

/*
 * Fills in *reply from a dissected TCP segment, UDP datagram, ICMP echo or ICMP error; anything
 * else, an echo request too, is REPLY_OTHER.
 */
void reply_read(struct reply *reply, const struct dissection *d);

/* What a TCP segment with these flags is; whether an ICMP (AF_INET) or ICMPv6 message is an error. */
enum reply_kind reply_tcp_kind(uint16_t flags);
bool reply_is_error(int family, uint8_t type);

#endif
