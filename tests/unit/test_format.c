/*
 * test_format.c: text to wire and back, for every row of the tables that a recipe can set.
 * LOOPCRAFT_SEED=N repeats a run that failed.
 */
#include <loopcraft/format.h>
#include <loopcraft/lint.h>
#include <loopcraft/proto.h>

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BYTES_MOST = 40 };

/* --- every row that can be set ----------------------------------------------------- */

typedef void row_check(void *context, const struct field *field);

struct rows {
    row_check *check;
    void *context;
    size_t count;
};

static void record_rows(void *context, const struct record *record)
{
    struct rows *rows = context;
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *field = &record->fields[i];
        if (field->role == ROLE_ALSO || !field->format->read)
            continue;
        rows->check(rows->context, field);
        rows->count++;
    }
}

static void each_settable_row(row_check *check, void *context)
{
    struct rows rows = {check, context, 0};
    lint_records(&proto_ethernet, record_rows, &rows);
    assert_true(rows.count > 100);
}

static const char *row_name(const struct field *field)
{
    return field->name ? field->name : field->label;
}

/* --- what is shown is read back ------------------------------------------------- */

/* xorshift64 (Marsaglia 2003): the same numbers everywhere from the same seed. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/*
 * Random bits for a row, as the bytes of a big-endian number. A boolean of several bits is
 * shown as 0 or 1 whatever it is, so it gets no more.
 */
static size_t random_value(uint8_t *value, const struct field *field, uint64_t *seed)
{
    size_t len = field->bits ? (field->bits + 7u) / 8 : next_random(seed) % (BYTES_MOST + 1);
    for (size_t i = 0; i < len; i++)
        value[i] = (uint8_t)next_random(seed);
    if (field->bits % 8)
        value[0] &= (uint8_t)((1u << field->bits % 8) - 1);
    if (field->format == &format_flag)
        value[0] &= 1;
    return len;
}

static void must_read_back(void *context, const struct field *field)
{
    uint8_t value[BYTES_MOST];
    struct text word = TEXT_EMPTY, read = TEXT_EMPTY;
    struct err err = {0};
    for (int i = 0; i < 50; i++) {
        size_t len = random_value(value, field, context);
        struct bytes raw = {value, len};
        uint64_t number = 0;
        if (len && len <= 8)
            bytes_number(raw, 0, (unsigned)len * 8, &number);
        text_clear(&word);
        text_clear(&read);
        field->format->show(&word, field, raw, number);
        if (!field->format->read(&read, field, text_string(&word), &err))
            fail_msg("%s: %s", row_name(field), err.message);
        if (!bytes_equal(raw, (struct bytes){(const uint8_t *)read.at, read.len}))
            fail_msg("%s: what was shown as %s is read as something else", row_name(field),
                     text_string(&word));
    }
    text_free(&word);
    text_free(&read);
}

static void what_is_shown_is_read_back(void **state)
{
    (void)state;
    const char *given = getenv("LOOPCRAFT_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : 0;
    seed = seed ? seed : UINT64_C(0x9e3779b97f4a7c15);
    print_message("LOOPCRAFT_SEED=%" PRIu64 "\n", seed);
    each_settable_row(must_read_back, &seed);
}

/* The words of a term list mean their numbers, in any case of letters. */
static void terms_must_be_read(void *context, const struct field *field)
{
    (void)context;
    struct text read = TEXT_EMPTY;
    struct err err = {0};
    for (const struct term *term = field->terms; term && term->name; term++) {
        text_clear(&read);
        if (!field->format->read(&read, field, term->name, &err))
            fail_msg("%s: %s", row_name(field), err.message);
        uint64_t number = 0;
        bytes_number((struct bytes){(const uint8_t *)read.at, read.len}, 0,
                     (unsigned)read.len * 8, &number);
        if (term_find(field->terms, number) != term &&
            strcmp(term_find(field->terms, number)->name, term->name) != 0)
            fail_msg("%s: %s is read as another number", row_name(field), term->name);
    }
    text_free(&read);
}

static void names_of_values_are_read(void **state)
{
    (void)state;
    each_settable_row(terms_must_be_read, NULL);
}

/* --- what makes no sense is refused --------------------------------------------- */

static void must_refuse(const struct field *field, const char *word)
{
    struct text read = TEXT_EMPTY;
    struct err err = {0};
    if (field->format->read(&read, field, word, &err))
        fail_msg("%s takes \"%s\"", row_name(field), word);
    assert_int_equal(err.status, STATUS_USAGE);
    assert_int_equal(read.len, 0);
    assert_true(strlen(err.message) > 0 && !strchr(err.message, '\n'));
    text_free(&read);
}

static void nonsense_is_refused(void *context, const struct field *field)
{
    (void)context;
    static const char *const nonsense[] = {
        "-1", "+1", " 1", "1 ", "0x", "0x0x1", "0xg", "1e3", "1.5", "99999999999999999999999",
        "0x11111111111111111", "\x1b[31m", "1\n", "\xd9\xa3", "zz", ",", "|"};
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++)
        must_refuse(field, nonsense[i]);
    if (field->bits)
        must_refuse(field, "");
}

static void no_row_takes_nonsense(void **state)
{
    (void)state;
    each_settable_row(nonsense_is_refused, NULL);
}

/* One more than the widest number fits in no row. */
static void too_wide_is_refused(void *context, const struct field *field)
{
    (void)context;
    bool number = field->format->read != format_ipv4.read &&
                  field->format->read != format_ipv6.read &&
                  field->format->read != format_bytes.read;
    if (!number || !field->bits || field->bits > 63)
        return;
    char word[32];
    snprintf(word, sizeof word, "%" PRIu64, field_shown(field, UINT64_C(1) << field->bits));
    must_refuse(field, word);
    struct text read = TEXT_EMPTY;
    struct err err = {0};
    snprintf(word, sizeof word, "%" PRIu64, field_shown(field, (UINT64_C(1) << field->bits) - 1));
    if (!field->format->read(&read, field, word, &err))
        fail_msg("%s: %s", row_name(field), err.message);
    text_free(&read);
}

static void no_row_takes_more_than_its_bits(void **state)
{
    (void)state;
    each_settable_row(too_wide_is_refused, NULL);
}

/* --- the words of flags, addresses, lengths -------------------------------------- */

static const struct {
    const struct record *record;
    const char *name, *word;
    uint8_t wire[16];
    size_t len; /* 0: refused */
} words[] = {
    {&proto_tcp, "tcp.flags", "SYN", {0x00, 0x02}, 2},
    {&proto_tcp, "tcp.flags", "SYN,ACK", {0x00, 0x12}, 2},
    {&proto_tcp, "tcp.flags", "syn|ack", {0x00, 0x12}, 2},
    {&proto_tcp, "tcp.flags", "SA", {0x00, 0x12}, 2},
    {&proto_tcp, "tcp.flags", "FPU", {0x00, 0x29}, 2},
    {&proto_tcp, "tcp.flags", "R", {0x00, 0x04}, 2},
    {&proto_tcp, "tcp.flags", "reset", {0x00, 0x04}, 2},
    {&proto_tcp, "tcp.flags", "RST", {0x00, 0x04}, 2},
    {&proto_tcp, "tcp.flags", "push,AE", {0x01, 0x08}, 2},
    {&proto_tcp, "tcp.flags", "0x12", {0x00, 0x12}, 2},
    {&proto_tcp, "tcp.flags", "4095", {0x0f, 0xff}, 2},
    {&proto_tcp, "tcp.flags", "0", {0x00, 0x00}, 2},
    {&proto_tcp, "tcp.flags", "SYN,", {0}, 0},
    {&proto_tcp, "tcp.flags", ",SYN", {0}, 0},
    {&proto_tcp, "tcp.flags", "SYN,,ACK", {0}, 0},
    {&proto_tcp, "tcp.flags", "SYN ACK", {0}, 0},
    {&proto_tcp, "tcp.flags", "SX", {0}, 0},
    {&proto_tcp, "tcp.flags", "4096", {0}, 0},
    {&proto_tcp, "tcp.hdr_len", "20", {5}, 1},
    {&proto_tcp, "tcp.hdr_len", "60", {15}, 1},
    {&proto_tcp, "tcp.hdr_len", "22", {0}, 0},
    {&proto_tcp, "tcp.hdr_len", "64", {0}, 0},
    {&proto_tcp, "tcp.dstport", "0080", {0, 80}, 2},
    {&proto_tcp, "tcp.dstport", "0x50", {0, 80}, 2},
    {&proto_tcp, "tcp.dstport", "65535", {0xff, 0xff}, 2},
    {&proto_tcp, "tcp.dstport", "65536", {0}, 0},
    {&proto_tcp, "tcp.dstport", "80a", {0}, 0},
    {&proto_ipv4, "ip.proto", "udp", {17}, 1},
    {&proto_ipv4, "ip.flags", "DF", {2}, 1},
    {&proto_ipv4, "ip.flags", "DF,MF", {3}, 1},
    {&proto_ipv4, "ip.src", "127.0.0.1", {127, 0, 0, 1}, 4},
    {&proto_ipv4, "ip.src", "127.1", {0}, 0},
    {&proto_ipv4, "ip.src", "0177.0.0.1", {0}, 0},
    {&proto_ipv4, "ip.src", "2130706433", {0}, 0},
    {&proto_ipv4, "ip.src", "localhost", {0}, 0},
    {&proto_ipv4, "ip.src", "127.0.0.256", {0}, 0},
    {&proto_ipv6, "ipv6.src", "::1", {[15] = 1}, 16},
    {&proto_ipv6, "ipv6.src", "::ffff:127.0.0.1", {[10] = 255, 255, 127, 0, 0, 1}, 16},
    {&proto_ipv6, "ipv6.src", "::1%lo", {0}, 0},
    {&proto_ipv6, "ipv6.src", "127.0.0.1", {0}, 0},
    {&proto_ethernet, "eth.dst", "01:02:03:04:05:ff", {1, 2, 3, 4, 5, 255}, 6},
    {&proto_ethernet, "eth.dst", "0102030405ff", {1, 2, 3, 4, 5, 255}, 6},
    {&proto_ethernet, "eth.dst", "01:02:03:04:05", {0}, 0},
    {&proto_ethernet, "eth.dst", "01:02:03:04:05:06:07", {0}, 0},
    {&proto_ethernet, "eth.dst", "1:2:3:4:5:6", {0}, 0},
    {&proto_ethernet, "eth.dst", "01:02:03:04:05:06:", {0}, 0},
};

static void words_are_read_as_people_mean_them(void **state)
{
    (void)state;
    struct text read = TEXT_EMPTY;
    struct err err = {0};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const struct field *field = record_field(words[i].record, words[i].name);
        assert_non_null(field);
        if (!words[i].len) {
            must_refuse(field, words[i].word);
            continue;
        }
        text_clear(&read);
        if (!field->format->read(&read, field, words[i].word, &err))
            fail_msg("%s=%s: %s", words[i].name, words[i].word, err.message);
        assert_int_equal(read.len, words[i].len);
        assert_memory_equal(read.at, words[i].wire, words[i].len);
    }
    text_free(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shown_is_read_back),
        cmocka_unit_test(names_of_values_are_read),
        cmocka_unit_test(no_row_takes_nonsense),
        cmocka_unit_test(no_row_takes_more_than_its_bits),
        cmocka_unit_test(words_are_read_as_people_mean_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
