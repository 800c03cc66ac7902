/*
 * test_cut.c: every packet that the tests have, cut at every byte, through the dissection, the
 * summary and every view. Each cut lies in a heap block of exactly its length, so that a read
 * past its end is seen (make check SANITIZE=1).
 */
#include "every_view.h"
#include "walk_check.h"

/* One cut, of a frame that had wire_len bytes on the wire. */
static void check_cut(struct bytes bytes, size_t wire_len, int linktype)
{
    uint8_t *copy = malloc(bytes.len ? bytes.len : 1);
    struct dissection d = {0};
    struct summary summary = {0};
    assert_non_null(copy);
    memcpy(copy, bytes.at, bytes.len);
    struct frame frame = frame_of((struct bytes){copy, bytes.len});
    frame.len = (uint32_t)wire_len;
    frame.linktype = linktype;
    dissect(&d, &frame);
    must_tile(&d);
    summarise(&summary, &d);
    assert_true(summary.title.len > 0);
    must_do_in_every_view(frame);
    summary_free(&summary);
    dissection_free(&d);
    free(copy);
}

static void cut_by_the_capture(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++)
        for (size_t len = 0; len <= samples[i].bytes.len; len++)
            check_cut(bytes_part(samples[i].bytes, 0, len), samples[i].bytes.len,
                      LINKTYPE_ETHERNET);
}

/* Nothing is missing from the capture: the packet itself is too short. */
static void short_on_the_wire(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++)
        for (size_t len = 0; len < samples[i].bytes.len; len++)
            check_cut(bytes_part(samples[i].bytes, 0, len), len, LINKTYPE_ETHERNET);
}

/* The bytes of one link type read as another, and as one that nobody knows. */
static void under_a_false_link_type(void **state)
{
    (void)state;
    static const int linktypes[] = {0, 12, 101, 108, 113, 228, 229, 276, 147, 65535};
    for (size_t i = 0; i < sizeof linktypes / sizeof linktypes[0]; i++)
        for (size_t k = 0; k < SAMPLES; k++)
            for (size_t len = 0; len <= samples[k].bytes.len; len += 7)
                check_cut(bytes_part(samples[k].bytes, 0, len), samples[k].bytes.len,
                          linktypes[i]);
}

/* The largest frame there is, of each sample's headers and then whatever: 65,535 bytes. */
static void as_large_as_can_be(void **state)
{
    (void)state;
    enum { LARGEST = 65535 };
    uint8_t *bytes = malloc(LARGEST);
    assert_non_null(bytes);
    for (size_t i = 0; i < SAMPLES; i += 4) {
        struct bytes sample = samples[i].bytes;
        for (size_t k = 0; k < LARGEST; k++)
            bytes[k] = k < sample.len ? sample.at[k] : (uint8_t)(k * 167);
        must_dump_in(&every_look[i % LOOKS_EVERY],
                     frame_of((struct bytes){bytes, LARGEST}));
        must_be_json_of(frame_of((struct bytes){bytes, LARGEST}));
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_by_the_capture),
        cmocka_unit_test(short_on_the_wire),
        cmocka_unit_test(under_a_false_link_type),
        cmocka_unit_test(as_large_as_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
