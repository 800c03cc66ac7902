/*
 * walk_check.h: what holds for every dissection: its leaves tile the bytes.
 */
#ifndef LOOPCRAFT_TESTS_WALK_CHECK_H
#define LOOPCRAFT_TESTS_WALK_CHECK_H

#include "sample_frames.h"

#include <loopcraft/proto.h>
#include <loopcraft/walk.h>

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Reads a node in all the ways there are, so that the sanitizers see each. */
static inline void read_node(const struct dissection *d, const struct node *node)
{
    struct text text = TEXT_EMPTY;
    node_show(&text, d, node);
    node_value(&text, d, node);
    node_say(&text, d, node);
    text_free(&text);
    assert_true(node_name(node) || node->field || node->kind != NODE_FIELD);
    assert_true(!node->field || node->field->label);
}

/* Each bit lies in exactly one leaf, in order; no node reaches outside. */
static inline void must_tile(const struct dissection *d)
{
    uint64_t at = 0, end = (uint64_t)d->bytes.len * 8;
    for (size_t i = 0; i < d->count; i++) {
        const struct node *node = &d->nodes[i];
        assert_true((uint64_t)node->bit + node->bits <= end);
        assert_true(node->fault == FAULT_NONE || node->why);
        read_node(d, node);
        if (node->kind != NODE_FIELD && node->kind != NODE_BYTES)
            continue;
        assert_int_equal(node->bit, at);
        assert_true(node->bits > 0);
        at += node->bits;
    }
    assert_int_equal(at, end);
}

/* Walks a copy of exactly these bytes, so that a read past the end is one past the heap block. */
static inline void walk_copy(struct dissection *d, struct bytes bytes, size_t wire_len)
{
    uint8_t *copy = malloc(bytes.len ? bytes.len : 1);
    assert_non_null(copy);
    memcpy(copy, bytes.at, bytes.len);
    walk(d, &proto_ethernet, (struct bytes){copy, bytes.len}, wire_len);
    must_tile(d);
    free(copy);
}

#endif
