/* sayings.h: what counters mean beside an answer, as a table. */
#ifndef LOOPCRAFT_KERNEL_SAYINGS_H
#define LOOPCRAFT_KERNEL_SAYINGS_H

#include <stdbool.h>
#include <stdint.h>

enum moved { EACH = 1, STILL }; /* by one for each packet of ours; not at all */

struct condition {
    const char *v4, *v6; /* a counter; TCP's are the same for both */
    enum moved moved;    /* 0: no condition */
};

struct saying {
    uint8_t proto;       /* IPPROTO_RAW: any; IPPROTO_ICMP: ICMPv6 as well */
    const char *reasons; /* nmap's words, a blank between */
    struct condition conditions[2];
    const char *counted, *so; /* told as "counted (NAME +1): so" */
    bool handmade;            /* only when the kernel counts nothing that it sends for us */
    bool answered;            /* a drop is that of the answer */
};

/* The first row that fits counts; ends with proto 0. */
extern const struct saying sayings[];

#endif
