/*
 * filter_program.h: what a display filter is compiled to.
 */
#ifndef PACKET_FILTER_PROGRAM_H
#define PACKET_FILTER_PROGRAM_H

#include "filter_token.h"

#include <loopcraft/filter.h>

/* Part of a value: `len` of them (-1: to the end) from `from` (below 0: from the end). */
struct slice {
    bool given;
    long from, len;
};

/* A value that was written down. */
struct literal {
    int64_t time_ns;
    uint64_t number;
    struct text text; /* bytes */
    unsigned prefix;  /* of an address: how many of its bits count */
};

/* From one value to another, or one alone. */
struct range {
    struct literal low, high;
    bool open; /* low to high; else low alone */
};

/* One comparison: of a field's values with literals, or with another field's. */
struct test {
    struct finder left, right; /* right.name NULL: ranges instead */
    struct slice slice;
    bool masked;
    struct literal mask;
    enum relation relation;
    bool all; /* holds if all values do; else if any does */
    struct range *ranges;
    size_t range_count;
};

/* The result goes from step to step. */
enum step_kind {
    STEP_TEST,
    STEP_NOT,
    STEP_UNLESS, /* goes to step `to` when the result is false: and */
    STEP_IF      /* when it is true: or */
};

struct step {
    enum step_kind kind;
    size_t to;
    struct test *test; /* owned */
};

struct filter {
    struct step *steps;
    size_t count, cap;
};

/* How the values compare once slice and mask are applied. */
enum finder_kind test_kind(const struct test *test);

/* Reads a literal for a test from the token. */
bool literal_read(struct literal *literal, const struct test *test, struct tokens *token,
                  struct err *err);

/* The bits that & tests: a number, or as many bytes as the slice has. */
bool mask_read(struct literal *mask, const struct test *test, struct tokens *token,
               struct err *err);
void literal_free(struct literal *literal);

void test_free(struct test *test);

#endif
