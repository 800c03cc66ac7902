/* test_options.c: the command line taken apart: options anywhere, values, `--`, mistakes. */
#include "typed.h"

/* The words and then the options that were given, each "name" or "name=value"; "-- ..." the rest.
 */
static void put_line(struct text *out, const struct line *line)
{
    for (size_t i = 0; i < line->word_count; i++)
        text_format(out, "%s%s", i ? " " : "", line->words[i]);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (line->options[i])
            text_format(out, " [%s%s%s]", option_name((enum option)i), *line->options[i] ? "=" : "",
                        line->options[i]);
    if (line->rest)
        text_put(out, " --");
    for (char **at = line->rest; at && *at; at++)
        text_format(out, " %s", *at);
}

/* --- understood ---------------------------------------------------------------- */

static void options_stand_anywhere(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *understood;
    } cases[] = {
        {"", ""},
        {"syn 8080", "syn 8080"},
        {"-S syn 8080", "syn 8080 [sandbox]"},
        {"syn -S 8080", "syn 8080 [sandbox]"},
        {"syn 8080 -S", "syn 8080 [sandbox]"},
        {"syn 8080 --sandbox ip.ttl=3", "syn 8080 ip.ttl=3 [sandbox]"},
        {"--json syn -6 8080 -v", "syn 8080 [ipv6] [json] [verbose]"},
        /* Letters together; a value stuck on, or behind. */
        {"syn -vq6S 8080", "syn 8080 [sandbox] [ipv6] [verbose] [quiet]"},
        {"syn -w FILE 80", "syn 80 [write=FILE]"},
        {"syn -wFILE 80", "syn 80 [write=FILE]"},
        {"syn -vwFILE 80", "syn 80 [write=FILE] [verbose]"},
        {"syn -vw FILE 80", "syn 80 [write=FILE] [verbose]"},
        {"syn -w - 80", "syn 80 [write=-]"},
        {"syn -w- 80", "syn 80 [write=-]"},
        {"syn -p 80", "syn [ports=80]"},
        {"syn -p80,81", "syn [ports=80,81]"},
        {"syn --to 127.0.0.2 80", "syn 80 [to=127.0.0.2]"},
        {"syn --to=127.0.0.2 80", "syn 80 [to=127.0.0.2]"},
        {"--data=a=b handshake", "handshake [data=a=b]"},
        {"handshake --data --json", "handshake [data=--json]"}, /* it takes what comes */
        {"handshake --data _", "handshake [data]"},
        {"handshake --data=", "handshake [data]"},
        {"syn -v -v --verbose", "syn [verbose]"}, /* without a value: twice is once */
        /* A dash alone is a word; words with = are words. */
        {"dump -", "dump -"},
        {"syn _ dstport=80", "syn  dstport=80"},
        {"--help", " [help]"},
        {"-h syn", "syn [help]"},
        /* What follows `--` is left alone. */
        {"sandbox -- ls -l --json", "sandbox -- ls -l --json"},
        {"-S -- syn 80", " [sandbox] -- syn 80"},
        {"sandbox --", "sandbox --"},
        {"sandbox -- -- -S", "sandbox -- -- -S"},
        {"syn --to -- 80", "syn 80 [to=--]"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text text = TEXT_EMPTY;
        struct typed *typed = type(cases[i].typed);
        if (!typed->good)
            fail_msg("%s: %s", cases[i].typed, typed->err.message);
        put_line(&text, &typed->line);
        assert_string_equal(text_string(&text), cases[i].understood);
        text_free(&text);
        free(typed);
    }
}

/* For all commands but the one that runs it. */
static void the_rest_can_be_words(void **state)
{
    (void)state;
    struct typed *typed = type("syn -S 8080 -- -w --json");
    struct text text = TEXT_EMPTY;
    assert_true(line_take_rest(&typed->line, &typed->err));
    put_line(&text, &typed->line);
    assert_string_equal(text_string(&text), "syn 8080 -w --json [sandbox]");
    assert_true(line_take_rest(&typed->line, &typed->err)); /* there is no more */
    assert_int_equal(typed->line.word_count, 4);
    text_free(&text);
    free(typed);
}

/* --- refused: with the line that the user reads -------------------------------------- */

static void mistakes_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *message;
    } cases[] = {
        {"syn --jsn", "--jsn: no such option; did you mean --json; --help lists them"},
        {"syn --jsno=1", "--jsno=1: no such option; did you mean --json; --help lists them"},
        {"syn --verb", "--verb: no such option; did you mean --verbose; --help lists them"},
        {"syn --too=127.0.0.1",
         "--too=127.0.0.1: no such option; did you mean --to, --for; --help lists them"},
        {"syn --colour always",
         "--colour: no such option; did you mean --color, --close; --help lists them"},
        {"syn --wibblewobble", "--wibblewobble: no such option; --help lists them"},
        {"syn --JSON", "--JSON: no such option; did you mean --json; --help lists them"},
        {"syn -Q", "-Q: no such option; --help lists them"},
        {"syn -vQ", "-vQ: no such option; --help lists them"},
        {"syn ---", "---: no such option; --help lists them"},
        {"syn --=x", "--=x: no such option; --help lists them"},
        {"syn --\x1b[2J", "--\\x1b[2J: no such option; --help lists them"},
        {"syn --to", "--to needs a value: ADDR"},
        {"syn -w", "--write needs a value: FILE"},
        {"syn -vw", "--write needs a value: FILE"},
        {"syn --json=1", "--json takes no value"},
        {"syn --json=", "--json takes no value"},
        {"syn --to ::1 --to ::1", "--to is given twice: give it once"},
        {"syn -wA --write=B", "--write is given twice: give it once"},
        {"syn --data= --data=x", "--data is given twice: give it once"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct typed *typed = type(cases[i].typed);
        if (typed->good)
            fail_msg("%s was taken", cases[i].typed);
        assert_string_equal(typed->err.message, cases[i].message);
        assert_int_equal(typed->err.status, STATUS_USAGE);
        free(typed);
    }
}

static void too_many_words_are_refused(void **state)
{
    (void)state;
    struct line *line = calloc(1, sizeof *line);
    char **argv = calloc(WORDS_MOST + 4, sizeof *argv);
    struct err err = {0};
    assert_true(line && argv);
    for (size_t i = 0; i < WORDS_MOST + 1; i++)
        argv[i] = (char *)"80";
    assert_true(line_read(line, argv, &err));
    assert_int_equal(line->word_count, WORDS_MOST);
    argv[WORDS_MOST + 1] = (char *)"80";
    assert_false(line_read(line, argv, &err));
    assert_string_equal(err.message, "more than 4096 words");
    argv[WORDS_MOST + 1] = (char *)"--";
    argv[WORDS_MOST + 2] = (char *)"80";
    assert_true(line_read(line, argv, &err));
    assert_false(line_take_rest(line, &err));
    assert_string_equal(err.message, "more than 4096 words");
    free(argv);
    free(line);
}

/* --- help -------------------------------------------------------------------------- */

static void help_stands_in_columns(void **state)
{
    (void)state;
    static const enum option all[] = {OPTION_WRITE, OPTION_TO, OPTION_LET_KERNEL_RESET,
                                      OPTION_COUNT};
    struct text text = TEXT_EMPTY;
    options_help(&text, all);
    assert_string_equal(
        text_string(&text),
        "  -w, --write FILE          keep the packets as pcapng, with comments; - is standard "
        "output\n"
        "  --to ADDR                 a loopback address (default 127.0.0.1 or ::1)\n"
        "  --let-kernel-reset        no shield: watch the kernel reset what it does not know\n");
    text_free(&text);
}

static void every_option_has_its_help(void **state)
{
    (void)state;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        enum option one[] = {(enum option)i, OPTION_COUNT};
        struct text text = TEXT_EMPTY, typed = TEXT_EMPTY;
        options_help(&text, one);
        assert_non_null(strstr(text_string(&text), option_name((enum option)i)));
        assert_true(text_columns(text.at, text.len - 1) <= 100);
        text_format(&typed, "syn --%s", option_name((enum option)i));
        struct typed *line = type(text_string(&typed));
        assert_true(line->good || strstr(line->err.message, "needs a value"));
        text_free(&text);
        text_free(&typed);
        free(line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stand_anywhere), cmocka_unit_test(the_rest_can_be_words),
        cmocka_unit_test(mistakes_are_named),     cmocka_unit_test(too_many_words_are_refused),
        cmocka_unit_test(help_stands_in_columns), cmocka_unit_test(every_option_has_its_help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
