/* test_counters.c: /proc/net's tables of counters, well-formed and hostile. */
#include "../../src/kernel/counters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct counters counters; /* 60 KB */

static void parse(void (*parser)(struct counters *, struct bytes), const char *text)
{
    counters.count = 0;
    parser(&counters, (struct bytes){(const uint8_t *)text, strlen(text)});
}

static uint64_t value(const char *name)
{
    const struct counter *counter = counters_find(&counters, name, 0);
    assert_non_null(counter);
    return counter->value;
}

/* Names are nstat's: the prefix, then the column. */
static void a_table(void **state)
{
    (void)state;
    parse(counters_parse_table, "Tcp: RtoMax MaxConn OutRsts\nTcp: 120000 -1 7\n"
                                "TcpExt: ListenDrops\nTcpExt: 18446744073709551615\n");
    assert_int_equal(counters.count, 4);
    assert_int_equal(value("TcpOutRsts"), 7);
    assert_int_equal(value("TcpMaxConn"), UINT64_MAX); /* -1 in 64 bits */
    assert_int_equal(value("TcpExtListenDrops"), UINT64_MAX);
    assert_null(counters_find(&counters, "TcpOut", 0));
}

static void a_list(void **state)
{
    (void)state;
    parse(counters_parse_list, "Ip6InReceives                   \t8\nUdp6NoPorts \t12\n\nLonely\n");
    assert_int_equal(counters.count, 2);
    assert_int_equal(value("Ip6InReceives"), 8);
    assert_int_equal(value("Udp6NoPorts"), 12);
}

/* Nothing is made up, and nothing is read past the end. */
static void hostile(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t count;
    } tables[] = {
        {"", 0},
        {"\n", 0},
        {"\n\n\n", 0},
        {":\n:\n", 0},
        {"Tcp: A B C\n", 0},         /* no numbers */
        {"Tcp: A B C\nTcp: 1 2", 2}, /* one too few, and no newline */
        {"Tcp: A\nTcp: 1 2 3\n", 1}, /* too many */
        {"Tcp: A\nUdp: 1\n", 0},     /* out of step */
        {"Tcp: A\nUdp: 1\nTcp: A\nTcp: 1\n", 0},
        {"Tcp: A B\nTcp: x 2\n", 1}, /* no number */
        {"Tcp: A B\nTcp: - 2\n", 1},
        {"Tcp: A\nTcp: 18446744073709551616\n", 0},
        {"Tcp: A\x1b[2J\nTcp: 1\n", 0}, /* what could not be printed */
        {"Tcp: A\xe2\x80\xae\nTcp: 1\n", 0},
        {"Tcp: "
         "ThisNameIsMuchLongerThanAnyThatTheKernelHasUpToNow B\nTcp: 1 2\n",
         1},
        {"Tcp:A\nTcp:A\n", 0},
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        parse(counters_parse_table, tables[i].text);
        if (counters.count != tables[i].count)
            fail_msg("%zu of %s", counters.count, tables[i].text);
    }
    static const uint8_t zeros[64];
    counters_parse_table(&counters, (struct bytes){zeros, sizeof zeros});
    counters_parse_list(&counters, (struct bytes){zeros, sizeof zeros});
    counters_parse_list(&counters, (struct bytes){0});
}

/* More than there is room for: the first are kept. */
static void endless(void **state)
{
    (void)state;
    struct text text = TEXT_EMPTY;
    for (unsigned i = 0; i < COUNTERS_MOST + 100; i++)
        text_format(&text, "N%u %u\n", i, i);
    parse(counters_parse_list, text_string(&text));
    assert_int_equal(counters.count, COUNTERS_MOST);
    text_clear(&text);
    text_put(&text, "T: ");
    text_repeat(&text, "a ", 100000);
    text_put(&text, "\nT: ");
    text_repeat(&text, "1 ", 100000);
    parse(counters_parse_table, text_string(&text));
    assert_int_equal(counters.count, COUNTERS_MOST);
    text_free(&text);
}

/* Every beginning of a real text, each in a block of its own length. */
static void cut(void **state)
{
    (void)state;
    static const char whole[] = "Ip: Forwarding InReceives\nIp: 2 64\nTcp: OutRsts\nTcp: 5\n";
    for (size_t len = 0; len < sizeof whole; len++) {
        uint8_t *copy = malloc(len ? len : 1);
        memcpy(copy, whole, len);
        counters.count = 0;
        counters_parse_table(&counters, (struct bytes){copy, len});
        assert_true(counters.count <= 3);
        counters.count = 0;
        counters_parse_list(&counters, (struct bytes){copy, len});
        free(copy);
    }
}

/* This kernel's own: all that we mean to speak about and that is not younger than Linux 5.12. */
static void this_kernel(void **state)
{
    (void)state;
    struct counter_files files;
    assert_true(counter_files_open(&files));
    assert_true(counter_files_read(&files, &counters));
    assert_true(counters.count > 100);
    assert_true(counters.count < COUNTERS_MOST);
    size_t before = counters.count;
    assert_true(counter_files_read(&files, &counters)); /* again, from the beginning */
    assert_true(counters.count >= before);
    for (const struct known *known = known_counters; known->name; known++)
        if (strncmp(known->name, "Ip6", 3) != 0 && !counters_find(&counters, known->name, 0) &&
            !strstr(known->name, "6"))
            fail_msg("this kernel has no %s", known->name);
    counter_files_close(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table), cmocka_unit_test(a_list), cmocka_unit_test(hostile),
        cmocka_unit_test(endless), cmocka_unit_test(cut),    cmocka_unit_test(this_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
