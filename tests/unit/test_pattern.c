/*
 * test_pattern.c: what a view keeps of one packet does not show in the next: each packet of the
 * captures, and each spoiled one, looks as it does in a view that never saw another.
 */
#include "capture_bytes.h"
#include "every_view.h"

#include <glob.h>

enum { SPOILED = 6, BYTES_MOST = 512 };

/* How a packet is shown; json: not as a look. */
struct way {
    struct look look;
    bool json;
};

static const struct way ways[] = {
    {{.columns = 120, .utf8 = true, .live = true}, false},
    {{.columns = 80, .utf8 = true, .colour = true, .live = true}, false},
    {{.columns = 100, .verbose = true, .live = true}, false},
    {{.live = true}, true},
};

static void open_way(struct render *r, const struct way *way)
{
    render_open(r);
    r->sink = way->json ? json_view(r->file, true) : dump_view(r->file, way->look);
}

/* The packet in a view that has shown others, from byte `from` of its text on; and in a new one. */
static void must_look_alike(struct render *old, const struct way *way, struct frame frame)
{
    size_t from = old->len;
    every_tell(old, frame);
    fflush(old->file);
    struct render alone = {0};
    open_way(&alone, way);
    every_tell(&alone, frame);
    render_end(&alone);
    if (old->len - from != alone.len || memcmp(old->text + from, alone.text, alone.len) != 0)
        fail_msg("after others:\n%s\nbut alone:\n%s", old->text + from, alone.text);
    free(alone.text);
    rewind(old->file); /* the text need not grow */
    old->len = 0;
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* The packet three times (seen, kept, copied), then with some of its bytes changed. */
static void must_stay_apart(struct render *old, const struct way *way, struct frame frame,
                            uint32_t *state)
{
    uint8_t spoiled[BYTES_MOST];
    frame.comment = NULL;
    frame.bytes = bytes_part(frame.bytes, 0, sizeof spoiled);
    for (int i = 0; i < 3; i++)
        must_look_alike(old, way, frame);
    for (int i = 0; i < SPOILED && frame.bytes.len; i++) {
        struct frame other = frame;
        memcpy(spoiled, frame.bytes.at, frame.bytes.len);
        for (uint32_t k = next_random(state) % 4 + 1; k > 0; k--)
            spoiled[next_random(state) % frame.bytes.len] ^= (uint8_t)(1u << next_random(state) % 8);
        other.bytes.at = spoiled;
        for (int twice = 0; twice < 2; twice++)
            must_look_alike(old, way, other);
    }
}

static void check_captures(const struct way *way)
{
    glob_t paths;
    uint32_t state = 1;
    struct render old = {0};
    open_way(&old, way);
    assert_int_equal(glob("tests/captures/*.pcap*", 0, NULL, &paths), 0);
    for (size_t i = 0; i < paths.gl_pathc; i++) {
        struct reader *reader = must_open(paths.gl_pathv[i]);
        struct frame frame;
        struct err err = {0};
        for (int n = 0; n < 60 && reader_next(reader, &frame, &err) == CAPTURE_FRAME; n++)
            must_stay_apart(&old, way, frame, &state);
        reader_close(reader);
    }
    globfree(&paths);
    render_end(&old);
    free(old.text);
}

static void rows_look_as_in_a_new_view(void **state)
{
    (void)state;
    check_captures(&ways[0]);
    check_captures(&ways[1]);
    check_captures(&ways[2]);
}

static void json_looks_as_in_a_new_view(void **state)
{
    (void)state;
    check_captures(&ways[3]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_look_as_in_a_new_view),
        cmocka_unit_test(json_looks_as_in_a_new_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
