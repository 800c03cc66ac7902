/* test_base.c: the ground floor: bytes, text, escaping, the checksum, errors. */
#include <loopcraft/bytes.h>
#include <loopcraft/checksum.h>
#include <loopcraft/err.h>
#include <loopcraft/text.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define BYTES(...) ((struct bytes){(const uint8_t[]){__VA_ARGS__}, \
                                   sizeof((const uint8_t[]){__VA_ARGS__})})

/* In a table: the bytes of a string literal, the 0 at its end not counted. */
#define STRING(literal) {(const uint8_t *)(literal), sizeof(literal) - 1}

static const struct bytes nothing = {NULL, 0};

/* --- bytes ----------------------------------------------------------------- */

static void a_part_never_reaches_outside(void **state)
{
    (void)state;
    struct bytes b = BYTES(1, 2, 3, 4);
    assert_true(bytes_equal(bytes_part(b, 1, 2), BYTES(2, 3)));
    assert_true(bytes_equal(bytes_part(b, 1, SIZE_MAX), BYTES(2, 3, 4)));
    assert_int_equal(bytes_part(b, 4, 1).len, 0);
    assert_int_equal(bytes_part(b, SIZE_MAX, SIZE_MAX).len, 0);
    assert_int_equal(bytes_part(nothing, 0, 1).len, 0);
}

static void numbers_are_big_endian(void **state)
{
    (void)state;
    struct bytes b = BYTES(0x12, 0x34, 0x56, 0x78, 0x9a);
    uint8_t one;
    uint16_t two;
    uint32_t four;
    assert_true(bytes_u8(b, 4, &one));
    assert_int_equal(one, 0x9a);
    assert_true(bytes_u16(b, 3, &two));
    assert_int_equal(two, 0x789a);
    assert_true(bytes_u32(b, 1, &four));
    assert_int_equal(four, 0x3456789a);
}

static void numbers_that_are_not_all_there_are_none(void **state)
{
    (void)state;
    struct bytes b = BYTES(1, 2, 3);
    uint8_t one;
    uint16_t two;
    uint32_t four;
    uint64_t number;
    assert_false(bytes_u8(b, 3, &one));
    assert_false(bytes_u8(nothing, 0, &one));
    assert_false(bytes_u16(b, 2, &two));
    assert_false(bytes_u16(b, SIZE_MAX, &two));
    assert_false(bytes_u16(bytes_part(b, 0, 1), 0, &two));
    assert_false(bytes_u32(b, 0, &four));
    assert_false(bytes_u32(b, SIZE_MAX - 1, &four));
    assert_false(bytes_number(b, 24, 1, &number));
    assert_false(bytes_number(b, 17, 8, &number));
    assert_false(bytes_number(b, 0, 25, &number));
    assert_false(bytes_number(b, SIZE_MAX, 1, &number));
    assert_false(bytes_number(b, 0, 0, &number));
    assert_false(bytes_number(b, 0, 65, &number));
}

/* RFC 791: version 4, header length 5; flags 010 (don't fragment), fragment offset 0x0123. */
static void bits_are_numbered_as_in_the_rfcs(void **state)
{
    (void)state;
    static const struct {
        size_t bit;
        unsigned bits;
        uint64_t number;
    } cases[] = {{0, 4, 4}, {4, 4, 5}, {8, 3, 2}, {9, 1, 1}, {11, 13, 0x123}, {0, 24, 0x454123}};
    struct bytes b = BYTES(0x45, 0x41, 0x23);
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t number;
        assert_true(bytes_number(b, cases[i].bit, cases[i].bits, &number));
        assert_int_equal(number, cases[i].number);
    }
}

/* Every position and width: what was set is what is read, and no other bit has changed. */
static void bits_set_are_bits_read(void **state)
{
    (void)state;
    const uint64_t pattern = 0xdeadbeefcafe1234;
    for (size_t bit = 0; bit < 80; bit++)
        for (unsigned bits = 1; bits <= 64; bits++) {
            uint8_t at[10], other[10];
            uint64_t number, want = bits == 64 ? pattern : pattern & ((UINT64_C(1) << bits) - 1);
            memset(at, 0xff, sizeof at);
            bool fits = bit + bits <= 80;
            assert_int_equal(bytes_set_number(at, sizeof at, bit, bits, pattern), fits);
            assert_int_equal(bytes_number((struct bytes){at, sizeof at}, bit, bits, &number), fits);
            if (fits) {
                assert_true(number == want);
                assert_true(bytes_set_number(at, sizeof at, bit, bits, UINT64_MAX));
            }
            memset(other, 0xff, sizeof other);
            assert_memory_equal(at, other, sizeof at);
        }
}

static void equal_means_all_bytes(void **state)
{
    (void)state;
    assert_true(bytes_equal(nothing, nothing));
    assert_true(bytes_equal(nothing, bytes_part(BYTES(1), 0, 0)));
    assert_true(bytes_equal(BYTES(1, 2), BYTES(1, 2)));
    assert_false(bytes_equal(BYTES(1, 2), BYTES(1, 3)));
    assert_false(bytes_equal(BYTES(1, 2), BYTES(1)));
}

/* --- text ------------------------------------------------------------------ */

static void text_grows_and_is_terminated(void **state)
{
    (void)state;
    struct text t = TEXT_EMPTY;
    assert_string_equal(text_string(&t), "");
    text_put(&t, "port ");
    text_number(&t, 0);
    text_char(&t, ' ');
    text_number(&t, UINT64_MAX);
    text_char(&t, ' ');
    text_hex(&t, 0x1f90, 6);
    text_format(&t, " %d%%", 100);
    assert_string_equal(text_string(&t), "port 0 18446744073709551615 001f90 100%");
    assert_int_equal(t.len, strlen(t.at));
    const char *buffer = t.at;
    text_clear(&t);
    assert_string_equal(text_string(&t), "");
    text_put_n(&t, NULL, 0);
    text_put_n(&t, "abc", 2);
    assert_string_equal(text_string(&t), "ab");
    assert_ptr_equal(t.at, buffer);
    text_free(&t);
    assert_string_equal(text_string(&t), "");
}

static void long_text_is_whole(void **state)
{
    (void)state;
    struct text t = TEXT_EMPTY;
    text_repeat(&t, "─", 100000);
    text_repeat(&t, "─", 0);
    assert_int_equal(t.len, 300000);
    assert_int_equal(text_columns(t.at, t.len), 100000);
    for (unsigned i = 0; i < 1000; i++)
        text_format(&t, "%u,", i);
    assert_string_equal(t.at + t.len - 8, "998,999,");
    text_free(&t);
}

static void hex_bytes_with_and_without_separator(void **state)
{
    (void)state;
    struct text t = TEXT_EMPTY;
    text_hex_bytes(&t, BYTES(0x00, 0xab, 0x0f), ':');
    text_char(&t, ' ');
    text_hex_bytes(&t, BYTES(0x00, 0xab, 0x0f), 0);
    text_hex_bytes(&t, nothing, ':');
    assert_string_equal(text_string(&t), "00:ab:0f 00ab0f");
    text_free(&t);
}

static void columns_are_code_points_without_colours(void **state)
{
    (void)state;
    assert_int_equal(text_columns("", 0), 0);
    assert_int_equal(text_columns("abc", 3), 3);
    assert_int_equal(text_columns("a→b", strlen("a→b")), 3);
    assert_int_equal(text_columns("\x1b[1;32mgo\x1b[0m", strlen("\x1b[1;32mgo\x1b[0m")), 2);
    assert_int_equal(text_columns("go\x1b[1", strlen("go\x1b[1")), 2);
}

/* --- foreign bytes (promise 7) --------------------------------------------- */

struct escape_case {
    struct bytes bytes;
    const char *escaped, *json;
};

static const struct escape_case escapes[] = {
    /* What may pass: ASCII, and UTF-8 of two, three and four bytes. */
    {STRING("GET / HTTP/1.0"), "GET / HTTP/1.0", "GET / HTTP/1.0"},
    {STRING("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xb8"), "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xb8",
     "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xb8"},
    {STRING("say \"hi\""), "say \"hi\"", "say \\\"hi\\\""},
    /* The four with a letter. */
    {STRING("a\r\n\tb\\"), "a\\r\\n\\tb\\\\", "a\\u000d\\u000a\\u0009b\\\\"},
    /* C0, ESC and NUL among them, and DEL. */
    {STRING("\x1b[2J"), "\\x1b[2J", "\\u001b[2J"},
    {STRING("\0\a\b\v\f\x1f"), "\\x00\\x07\\x08\\x0b\\x0c\\x1f",
     "\\u0000\\u0007\\u0008\\u000b\\u000c\\u001f"},
    {STRING("\x7f"), "\\x7f", "\\u007f"},
    /* C1 as UTF-8: U+0080, U+009B (CSI), U+009F; U+00A0 is none. */
    {STRING("\xc2\x80\xc2\x9b\xc2\x9f"), "\\u{80}\\u{9b}\\u{9f}", "\\u0080\\u009b\\u009f"},
    {STRING("\xc2\xa0"), "\xc2\xa0", "\xc2\xa0"},
    /* C1 raw, as a terminal without UTF-8 would take it. */
    {STRING("\x9b" "2J"), "\\x9b2J", "\\u009b2J"},
    /* Bidirectional controls: ALM, LRM, RLM, LRE to RLO, LRI to PDI (UAX #9); BOM; separators. */
    {STRING("\xd8\x9c"), "\\u{61c}", "\\u061c"},
    {STRING("\xe2\x80\x8e\xe2\x80\x8f"), "\\u{200e}\\u{200f}", "\\u200e\\u200f"},
    {STRING("\xe2\x80\xaa\xe2\x80\xae"), "\\u{202a}\\u{202e}", "\\u202a\\u202e"},
    {STRING("\xe2\x81\xa6\xe2\x81\xa9"), "\\u{2066}\\u{2069}", "\\u2066\\u2069"},
    {STRING("\xef\xbb\xbf"), "\\u{feff}", "\\ufeff"},
    {STRING("\xe2\x80\xa8\xe2\x80\xa9"), "\\u{2028}\\u{2029}", "\\u2028\\u2029"},
    /* Not UTF-8 (RFC 3629): overlong '/', NUL and ESC; a surrogate; above U+10FFFF; 0xff. */
    {STRING("\xc0\xaf\xc1\xbf"), "\\xc0\\xaf\\xc1\\xbf", "\\u00c0\\u00af\\u00c1\\u00bf"},
    {STRING("\xe0\x80\x9b"), "\\xe0\\x80\\x9b", "\\u00e0\\u0080\\u009b"},
    {STRING("\xf0\x80\x80\x9b"), "\\xf0\\x80\\x80\\x9b", "\\u00f0\\u0080\\u0080\\u009b"},
    {STRING("\xed\xa0\x80"), "\\xed\\xa0\\x80", "\\u00ed\\u00a0\\u0080"},
    {STRING("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80", "\\u00f4\\u0090\\u0080\\u0080"},
    {STRING("\xf5\xff\xfe"), "\\xf5\\xff\\xfe", "\\u00f5\\u00ff\\u00fe"},
    /* A tail that stops in the middle, or goes on with something else; a lone continuation. */
    {STRING("ab\xe2\x82"), "ab\\xe2\\x82", "ab\\u00e2\\u0082"},
    {STRING("\xc3("), "\\xc3(", "\\u00c3("},
    {STRING("\xf0\x9f\x90"), "\\xf0\\x9f\\x90", "\\u00f0\\u009f\\u0090"},
    {STRING("\x80z"), "\\x80z", "\\u0080z"},
    {STRING(""), "", ""},
};

static void foreign_bytes_are_escaped(void **state)
{
    (void)state;
    struct text t = TEXT_EMPTY;
    for (size_t i = 0; i < COUNT(escapes); i++) {
        text_clear(&t);
        text_escape(&t, escapes[i].bytes);
        assert_string_equal(text_string(&t), escapes[i].escaped);
        text_clear(&t);
        text_json(&t, escapes[i].bytes);
        assert_string_equal(text_string(&t), escapes[i].json);
    }
    text_free(&t);
}

static void a_json_string_has_its_quotes(void **state)
{
    (void)state;
    struct text t = TEXT_EMPTY;
    text_json_string(&t, "a\"\n");
    text_json_string(&t, "");
    assert_string_equal(text_string(&t), "\"a\\\"\\u000a\"\"\"");
    text_free(&t);
}

/* Whatever two bytes come: no control is left, and what is left is UTF-8 that passes as it is. */
static void no_pair_of_bytes_gets_through(void **state)
{
    (void)state;
    struct text once = TEXT_EMPTY, json = TEXT_EMPTY;
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        text_clear(&once);
        text_clear(&json);
        text_escape(&once, BYTES((uint8_t)(pair >> 8), (uint8_t)pair));
        text_json(&json, (struct bytes){(const uint8_t *)once.at, once.len});
        for (size_t i = 0; i < once.len; i++)
            assert_true((uint8_t)once.at[i] >= 0x20 && once.at[i] != 0x7f);
        assert_null(strstr(text_string(&json), "\\u00")); /* nothing was left to escape */
    }
    text_free(&once);
    text_free(&json);
}

/* --- the checksum ---------------------------------------------------------- */

/* RFC 1071, section 3: 0001 f203 f4f5 f6f7 add up to ddf2; the complement is sent. */
static void the_example_of_rfc_1071(void **state)
{
    (void)state;
    uint32_t sum = checksum_add(0, BYTES(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7));
    assert_int_equal(checksum_fold(sum), 0xddf2);
    assert_int_equal(checksum_finish(sum), 0x220d);
}

/* IP 127.0.0.1 > 127.0.0.1: TTL 64, TCP, length 60, id 0xf7e2, DF, checksum 0x44d7, as captured. */
static void a_header_with_its_checksum_sums_to_ones(void **state)
{
    (void)state;
    struct bytes header = BYTES(0x45, 0x00, 0x00, 0x3c, 0xf7, 0xe2, 0x40, 0x00, 0x40, 0x06,
                                0x44, 0xd7, 0x7f, 0x00, 0x00, 0x01, 0x7f, 0x00, 0x00, 0x01);
    assert_int_equal(checksum_fold(checksum_add(0, header)), 0xffff);
    assert_int_equal(checksum_finish(checksum_add(0, header)), 0);
}

static void an_odd_byte_is_padded_with_zero(void **state)
{
    (void)state;
    assert_int_equal(checksum_fold(checksum_add(0, BYTES(0x12))), 0x1200);
    assert_int_equal(checksum_fold(checksum_add(0, BYTES(0x12, 0x34, 0x56))),
                     checksum_fold(checksum_add(0, BYTES(0x12, 0x34, 0x56, 0x00))));
    assert_int_equal(checksum_finish(checksum_add(0, nothing)), 0xffff);
}

static void pieces_add_up_to_the_whole(void **state)
{
    (void)state;
    uint8_t at[101];
    for (size_t i = 0; i < sizeof at; i++)
        at[i] = (uint8_t)(i * 37 + 200);
    struct bytes b = {at, sizeof at};
    for (size_t cut = 0; cut < sizeof at; cut += 2) {
        uint32_t sum = checksum_add(0, bytes_part(b, 0, cut));
        sum = checksum_add(sum, bytes_part(b, cut, b.len));
        assert_int_equal(checksum_finish(sum), checksum_finish(checksum_add(0, b)));
    }
}

/* 16 MiB of ones: 0xffff added to itself stays 0xffff. An unfolded 32-bit sum overflows. */
static void long_input_does_not_overflow(void **state)
{
    (void)state;
    size_t len = 16 << 20;
    uint8_t *at = malloc(len);
    assert_non_null(at);
    memset(at, 0xff, len);
    assert_int_equal(checksum_fold(checksum_add(0, (struct bytes){at, len})), 0xffff);
    assert_int_equal(checksum_fold(checksum_add(UINT32_MAX, (struct bytes){at, len})), 0xffff);
    free(at);
}

/* --- errors ---------------------------------------------------------------- */

static void an_error_says_what_and_with_which_status(void **state)
{
    (void)state;
    struct err err = {.quiet = true};
    assert_false(err_set(&err, STATUS_GUARD, "%s is not loopback", "8.8.8.8"));
    assert_int_equal(err.status, STATUS_GUARD);
    assert_false(err.quiet);
    assert_string_equal(err.message, "8.8.8.8 is not loopback");
    errno = ENOSPC;
    assert_false(err_system(&err, "can't write %d", 7));
    assert_int_equal(err.status, STATUS_SYSTEM);
    assert_string_equal(err.message, "can't write 7: No space left on device");
}

/* Whether 0, 1 or 2 bytes of the last character fit: a terminal gets whole ones only. */
static void a_message_cut_short_is_still_utf8(void **state)
{
    (void)state;
    struct text arrows = TEXT_EMPTY;
    text_repeat(&arrows, "→", sizeof(struct err));
    for (int shift = 0; shift < 3; shift++) {
        struct err err;
        err_set(&err, STATUS_USAGE, "%.*s%s", shift, "abc", text_string(&arrows));
        size_t len = strlen(err.message);
        assert_int_equal((len - (size_t)shift) % 3, 0);
        assert_true(len > sizeof err.message - 6);
    }
    text_free(&arrows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_never_reaches_outside),
        cmocka_unit_test(numbers_are_big_endian),
        cmocka_unit_test(numbers_that_are_not_all_there_are_none),
        cmocka_unit_test(bits_are_numbered_as_in_the_rfcs),
        cmocka_unit_test(bits_set_are_bits_read),
        cmocka_unit_test(equal_means_all_bytes),
        cmocka_unit_test(text_grows_and_is_terminated),
        cmocka_unit_test(long_text_is_whole),
        cmocka_unit_test(hex_bytes_with_and_without_separator),
        cmocka_unit_test(columns_are_code_points_without_colours),
        cmocka_unit_test(foreign_bytes_are_escaped),
        cmocka_unit_test(a_json_string_has_its_quotes),
        cmocka_unit_test(no_pair_of_bytes_gets_through),
        cmocka_unit_test(the_example_of_rfc_1071),
        cmocka_unit_test(a_header_with_its_checksum_sums_to_ones),
        cmocka_unit_test(an_odd_byte_is_padded_with_zero),
        cmocka_unit_test(pieces_add_up_to_the_whole),
        cmocka_unit_test(long_input_does_not_overflow),
        cmocka_unit_test(an_error_says_what_and_with_which_status),
        cmocka_unit_test(a_message_cut_short_is_still_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
