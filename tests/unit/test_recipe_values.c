/* test_recipe_values.c: flags, TCP options and data, as people type them, to bytes. */
#include "craft_check.h"
#include "harmless.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* --- flags ------------------------------------------------------------------- */

static void flags_by_names_letters_and_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        unsigned number;
    } cases[] = {
        {"SYN", 0x02},         {"SYN,ACK", 0x12}, {"SYN|ACK", 0x12}, {"ACK,SYN", 0x12},
        {"SA", 0x12},          {"sa", 0x12},      {"S", 0x02},       {"0x12", 0x12},
        {"18", 0x12},          {"0", 0},          {"0xfff", 0xfff},  {"push", 0x08},
        {"PSH", 0x08},         {"psh,ack", 0x18}, {"PA", 0x18},      {"RST", 0x04},
        {"reset", 0x04},       {"R", 0x04},       {"FPU", 0x29},     {"FIN|PSH|URG", 0x29},
        {"CWR,ECE,AE", 0x1c0}, {"AE", 0x100},     {"CE", 0xc0},      {"SYN,SYN", 0x02},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct recipe recipe;
        char word[64];
        must_begin(&recipe, "tcp", AF_INET);
        snprintf(word, sizeof word, "tcp.flags=%s", cases[i].word);
        must_take(&recipe, word);
        unsigned number = (unsigned)recipe_number(&recipe, recipe_asked(&recipe, "tcp.flags"));
        if (number != cases[i].number)
            fail_msg("%s is %#x", word, number);
        recipe_free(&recipe);
    }
}

static void what_is_no_flag_is_refused(void **state)
{
    (void)state;
    static const char *const words[] = {"",         "X",       "SYNACK",  "SYN,",    ",SYN",
                                        "SYN,,ACK", "SYN ACK", "SYN+ACK", "SYN,NON", "0x",
                                        "0x12g",    "-1",      "|",       "SYN,0x10"};
    for (size_t i = 0; i < COUNT(words); i++) {
        struct err err;
        struct text word = TEXT_EMPTY;
        text_format(&word, "tcp.flags=%s", words[i]);
        must_refuse(&err, "tcp", AF_INET, "", text_string(&word));
        text_put(&word, ": it takes a number, or flags with commas between: AE CWR ECE URG ACK PSH "
                        "RST SYN FIN");
        assert_string_equal(err.message, text_string(&word));
        text_free(&word);
    }
}

/* --- options ------------------------------------------------------------------- */

static void options_in_the_order_that_was_typed(void **state)
{
    (void)state;
    static const struct {
        const char *list, *bytes;
    } cases[] = {
        {"mss:1460", "020405b4"},
        {"mss:1460,nop,nop,ts:1:0", "020405b40101080a0000000100000000"},
        {"ts:1:0,nop,nop,mss:1460", "080a00000001000000000101020405b4"},
        {"mss:65495,sackok,ts:3493279538:0,nop,wscale:10", "0204ffd70402080ad03737320000000001"
                                                           "03030a"},
        {"MSS:0x5b4", "020405b4"},
        {"sack:1:2", "050a0000000100000002"},
        {"sack:1:2:4294967295:0", "05120000000100000002ffffffff00000000"},
        {"sack", "0502"},
        {"nop,eol", "0100"},
        {"tfo", "2202"},
        {"tfo:00112233", "220600112233"},
        {"md5:000102030405060708090a0b0c0d0e0f", "1312000102030405060708090a0b0c0d0e0f"},
        {"ao:1:2:a0a1a2a3", "1d080102a0a1a2a3"},
        {"uto:1:300", "1c04812c"}, /* RFC 5482: a bit for minutes, 15 for the number */
        /* A number is a kind nobody knows, with its bytes; 0 and 1 have no length. */
        {"254:beef", "fe04beef"},
        {"254:be:ef", "fe04beef"},
        {"254", "fe02"},
        {"2:05b4", "020405b4"},
        {"1,1,0", "010100"},
        {"255:", "ff02"},
        /* As many as a header holds: 40 bytes. */
        {"254:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425",
         "fe28000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct recipe recipe;
        struct text word = TEXT_EMPTY, hex = TEXT_EMPTY;
        must_begin(&recipe, "tcp", AF_INET);
        text_format(&word, "options=%s", cases[i].list);
        must_take(&recipe, text_string(&word));
        text_hex_bytes(&hex, text_bytes(&recipe.options), 0);
        if (strcmp(text_string(&hex), cases[i].bytes) != 0)
            fail_msg("%s is %s", cases[i].list, text_string(&hex));
        assert_int_equal(recipe.options_origin, ORIGIN_YOU);
        text_free(&word);
        text_free(&hex);
        recipe_free(&recipe);
    }
}

static void what_is_no_option_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *list, *message;
    } cases[] = {
        {"", "options: one is missing; write mss:1460,nop,nop,ts:1:0"},
        {"nop,,nop", "options: one is missing; write mss:1460,nop,nop,ts:1:0"},
        {"nop,", "options: one is missing; write mss:1460,nop,nop,ts:1:0"},
        {"mzz:1", "options: no option called mzz; did you mean mss, md5"},
        {"sckok", "options: no option called sckok; did you mean sackok"},
        {"mss", "options: mss wants a number for MSS"},
        {"ts:1", "options: ts wants a number for TSecr"},
        {"mss:1:2", "options: mss takes fewer values"},
        {"nop:1", "options: nop takes fewer values"},
        {"1:2", "options: nop takes fewer values"},
        {"sack:1", "options: a value for Right edge is missing"},
        {"sack:1:2:3", "options: a value for Right edge is missing"},
        {"mss:65536", "tcp.options.mss_val=65536: too large for its 16 bits: at most 65535"},
        {"mss:", "tcp.options.mss_val=: it takes a number"},
        {"wscale:256", "tcp.options.wscale.shift=256: too large for its 8 bits: at most 255"},
        {"uto:2:1", "tcp.options.user_to_granularity=2: too large for its 1 bit: at most 1"},
        {"md5:00", "tcp.options.md5.digest=00: it takes 16 bytes in hex"},
        {"254:bee", "tcp.options.unknown.payload=bee: it takes bytes in hex (48:65:6c)"},
        {"256:00", "options: no option called 256"},
        {"-1", "options: no option called -1"},
        {"254:00000000000000000000000000000000000000000000000000000000000000000000000000,nop,nop,"
         "nop",
         "options: 42 bytes, and a header holds at most 40"},
        {"sack:1:2:3:4:5:6:7:8:9:10", "options: 42 bytes, and a header holds at most 40"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err err;
        struct text word = TEXT_EMPTY;
        text_format(&word, "options=%s", cases[i].list);
        must_refuse(&err, "tcp", AF_INET, "", text_string(&word));
        assert_string_equal(err.message, cases[i].message);
        text_free(&word);
    }
}

/* --- data ---------------------------------------------------------------------- */

static void must_read_text(const char *typed, struct bytes want)
{
    struct text out = TEXT_EMPTY;
    struct err err = {0};
    if (!recipe_text(&out, typed, &err))
        fail_msg("%s: %s", typed, err.message);
    assert_bytes(text_bytes(&out), want);
    text_free(&out);
}

static void data_with_escapes_and_in_hex(void **state)
{
    (void)state;
    must_read_text("hi", BYTES('h', 'i'));
    must_read_text("a=b", BYTES('a', '=', 'b'));
    must_read_text("\\r\\n\\t\\0\\\\", BYTES('\r', '\n', '\t', 0, '\\'));
    must_read_text("\\x00\\xfF0\\\"\\'", BYTES(0, 0xff, '0', '"', '\''));
    must_read_text("\\012", BYTES(0, '1', '2')); /* no octal */
    must_read_text("\xc3\xa9", BYTES(0xc3, 0xa9));
    must_read_text("hex:48 65:6c6C", BYTES('H', 'e', 'l', 'l'));
    must_read_text("\\x68ex:48", BYTES('h', 'e', 'x', ':', '4', '8')); /* how to say it itself */
    must_read_text("\\x40file", BYTES('@', 'f', 'i', 'l', 'e'));
    must_read_text("", (struct bytes){NULL, 0});
    must_read_text("hex:", (struct bytes){NULL, 0});
}

static void must_refuse_text(const char *typed, const char *message)
{
    struct text out = TEXT_EMPTY;
    struct err err = {0};
    assert_false(recipe_text(&out, typed, &err));
    assert_int_equal(err.status, STATUS_USAGE);
    assert_string_equal(err.message, message);
    text_free(&out);
}

static void data_that_can_t_be_read_is_refused(void **state)
{
    (void)state;
    static const char escape[] =
        "data: a \\ that starts no escape: \\r \\n \\t \\0 \\xNN \\\\ are known";
    static const char hex[] = "data=hex: takes pairs of hex digits, as in hex:48 65";
    must_refuse_text("\\q", escape);
    must_refuse_text("end\\", escape);
    must_refuse_text("\\x4", escape);
    must_refuse_text("\\xg0", escape);
    must_refuse_text("hex:4", hex);
    must_refuse_text("hex:4 8", hex);
    must_refuse_text("hex:zz", hex);
    must_refuse_text("@/no/such/file", "data=@/no/such/file: No such file or directory");
    must_refuse_text("@/", "data=@/: Is a directory");
    must_refuse_text("@", "data=@: No such file or directory");
}

/* A file in memory of so many zeros, and the word that names it. */
static struct text file_word(int *fd, size_t len)
{
    struct text word = TEXT_EMPTY;
    *fd = memfd_create("data", MFD_CLOEXEC);
    assert_true(*fd >= 0);
    assert_int_equal(ftruncate(*fd, (off_t)len), 0);
    text_format(&word, "@/proc/self/fd/%d", *fd);
    return word;
}

static void data_from_a_file_as_it_is(void **state)
{
    (void)state;
    int fd;
    struct text word = file_word(&fd, 0);
    must_read_text(text_string(&word), (struct bytes){NULL, 0});
    assert_int_equal(write(fd, "\\r\0\xff\n", 5), 5); /* no escapes in a file */
    must_read_text(text_string(&word), BYTES('\\', 'r', 0, 0xff, '\n'));
    close(fd);
    text_free(&word);
}

static void a_file_no_packet_holds_is_refused(void **state)
{
    (void)state;
    int fd;
    struct text word = file_word(&fd, 65535), message = TEXT_EMPTY, out = TEXT_EMPTY;
    struct err err = {0};
    assert_true(recipe_text(&out, text_string(&word), &err));
    assert_int_equal(out.len, 65535);
    assert_int_equal(ftruncate(fd, 65536), 0);
    text_format(&message, "data=%s: more than 65535 bytes: no packet holds that",
                text_string(&word));
    must_refuse_text(text_string(&word), text_string(&message));
    must_refuse_text("@/dev/zero", "data=@/dev/zero: more than 65535 bytes: no packet holds that");
    close(fd);
    text_free(&word);
    text_free(&message);
    text_free(&out);
}

/* However long, and wherever it is cut: what is shown of it is UTF-8, and the reason is there. */
static void a_long_foreign_value_leaves_the_message_whole(void **state)
{
    (void)state;
    for (size_t before = 0; before < 100; before++) {
        struct text word = TEXT_EMPTY;
        struct err err;
        text_put(&word, "dstport=");
        text_repeat(&word, "9", before);
        text_repeat(&word, "\xee\x8f\x9a\x07\xc3", 60);
        must_refuse(&err, "tcp", AF_INET, "", text_string(&word));
        must_be_harmless(err.message, strlen(err.message), (struct harmless){.utf8 = true});
        assert_non_null(strstr(err.message, ": it takes a number"));
        text_free(&word);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_by_names_letters_and_numbers),
        cmocka_unit_test(what_is_no_flag_is_refused),
        cmocka_unit_test(options_in_the_order_that_was_typed),
        cmocka_unit_test(what_is_no_option_is_refused),
        cmocka_unit_test(data_with_escapes_and_in_hex),
        cmocka_unit_test(data_that_can_t_be_read_is_refused),
        cmocka_unit_test(data_from_a_file_as_it_is),
        cmocka_unit_test(a_file_no_packet_holds_is_refused),
        cmocka_unit_test(a_long_foreign_value_leaves_the_message_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
