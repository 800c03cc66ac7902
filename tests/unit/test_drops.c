/* test_drops.c: the tracepoint's description and perf's ring, with a kernel that is played. */
#include "../../src/kernel/drops.h"

#include <linux/perf_event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* --- the description -------------------------------------------------------------- */

/* Linux 6.18's, most of its names left out. */
static const char format_6_18[] =
    "name: kfree_skb\nID: 2310\nformat:\n"
    "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
    "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
    "\tfield:void * skbaddr;\toffset:8;\tsize:8;\tsigned:0;\n"
    "\tfield:void * location;\toffset:16;\tsize:8;\tsigned:0;\n"
    "\tfield:void * rx_sk;\toffset:24;\tsize:8;\tsigned:0;\n"
    "\tfield:unsigned short protocol;\toffset:32;\tsize:2;\tsigned:0;\n"
    "\tfield:enum skb_drop_reason reason;\toffset:36;\tsize:4;\tsigned:0;\n\n"
    "print fmt: \"skbaddr=%p rx_sk=%p protocol=%u location=%pS reason: %s\", REC->skbaddr, "
    "REC->rx_sk, REC->protocol, REC->location, __print_symbolic(REC->reason, "
    "{ 2, \"NOT_SPECIFIED\" }, { 3, \"NO_SOCKET\" }, { 0x1e, \"TCP_FLAGS\" }, { 128, \"MAX\" })\n";

static bool parse(struct drop_format *format, const char *text)
{
    return drop_format_parse(format, (struct bytes){(const uint8_t *)text, strlen(text)});
}

/* A record as the tracepoint of that description writes it. */
static struct bytes record(uint8_t out[40], uint16_t protocol, uint32_t reason)
{
    memset(out, 0xee, 40);
    memcpy(out + 32, &protocol, sizeof protocol);
    memcpy(out + 36, &reason, sizeof reason);
    return (struct bytes){out, 40};
}

static void reasons_by_name(void **state)
{
    (void)state;
    struct drop_format format;
    uint8_t out[40];
    assert_true(parse(&format, format_6_18));
    assert_int_equal(format.name_count, 4);
    assert_string_equal(drop_format_reason(&format, record(out, 0x0800, 3)), "NO_SOCKET");
    assert_string_equal(drop_format_reason(&format, record(out, 0x86dd, 30)), "TCP_FLAGS");
    assert_string_equal(drop_format_reason(&format, record(out, 0x0800, 0x20001)), "UNNAMED");
    assert_null(drop_format_reason(&format, record(out, 0, 3))); /* netlink's, a pipe's */
    struct bytes whole = record(out, 0x0800, 3);
    for (size_t len = 0; len < whole.len; len++)
        assert_null(drop_format_reason(&format, bytes_part(whole, 0, len)));
}

/* What is no description of reasons is none: Linux 5.12 to 5.16 have no such field. */
static void other_descriptions(void **state)
{
    (void)state;
    struct drop_format format;
    static const char *const bad[] = {
        "",
        "name: kfree_skb\n",
        "\tfield:unsigned short protocol;\toffset:24;\tsize:2;\n\nprint fmt: \"x\", REC->skbaddr\n",
        "\tfield:int reason;\toffset:36;\tsize:4;\n\tfield:short protocol;\toffset:32;\tsize:2;\n"
        "\nprint fmt: \"no names\"\n",
        "\tfield:int reason;\toffset:4096;\tsize:4;\n\tfield:short protocol;\toffset:32;\tsize:2;\n"
        "__print_symbolic(REC->reason, { 2, \"A\" })",
        "\tfield:int reason;\toffset:99999999999999999999;\tsize:4;\n"
        "\tfield:short protocol;\toffset:32;\tsize:2;\n__print_symbolic(REC->reason, { 2, \"A\" })",
        "\tfield:int reason;\toffset:36;\tsize:3;\n\tfield:short protocol;\toffset:32;\tsize:2;\n"
        "__print_symbolic(REC->reason, { 2, \"A\" })",
        "\tfield:int reason;\toffset:36;\tsize:4;\n\tfield:short protocol;\toffset:32;\tsize:2;\n"
        "__print_symbolic(REC->reason, { 2, \"\" })",
        "\tfield:int reason;\toffset:36;\tsize:4;\n\tfield:short protocol;\toffset:32;\tsize:2;\n"
        "__print_symbolic(REC->reason, { 2, \"\x1b[2J\" })",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (parse(&format, bad[i]))
            fail_msg("taken: %s", bad[i]);
}

static void cut_descriptions(void **state)
{
    (void)state;
    struct drop_format format;
    for (size_t len = 0; len < sizeof format_6_18; len++) {
        uint8_t *copy = malloc(len ? len : 1);
        memcpy(copy, format_6_18, len);
        drop_format_parse(&format, (struct bytes){copy, len});
        free(copy);
    }
    struct text text = TEXT_EMPTY;
    text_put_n(&text, format_6_18, sizeof format_6_18 - 4);
    for (unsigned i = 0; i < 2 * DROP_REASONS_MOST; i++)
        text_format(&text, ", { %u, \"R%u\" }", 1000 + i, i);
    assert_true(parse(&format, text_string(&text)));
    assert_int_equal(format.name_count, DROP_REASONS_MOST);
    text_free(&text);
}

/* --- the ring ------------------------------------------------------------------------ */

enum { SIZE = 128 };

struct played {
    uint8_t data[SIZE];
    uint64_t head;
};

static void write_bytes(struct played *p, const void *from, size_t len)
{
    const uint8_t *bytes = from;
    for (size_t i = 0; i < len; i++)
        p->data[p->head++ % SIZE] = bytes[i];
}

/* A record as the kernel writes it: header, and for a sample the length of its raw part. */
static void write_record(struct played *p, uint32_t type, uint16_t size, uint32_t raw, uint8_t fill)
{
    struct perf_event_header header = {.type = type, .size = size};
    uint8_t filler[SIZE];
    memset(filler, fill, sizeof filler);
    write_bytes(p, &header, sizeof header);
    if (size >= sizeof header + sizeof raw) {
        write_bytes(p, &raw, sizeof raw);
        write_bytes(p, filler, size - sizeof header - sizeof raw);
    }
}

/* Samples of 20 bytes, many times round: where they wrap changes each time. */
static void it_wraps(void **state)
{
    (void)state;
    struct played p = {.head = 0};
    struct drop_ring ring = {.data = p.data, .size = SIZE};
    uint8_t record[DROP_RECORD_MOST], expected[20];
    size_t len;
    bool lost = false;
    for (unsigned i = 0; i < 3 * SIZE; i++) {
        write_record(&p, PERF_RECORD_SAMPLE, 32, 20, (uint8_t)i);
        write_record(&p, PERF_RECORD_COMM, (uint16_t)(8 + 4 * (i % 3)), 0,
                     0xff); /* others are passed over */
        memset(expected, (int)(uint8_t)i, sizeof expected);
        assert_true(drop_ring_next(&ring, p.head, record, &len, &lost));
        assert_int_equal(len, 20);
        assert_memory_equal(record, expected, 20);
        assert_false(drop_ring_next(&ring, p.head, record, &len, &lost));
        assert_int_equal(ring.tail, p.head);
    }
    assert_false(lost);
    write_record(&p, PERF_RECORD_LOST, 24, 0, 0);
    assert_false(drop_ring_next(&ring, p.head, record, &len, &lost));
    assert_true(lost);
}

/* What the kernel would never write makes no endless loop and no read past the ring. */
static void a_broken_ring(void **state)
{
    (void)state;
    static const struct {
        uint16_t size;
        uint32_t raw;
    } broken[] = {{0, 0}, {4, 0}, {8, 0}, {11, 0}, {16, 5}, {16, UINT32_MAX}, {100, 0}};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct played p = {.head = 1000};
        uint8_t *data = malloc(SIZE), record[DROP_RECORD_MOST];
        struct drop_ring ring = {.data = data, .size = SIZE, .tail = 1000};
        size_t len;
        bool lost = false;
        write_record(&p, PERF_RECORD_SAMPLE, broken[i].size, broken[i].raw, 1);
        memcpy(data, p.data, SIZE);
        uint64_t head = broken[i].size == 100 ? p.head - 50 : p.head;
        assert_false(drop_ring_next(&ring, head, record, &len, &lost));
        assert_int_equal(ring.tail, head);
        ring.tail = head - 10 * SIZE; /* overrun */
        assert_false(drop_ring_next(&ring, head, record, &len, &lost));
        assert_int_equal(ring.tail, head);
        free(data);
    }
}

static void a_long_record_is_cut(void **state)
{
    (void)state;
    enum { LARGE = 1024 };
    uint8_t *data = calloc(1, LARGE), record[DROP_RECORD_MOST];
    struct perf_event_header header = {.type = PERF_RECORD_SAMPLE, .size = 800};
    uint32_t raw = 780;
    memcpy(data, &header, sizeof header);
    memcpy(data + sizeof header, &raw, sizeof raw);
    struct drop_ring ring = {.data = data, .size = LARGE};
    size_t len;
    bool lost = false;
    assert_true(drop_ring_next(&ring, 800, record, &len, &lost));
    assert_int_equal(len, DROP_RECORD_MOST);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons_by_name),  cmocka_unit_test(other_descriptions),
        cmocka_unit_test(cut_descriptions), cmocka_unit_test(it_wraps),
        cmocka_unit_test(a_broken_ring),    cmocka_unit_test(a_long_record_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
