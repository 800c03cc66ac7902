/* test_ports.c: the one grammar of ports. */
#include "../../src/cmd/ports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Reads words with spaces between them; *text gets the ports, "80 81". */
static bool read_words(struct text *text, const char *words, const char *proto, char *addr,
                       struct err *err)
{
    struct ports *ports = calloc(1, sizeof *ports); /* large: a bit a port */
    char *copy = strdup(words), *rest = copy;
    bool good = true;
    assert_true(ports && copy);
    *err = (struct err){0};
    memset(addr, 0, 48);
    while (good && rest)
        good = ports_read(ports, strsep(&rest, " "), proto, addr, err);
    for (size_t i = 0; i < ports->count; i++)
        text_format(text, "%s%u", i ? " " : "", ports->each[i]);
    ports_free(ports);
    assert_int_equal(ports->count, 0);
    free(ports);
    free(copy);
    return good;
}

/* --- understood ---------------------------------------------------------------- */

static void ports_in_the_order_given_each_once(void **state)
{
    (void)state;
    static const struct {
        const char *words, *ports, *addr;
    } cases[] = {
        {"80", "80", ""},
        {"1", "1", ""},
        {"65535", "65535", ""},
        {"080", "80", ""},
        {"ssh", "22", ""},
        {"ssh,http,https", "22 80 443", ""},
        {"80,443,8000-8003", "80 443 8000 8001 8002 8003", ""},
        {"8080 8081 22", "8080 8081 22", ""},
        {"8080-8080", "8080", ""},
        {"65534-65535", "65534 65535", ""},
        /* Overlaps: once each, where they come first. */
        {"80,80", "80", ""},
        {"82,80-83,81", "82 80 81 83", ""},
        {"80-82 81-84 http", "80 81 82 83 84", ""},
        /* An address in front of the ports; the guard judges it. */
        {"127.0.0.1:8080", "8080", "127.0.0.1"},
        {"127.0.0.1:80,443", "80 443", "127.0.0.1"},
        {"[::1]:8080", "8080", "::1"},
        {"[::1]:8080-8082,ssh", "8080 8081 8082 22", "::1"},
        {"127.0.0.1:80 127.0.0.1:81 82", "80 81 82", "127.0.0.1"},
        {"80 [::1]:81", "80 81", "::1"},
        {"8.8.8.8:53", "53", "8.8.8.8"},
        {"localhost:80", "80", "localhost"},
        {"[]x]:80", "80", "]x"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text text = TEXT_EMPTY;
        struct err err;
        char addr[48];
        if (!read_words(&text, cases[i].words, "tcp", addr, &err))
            fail_msg("%s: %s", cases[i].words, err.message);
        assert_string_equal(text_string(&text), cases[i].ports);
        assert_string_equal(addr, cases[i].addr);
        text_free(&text);
    }
}

static void all_ports_there_are(void **state)
{
    (void)state;
    struct ports *ports = calloc(1, sizeof *ports);
    struct err err = {0};
    char addr[48] = "";
    assert_non_null(ports);
    for (int i = 0; i < 2; i++) /* the second time adds nothing */
        assert_true(ports_read(ports, "1-65535", "tcp", addr, &err));
    assert_int_equal(ports->count, 65535);
    for (size_t i = 0; i < ports->count; i++)
        assert_int_equal(ports->each[i], i + 1);
    ports_free(ports);
    free(ports);
}

/* --- refused: with the line that the user reads ---------------------------------- */

static const char range[] = "no port: ports go from 1 to 65535";
static const char unknown[] = "neither a port nor a known service; ports go from 1 to 65535";
static const char missing[] = "a port is missing; write 80, ssh, 80,443 or 8000-8100";
static const char order[] = "a range goes from the lower to the higher port";
static const char bracket[] = "write an IPv6 address as [::1]:8080";
static const char no_addr[] = "no address before the colon";
static const char two[] = "two different addresses: a command goes to one";

static const struct {
    const char *words, *shown, *why;
} refused[] = {
    {"0", "0", range},
    {"65536", "65536", range},
    {"99999999999999999999", "99999999999999999999", range},
    {"80,0", "0", range},
    {"0-80", "0", range},
    {"80-65536", "65536", range},
    {"80a", "80a", unknown},
    {"-1", "-1", unknown},
    {"+80", "+80", unknown},
    {"0x50", "0x50", unknown},
    {"80.5", "80.5", unknown},
    {" 80", "", missing},
    {"no-such-service", "no-such-service", unknown},
    {"", "", missing},
    {",", "", missing},
    {"80,", "", missing},
    {",80", "", missing},
    {"80,,81", "", missing},
    {"8080-", "", missing},
    {"8080-8070", "8080-8070", order},
    {"1-2-3", "2-3", unknown},
    {"8080-ssh", "8080-ssh", order},
    {"127.0.0.1:", "", missing},
    {"127.0.0.1:80a", "80a", unknown},
    {"[::1]", "[::1]", bracket},
    {"[::1]8080", "[::1]8080", bracket},
    {"[::1", "[::1", bracket},
    {"[::1]:", "", missing},
    {":80", ":80", no_addr},
    {"[]:80", "[]:80", no_addr},
    {"127.0.0.1:80 127.0.0.2:80", "127.0.0.2:80", two},
    {"127.0.0.1:80 [::1]:80", "[::1]:80", two},
    {"\x1b[2J", "\\x1b[2J", unknown},
};

static void what_is_no_port_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct text text = TEXT_EMPTY, message = TEXT_EMPTY;
        struct err err;
        char addr[48];
        if (read_words(&text, refused[i].words, "tcp", addr, &err))
            fail_msg("%s was taken", refused[i].words);
        text_format(&message, "\"%s\": %s", refused[i].shown, refused[i].why);
        assert_string_equal(err.message, text_string(&message));
        assert_int_equal(err.status, STATUS_USAGE);
        text_free(&text);
        text_free(&message);
    }
}

/* However long: an address that is none is the guard's to refuse, a name that is none is not. */
static void long_words_are_refused(void **state)
{
    (void)state;
    char word[300], addr[48];
    struct text text = TEXT_EMPTY;
    struct err err;
    memset(word, 'a', sizeof word - 4);
    strcpy(word + sizeof word - 4, ":80");
    assert_false(read_words(&text, word, "tcp", addr, &err));
    assert_int_equal(err.status, STATUS_GUARD);
    assert_non_null(strstr(err.message, "too long for an address"));
    word[sizeof word - 4] = '\0';
    assert_false(read_words(&text, word, "tcp", addr, &err));
    assert_int_equal(err.status, STATUS_USAGE);
    assert_non_null(strstr(err.message, "no service has so long a name"));
    assert_true(strlen(err.message) < 120);
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ports_in_the_order_given_each_once),
        cmocka_unit_test(all_ports_there_are),
        cmocka_unit_test(what_is_no_port_is_refused),
        cmocka_unit_test(long_words_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
