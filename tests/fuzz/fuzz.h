/*
 * fuzz.h: what the fuzz targets share (libFuzzer, llvm.org/docs/LibFuzzer.html).
 *
 * A target is one function over bytes; what must hold is asserted as in the unit tests, with the
 * same helpers, and a failure is an abort, which libFuzzer reports with the input that led there.
 */
#ifndef LOOPCRAFT_TESTS_FUZZ_H
#define LOOPCRAFT_TESTS_FUZZ_H

#include "../unit/harmless.h"

#include <loopcraft/bytes.h>
#include <loopcraft/err.h>

#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

/* cmocka's asserts abort outside of its own tests when this is set. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return setenv("CMOCKA_TEST_ABORT", "1", 1);
}

/* The next byte of the input, or of two in network order; 0 when it is used up. */
static inline uint8_t fuzz_u8(struct bytes *input)
{
    uint8_t value = 0;
    bytes_u8(*input, 0, &value);
    *input = bytes_part(*input, 1, input->len);
    return value;
}

static inline uint16_t fuzz_u16(struct bytes *input)
{
    unsigned high = fuzz_u8(input);
    return (uint16_t)(high << 8 | fuzz_u8(input));
}

/* A heap block of exactly these bytes, the caller's to free. */
static inline struct bytes fuzz_copy(struct bytes b)
{
    uint8_t *copy = malloc(b.len ? b.len : 1);
    assert_non_null(copy);
    if (b.len)
        memcpy(copy, b.at, b.len);
    return (struct bytes){copy, b.len};
}

/* What a user reads when something is refused: one line that says something, nothing raw, and
 * no printf of a NULL (unless the input says so itself). */
static inline void must_complain(const struct err *err, enum status status, struct bytes input)
{
    assert_int_equal(err->status, status);
    must_be_harmless(err->message, strlen(err->message), (struct harmless){.utf8 = true});
    assert_true(strlen(err->message) > 10);
    if (strstr(err->message, "(null)") && !memmem(input.at, input.len, "(null)", 6))
        fail_msg("%s", err->message);
}

#endif
