/*
 * capture_bytes.h: what the tests of capture files share: bytes as a file, and a look at one.
 */
#ifndef CAPTURE_BYTES_H
#define CAPTURE_BYTES_H

#include <loopcraft/wire.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Opened and started, or NULL. */
static inline struct reader *reader_ready(const char *path, struct err *err)
{
    struct reader *reader = reader_open(path, err);
    if (!reader || reader_start(reader, err))
        return reader;
    reader_close(reader);
    return NULL;
}

/* A file in memory, to be opened by its path. */
struct memory_file {
    int fd;
    char path[32];
};

static inline struct memory_file memory_file(const void *at, size_t len)
{
    struct memory_file file = {.fd = memfd_create("capture", MFD_CLOEXEC)};
    assert_true(file.fd >= 0);
    assert_int_equal(write(file.fd, at, len), len);
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.fd);
    return file;
}

/* Opens what must open. */
static inline struct reader *must_open(const char *path)
{
    struct err err = {0};
    struct reader *reader = reader_ready(path, &err);
    if (!reader)
        fail_msg("%s", err.message);
    return reader;
}

/* The next frame, which must be there. */
static inline struct frame must_read(struct reader *reader)
{
    struct err err = {0};
    struct frame frame;
    if (reader_next(reader, &frame, &err) != CAPTURE_FRAME)
        fail_msg("no frame: %s", err.message);
    return frame;
}

static inline void must_end(struct reader *reader)
{
    struct err err = {0};
    struct frame frame;
    enum capture_result result = reader_next(reader, &frame, &err);
    if (result == CAPTURE_FAILED)
        fail_msg("%s", err.message);
    assert_int_equal(result, CAPTURE_TIMEOUT);
    reader_close(reader);
}

/* Reads all that can be read: how many frames, and the error, "" when it came to the end. */
static inline uint64_t read_all(const char *path, struct err *err)
{
    *err = (struct err){0};
    struct reader *reader = reader_ready(path, err);
    if (!reader)
        return 0;
    struct frame frame;
    uint64_t count = 0;
    uint8_t sum = 0; /* touches each byte, for the sanitizers */
    while (reader_next(reader, &frame, err) == CAPTURE_FRAME) {
        assert_int_equal(frame.number, ++count);
        for (size_t i = 0; i < frame.bytes.len; i++)
            sum ^= frame.bytes.at[i];
        sum ^= (uint8_t)(frame.comment ? strlen(frame.comment) : 0);
    }
    reader_close(reader);
    volatile uint8_t used = sum;
    (void)used;
    return count;
}

static inline void assert_same_bytes(struct bytes b, const void *at, size_t len)
{
    assert_int_equal(b.len, len);
    if (len)
        assert_memory_equal(b.at, at, len);
}

#endif
