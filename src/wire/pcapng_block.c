/* pcapng_block.c: type, length, body, length again (draft-ietf-opsawg-pcapng, section 3.1). */
#include "pcapng_block.h"

#include "file.h"
#include "pcapng.h"

#include <errno.h>

enum {
    BLOCK_MOST = 16 << 20, /* bytes; no honest block comes near, and memory stays bounded */
    BLOCK_HEAD = 8,        /* type and length */
    BLOCK_TAIL = 4         /* the length again */
};

bool pcapng_is_packet(uint32_t type)
{
    return type == PCAPNG_PACKET || type == PCAPNG_SIMPLE_PACKET || type == PCAPNG_OLD_PACKET;
}

bool pcapng_get_u16(const struct pcapng_blocks *blocks, struct bytes b, size_t at, uint16_t *value)
{
    if (!bytes_u16(b, at, value))
        return false;
    if (!blocks->big)
        *value = __builtin_bswap16(*value);
    return true;
}

bool pcapng_get_u32(const struct pcapng_blocks *blocks, struct bytes b, size_t at, uint32_t *value)
{
    if (!bytes_u32(b, at, value))
        return false;
    if (!blocks->big)
        *value = __builtin_bswap32(*value);
    return true;
}

bool pcapng_get_u64(const struct pcapng_blocks *blocks, struct bytes b, size_t at, uint64_t *value)
{
    if (!bytes_number(bytes_part(b, at, 8), 0, 64, value))
        return false;
    if (!blocks->big)
        *value = __builtin_bswap64(*value);
    return true;
}

bool pcapng_option_next(const struct pcapng_blocks *blocks, struct bytes *rest,
                        struct pcapng_option *option)
{
    uint16_t len;
    if (!pcapng_get_u16(blocks, *rest, 0, &option->code) ||
        !pcapng_get_u16(blocks, *rest, 2, &len))
        return false;
    if (option->code == PCAPNG_END) {
        rest->len = 0;
        return false;
    }
    option->value = bytes_part(*rest, 4, len);
    if (option->value.len != len)
        return false;
    *rest = bytes_part(*rest, 4 + ((size_t)len + 3) / 4 * 4, rest->len);
    return true;
}

/* Reads `len` bytes behind what the block has so far; says how many came. */
static size_t block_more(struct pcapng_blocks *blocks, size_t len)
{
    size_t got = fread(text_room(&blocks->block, len), 1, len, blocks->file);
    text_grew(&blocks->block, got);
    return got;
}

static struct bytes block_bytes(const struct pcapng_blocks *blocks)
{
    return (struct bytes){(const uint8_t *)blocks->block.at, blocks->block.len};
}

static enum capture_result block_damaged(const struct pcapng_blocks *blocks,
                                         struct file_place place, const char *why,
                                         struct err *err)
{
    file_broken(err, blocks->name, place, "damaged", why);
    return CAPTURE_FAILED;
}

/* Fewer bytes came than the block has: an error, the file's end, or no pcapng file at all. */
static enum capture_result block_cut(const struct pcapng_blocks *blocks, struct file_place place,
                                     struct err *err)
{
    int error = ferror(blocks->file) ? errno : 0;
    if (!blocks->begun && !error)
        file_no_capture(err, blocks->name, true);
    else
        file_short(err, blocks->name, place, error);
    return CAPTURE_FAILED;
}

/* A section says by its magic which byte order it has, its own length's included. */
static bool section_order(struct pcapng_blocks *blocks)
{
    uint32_t magic;
    blocks->begun = true;
    blocks->big = true;
    if (!pcapng_get_u32(blocks, block_bytes(blocks), BLOCK_HEAD, &magic))
        return false;
    blocks->big = magic == PCAPNG_MAGIC;
    return blocks->big || __builtin_bswap32(magic) == PCAPNG_MAGIC;
}

enum capture_result pcapng_block_next(struct pcapng_blocks *blocks, uint64_t number,
                                      struct pcapng_block *block, struct err *err)
{
    struct file_place place = {number, false};
    text_clear(&blocks->block);
    size_t got = block_more(blocks, BLOCK_HEAD);
    if (got == 0 && !ferror(blocks->file) && blocks->begun)
        return CAPTURE_TIMEOUT;
    if (got < BLOCK_HEAD)
        return block_cut(blocks, place, err);
    pcapng_get_u32(blocks, block_bytes(blocks), 0, &block->type);
    place.inside = pcapng_is_packet(block->type);
    if (block->type == PCAPNG_SECTION) {
        if (block_more(blocks, 4) < 4)
            return block_cut(blocks, place, err);
        if (!section_order(blocks))
            return block_damaged(blocks, place, "a section of no known byte order", err);
    } else if (!blocks->begun) {
        file_no_capture(err, blocks->name, false);
        return CAPTURE_FAILED;
    }
    uint32_t len = 0, again = 0;
    pcapng_get_u32(blocks, block_bytes(blocks), 4, &len);
    if (len % 4 || len < blocks->block.len + BLOCK_TAIL || len > BLOCK_MOST)
        return block_damaged(blocks, place, "a block of a length that can't be", err);
    size_t more = len - blocks->block.len;
    if (block_more(blocks, more) < more)
        return block_cut(blocks, place, err);
    struct bytes whole = block_bytes(blocks);
    pcapng_get_u32(blocks, whole, len - BLOCK_TAIL, &again);
    if (again != len)
        return block_damaged(blocks, place, "a block's two lengths differ", err);
    block->body = bytes_part(whole, BLOCK_HEAD, len - BLOCK_HEAD - BLOCK_TAIL);
    return CAPTURE_FRAME;
}
