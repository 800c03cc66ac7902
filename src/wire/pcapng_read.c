/*
 * pcapng_read.c: reads pcapng files (draft-ietf-opsawg-pcapng), comments included.
 *
 * Sections in either byte order, interfaces, and the three kinds of packet; all other
 * blocks are skipped. Everything in the file is hostile: a length that can't be ends the
 * reading with an error, never with a guess.
 */
#include "pcapng.h"

#include "file.h"
#include "pcapng_block.h"

#include <loopcraft/clock.h>

#include <stdlib.h>
#include <string.h>

enum { INTERFACES_MOST = 1 << 16 }; /* of a section; keeps memory bounded */

struct interface {
    uint16_t linktype;
    uint8_t tsresol;  /* ticks a second: 10^n, or 2^n with the high bit set */
    uint32_t snaplen; /* 0: none */
    int64_t tsoffset; /* seconds to add */
};

struct pcapng_reader {
    struct pcapng_blocks blocks;
    struct interface *interfaces; /* of this section, in order: packets name them by index */
    size_t count, room;
    struct text comment;          /* of the packet at hand */
};

/* --- time ------------------------------------------------------------------ */

static uint64_t power_of_ten(unsigned n)
{
    uint64_t power = 1;
    while (n--)
        power *= 10;
    return power;
}

/* Ticks of 2^-n seconds, n up to 127: exact, rounded down, nothing overflows. */
static void time_binary(uint64_t ticks, unsigned n, uint64_t *seconds, uint64_t *ns)
{
    uint64_t second = CLOCK_SECOND;
    *seconds = n < 64 ? ticks >> n : 0;
    uint64_t part = n < 64 ? ticks & ((UINT64_C(1) << n) - 1) : ticks;
    if (n <= 32) {
        *ns = part * second >> n;
        return;
    }
    uint64_t high = (part >> 32) * second + ((part & UINT32_MAX) * second >> 32);
    *ns = n - 32 < 64 ? high >> (n - 32) : 0;
}

/* Ticks of 10^-n seconds, likewise. 10^19 is the last power that 64 bits hold. */
static void time_decimal(uint64_t ticks, unsigned n, uint64_t *seconds, uint64_t *ns)
{
    *seconds = n <= 19 ? ticks / power_of_ten(n) : 0;
    uint64_t part = n <= 19 ? ticks % power_of_ten(n) : ticks;
    if (n <= 9)
        *ns = part * power_of_ten(9 - n);
    else
        *ns = n - 9 <= 19 ? part / power_of_ten(n - 9) : 0;
}

/* False when the time is not one that 64 bits of nanoseconds hold (beyond the year 2262). */
static bool interface_time(const struct interface *interface, uint64_t ticks, int64_t *time_ns)
{
    uint64_t seconds, ns;
    int64_t whole;
    unsigned n = interface->tsresol & 0x7f;
    if (interface->tsresol & 0x80)
        time_binary(ticks, n, &seconds, &ns);
    else
        time_decimal(ticks, n, &seconds, &ns);
    return !__builtin_add_overflow(seconds, interface->tsoffset, &whole) &&
           !__builtin_mul_overflow(whole, CLOCK_SECOND, &whole) &&
           !__builtin_add_overflow(whole, (int64_t)ns, time_ns);
}

/* --- bodies of blocks: NULL when they are sound, else what is wrong -------- */

static const char *section_read(struct pcapng_reader *reader, struct bytes body,
                                struct frame *frame)
{
    (void)frame;
    uint16_t major;
    if (!pcapng_get_u16(&reader->blocks, body, 4, &major) || major != PCAPNG_VERSION)
        return "a pcapng version that is not known here";
    reader->count = 0; /* each section names its own interfaces */
    return NULL;
}

static struct interface *interface_add(struct pcapng_reader *reader)
{
    if (reader->count == reader->room) {
        size_t room = reader->room ? reader->room * 2 : 4;
        void *more = realloc(reader->interfaces, room * sizeof *reader->interfaces);
        if (!more)
            return NULL;
        reader->interfaces = more;
        reader->room = room;
    }
    reader->interfaces[reader->count] = (struct interface){.tsresol = 6}; /* unless it says */
    return &reader->interfaces[reader->count++];
}

static const char *interface_read(struct pcapng_reader *reader, struct bytes body,
                                  struct frame *frame)
{
    (void)frame;
    struct interface *interface = reader->count < INTERFACES_MOST ? interface_add(reader) : NULL;
    if (!interface)
        return "more interfaces than there can be";
    if (!pcapng_get_u16(&reader->blocks, body, 0, &interface->linktype) ||
        !pcapng_get_u32(&reader->blocks, body, 4, &interface->snaplen))
        return "an interface block too short for one";
    struct bytes rest = bytes_part(body, 8, body.len);
    struct pcapng_option option;
    while (pcapng_option_next(&reader->blocks, &rest, &option)) {
        uint64_t offset;
        if (option.code == PCAPNG_INTERFACE_TSRESOL)
            bytes_u8(option.value, 0, &interface->tsresol);
        else if (option.code == PCAPNG_INTERFACE_TSOFFSET &&
                 pcapng_get_u64(&reader->blocks, option.value, 0, &offset))
            interface->tsoffset = (int64_t)offset;
    }
    return rest.len ? "an option longer than its block" : NULL;
}

/* Sets what a packet's bytes are; the interface it names must have been described. */
static const char *packet_fill(const struct pcapng_reader *reader, uint32_t id, struct bytes data,
                               uint32_t caplen, struct frame *frame)
{
    if (id >= reader->count)
        return "it names an interface that the file does not describe";
    frame->linktype = reader->interfaces[id].linktype;
    frame->bytes = bytes_part(data, 0, caplen);
    return frame->bytes.len == caplen ? NULL : "more bytes claimed than its block has";
}

static const char *packet_options(struct pcapng_reader *reader, struct bytes rest,
                                  struct frame *frame)
{
    text_clear(&reader->comment);
    struct pcapng_option option;
    while (pcapng_option_next(&reader->blocks, &rest, &option)) {
        uint32_t flags;
        if (option.code == PCAPNG_COMMENT && option.value.len) {
            const char *at = (const char *)option.value.at;
            text_put(&reader->comment, reader->comment.len ? "; " : "");
            text_put_n(&reader->comment, at, strnlen(at, option.value.len));
            frame->comment = text_string(&reader->comment);
        } else if (option.code == PCAPNG_PACKET_FLAGS &&
                   pcapng_get_u32(&reader->blocks, option.value, 0, &flags)) {
            frame->direction = (flags & 3) == PCAPNG_INBOUND ? DIRECTION_RECEIVED
                             : (flags & 3) == PCAPNG_OUTBOUND ? DIRECTION_SENT
                             : DIRECTION_UNKNOWN;
        }
    }
    return rest.len ? "an option longer than its block" : NULL;
}

/* Both kinds of packet that have a time: after the interface their layouts agree. */
static const char *timed_packet_read(struct pcapng_reader *reader, uint32_t id, struct bytes body,
                                     struct frame *frame)
{
    const struct pcapng_blocks *blocks = &reader->blocks;
    uint32_t high, low, caplen;
    if (!pcapng_get_u32(blocks, body, 4, &high) || !pcapng_get_u32(blocks, body, 8, &low) ||
        !pcapng_get_u32(blocks, body, 12, &caplen) ||
        !pcapng_get_u32(blocks, body, 16, &frame->len))
        return "a packet block too short for one";
    struct bytes data = bytes_part(body, 20, body.len);
    const char *wrong = packet_fill(reader, id, data, caplen, frame);
    if (wrong)
        return wrong;
    if (!interface_time(&reader->interfaces[id], (uint64_t)high << 32 | low, &frame->time_ns))
        return "its time lies beyond what can be told (the year 2262)";
    size_t padded = ((size_t)caplen + 3) / 4 * 4;
    return packet_options(reader, bytes_part(data, padded, data.len), frame);
}

static const char *packet_read(struct pcapng_reader *reader, struct bytes body,
                               struct frame *frame)
{
    uint32_t id = UINT32_MAX;
    pcapng_get_u32(&reader->blocks, body, 0, &id);
    return timed_packet_read(reader, id, body, frame);
}

static const char *old_packet_read(struct pcapng_reader *reader, struct bytes body,
                                   struct frame *frame)
{
    uint16_t id = UINT16_MAX; /* and two bytes that count drops */
    pcapng_get_u16(&reader->blocks, body, 0, &id);
    return timed_packet_read(reader, id, body, frame);
}

/* No time, no interface but the first, no length but what its snaplen implies. */
static const char *simple_packet_read(struct pcapng_reader *reader, struct bytes body,
                                      struct frame *frame)
{
    if (!pcapng_get_u32(&reader->blocks, body, 0, &frame->len))
        return "a packet block too short for one";
    uint32_t snaplen = reader->count ? reader->interfaces[0].snaplen : 0;
    uint32_t caplen = snaplen && snaplen < frame->len ? snaplen : frame->len;
    return packet_fill(reader, 0, bytes_part(body, 4, body.len), caplen, frame);
}

/* The blocks that are read; the others are skipped. */
static const struct known {
    uint32_t type;
    const char *(*read)(struct pcapng_reader *reader, struct bytes body, struct frame *frame);
} known[] = {
    {PCAPNG_PACKET, packet_read},
    {PCAPNG_SIMPLE_PACKET, simple_packet_read},
    {PCAPNG_OLD_PACKET, old_packet_read},
    {PCAPNG_INTERFACE, interface_read},
    {PCAPNG_SECTION, section_read},
};

static const struct known *known_find(uint32_t type)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].type == type)
            return &known[i];
    return NULL;
}

/* Reads a block's body, if it is of a kind that is known. */
static bool block_read(struct pcapng_reader *reader, const struct pcapng_block *block,
                       struct frame *frame, struct err *err)
{
    const struct known *kind = known_find(block->type);
    const char *wrong = kind ? kind->read(reader, block->body, frame) : NULL;
    struct file_place place = {frame->number, pcapng_is_packet(block->type)};
    return !wrong || file_broken(err, reader->blocks.name, place, "damaged", wrong);
}

enum capture_result pcapng_next(struct pcapng_reader *reader, struct frame *frame,
                                struct err *err)
{
    struct pcapng_block block;
    do {
        enum capture_result result = pcapng_block_next(&reader->blocks, frame->number, &block, err);
        if (result != CAPTURE_FRAME)
            return result;
        if (!block_read(reader, &block, frame, err))
            return CAPTURE_FAILED;
    } while (!pcapng_is_packet(block.type));
    return CAPTURE_FRAME;
}

struct pcapng_reader *pcapng_open(FILE *file, const char *name, struct err *err)
{
    struct pcapng_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        err_system(err, "can't read a capture");
        return NULL;
    }
    reader->blocks = (struct pcapng_blocks){.file = file, .name = name};
    struct frame first = {.number = 1};
    struct pcapng_block section;
    if (pcapng_block_next(&reader->blocks, first.number, &section, err) == CAPTURE_FRAME &&
        block_read(reader, &section, &first, err))
        return reader;
    pcapng_close(reader);
    return NULL;
}

void pcapng_close(struct pcapng_reader *reader)
{
    if (!reader)
        return;
    free(reader->interfaces);
    text_free(&reader->blocks.block);
    text_free(&reader->comment);
    free(reader);
}
