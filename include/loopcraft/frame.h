/*
 * frame.h: one frame as it was captured, crafted or read from a file.
 */
#ifndef LOOPCRAFT_FRAME_H
#define LOOPCRAFT_FRAME_H

#include <loopcraft/bytes.h>

/* Link types, by the numbers that pcap and pcapng files carry (tcpdump.org/linktypes.html). */
enum linktype {
    LINKTYPE_NULL = 0,     /* BSD's and macOS's loopback */
    LINKTYPE_ETHERNET = 1,
    LINKTYPE_RAW_BSD = 12, /* DLT_RAW, where a file has it by mistake; */
    LINKTYPE_RAW_OPENBSD = 14,
    LINKTYPE_RAW = 101,    /* its proper number: a packet without a link header */
    LINKTYPE_LOOP = 108,   /* OpenBSD's loopback */
    LINKTYPE_LINUX_SLL = 113,
    LINKTYPE_IPV4 = 228,
    LINKTYPE_IPV6 = 229,
    LINKTYPE_LINUX_SLL2 = 276
};

enum direction {
    DIRECTION_UNKNOWN,
    DIRECTION_SENT,    /* by us */
    DIRECTION_RECEIVED /* by us, from the peer or the kernel */
};

struct frame {
    uint64_t number;          /* 1, 2, 3 ... in its capture */
    int64_t time_ns;          /* nanoseconds since 1970-01-01 00:00 UTC */
    int64_t first_ns;         /* of the first in its file */
    enum direction direction;
    int linktype;             /* enum linktype, or another number from a file */
    uint32_t len;             /* bytes on the wire */
    struct bytes bytes;       /* what was captured of them: borrowed, valid until the next frame */
    const char *comment;      /* a capture file's comment, raw foreign text, or NULL; borrowed likewise */
};

#endif
