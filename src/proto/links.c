/* links.c: what a frame starts as, by the link type of its capture (tcpdump.org/linktypes.html). */
#include <loopcraft/frame.h>
#include <loopcraft/proto.h>

const struct branch proto_links[] = {
    {LINKTYPE_ETHERNET, &proto_ethernet, NULL},
    {LINKTYPE_NULL, &proto_loopback, NULL},
    {LINKTYPE_LOOP, &proto_loopback, NULL},
    {LINKTYPE_RAW, &proto_raw, NULL},
    {LINKTYPE_RAW_BSD, &proto_raw, NULL},
    {LINKTYPE_RAW_OPENBSD, &proto_raw, NULL},
    {LINKTYPE_IPV4, &proto_ipv4, NULL},
    {LINKTYPE_IPV6, &proto_ipv6, NULL},
    {LINKTYPE_LINUX_SLL, &proto_sll, NULL},
    {LINKTYPE_LINUX_SLL2, &proto_sll2, NULL},
    {0, NULL, NULL},
};
