/*
 * test_dns.c: questions to a DNS server, and what is made of its answers, hostile ones too.
 */
#include "craft_check.h"
#include "dns_check.h"
#include "sample_more.h"
#include "spoil.h"
#include "view_render.h"
#include "walk_check.h"

#include <loopcraft/dns.h>
#include <loopcraft/format.h>

/* --- the question ----------------------------------------------------------------- */

static struct text must_ask(const char *name, uint16_t type, uint16_t id)
{
    struct text message = TEXT_EMPTY;
    struct err err = {0};
    if (!dns_query(&message, name, type, id, &err))
        fail_msg("%s", err.message);
    return message;
}

static void a_question_has_these_bytes(void **state)
{
    (void)state;
    struct text message = must_ask("www.Test", DNS_AAAA, 0x1234);
    assert_bytes(text_bytes(&message), /* id, RD, one question; 3 www 4 Test 0, AAAA, IN */
                 BYTES(0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 'w', 'w', 'w', 4, 'T', 'e', 's',
                       't', 0, 0, 28, 0, 1));
    text_free(&message);
}

static uint64_t number_of(const struct dissection *d, const char *name)
{
    const struct node *node = node_find(d, 0, name);
    assert_non_null(node);
    return node_number(d, node);
}

/* What is asked, read back by the tables. */
static void must_return(const char *name, const char *shown, uint16_t type)
{
    struct text message = must_ask(name, type, 0xabcd), back = TEXT_EMPTY;
    struct dissection d = {0};
    walk(&d, &proto_dns, text_bytes(&message), message.len);
    must_tile(&d);
    for (size_t i = 0; i < d.count; i++)
        assert_int_equal(d.nodes[i].fault, FAULT_NONE);
    node_show(&back, &d, node_find(&d, 0, "dns.qry.name"));
    assert_string_equal(text_string(&back), shown);
    assert_int_equal(number_of(&d, "dns.id"), 0xabcd);
    assert_int_equal(number_of(&d, "dns.flags.recdesired"), 1);
    assert_int_equal(number_of(&d, "dns.flags.response"), 0);
    assert_int_equal(number_of(&d, "dns.qry.type"), type);
    assert_int_equal(number_of(&d, "dns.qry.class"), 1);
    text_free(&message);
    text_free(&back);
    dissection_free(&d);
}

static void a_question_reads_as_it_was_asked(void **state)
{
    (void)state;
    must_return("www.example.com", "www.example.com", DNS_A);
    must_return("www.example.com.", "www.example.com", DNS_AAAA);
    must_return("_http._tcp.test", "_http._tcp.test", 33);
    must_return("xn--tst-bma.test", "xn--tst-bma.test", 257);
    must_return(".", "<Root>", 2);
    must_return("a\\.b.test", "a.b.test", DNS_A); /* one dot is inside a label */
    must_return("a\\\\b", "a\\b", DNS_A);
    must_return("tab\\009\\032x", "tab\\t x", DNS_A); /* as tshark shows them */
}

/* Names of labels of 63 bytes, with dots between, cut to `len` characters. */
static const char *long_name(char *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        at[i] = i % 64 == 63 ? '.' : 'a';
    at[len] = '\0';
    return at;
}

static void must_not_ask(const char *name, const char *why)
{
    struct err err = {0};
    struct text message = TEXT_EMPTY;
    if (dns_name_check(name, &err) || !strstr(err.message, why))
        fail_msg("%s: \"%s\", and not \"%s\"", name, err.message, why);
    assert_int_equal(err.status, STATUS_USAGE);
    must_be_harmless(err.message, strlen(err.message), (struct harmless){.utf8 = true});
    assert_false(dns_query(&message, name, DNS_A, 1, &err));
    text_free(&message);
}

static void names_have_limits(void **state)
{
    (void)state;
    char name[300];
    struct err err = {0};
    assert_true(dns_name_check(long_name(name, 63), &err));
    assert_true(dns_name_check(long_name(name, 253), &err)); /* 255 bytes on the wire */
    must_return(long_name(name, 253), name, DNS_A);
    must_not_ask(long_name(name, 254), "more than 255 bytes");
    memset(name, 'b', 64);
    name[64] = '\0';
    must_not_ask(name, "more than 63 bytes");
    must_not_ask("", "no name");
    must_not_ask("..", "an empty label");
    must_not_ask(".a", "an empty label");
    must_not_ask("a..b", "an empty label");
    must_not_ask("caf\xc3\xa9.test", "xn--");
    must_not_ask("\xff.test", "xn--");
    must_not_ask("a\\", "a backslash stands before");
    must_not_ask("a\\256", "a backslash stands before");
    must_not_ask("a\\\xc3\xa9", "a backslash stands before");
    must_not_ask("a\x1b[31m..b", "an empty label");
}

static void types_have_names_and_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        uint16_t type;
        const char *name;
    } good[] = {{"A", 1, "A"},
                {"aaaa", 28, "AAAA"},
                {"Mx", 15, "MX"},
                {"TYPE28", 28, "AAAA"},
                {"type65280", 65280, "TYPE65280"}};
    static const char *const bad[] = {"",     "TYPE", "TYPE0",           "TYPE65536", "TYPE1x",
                                      "AXFR", "OPT",  "TYPE99999999999", "type-1",    "ANYY"};
    struct err err = {0};
    uint16_t type;
    for (size_t i = 0; i < COUNT(good); i++) {
        struct text name = TEXT_EMPTY;
        assert_true(dns_type_read(good[i].word, &type, &err));
        assert_int_equal(type, good[i].type);
        dns_type_name(&name, type);
        assert_string_equal(text_string(&name), good[i].name);
        text_free(&name);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        if (dns_type_read(bad[i], &type, &err) || err.status != STATUS_USAGE)
            fail_msg("%s was taken for a type", bad[i]);
}

static void addresses_have_names_to_ask_for(void **state)
{
    (void)state;
    struct text name = TEXT_EMPTY;
    static const uint8_t six[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 0x1f};
    dns_reverse_name(&name, AF_INET, (const uint8_t[]){127, 0, 0, 9});
    assert_string_equal(text_string(&name), "9.0.0.127.in-addr.arpa");
    text_clear(&name);
    dns_reverse_name(&name, AF_INET6, six);
    assert_string_equal(text_string(&name),
                        "f.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0."
                        "1.0.0.2.ip6.arpa");
    text_free(&name);
}

/* --- is it the answer? --------------------------------------------------------------- */

static void must_answer(struct text *query, struct text *message, const char *why)
{
    const char *said;
    bool answers = dns_answers(text_bytes(query), text_bytes(message), &said);
    assert_int_equal(answers, why == NULL);
    if (why && !strstr(said, why))
        fail_msg("\"%s\", and not \"%s\"", said, why);
}

/* The query itself, turned into an answer, with one byte changed: at 0 nothing is. */
static void must_judge(size_t at, uint8_t turned, const char *why)
{
    struct text query = must_ask("www.test", DNS_A, 0x1234),
                message = must_ask("WWW.tesT", DNS_A, 0x1234);
    message.at[2] = (char)0x81; /* QR, RD: letters have no case */
    message.at[at] = (char)(message.at[at] ^ turned);
    must_answer(&query, &message, why);
    text_free(&query);
    text_free(&message);
}

static void an_answer_has_our_identifier_and_our_question(void **state)
{
    (void)state;
    must_judge(0, 0, NULL);
    must_judge(3, 0x83, NULL); /* RA, NXDOMAIN */
    must_judge(0, 1, "another identifier");
    must_judge(1, 0x80, "another identifier");
    must_judge(2, 0x80, "a question itself");
    must_judge(2, 0x20, "another kind of message");
    must_judge(5, 3, "another question"); /* two of them */
    must_judge(5, 1, "another question"); /* none, and no error that would explain it */
    must_judge(12, 1, "another question");
    must_judge(13, 1, "another question");
    must_judge(23, 29, "another question"); /* AAAA */
    must_judge(25, 2, "another question");  /* CHAOS */
}

static void an_answer_cut_short_is_none(void **state)
{
    (void)state;
    struct text query = must_ask("www.test", DNS_A, 0x1234),
                message = must_ask("www.test", DNS_A, 0x1234);
    message.at[2] = (char)0x80;
    for (size_t len = message.len; len-- > 0;) {
        message.len = len;
        must_answer(&query, &message, len < 12 ? "too short" : "another question");
    }
    text_free(&query);
    text_free(&message);
}

static void a_server_that_can_not_read_the_question_need_not_repeat_it(void **state)
{
    (void)state;
    struct text query = must_ask("www.test", DNS_A, 0x1234), message = TEXT_EMPTY;
    text_put_n(&message, "\x12\x34\x80\x01\0\0\0\0\0\0\0\0", 12); /* FORMERR */
    must_answer(&query, &message, NULL);
    text_free(&query);
    text_free(&message);
}

/* --- what the answer says ---------------------------------------------------------------- */

/* Header: an answer, AA, RD, RA; one question, so many records in three lists. */
#define HEADER(flags2, an, ns, ar) 0x12, 0x34, 0x85, flags2, 0, 1, 0, an, 0, ns, 0, ar
#define W_TEST                     1, 'w', 4, 't', 'e', 's', 't', 0 /* at 12; "test" at 14 */
#define CHAIN                                                                                \
    /* out of order: x.test A 192.0.2.1; w.test CNAME www.test; www.test CNAME x.test */     \
    1, 'x', 0xc0, 14, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1,          /* at 24 */      \
        0xc0, 12, 0, 5, 0, 1, 0, 0, 1, 0, 0, 6, 3, 'w', 'w', 'w', 0xc0, 14, /* name at 54 */ \
        0xc0, 54, 0, 5, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 24

static void must_follow(struct bytes message, uint16_t type, size_t found_want, const char *want)
{
    struct dns_answer answer;
    struct text told = TEXT_EMPTY;
    size_t found;
    dns_answer_read(&answer, message);
    const struct dns_record **list = calloc(answer.count + 1, sizeof(struct dns_record *));
    assert_non_null(list);
    size_t count = dns_answer_follow(&answer, type, list, &found);
    for (size_t i = 0; i < count; i++) {
        struct text name = list[i]->name, data = list[i]->data;
        text_format(&told, "%s %u %u %s\n", text_string(&name), list[i]->type, list[i]->ttl,
                    text_string(&data));
    }
    assert_string_equal(text_string(&told), want);
    assert_int_equal(found, found_want);
    free(list);
    text_free(&told);
    dns_answer_free(&answer);
}

static void aliases_are_followed_in_whatever_order_they_come(void **state)
{
    (void)state;
    struct bytes message = BYTES(HEADER(0x80, 3, 0, 0), W_TEST, 0, 1, 0, 1, CHAIN);
    must_follow(message, DNS_A, 1,
                "w.test 5 256 www.test\nwww.test 5 9 x.test\nx.test 1 60 192.0.2.1\n");
    must_follow(message, DNS_CNAME, 1, "w.test 5 256 www.test\n");
    must_follow(message, DNS_ANY, 1, "w.test 5 256 www.test\n");
    must_follow(message, DNS_AAAA, 0, "w.test 5 256 www.test\nwww.test 5 9 x.test\n");
}

static void aliases_in_a_circle_come_to_an_end(void **state)
{
    (void)state;
    /* w.test is an alias of itself. */
    must_follow(BYTES(HEADER(0x80, 2, 0, 0), W_TEST, 0, 1, 0, 1, 0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 0,
                      0, 2, 0xc0, 12, 0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 0, 0, 2, 0xc0, 12),
                DNS_A, 0, "w.test 5 0 w.test\nw.test 5 0 w.test\n");
}

static void only_answers_answer(void **state)
{
    (void)state;
    /* The address stands among the additional records: nobody asked for it. */
    must_follow(BYTES(HEADER(0x80, 0, 0, 1), W_TEST, 0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0,
                      0, 4, 192, 0, 2, 1),
                DNS_A, 0, "");
}

static void data_of_several_parts_stands_side_by_side(void **state)
{
    (void)state;
    /* MX 10 mail.test; TXT "a" "b c\x1b" */
    must_follow(BYTES(HEADER(0x80, 1, 0, 0), W_TEST, 0, 15, 0, 1, 0xc0, 12, 0, 15, 0, 1, 0, 0, 0, 0,
                      0, 9, 0, 10, 4, 'm', 'a', 'i', 'l', 0xc0, 14),
                15, 1, "w.test 15 0 10 mail.test\n");
    must_follow(BYTES(HEADER(0x80, 1, 0, 0), W_TEST, 0, 16, 0, 1, 0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0,
                      0, 7, 1, 'a', 4, 'b', ' ', 'c', 0x1b),
                16, 1, "w.test 16 0 \"a\" \"b c\\x1b\"\n");
    /* A type that has no table: its bytes. */
    must_follow(BYTES(HEADER(0x80, 1, 0, 0), W_TEST, 0xff, 0, 0, 1, 0xc0, 12, 0xff, 0, 0, 1, 0, 0,
                      0, 0, 0, 2, 0xbe, 0xef),
                0xff00, 1, "w.test 65280 0 be:ef\n");
}

static void addresses_are_addresses_only_when_they_have_their_length(void **state)
{
    (void)state;
    struct dns_answer answer;
    dns_answer_read(&answer, BYTES(HEADER(0x80, 1, 0, 0), W_TEST, 0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1,
                                   0, 0, 0, 0, 0, 4, 192, 0, 2, 1));
    assert_int_equal(answer.count, 1);
    assert_null(answer.bad);
    assert_int_equal(answer.records[0].family, AF_INET);
    assert_memory_equal(answer.records[0].addr, ((uint8_t[]){192, 0, 2, 1}), 4);
    dns_answer_free(&answer);
    dns_answer_read(&answer, BYTES(HEADER(0x80, 1, 0, 0), W_TEST, 0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1,
                                   0, 0, 0, 0, 0, 3, 192, 0, 2));
    assert_int_equal(answer.records[0].family, 0);
    assert_non_null(answer.bad);
    dns_answer_free(&answer);
}

static void the_reply_code_and_truncation_are_read(void **state)
{
    (void)state;
    struct dns_answer answer;
    dns_answer_read(&answer, BYTES(HEADER(0x83, 0, 0, 0), W_TEST, 0, 1, 0, 1));
    assert_int_equal(answer.rcode, DNS_NXDOMAIN);
    assert_string_equal(text_string(&answer.name), "w.test");
    dns_answer_free(&answer);
    assert_true(dns_truncated(BYTES(0, 0, 0x82, 0)));
    assert_false(dns_truncated(BYTES(0, 0, 0x81, 0)));
    assert_false(dns_truncated(BYTES(0, 0)));
}

/* --- hostile bytes -------------------------------------------------------------------------- */

static void what_lies_is_called_bad(void **state)
{
    (void)state;
    const struct {
        const char *what;
        struct bytes message;
    } lies[] = {
        {"more answers than there are", BYTES(HEADER(0x80, 9, 0, 0), W_TEST, 0, 1, 0, 1)},
        {"a name that points at itself", BYTES(HEADER(0x80, 1, 0, 0), W_TEST, 0, 1, 0, 1, 0xc0, 24,
                                               0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4)},
        {"data that ends outside", BYTES(HEADER(0x80, 1, 0, 0), W_TEST, 0, 1, 0, 1, 0xc0, 12, 0, 1,
                                         0, 1, 0, 0, 0, 0, 0, 40, 1, 2, 3, 4)},
    };
    for (size_t i = 0; i < COUNT(lies); i++) {
        struct dns_answer answer;
        must_read_any(lies[i].message);
        dns_answer_read(&answer, lies[i].message);
        if (!answer.bad)
            fail_msg("%s: nothing bad about it", lies[i].what);
        dns_answer_free(&answer);
    }
}

/* 65,535 bytes of names that all point at one of 255 bytes: read in no time. */
static void many_long_names_are_read(void **state)
{
    (void)state;
    struct text message = TEXT_EMPTY;
    char name[300];
    struct err err = {0};
    assert_true(dns_query(&message, long_name(name, 253), DNS_A, 0x1234, &err));
    message.at[2] = (char)0x85;
    while (message.len + 12 <= 65535) /* CNAME of the question's name, to itself */
        text_put_n(&message, "\xc0\x0c\0\5\0\1\0\0\0\0\0\2\xc0\x0c", 14);
    message.at[6] = message.at[7] = 0x7f;
    must_read_any(text_bytes(&message));
    text_free(&message);
}

static void spoiled(struct frame frame, void *context)
{
    (void)context;
    must_read_any(bytes_part(frame.bytes, 42, frame.bytes.len)); /* behind Ethernet, IPv4, UDP */
}

static void cut_and_spoiled_answers_do_no_harm(void **state)
{
    (void)state;
    struct bytes whole = BYTES(HEADER(0x80, 3, 0, 0), W_TEST, 0, 1, 0, 1, CHAIN);
    for (size_t len = 0; len <= whole.len; len++)
        must_read_any(bytes_part(whole, 0, len));
    size_t frames = each_spoiled("tests/captures/*dns.pcapng", 100, 200, spoiled, NULL);
    print_message("%zu messages, as they were or spoiled\n", frames);
    assert_true(frames > 5000);
}

/* --- at any port ------------------------------------------------------------------------------ */

static const struct node *dns_in(struct dissection *d, struct bytes frame)
{
    struct frame whole = frame_of(frame);
    dissect(d, &whole);
    must_tile(d);
    return node_find(d, 0, "dns.id");
}

static void dns_is_seen_at_the_port_that_was_agreed_on(void **state)
{
    (void)state;
    struct dns_port at;
    struct dissection d = {0};
    uint8_t frame[sizeof sample_dns_query];
    memcpy(frame, sample_dns_query, sizeof frame);
    struct bytes bytes = {frame, sizeof frame};
    frame[36] = 0xf1; /* to port 61749 */
    frame[37] = 0x35;
    assert_null(dns_in(&d, bytes));
    dissection_free(&d);
    dns_port_set(&at, 0xf135);
    d = (struct dissection){.decode = at.decode};
    assert_non_null(dns_in(&d, bytes));
    assert_non_null(dns_in(&d, bytes)); /* and again, by what the walk has kept */
    frame[37] = 0x36;
    assert_null(dns_in(&d, bytes));
    frame[36] = 0;
    frame[37] = 53;
    assert_non_null(dns_in(&d, bytes)); /* where it always is */
    dissection_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_has_these_bytes),
        cmocka_unit_test(a_question_reads_as_it_was_asked),
        cmocka_unit_test(names_have_limits),
        cmocka_unit_test(types_have_names_and_numbers),
        cmocka_unit_test(addresses_have_names_to_ask_for),
        cmocka_unit_test(an_answer_has_our_identifier_and_our_question),
        cmocka_unit_test(an_answer_cut_short_is_none),
        cmocka_unit_test(a_server_that_can_not_read_the_question_need_not_repeat_it),
        cmocka_unit_test(aliases_are_followed_in_whatever_order_they_come),
        cmocka_unit_test(aliases_in_a_circle_come_to_an_end),
        cmocka_unit_test(only_answers_answer),
        cmocka_unit_test(data_of_several_parts_stands_side_by_side),
        cmocka_unit_test(addresses_are_addresses_only_when_they_have_their_length),
        cmocka_unit_test(the_reply_code_and_truncation_are_read),
        cmocka_unit_test(what_lies_is_called_bad),
        cmocka_unit_test(many_long_names_are_read),
        cmocka_unit_test(cut_and_spoiled_answers_do_no_harm),
        cmocka_unit_test(dns_is_seen_at_the_port_that_was_agreed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
