/* icmp_router.h: how a router advertisement goes on behind type, code and checksum. */
#ifndef LOOPCRAFT_ICMP_ROUTER_H
#define LOOPCRAFT_ICMP_ROUTER_H

#include <loopcraft/record.h>

extern const struct record icmp_advertisement;

#endif
