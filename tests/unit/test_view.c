/*
 * test_view.c: the dump. Every byte stands in it once, no line is too long, nothing foreign is
 * printed raw, and what was written before is written again just so.
 */
#include "view_render.h"

#include <stdio.h>

static const struct look looks[] = {
    {.columns = 40, .utf8 = true},
    {.columns = 60, .utf8 = true},
    {.columns = 60},
    {.columns = 80, .utf8 = true},
    {.columns = 80, .verbose = true},
    {.columns = 80, .utf8 = true, .colour = true},
    {.columns = 120, .utf8 = true},
    {.columns = 120, .utf8 = true, .verbose = true},
    {.columns = 120, .colour = true},
};

enum { LOOKS = sizeof looks / sizeof looks[0] };

static void dump_and_check(struct look look, struct frame frame)
{
    struct render r = {0};
    render_dump(&r, look);
    render_frame(&r, frame, NULL, NULL);
    must_show_all(render_end(&r), frame.bytes, look.columns);
    free(r.text);
}

/* --- every byte, once ------------------------------------------------------------------ */

static void each_byte_once_and_no_line_too_long(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++)
        for (size_t k = 0; k < LOOKS; k++)
            dump_and_check(looks[k], frame_of(samples[i].bytes));
}

static void likewise_wherever_the_capture_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        for (size_t len = 1; len < samples[i].bytes.len; len++) {
            struct frame frame = frame_of((struct bytes){samples[i].bytes.at, len});
            dump_and_check(looks[len % LOOKS], frame);
            frame.len = (uint32_t)samples[i].bytes.len;
            dump_and_check(looks[(len + 3) % LOOKS], frame);
        }
    }
}

/* What was kept from earlier packets must not show in later ones, whatever these are. */
static void a_dump_of_many_is_the_dumps_of_each(void **state)
{
    (void)state;
    for (size_t k = 0; k < LOOKS; k++) {
        struct render many = {0};
        struct text each = TEXT_EMPTY;
        unsigned random = 1;
        render_dump(&many, looks[k]);
        for (size_t i = 0; i < 300; i++) {
            uint8_t bytes[2048];
            struct bytes sample = samples[i % SAMPLES].bytes;
            memcpy(bytes, sample.at, sample.len);
            for (size_t change = 0; change < i % 4; change++) {
                random = random * 1664525u + 1013904223u;
                bytes[random % sample.len] = (uint8_t)(random >> 24);
            }
            struct frame frame = frame_of((struct bytes){bytes, sample.len});
            char ttl[] = {'n', 'o', 'w', ' ', (char)('a' + i % 26), '\0'};
            struct render one = {0};
            render_frame(&many, frame, i % 3 ? NULL : add_ttl, &ttl);
            render_dump(&one, looks[k]);
            render_frame(&one, frame, i % 3 ? NULL : add_ttl, &ttl);
            text_put(&each, render_end(&one));
            must_show_all(one.text, frame.bytes, looks[k].columns);
            free(one.text);
        }
        assert_string_equal(render_end(&many), text_string(&each));
        text_free(&each);
        free(many.text);
    }
}

/* --- what a row says ----------------------------------------------------------------------- */

static char *dumped(struct look look, struct frame frame,
                    void (*more)(struct packet_event *packet, void *context), void *context)
{
    struct render r = {0};
    render_dump(&r, look);
    render_frame(&r, frame, more, context);
    render_end(&r);
    return r.text;
}

static void a_syn_reads_well(void **state)
{
    (void)state;
    char *text = dumped(plain_look(120), frame_of(SAMPLE(syn)), NULL, NULL);
    must_hold(text, "#1  SYN   127.0.0.1:40664 → 127.0.0.1:8080   74 bytes\n");
    must_hold(text, "┌ Link (2) · frame · Ethernet II ──");
    must_hold(text, "│ ┌ Internet (3) · packet · IPv4 ──");
    must_hold(text, "│ │ ┌ Transport (4) · segment · TCP ──");
    must_hold(text, "─ 40 bytes\n");
    must_hold(text, "│ │ 000e  45                ip.version             4 ");
    must_hold(text, "│ │ 000e  .5                ip.hdr_len             20 ");
    must_hold(text, "│ │ │ 002e  .0 02           tcp.flags              .... ..1. SYN ");
    must_hold(text, "│ │ │ 0036  02 04 ff d7     tcp.options.mss        65495 ");
    must_hold(text, "│ │ │ 003c  08 0a d0 37     tcp.options.timestamp  ");
    must_not_hold(text, "tcp.flags.syn");
    must_not_hold(text, "bad:");
    must_hold(text, "\n└─┴─┴─");
    free(text);
}

static void verbose_shows_each_flag_and_each_name(void **state)
{
    (void)state;
    struct look look = plain_look(120);
    look.verbose = true;
    char *text = dumped(look, frame_of(SAMPLE(syn)), NULL, NULL);
    must_hold(text, "  tcp.flags.syn ");
    must_hold(text, ".... ..1. set");
    must_hold(text, "same bytes");
    must_hold(text, "tcp.options.mss_val");
    free(text);
}

static void faults_stand_out(void **state)
{
    (void)state;
    uint8_t bytes[sizeof sample_syn];
    memcpy(bytes, sample_syn, sizeof bytes);
    bytes[14] = 0x43; /* a header of 12 bytes: its fixed part alone has 20 */
    char *text = dumped(plain_look(120), frame_of((struct bytes){bytes, sizeof bytes}), NULL, NULL);
    must_hold(text, "bad: less than the header's fixed part");
    free(text);
    struct frame cut = frame_of((struct bytes){sample_syn, 40});
    cut.len = sizeof sample_syn;
    text = dumped(plain_look(80), cut, NULL, NULL);
    must_hold(text, "74 bytes   40 captured");
    must_hold(text, "cut: the capture ends here");
    free(text);
}

struct told {
    struct remark remark;
    const struct bytes *built;
};

static void add_told(struct packet_event *packet, void *context)
{
    struct told *told = context;
    const struct dissection *d = packet->dissection;
    static uint8_t origins[256];
    assert_true(d->count < sizeof origins);
    for (size_t i = 0; i < d->count; i++) {
        const char *name = node_name(&d->nodes[i]);
        origins[i] = !name                                ? ORIGIN_UNKNOWN
                     : strcmp(name, "tcp.dstport") == 0   ? ORIGIN_YOU
                     : strcmp(name, "tcp.flags.syn") == 0 ? ORIGIN_LOOPCRAFT
                     : strcmp(name, "ip.id") == 0         ? ORIGIN_KERNEL
                                                          : ORIGIN_LIBNET;
    }
    packet->origins = origins;
    packet->built = told->built;
    packet->remarks = &told->remark;
    packet->remark_count = 1;
    packet->note = "a knock on the door";
}

static void remarks_and_origins_stand_in_their_rows(void **state)
{
    (void)state;
    uint8_t built[sizeof sample_syn - 14];
    memcpy(built, sample_syn + 14, sizeof built);
    built[4] = built[5] = 0; /* ip.id, left to the kernel */
    struct bytes b = {built, sizeof built};
    struct told told = {{record_field(&proto_tcp, "tcp.seq_raw"), "counting starts\x1b[31m here",
                          false},
                        &b};
    for (unsigned columns = 80; columns <= 120; columns += 40) {
        char *text = dumped(plain_look(columns), frame_of(SAMPLE(syn)), add_told, &told);
        must_hold(text, "    a knock on the door\n");
        must_hold(text, "counting starts\\x1b[31m here");
        must_hold(text, "← you\n");
        must_hold(text, "← loopcraft\n"); /* the flags: one of them says so */
        must_hold(text, "← libnet\n");
        must_hold(text, "← kernel, was 0x0000\n");
        must_show_all(text, SAMPLE(syn), columns);
        free(text);
    }
}

/* --- promise 7 ------------------------------------------------------------------------------ */

static const uint8_t hostile[] = "line one\r\n\x1b[31mred\x1b[0m \xc2\x9b 2J \xff\xfe \xe2\x80\xae"
                                 "desrever\nh\xc3\xa9llo \x7f and \x07 some more words to be text";

static void add_comment(struct packet_event *packet, void *context)
{
    packet->frame.comment = context;
    packet->note = context;
}

static void nothing_foreign_is_printed_raw(void **state)
{
    (void)state;
    uint8_t bytes[54 + sizeof hostile - 1];
    memcpy(bytes, sample_syn, 54);
    bytes[17] = 40 + sizeof hostile - 1;
    bytes[46] = 0x50; /* no options */
    memcpy(bytes + 54, hostile, sizeof hostile - 1);
    struct frame frame = frame_of((struct bytes){bytes, sizeof bytes});
    for (size_t k = 0; k < LOOKS; k++) {
        if (looks[k].colour)
            continue;
        char comment[sizeof hostile];
        memcpy(comment, hostile, sizeof hostile);
        char *text = dumped(looks[k], frame, add_comment, comment);
        for (const uint8_t *at = (const uint8_t *)text; *at; at++)
            if ((*at < 0x20 && *at != '\n') || *at == 0x7f || (!looks[k].utf8 && *at > 0x7f))
                fail_msg("a raw %02x", *at);
        must_not_hold(text, "\xc2\x9b");
        must_not_hold(text, "\xe2\x80\xae");
        must_not_hold(text, "\xff");
        if (looks[k].columns >= 80) {
            must_hold(text, "comment: line one\\r\\n\\x1b[31mred");
            must_hold(text, "  line one\n");
            must_hold(text, "\\x1b[31mred\\x1b[0m");
            must_hold(text, looks[k].utf8 ? "h\xc3\xa9llo" : "h\\u{e9}llo");
        }
        must_show_all(text, frame.bytes, looks[k].columns);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_once_and_no_line_too_long),
        cmocka_unit_test(likewise_wherever_the_capture_ends),
        cmocka_unit_test(a_dump_of_many_is_the_dumps_of_each),
        cmocka_unit_test(a_syn_reads_well),
        cmocka_unit_test(verbose_shows_each_flag_and_each_name),
        cmocka_unit_test(faults_stand_out),
        cmocka_unit_test(remarks_and_origins_stand_in_their_rows),
        cmocka_unit_test(nothing_foreign_is_printed_raw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
