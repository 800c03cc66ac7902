/*
 * test_shape.c: a frame like one before is not walked again, and yet has the nodes that a walk
 * gives: for every packet of the captures, cut and spoiled in thousands of ways.
 */
#include "capture_bytes.h"
#include "spoil.h"

#include <loopcraft/dissect.h>
#include <loopcraft/node.h>
#include <loopcraft/outline.h>

#include <stdlib.h>

enum { SPOILED = 40 };

/* Also where its checksums lie, though lengths have a say in that, and which rows sum it up. */
static void must_have_outline(struct outlines *outlines, const struct dissection *d,
                              const struct dissection *fresh)
{
    const struct outline *outline = outline_of(outlines, d);
    struct summary_rows rows = summary_rows(fresh);
    struct sum_place sums[REMARKS_MOST];
    size_t sum_count = sum_places(sums, REMARKS_MOST, fresh);
    assert_int_equal(outline->sum_count, sum_count);
    assert_memory_equal(outline->sums, sums, sum_count * sizeof *sums);
    assert_int_equal(outline->rows.count, rows.count);
    assert_int_equal(outline->rows.listed, rows.listed);
    assert_int_equal(outline->rows.end, rows.end);
    assert_memory_equal(outline->rows.each, rows.each, rows.count * sizeof *rows.each);
}

/* Two that keep one memory, in turn. */
struct alike {
    struct dissection each[2];
    struct outlines *outlines;
    size_t known;
};

/* Node by node what a dissection gives that never saw another frame. */
static void must_walk_alike(struct alike *alike, size_t which, const struct frame *frame)
{
    struct dissection *old = &alike->each[which];
    struct dissection fresh = {0};
    dissect(old, frame);
    dissect(&fresh, frame);
    assert_int_equal(old->count, fresh.count);
    assert_ptr_equal(old->bytes.at, frame->bytes.at);
    for (size_t i = 0; i < fresh.count; i++)
        if (memcmp(&old->nodes[i], &fresh.nodes[i], sizeof *fresh.nodes) != 0)
            fail_msg("node %zu of %zu: %s is not %s", i, fresh.count, node_name(&old->nodes[i]),
                     node_name(&fresh.nodes[i]));
    must_have_outline(alike->outlines, old, &fresh);
    dissection_free(&fresh);
}

static void check_frame(struct frame frame, void *context)
{
    struct alike *alike = context;
    struct dissection *each = alike->each;
    uint64_t shape = each[0].shape;
    must_walk_alike(alike, 0, &frame);
    must_walk_alike(alike, 1, &frame);
    alike->known += shape && each[0].shape == shape;
    if (each[0].shape && each[0].shape != each[1].shape)
        fail_msg("the same frame has two shapes");
}

static void a_frame_like_one_before_has_the_nodes_of_a_walk(void **state)
{
    (void)state;
    struct alike alike = {.outlines = outlines_new()};
    struct dissection *each = alike.each;
    dissection_share(&each[1], &each[0]);
    assert_ptr_equal(each[0].memory, each[1].memory);
    dissection_share(&each[0], &each[0]);
    size_t count = each_spoiled("tests/captures/*.pcap*", 60, SPOILED, check_frame, &alike);
    print_message("%zu frames, %zu of them like the one before\n", count, alike.known);
    assert_true(alike.known > count / 4 && alike.known < count);
    dissection_free(&each[0]);
    dissection_free(&each[1]);
    outlines_free(alike.outlines);
}

/* All that changes from packet to packet of a conversation changes no shape. */
static void ports_and_sums_make_no_shape(void **state)
{
    (void)state;
    uint8_t syn[] = {0, 0,  0,    0, 0,  0,    0, 0, 0,   0, 0,    0, 8,   0, 0x45, 0, 0,    40,
                     0, 0,  0x40, 0, 64, 6,    0, 0, 127, 0, 0,    1, 127, 0, 0,    1, 0xee, 0x48,
                     0, 80, 0,    0, 4,  0xd2, 0, 0, 0,   0, 0x50, 2, 4,   0, 0,    0, 0,    0};
    struct frame frame = {
        .linktype = LINKTYPE_ETHERNET, .len = sizeof syn, .bytes = {syn, sizeof syn}};
    struct dissection d = {0};
    dissect(&d, &frame);
    uint64_t shape = d.shape;
    assert_true(shape != 0);
    static const size_t free_bytes[] = {0, 6, 18, 22, 24, 26, 34, 36, 38, 42, 47, 48, 50, 52};
    for (size_t i = 0; i < COUNT(free_bytes); i++) {
        syn[free_bytes[i]] ^= 0x5a;
        dissect(&d, &frame);
        assert_int_equal(d.shape, shape);
    }
    static const size_t bound_bytes[] = {12, 14, 17, 20, 21, 23, 46};
    for (size_t i = 0; i < COUNT(bound_bytes); i++) {
        syn[bound_bytes[i]] ^= 0x21;
        dissect(&d, &frame);
        assert_true(d.shape != shape);
        syn[bound_bytes[i]] ^= 0x21;
    }
    frame.len++;
    dissect(&d, &frame);
    assert_true(d.shape != shape);
    dissection_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_like_one_before_has_the_nodes_of_a_walk),
        cmocka_unit_test(ports_and_sums_make_no_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
