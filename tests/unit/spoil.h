/*
 * spoil.h: the packets of captures, each as it is and with some of its bytes changed or cut off.
 */
#ifndef LOOPCRAFT_TESTS_SPOIL_H
#define LOOPCRAFT_TESTS_SPOIL_H

#include "capture_bytes.h"

#include <glob.h>

enum { SPOIL_BYTES = 512 };

static inline uint32_t spoil_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* The packet, then `spoiled` others made of it; returns how many that are. */
static inline size_t spoil_frame(struct frame frame, int spoiled, uint32_t *state,
                                 void (*check)(struct frame frame, void *context), void *context)
{
    uint8_t bytes[SPOIL_BYTES];
    frame.comment = NULL;
    frame.bytes = bytes_part(frame.bytes, 0, sizeof bytes);
    check(frame, context);
    for (int i = 0; i < spoiled && frame.bytes.len; i++) {
        struct frame other = frame;
        memcpy(bytes, frame.bytes.at, frame.bytes.len);
        for (uint32_t k = spoil_random(state) % 4 + 1; k > 0; k--)
            bytes[spoil_random(state) % frame.bytes.len] ^= (uint8_t)(1u
                                                                      << spoil_random(state) % 8);
        other.bytes.at = bytes;
        if (spoil_random(state) % 16 == 0)
            other.bytes.len = spoil_random(state) % frame.bytes.len;
        if (spoil_random(state) % 16 == 0)
            other.len = (uint32_t)other.bytes.len;
        check(other, context);
    }
    return (size_t)spoiled + 1;
}

/* Those of the first `most` packets of each capture; how many frames were checked. */
static inline size_t each_spoiled(const char *pattern, int most, int spoiled,
                                  void (*check)(struct frame frame, void *context), void *context)
{
    glob_t paths;
    uint32_t state = 1;
    size_t count = 0;
    assert_int_equal(glob(pattern, 0, NULL, &paths), 0);
    for (size_t i = 0; i < paths.gl_pathc; i++) {
        struct reader *reader = must_open(paths.gl_pathv[i]);
        struct frame frame;
        struct err err = {0};
        for (int n = 0; n < most && reader_next(reader, &frame, &err) == CAPTURE_FRAME; n++)
            count += spoil_frame(frame, spoiled, &state, check, context);
        reader_close(reader);
    }
    globfree(&paths);
    return count;
}

#endif
