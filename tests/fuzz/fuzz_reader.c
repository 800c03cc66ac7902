/*
 * fuzz_reader.c: any bytes are a capture file: frames, and then its end or one line that says
 * what is wrong. What comes by this door alone (comments, times, directions) is rendered too.
 */
#include "fuzz.h"

#include "../unit/every_view.h"

#include <loopcraft/wire.h>

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct look plain = {.columns = 80, .utf8 = true};

/* A frame in turn; and its bytes are really there. */
static void check_frame(const struct frame *frame, uint64_t number)
{
    uint8_t sum = 0;
    assert_int_equal(frame->number, number);
    assert_true(frame->len >= frame->bytes.len);
    for (size_t i = 0; i < frame->bytes.len; i++)
        sum ^= frame->bytes.at[i];
    volatile uint8_t used = sum;
    (void)used;
}

static void read_all(struct reader *reader, struct bytes input)
{
    struct render text = {0}, json = {0};
    struct frame frame;
    struct err err = {0};
    uint64_t count = 0;
    enum capture_result result;
    render_dump(&text, plain);
    render_json(&json);
    while ((result = reader_next(reader, &frame, &err)) == CAPTURE_FRAME) {
        check_frame(&frame, ++count);
        every_tell(&text, frame);
        every_tell(&json, frame);
    }
    if (result == CAPTURE_FAILED)
        must_complain(&err, STATUS_USAGE, input);
    else
        assert_int_equal(result, CAPTURE_TIMEOUT);
    every_end(&text, &plain);
    render_end(&json);
    must_be_json_lines(json.text, json.len);
    free(text.text);
    free(json.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
    char path[32];
    struct err err = {0};
    int fd = memfd_create("capture", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, at, len), len);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct reader *reader = reader_open(path, &err);
    if (reader && reader_start(reader, &err))
        read_all(reader, (struct bytes){at, len});
    else
        must_complain(&err, STATUS_USAGE, (struct bytes){at, len});
    reader_close(reader);
    close(fd);
    return 0;
}
