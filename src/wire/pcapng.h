/*
 * pcapng.h: the numbers of a pcapng file, and our own reader of one.
 *
 * Our own, because libpcap does not hand out the comments. The numbers are those of
 * draft-ietf-opsawg-pcapng: section 4 (blocks), 3.5 (options).
 */
#ifndef WIRE_PCAPNG_H
#define WIRE_PCAPNG_H

#include <loopcraft/wire.h>

/* A block: type, total length, body (padded to 4 bytes), total length again. */
enum pcapng_type {
    PCAPNG_INTERFACE = 1,
    PCAPNG_OLD_PACKET = 2, /* obsolete, still to be read */
    PCAPNG_SIMPLE_PACKET = 3,
    PCAPNG_PACKET = 6,
    PCAPNG_SECTION = 0x0a0d0d0a /* the same in either byte order */
};

/* An option: code, length, value (padded to 4 bytes). */
enum pcapng_code {
    PCAPNG_END = 0,
    PCAPNG_COMMENT = 1,
    PCAPNG_SECTION_PROGRAM = 4,     /* shb_userappl */
    PCAPNG_INTERFACE_NAME = 2,
    PCAPNG_INTERFACE_MEANS = 3,     /* if_description */
    PCAPNG_INTERFACE_TSRESOL = 9,   /* ticks a second: 10^n, or 2^n with the high bit set */
    PCAPNG_INTERFACE_TSOFFSET = 14, /* seconds to add */
    PCAPNG_PACKET_FLAGS = 2         /* bits 0-1: 1 inbound, 2 outbound */
};

enum {
    PCAPNG_MAGIC = 0x1a2b3c4d, /* of a section; tells its byte order */
    PCAPNG_VERSION = 1,        /* major */
    PCAPNG_INBOUND = 1,
    PCAPNG_OUTBOUND = 2
};

struct pcapng_reader;

/*
 * Reads the file's first section header. `file` and `name`, its name in messages, stay
 * the caller's and must outlive the reader. NULL and *err (STATUS_USAGE) on failure.
 */
struct pcapng_reader *pcapng_open(FILE *file, const char *name, struct err *err);

/*
 * As reader_next(); frame->number says which packet is to come, the other members are
 * filled in. Never reads further than the end of the packet's block.
 */
enum capture_result pcapng_next(struct pcapng_reader *reader, struct frame *frame,
                                struct err *err);
void pcapng_close(struct pcapng_reader *reader);

#endif
