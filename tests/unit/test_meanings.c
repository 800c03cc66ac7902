/*
 * test_meanings.c: `explain` knows every word that the tables have, and so every one that the
 * program prints of them: fields, values, types and codes of ICMP, flags, ports.
 */
#include "../../src/cmd/meanings.h"

#include <loopcraft/advice.h>
#include <loopcraft/format.h>
#include <loopcraft/proto.h>
#include <loopcraft/sandbox.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A sink that looks at each meaning and keeps the last one's name. */
struct listener {
    struct sink sink; /* first */
    char name[200];
    bool by_name; /* a meaning was of this name */
    const char *want;
};

static bool hear(struct sink *sink, const struct event *event, struct err *err)
{
    struct listener *l = (struct listener *)sink;
    const struct meaning_event *m = &event->meaning;
    (void)err;
    assert_int_equal(event->kind, EVENT_MEANING);
    snprintf(l->name, sizeof l->name, "%s", m->name);
    l->by_name = l->by_name || (l->want && strstr(m->name, l->want));
    if (strlen(m->means) < 2 || m->means[strlen(m->means) - 1] == '.')
        fail_msg("%s: means \"%s\"", m->name, m->means);
    size_t sources = 0;
    for (size_t i = 0; i < m->detail_count; i++) {
        const char *key = m->details[i].key;
        assert_true(key[0] && m->details[i].text[0]);
        sources += strcmp(key, "source") == 0;
        for (size_t j = 0; j < i; j++) /* one JSON object has a member once */
            assert_string_not_equal(key, m->details[j].key);
        static const char taken[] = " type kind word name means ";
        char word[40];
        snprintf(word, sizeof word, " %s ", key);
        assert_null(strstr(taken, word));
    }
    if (sources != 1)
        fail_msg("%s: no source", m->name);
    return true;
}

struct stage {
    struct listener listener;
    struct sinks sinks;
    struct err err;
    struct meanings m;
};

static int setup(void **state)
{
    static struct stage stage;
    stage.listener.sink.event = hear;
    stage.sinks = (struct sinks){.each = {&stage.listener.sink}, .count = 1};
    stage.m = (struct meanings){.sinks = &stage.sinks, .err = &stage.err, .asked = ""};
    catalog_open(&stage.m.catalog);
    *state = &stage;
    return 0;
}

static int teardown(void **state)
{
    struct stage *stage = *state;
    catalog_free(&stage->m.catalog);
    text_free(&stage->m.name);
    text_free(&stage->m.means);
    for (size_t i = 0; i < DETAILS_MOST; i++)
        text_free(&stage->m.texts[i]);
    return 0;
}

/* The table knows the word, and one of its meanings has this in its name. */
static void must_tell(struct stage *stage, void (*table)(struct meanings *, const char *),
                      const char *word, const char *want)
{
    stage->m.told = 0;
    stage->listener.by_name = false;
    stage->listener.want = want;
    table(&stage->m, word);
    if (!stage->m.told || !stage->listener.by_name)
        fail_msg("%s: %s", word, stage->m.told ? stage->listener.name : "not known");
}

static void every_field_and_its_values(void **state)
{
    struct stage *stage = *state;
    const struct catalog *c = &stage->m.catalog;
    size_t names = 0, values = 0;
    for (size_t i = 0; i < c->count; i++) {
        const struct field *field = c->each[i].field;
        if (catalog_name(&c->each[i])) {
            must_tell(stage, meanings_field, catalog_name(&c->each[i]), catalog_name(&c->each[i]));
            names++;
        }
        bool icmp = c->each[i].record == &proto_icmp || c->each[i].record == &proto_icmpv6;
        for (const struct term *t = field ? field->terms : NULL; t && t->name; t++, values++)
            if (field->name)
                must_tell(stage, icmp ? meanings_icmp : meanings_value, t->name, t->name);
    }
    assert_true(names > 200 && values > 100);
}

static void must_know_icmp(struct stage *stage, const struct record *record)
{
    const struct term *types = record_role(record, ROLE_CASE)->terms;
    char word[40], want[80];
    size_t codes = 0;
    for (const struct term *type = types; type->name; type++) {
        const struct branch *branch = branch_find(record->cases, type->number);
        for (const struct term *code = branch ? branch->codes : NULL; code && code->name; code++) {
            snprintf(word, sizeof word, "%u/%u", (unsigned)type->number, (unsigned)code->number);
            snprintf(want, sizeof want, "%s %s", record->title, word);
            must_tell(stage, meanings_icmp, word, want);
            must_tell(stage, meanings_icmp, code->name, code->name);
            codes++;
        }
        snprintf(word, sizeof word, "%u", (unsigned)type->number);
        stage->m.only = record->title; /* "icmp 8" */
        must_tell(stage, meanings_icmp, word, type->name);
        stage->m.only = NULL;
    }
    assert_true(codes > 10);
}

static void every_type_and_code_of_icmp(void **state)
{
    must_know_icmp(*state, &proto_icmp);
    must_know_icmp(*state, &proto_icmpv6);
    must_tell(*state, meanings_icmp, "Destination unreachable, Port unreachable", "ICMP 3/3");
}

/* Each combination as a number, and by the name that it is told with: "SYN-ACK". */
static void every_combination_of_flags(void **state)
{
    struct stage *stage = *state;
    char word[16], name[200];
    for (unsigned number = 0; number <= 0x1ff; number++) {
        snprintf(word, sizeof word, "0x%02x", number);
        must_tell(stage, meanings_flags, word, "");
        snprintf(name, sizeof name, "%s", stage->listener.name);
        must_tell(stage, meanings_flags, name, name);
        assert_string_equal(stage->listener.name, name);
        assert_int_equal(stage->m.told, 1);
    }
    must_tell(stage, meanings_flags, "SA", "SYN-ACK");
    must_tell(stage, meanings_flags, "SYN|ACK", "SYN-ACK");
    must_tell(stage, meanings_flags, "xmas", "FIN-PSH-URG");
}

static void every_port(void **state)
{
    struct stage *stage = *state;
    char word[16];
    const struct advice *row = NULL;
    for (unsigned port = 0; port <= UINT16_MAX; port += port < 1100 ? 1 : 37) {
        snprintf(word, sizeof word, "%u", port);
        must_tell(stage, meanings_port, word, word);
    }
    while ((row = advice_next(row))) {
        must_tell(stage, meanings_port, row->name, row->name);
        snprintf(word, sizeof word, "%u/%s", row->port, row->over & OVER_TCP ? "tcp" : "udp");
        must_tell(stage, meanings_port, word, row->name);
    }
    for (const struct sandbox_port *p = sandbox_ports; p->proto; p++) {
        snprintf(word, sizeof word, "%u", p->port);
        must_tell(stage, meanings_port, word, p->proto);
    }
    must_tell(stage, meanings_port, "udp/53", "53/udp domain");
    stage->m.only = "udp";
    must_tell(stage, meanings_port, "53", "53/udp domain");
    stage->m.only = NULL;
}

/* What is no word of any table: nothing is told, and nothing is read outside. */
static void nonsense_means_nothing(void **state)
{
    struct stage *stage = *state;
    static void (*const tables[])(struct meanings *, const char *) = {
        meanings_port,  meanings_address, meanings_field, meanings_value, meanings_short,
        meanings_flags, meanings_icmp,    meanings_word,  meanings_errno};
    static const char *const nonsense[] = {"",
                                           "/",
                                           "//",
                                           "65536",
                                           "22/",
                                           "/tcp",
                                           "22/sctp",
                                           "-1",
                                           "1e3",
                                           "99999999999999999999",
                                           "3/",
                                           "3/256",
                                           "256/0",
                                           "3/13/1",
                                           "0x",
                                           "0x200",
                                           "0xfffff",
                                           ",",
                                           "|",
                                           "-",
                                           "SYN,",
                                           ",SYN",
                                           "1.2.3",
                                           "1.2.3.4.5",
                                           "256.1.1.1",
                                           "1.2.3.4/33",
                                           "1.2.3.4/",
                                           "::1/129",
                                           "[",
                                           "]",
                                           "[]",
                                           "[::1",
                                           "[::1]x",
                                           "::1%",
                                           "%",
                                           ":::",
                                           "tcp.",
                                           ".",
                                           "..",
                                           "=",
                                           "ip.proto=",
                                           "ip.proto=999",
                                           "ip.proto=6x",
                                           "\xff\xfe",
                                           "wibble",
                                           ", ",
                                           "errno",
                                           "SKB_DROP_REASON_"};
    char longest[5000];
    memset(longest, 'A', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    for (size_t i = 0; i <= sizeof nonsense / sizeof nonsense[0]; i++) {
        bool last = i == sizeof nonsense / sizeof nonsense[0];
        for (size_t j = 0; j < sizeof tables / sizeof tables[0]; j++) {
            stage->m.told = 0;
            stage->listener.want = NULL;
            tables[j](&stage->m, last ? longest : nonsense[i]);
            if (stage->m.told)
                fail_msg("%s means %s", last ? "AAA..." : nonsense[i], stage->listener.name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_field_and_its_values, setup, teardown),
        cmocka_unit_test_setup_teardown(every_type_and_code_of_icmp, setup, teardown),
        cmocka_unit_test_setup_teardown(every_combination_of_flags, setup, teardown),
        cmocka_unit_test_setup_teardown(every_port, setup, teardown),
        cmocka_unit_test_setup_teardown(nonsense_means_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
