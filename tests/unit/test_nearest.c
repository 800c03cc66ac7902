/* test_nearest.c: what a mistyped word may have meant. */
#include <loopcraft/nearest.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const commands[] = {"handshake", "syn", "connect", "dump", "sandbox", "scan"};
static const char *const rows[] = {"tcp.srcport",   "tcp.dstport", "tcp.flags", "tcp.flags.syn",
                                   "tcp.flags.fin", "ip.ttl",      "ip.id",     "tcp.seq_raw"};

static void must_mean(const char *word, const char *const *names, size_t count, const char *want)
{
    struct nearest nearest = nearest_to(word);
    struct text text = TEXT_EMPTY;
    for (size_t i = 0; i < count; i++)
        nearest_try(&nearest, names[i]);
    nearest_put(&text, &nearest);
    if (strcmp(text_string(&text), want) != 0)
        fail_msg("%s may have meant: %s", word, text_string(&text));
    text_free(&text);
}

static void a_slip_of_the_finger(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"handshke", "handshake"},   /* a letter left out, */
        {"handshakee", "handshake"}, /* one too many, */
        {"hamdshake", "handshake"},  /* another one, */
        {"hadnshake", "handshake"},  /* two the wrong way round */
        {"HANDSHAKE", "handshake"},  /* upper case is the same */
        {"hand", "handshake"},       /* the beginning means it */
        {"conect", "connect"},       {"sin", "syn, scan"}, {"snadbox", "sandbox"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        must_mean(cases[i][0], commands, COUNT(commands), cases[i][1]);
}

static void the_protocol_may_be_left_out(void **state)
{
    (void)state;
    must_mean("ttll", rows, COUNT(rows), "ip.ttl");
    must_mean("dstprt", rows, COUNT(rows), "tcp.dstport");
    must_mean("tcp.dstprt", rows, COUNT(rows), "tcp.dstport, tcp.srcport");
    must_mean("seqraw", rows, COUNT(rows), "tcp.seq_raw");
}

/* The nearest first, three at most; of equals the one that came first. */
static void the_nearest_come_first(void **state)
{
    (void)state;
    must_mean("tcp.flag", rows, COUNT(rows), "tcp.flags, tcp.flags.syn, tcp.flags.fin");
    static const char *const names[] = {"abcx", "abxx", "abcd", "abcy", "abcd", "abcz"};
    must_mean("abcd", names, COUNT(names), "abcd, abcx, abcy");
}

static void what_is_far_means_nothing(void **state)
{
    (void)state;
    must_mean("wibble", commands, COUNT(commands), "");
    must_mean("", commands, COUNT(commands), "");
    must_mean("x", commands, COUNT(commands), "");
    must_mean("opts", rows, COUNT(rows), ""); /* "ip.ttl" would only mislead */
    must_mean("abc", NULL, 0, "");
}

/* Words longer than any name, and names that are long: no read or write outside. */
static void long_words_are_far_from_all(void **state)
{
    (void)state;
    char word[200], name[100];
    memset(word, 'a', sizeof word);
    memset(name, 'a', sizeof name);
    name[sizeof name - 1] = '\0';
    for (size_t len = 40; len < sizeof word; len++) {
        word[len] = '\0';
        struct nearest nearest = nearest_to(word);
        struct text text = TEXT_EMPTY;
        nearest_try(&nearest, "handshake");
        nearest_try(&nearest, name);
        nearest_put(&text, &nearest);
        if (len > 99)
            assert_string_equal(text_string(&text), "");
        text_free(&text);
        word[len] = 'a';
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_of_the_finger),
        cmocka_unit_test(the_protocol_may_be_left_out),
        cmocka_unit_test(the_nearest_come_first),
        cmocka_unit_test(what_is_far_means_nothing),
        cmocka_unit_test(long_words_are_far_from_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
