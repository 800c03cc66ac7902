/* test_lint.c: the lint catches broken tables, each fault with one complaint. */
#include <loopcraft/format.h>
#include <loopcraft/lint.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A sound row of a byte or more; a fault is put in by what stands after it. */
#define ROW(bit_, bits_, ...)                                                                     \
    {.name = "x.row", .label = "Row", .bit = bit_, .bits = bits_, .format = &format_decimal,      \
     .rfc = "RFC 791, 3.1", .means = "means something", __VA_ARGS__}
#define FIELDS(...) .fields = (const struct field[]){__VA_ARGS__}, \
    .field_count = sizeof((const struct field[]){__VA_ARGS__}) / sizeof(struct field)
#define RECORD(size_, ...) {.name = "x", .title = "X", .size = size_, .rfc = "RFC 791, 3.1",      \
    .means = "means something", __VA_ARGS__}

static const struct record plain = RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)));
static const struct record no_size = RECORD(0, FIELDS(ROW(0, 0, .role = ROLE_VALUE)));
static const struct record unknown =
    RECORD(2, FIELDS(ROW(0, 8, .role = ROLE_KIND), ROW(8, 8, .role = ROLE_OPTION_LENGTH)));
static const struct record late_kind =
    RECORD(3, FIELDS(ROW(0, 8, .role = ROLE_VALUE), ROW(8, 8, .role = ROLE_OPTION_LENGTH),
                     ROW(16, 8, .role = ROLE_KIND)));
static const struct record late_length =
    RECORD(3, FIELDS(ROW(0, 8, .role = ROLE_KIND), ROW(8, 8, .role = ROLE_VALUE),
                     ROW(16, 8, .role = ROLE_OPTION_LENGTH)));

static const struct branch to_plain[] = {{1, &plain, NULL}, {0, NULL, NULL}};
static const struct branch to_late_kind[] = {{1, &late_kind, NULL}, {0, NULL, NULL}};
static const struct branch to_late_length[] = {{1, &late_length, NULL}, {0, NULL, NULL}};
static const struct branch to_nothing[] = {{0, NULL, NULL}};

static const struct choice by_nothing[] = {{.record = &plain}, {.record = NULL}};
static const struct choice by_behind[] = {
    {.bits = 8, .to = 1, .record = &plain, .behind = true}, {.record = NULL}};
static const struct choice by_byte[] = {{.bits = 8, .to = 1, .record = &plain}, {.record = NULL}};
static const struct list one_list[] = {
    {{.label = "List", .format = &format_bytes, .rfc = "RFC 791, 3.1", .means = "means something"},
     &plain},
    {.element = NULL}};
static const struct record *const one_part[] = {&late_length, NULL};

#define AREA .area = {.label = "Options", .format = &format_bytes}
static const struct options options = {AREA, .kinds = to_nothing, .unknown = &unknown};
static const struct options no_unknown = {AREA, .kinds = to_nothing, .unknown = &plain};
static const struct options kind_options = {AREA, .kinds = to_late_kind, .unknown = &unknown};
static const struct options length_options = {AREA, .kinds = to_late_length, .unknown = &unknown};

#define LENGTH_FIELDS FIELDS(ROW(0, 8, .role = ROLE_HEADER_LENGTH))

static const struct {
    struct record record;
    const char *complaint;
} broken[] = {
    {{.name = "x", .size = 1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)), .rfc = "-", .means = "-"},
     "x, row -: has no title, no source or no meaning\n"},
    {RECORD(1, FIELDS({.name = "x.row", .bits = 8, .format = &format_decimal, .rfc = "-",
                       .means = "means something"})), "x, row x.row: has no label\n"},
    {RECORD(1, FIELDS({.name = "x.row", .label = "Row", .bits = 8, .rfc = "-",
                       .means = "means something"})), "x, row x.row: has no format\n"},
    {RECORD(1, FIELDS({.label = "Row", .bits = 8, .format = &format_decimal,
                       .means = "means something"})), "x, row Row: names no source\n"},
    {RECORD(1, FIELDS({.label = "Row", .bits = 8, .format = &format_decimal, .rfc = "-"})),
     "x, row Row: has no meaning\n"},
    {RECORD(1, FIELDS({.name = "row", .label = "Row", .bits = 8, .format = &format_decimal,
                       .rfc = "-", .means = "means something"})),
     "x, row row: is not a Wireshark field name\n"},
    {RECORD(3, FIELDS(ROW(0, 8, .role = ROLE_VALUE), ROW(9, 16, .role = ROLE_VALUE))),
     "x, row x.row: leaves a gap, or overlaps the row before it\n"},
    {RECORD(2, FIELDS(ROW(0, 8, .role = ROLE_VALUE), ROW(7, 8, .role = ROLE_VALUE))),
     "x, row x.row: leaves a gap, or overlaps the row before it\n"},
    {RECORD(1, FIELDS(ROW(0, 0, .role = ROLE_VALUE), ROW(0, 8, .role = ROLE_VALUE))),
     "x, row x.row: runs to the end but is not the last row\n"},
    {RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE), ROW(4, 8, .role = ROLE_ALSO))),
     "x, row x.row: reads bits that no row before it covers\n"},
    {RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_GROUP), ROW(0, 4, .role = ROLE_VALUE),
                      ROW(4, 4, .role = ROLE_GROUP), ROW(4, 4, .role = ROLE_VALUE))),
     "x, row x.row: is a group inside a group\n"},
    {RECORD(2, FIELDS(ROW(0, 4, .role = ROLE_GROUP), ROW(0, 16, .role = ROLE_VALUE))),
     "x, row x.row: crosses the end of its group\n"},
    {RECORD(1, FIELDS(ROW(0, 16, .role = ROLE_GROUP), ROW(0, 8, .role = ROLE_VALUE))),
     "x, row -: a group is not filled by the rows after it\n"},
    {RECORD(2, FIELDS(ROW(0, 8, .role = ROLE_VALUE))), "x, row -: its rows do not fill its size\n"},
    {RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)), .options = &options),
     "x, row -: has options and no header length\n"},
    {RECORD(1, LENGTH_FIELDS, .options = &no_unknown),
     "x, row Options: has no record with a length for unknown options\n"},
    {RECORD(1, LENGTH_FIELDS, .options = &kind_options),
     "x, row x.row: is an option without its kind in the first byte\n"},
    {RECORD(1, LENGTH_FIELDS, .options = &length_options),
     "x, row x.row: is an option without its length in the second byte\n"},
    {RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)), .next = to_plain),
     "x, row -: has next records and no row that selects one\n"},
    {RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)), .cases = to_plain),
     "x, row -: has cases and no row that selects one\n"},
    {RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)), .repeat = &no_size),
     "x, row -: repeats an element without a fixed size\n"},
    {RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)), .repeat = &plain, .ahead = &plain),
     "x, row -: has elements ahead and no pointer to them\n"},
    {RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)), .lists = one_list),
     "x, row -: has not as many lists as rows that count them\n"},
    {RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_COUNT))),
     "x, row -: has not as many lists as rows that count them\n"},
    {RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)), .instead = by_nothing),
     "x, row -: chooses by bits that are no number, or by none\n"},
    {RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)), .instead = by_behind),
     "x, row -: chooses by bits behind an end that it can't measure\n"},
    {RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_SOURCE)), .ports = to_plain),
     "x, row -: carries by port and has no ports\n"},
    {RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)), .sum = SUM_HEADER),
     "x, row -: has a sum and no checksum row\n"},
};

static void each_fault_is_one_complaint(void **state)
{
    (void)state;
    struct text said = TEXT_EMPTY;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        text_clear(&said);
        lint_record(&said, &broken[i].record);
        assert_string_equal(text_string(&said), broken[i].complaint);
    }
    text_free(&said);
}

static const struct record sound[] = {
    RECORD(2, FIELDS(ROW(0, 4, .role = ROLE_VALUE), ROW(4, 8, .role = ROLE_GROUP),
                     ROW(4, 3, .role = ROLE_VALUE), ROW(7, 5, .role = ROLE_VALUE),
                     ROW(4, 8, .role = ROLE_ALSO), ROW(12, 4, .role = ROLE_VALUE),
                     ROW(16, 0, .role = ROLE_VALUE))),
    RECORD(1, LENGTH_FIELDS, .options = &options),
    RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_POINTER)), .repeat = &plain, .ahead = &plain),
    RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_NEXT)), .next = to_plain),
    RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_CASE)), .cases = to_plain),
    RECORD(0, FIELDS(ROW(0, 0, .role = ROLE_VALUE), ROW(0, 0, .role = ROLE_ALSO))),
    RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_COUNT)), .lists = one_list, .instead = by_byte),
    RECORD(0, FIELDS(ROW(0, 0, .role = ROLE_VALUE)), .parts = one_part),
};

static void a_sound_table_gets_none(void **state)
{
    (void)state;
    struct text said = TEXT_EMPTY;
    for (size_t i = 0; i < sizeof sound / sizeof sound[0]; i++)
        lint_record(&said, &sound[i]);
    assert_string_equal(text_string(&said), "");
    text_free(&said);
}

/* Records that carry each other. */
static const struct record loop;
static const struct branch to_loop[] = {
    {1, &loop, NULL}, {2, &plain, NULL}, {3, &loop, NULL}, {0, NULL, NULL}};
static const struct record first_part = RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)));
static const struct record element = RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)));
static const struct record instead = RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)));
static const struct record by_port = RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)));
static const struct record by_start = RECORD(1, FIELDS(ROW(0, 8, .role = ROLE_VALUE)));
static const struct record *const loop_parts[] = {&first_part, &loop, NULL};
static const struct list loop_lists[] = {{.element = &element}, {.element = NULL}};
static const struct choice loop_choices[] = {{.bits = 8, .record = &instead}, {.record = NULL}};
static const struct branch loop_ports[] = {{53, &by_port, NULL}, {0, NULL, NULL}};
static const struct branch loop_starts[] = {{1, &by_start, NULL}, {0, NULL, NULL}};
static const struct record loop = RECORD(
    1, FIELDS(ROW(0, 8, .role = ROLE_NEXT)), .next = to_loop, .rest = &loop,
    .repeat = &plain, .ahead = &late_kind, .cases = to_late_length, .other = &no_size,
    .options = &kind_options, .parts = loop_parts, .lists = loop_lists,
    .instead = loop_choices, .ports = loop_ports, .starts = loop_starts);

static void count(void *context, const struct record *record)
{
    (void)record;
    ++*(size_t *)context;
}

static void each_record_is_visited_once(void **state)
{
    (void)state;
    size_t visits = 0;
    lint_records(&loop, count, &visits);
    assert_int_equal(visits, 11); /* loop, plain, late_*, no_size, unknown; 5 more */
    visits = 0;
    lint_branches(to_loop, count, &visits);
    assert_int_equal(visits, 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_one_complaint),
        cmocka_unit_test(a_sound_table_gets_none),
        cmocka_unit_test(each_record_is_visited_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
