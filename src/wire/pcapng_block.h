/*
 * pcapng_block.h: the skeleton of a pcapng file: blocks, their options, their numbers.
 */
#ifndef WIRE_PCAPNG_BLOCK_H
#define WIRE_PCAPNG_BLOCK_H

#include <loopcraft/bytes.h>
#include <loopcraft/text.h>
#include <loopcraft/wire.h>

/* A file, read block by block. */
struct pcapng_blocks {
    FILE *file;        /* borrowed, as is its name in messages */
    const char *name;
    bool begun;        /* a section was seen; numbers have a byte order only then */
    bool big;          /* this section's numbers are big-endian */
    struct text block; /* the block at hand; the buffer is used again and again */
};

struct pcapng_block {
    uint32_t type;
    struct bytes body; /* between the two lengths; valid until the next block */
};

/* Is this a block of one of the kinds of packet? */
bool pcapng_is_packet(uint32_t type);

/*
 * The next block: CAPTURE_FRAME, CAPTURE_TIMEOUT at the end of the file, or CAPTURE_FAILED.
 * `number` is that of the packet to come, for messages. The first block is a section.
 */
enum capture_result pcapng_block_next(struct pcapng_blocks *blocks, uint64_t number,
                                      struct pcapng_block *block, struct err *err);

/* Numbers in the section's byte order; false when they are not all there. */
bool pcapng_get_u16(const struct pcapng_blocks *blocks, struct bytes b, size_t at, uint16_t *value);
bool pcapng_get_u32(const struct pcapng_blocks *blocks, struct bytes b, size_t at, uint32_t *value);
bool pcapng_get_u64(const struct pcapng_blocks *blocks, struct bytes b, size_t at, uint64_t *value);

struct pcapng_option {
    uint16_t code; /* enum pcapng_code */
    struct bytes value;
};

/*
 * Takes the next option off *rest, its padding too. False at the end, with *rest empty;
 * also when the option is longer than what is left, with *rest not empty.
 */
bool pcapng_option_next(const struct pcapng_blocks *blocks, struct bytes *rest,
                        struct pcapng_option *option);

#endif
