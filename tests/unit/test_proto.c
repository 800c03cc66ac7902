/*
 * test_proto.c: the tables of src/proto/: each is in order, its words are for people, its
 * names are Wireshark's, and what its formats write they read back.
 */
#include "sample_frames.h"

#include <loopcraft/lint.h>
#include <loopcraft/proto.h>
#include <loopcraft/walk.h>

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* --- every row ------------------------------------------------------------------ */

typedef void row_check(void *context, const struct record *record, const struct field *field);

struct rows {
    row_check *check;
    void *context;
};

static void record_rows(void *context, const struct record *record)
{
    struct rows *rows = context;
    for (size_t i = 0; i < record->field_count; i++)
        rows->check(rows->context, record, &record->fields[i]);
    if (record->options)
        rows->check(rows->context, record, &record->options->area);
    if (record->payload)
        rows->check(rows->context, record, record->payload);
    if (record->padding)
        rows->check(rows->context, record, record->padding);
    for (const struct list *list = record->lists; list && list->element; list++)
        rows->check(rows->context, record, &list->area);
}

static void each_row(row_check *check, void *context)
{
    struct rows rows = {check, context};
    lint_branches(proto_links, record_rows, &rows);
}

/* --- in order, and readable ------------------------------------------------------ */

static void lint_one(void *context, const struct record *record)
{
    lint_record(context, record);
}

static void every_table_is_in_order(void **state)
{
    (void)state;
    struct text complaints = TEXT_EMPTY;
    lint_branches(proto_links, lint_one, &complaints);
    assert_string_equal(text_string(&complaints), "");
    text_free(&complaints);
}

/* A phrase that fits at the end of a dump line: short, no sentence, no full stop. */
static void must_be_a_phrase(const char *name, const char *means)
{
    size_t len = strlen(means);
    if (len < 5 || len > 90 || means[len - 1] == '.' || isspace((unsigned char)means[0]))
        fail_msg("%s: not a phrase of 5 to 90 letters: %s", name, means);
    if (isupper((unsigned char)means[0]) && islower((unsigned char)means[1]))
        fail_msg("%s: starts like a sentence: %s", name, means);
}

static void must_be_terms(const char *name, const struct term *terms)
{
    for (; terms && terms->name; terms++) {
        if (term_find(terms + 1, terms->number))
            fail_msg("%s: number %llu has two names", name, (unsigned long long)terms->number);
        if (terms->means)
            must_be_a_phrase(terms->name, terms->means);
    }
}

static void must_be_readable(void *context, const struct record *record, const struct field *field)
{
    (void)context, (void)record;
    const char *name = field->name ? field->name : field->label;
    must_be_a_phrase(name, field->means);
    must_be_terms(name, field->terms);
    if (strlen(field->label) > 24)
        fail_msg("%s: its label is too long for a box: %s", name, field->label);
}

static void must_be_readable_too(void *context, const struct record *record)
{
    (void)context;
    must_be_a_phrase(record->title, record->means);
    for (const struct branch *b = record->cases; b && b->record; b++)
        must_be_terms(record->title, b->codes);
}

static void meanings_are_phrases(void **state)
{
    (void)state;
    each_row(must_be_readable, NULL);
    lint_branches(proto_links, must_be_readable_too, NULL);
}

/* --- names are Wireshark's ------------------------------------------------------- */

enum { NAMES_MOST = 4096 };

struct names {
    const char *name[NAMES_MOST];
    bool known[NAMES_MOST];
    size_t count;
};

static void add_name(struct names *names, const char *name)
{
    assert_true(names->count < NAMES_MOST);
    if (name)
        names->name[names->count++] = name;
}

static void add_row_name(void *context, const struct record *record, const struct field *field)
{
    (void)record;
    add_name(context, field->name);
}

static void add_record_name(void *context, const struct record *record)
{
    add_name(context, record->name);
}

/* A line of `tshark -G fields`: F (or P for a protocol), what it is called, its name, ... */
static void mark_known(struct names *names, char *line)
{
    strsep(&line, "\t");
    strsep(&line, "\t");
    const char *name = strsep(&line, "\t\n");
    for (size_t i = 0; name && i < names->count; i++)
        names->known[i] = names->known[i] || strcmp(names->name[i], name) == 0;
}

static void names_are_wiresharks(void **state)
{
    (void)state;
    struct names *names = calloc(1, sizeof *names);
    assert_non_null(names);
    each_row(add_row_name, names);
    lint_branches(proto_links, add_record_name, names);
    FILE *fields = popen("tshark -G fields 2>/dev/null", "r");
    assert_non_null(fields);
    char line[4096];
    while (fgets(line, sizeof line, fields))
        mark_known(names, line);
    if (pclose(fields) != 0) {
        free(names);
        print_message("tshark is not here: names are not compared with Wireshark's\n");
        skip();
    }
    for (size_t i = 0; i < names->count; i++)
        if (!names->known[i])
            fail_msg("tshark knows no %s", names->name[i]);
    free(names);
}

/* --- the same as tshark, field by field ------------------------------------------ */

static void put_u32(FILE *out, size_t number)
{
    uint32_t four = (uint32_t)number;
    fwrite(&four, sizeof four, 1, out);
}

/* A classic pcap file, in this machine's byte order. */
static void write_capture(const char *path)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    static const uint32_t header[] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1};
    fwrite(header, sizeof header, 1, out);
    for (size_t i = 0; i < SAMPLES; i++) {
        put_u32(out, 1700000000 + 1000 * i);
        put_u32(out, 0);
        put_u32(out, samples[i].bytes.len);
        put_u32(out, samples[i].bytes.len);
        fwrite(samples[i].bytes.at, samples[i].bytes.len, 1, out);
    }
    assert_int_equal(fclose(out), 0);
}

static void put_member(struct text *out, const char *name, struct text *value)
{
    text_format(out, ",\"%s\":", name);
    text_json_string(out, text_string(value));
    text_clear(value);
}

/* What parity.py reads of the dump's JSON: all named rows, here as one layer. */
static void put_packet(struct text *out, const struct dissection *d)
{
    struct text value = TEXT_EMPTY;
    const char *comma = "";
    text_put(out, "{\"type\":\"packet\",\"layers\":[{\"fields\":[");
    for (size_t i = 0; i < d->count; i++) {
        const struct node *node = &d->nodes[i];
        const char *name = node_name(node);
        if (!name || (node->kind == NODE_RECORD && node->record->layer != LAYER_PART))
            continue;
        text_format(out, "%s{\"name\":\"%s\",\"pos\":%u,\"size\":%u", comma, name,
                    node_pos(node), node_size(node));
        node_show(&value, d, node);
        put_member(out, "show", &value);
        node_value(&value, d, node);
        put_member(out, "value", &value);
        text_char(out, '}');
        comma = ",";
    }
    text_put(out, "]}]}\n");
    text_free(&value);
}

static void write_dump(const char *path)
{
    struct dissection d = {0};
    struct text lines = TEXT_EMPTY;
    for (size_t i = 0; i < SAMPLES; i++) {
        walk(&d, &proto_ethernet, samples[i].bytes, samples[i].bytes.len);
        put_packet(&lines, &d);
    }
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fwrite(lines.at, lines.len, 1, out);
    assert_int_equal(fclose(out), 0);
    text_free(&lines);
    dissection_free(&d);
}

static void tshark_says_the_same(void **state)
{
    (void)state;
    if (access("tests/parity.py", R_OK) != 0 || system("command -v python3 >/dev/null") != 0) {
        print_message("no python3, or not started in the source folder: parity is not tested\n");
        skip();
    }
    char folder[] = "/tmp/loopcraft-proto-XXXXXX", capture[64], dump[64], command[256];
    assert_non_null(mkdtemp(folder));
    snprintf(capture, sizeof capture, "%s/samples.pcap", folder);
    snprintf(dump, sizeof dump, "%s/samples.json", folder);
    write_capture(capture);
    write_dump(dump);
    snprintf(command, sizeof command, "python3 tests/parity.py %s %s", capture, dump);
    int result = system(command);
    unlink(capture);
    unlink(dump);
    rmdir(folder);
    assert_true(WIFEXITED(result));
    if (WEXITSTATUS(result) == 77)
        skip(); /* parity.py has said why */
    assert_int_equal(WEXITSTATUS(result), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_is_in_order),
        cmocka_unit_test(meanings_are_phrases),
        cmocka_unit_test(names_are_wiresharks),
        cmocka_unit_test(tshark_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
