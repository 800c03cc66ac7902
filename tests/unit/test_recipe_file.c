/*
 * test_recipe_file.c: a recipe's words from a file: where they end, which line they stand on, and
 * what is said when they can't be read.
 */
#include "craft_check.h"
#include "harmless.h"

#include <sys/mman.h>
#include <stdio.h>
#include <unistd.h>

static struct bytes string_bytes(const char *string)
{
    return (struct bytes){(const uint8_t *)string, strlen(string)};
}

/* "1:tcp|3:dstport=80": each word with its line. */
static void must_read(const char *text, const char *want)
{
    struct recipe_file file;
    struct err err = {0};
    struct text got = TEXT_EMPTY;
    if (!recipe_file_read(&file, "r.txt", string_bytes(text), &err))
        fail_msg("%s: %s", text, err.message);
    for (size_t i = 0; i < file.count; i++)
        text_format(&got, "%s%u:%s", i ? "|" : "", file.each[i].line, recipe_file_word(&file, i));
    assert_string_equal(text_string(&got), want);
    text_free(&got);
    recipe_file_free(&file);
}

static void words_and_their_lines(void **state)
{
    (void)state;
    must_read("", "");
    must_read("\n\n", "");
    must_read("tcp", "1:tcp"); /* no line end at the file's end */
    must_read("tcp\n", "1:tcp");
    must_read("tcp dstport=80\nflags=SYN\n", "1:tcp|1:dstport=80|2:flags=SYN");
    must_read("\t tcp \t dstport=80 \n", "1:tcp|1:dstport=80");
    must_read("tcp\r\n\r\ndstport=80\r\n", "1:tcp|3:dstport=80");
    must_read("\xef\xbb\xbftcp\nip.ttl=3", "1:tcp|2:ip.ttl=3");
}

static void comments(void **state)
{
    (void)state;
    must_read("# all of it\n", "");
    must_read("tcp # the rest 'of the line\n#\n  # a=b\ndstport=80#no\n", "1:tcp|4:dstport=80#no");
    must_read("data='# not'\n", "1:data=# not");
}

static void quotes_keep_words_together(void **state)
{
    (void)state;
    must_read("data=\"two words\" a=1", "1:data=two words|1:a=1");
    must_read("'data=two  words'\n", "1:data=two  words");
    must_read("data=a' 'b\n", "1:data=a b");
    must_read("data=\"it's\"", "1:data=it's");
    must_read("data=''", "1:data=");
    must_read("data=\"a\\\"b\"", "1:data=a\\\"b"); /* data= takes the backslash off */
    must_read("data=a\\\"b c", "1:data=a\\\"b|1:c");
    must_read("data='a\\' b", "1:data=a\\|1:b");
    must_read("data=\"a\\\\\" b", "1:data=a\\\\|1:b");
}

static void must_refuse_file(struct bytes text, const char *message)
{
    struct recipe_file file;
    struct err err = {0};
    assert_false(recipe_file_read(&file, "r.txt", text, &err));
    assert_int_equal(err.status, STATUS_USAGE);
    assert_string_equal(err.message, message);
    recipe_file_free(&file);
}

static void what_is_no_recipe_is_refused(void **state)
{
    (void)state;
    static const char open[] = "r.txt:2: a quote begins here that does not end on this line";
    must_refuse_file(string_bytes("tcp\ndata='two\nwords'\n"), open);
    must_refuse_file(string_bytes("tcp\ndata=\"two\\\""), open);
    must_refuse_file((struct bytes){(const uint8_t *)"tcp\n\na\0b", 8},
                     "r.txt:3: a byte of 0: this is no text file");
    must_refuse_file((struct bytes){(const uint8_t *)"data=\\\0", 7},
                     "r.txt:1: a byte of 0: this is no text file");
    struct text many = TEXT_EMPTY;
    text_repeat(&many, "a=1\n", RECIPE_FILE_WORDS);
    struct recipe_file file;
    struct err err = {0};
    assert_true(recipe_file_read(&file, "r.txt", text_bytes(&many), &err));
    recipe_file_free(&file);
    text_put(&many, "a=1\n");
    must_refuse_file(text_bytes(&many), "r.txt:257: more words than any recipe has");
    text_free(&many);
}

static void a_long_line_is_one_word(void **state)
{
    (void)state;
    struct text text = TEXT_EMPTY;
    struct recipe_file file;
    struct err err = {0};
    text_put(&text, "\n\ndata=hex:");
    text_repeat(&text, "00", 65535);
    assert_true(recipe_file_read(&file, "r.txt", text_bytes(&text), &err));
    assert_int_equal(file.count, 1);
    assert_int_equal(file.each[0].line, 3);
    assert_int_equal(strlen(recipe_file_word(&file, 0)), 9 + 2 * 65535);
    recipe_file_free(&file);
    text_free(&text);
}

/* The seventh line has a mistake: file, line, word, and the nearest name. */
static void a_mistake_is_named_by_its_line(void **state)
{
    (void)state;
    static const char text[] = "# a SYN\ntcp\n\ndstport=8080\n\n\nflags=SYN tcp.flgas=1\n";
    struct recipe_file file;
    struct recipe recipe;
    struct err err = {0};
    must_begin(&recipe, "tcp", AF_INET);
    assert_true(recipe_file_read(&file, "r.txt", string_bytes(text), &err));
    assert_int_equal(file.count, 4);
    for (size_t i = 1; i < 3; i++)
        assert_true(recipe_word(&recipe, recipe_file_word(&file, i), ORIGIN_YOU, &err));
    assert_false(recipe_word(&recipe, recipe_file_word(&file, 3), ORIGIN_YOU, &err));
    assert_false(recipe_file_blame(&file, 3, &err));
    assert_int_equal(err.status, STATUS_USAGE);
    static const char want[] =
        "r.txt:7: tcp.flgas: no such field of TCP or IPv4; did you mean tcp.flags";
    assert_memory_equal(err.message, want, sizeof want - 1);
    recipe_file_free(&file);
    recipe_free(&recipe);
}

/* Neither the file's name nor its words can steer a terminal, and the reason still fits. */
static void foreign_names_are_escaped_and_cut(void **state)
{
    (void)state;
    char name[3000];
    struct recipe_file file;
    struct err err = {0};
    memset(name, '\x1b', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_false(recipe_file_read(&file, name, string_bytes("'"), &err));
    must_be_harmless(err.message, strlen(err.message), (struct harmless){.utf8 = true});
    assert_non_null(strstr(err.message, "does not end on this line"));
    recipe_file_free(&file);
    assert_false(recipe_file_open(&file, "/no/such\x07", &err));
    assert_string_equal(err.message, "/no/such\\x07: No such file or directory");
    recipe_file_free(&file);
    assert_false(recipe_file_open(&file, "/", &err));
    assert_string_equal(err.message, "/: Is a directory");
    recipe_file_free(&file);
    assert_false(recipe_file_open(&file, "", &err));
    recipe_file_free(&file);
}

static void a_file_is_bounded(void **state)
{
    (void)state;
    struct recipe_file file;
    struct err err = {0};
    assert_false(recipe_file_open(&file, "/dev/zero", &err));
    assert_string_equal(err.message, "/dev/zero: more than 262144 bytes: no recipe is that long");
    assert_int_equal(err.status, STATUS_USAGE);
    recipe_file_free(&file);
    char path[64];
    int fd = memfd_create("recipe", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "udp\ndstport=9000", 16), 16);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    assert_true(recipe_file_open(&file, path, &err));
    assert_int_equal(file.count, 2);
    assert_string_equal(recipe_file_word(&file, 1), "dstport=9000");
    recipe_file_free(&file);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_their_lines),
        cmocka_unit_test(comments),
        cmocka_unit_test(quotes_keep_words_together),
        cmocka_unit_test(what_is_no_recipe_is_refused),
        cmocka_unit_test(a_long_line_is_one_word),
        cmocka_unit_test(a_mistake_is_named_by_its_line),
        cmocka_unit_test(foreign_names_are_escaped_and_cut),
        cmocka_unit_test(a_file_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
