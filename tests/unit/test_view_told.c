/*
 * test_view_told.c: what the dump tells around the packets, the ladder, and writing itself.
 */
#include "view_render.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const struct event start = {
    .kind = EVENT_START,
    .start = {.command = "syn", .world = "sandbox", .place = "sandbox: nothing can leave it"}};
static const struct event step = {
    .kind = EVENT_STEP,
    .step = {"SYN sent", "SYN-SENT", "SYN-RECV", "SYN counts as one: 1234 + 1 = 1235."}};
static const struct event note = {.kind = EVENT_NOTE, .note = "the kernel\x1b[2J sent a RST"};
static const struct event open_port = {.kind = EVENT_VERDICT,
                                       .verdict = {"tcp", "127.0.0.1", 8080, "open", "syn-ack", 1,
                                                   24113, "SYN-ACK, ack_raw 1235", NULL, NULL}};
static const struct event silent_port = {.kind = EVENT_VERDICT,
                                         .verdict = {"tcp", "127.0.0.1", 8082, "filtered",
                                                     "no-response", 3, -1, "no answer", NULL,
                                                     NULL}};
static const struct event summary = {
    .kind = EVENT_SUMMARY, .summary = {.text = "2 ports: 1 open", .partial = true, .dropped = 7}};

static const struct detail details[] = {
    {.key = "port", .text = "22", .number = true, .named = true},
    {.key = "system", .text = "ssh\x1b[2J"}};
static const struct event meaning = {
    .kind = EVENT_MEANING,
    .meaning = {"22", "port", "22/tcp ssh", "a shell on another machine", details, 2}};

static const struct event address = {.kind = EVENT_ANSWER,
                                     .answer = {"www.example.test", "A", "192.0.2.10", 60,
                                                "documentation", "nowhere", "for examples in books",
                                                "127.0.0.1:53", NULL}};
static const struct event alias = {
    .kind = EVENT_ANSWER,
    .answer = {"w\\x1b.test", "CNAME", "a.name.that.is.longer.than.its.column.has.room.for.test",
               -1, NULL, NULL, "its real name", "127.0.0.1:53", NULL}};
static const struct event no_name = {.kind = EVENT_ANSWER,
                                     .answer = {"nosuch.test", "AAAA", NULL, -1, NULL, NULL,
                                                "there is no such name", "127.0.0.1:53",
                                                "NXDOMAIN"}};

static void must_fit(const char *text, unsigned columns)
{
    for (size_t len; *text; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        if (text_columns(text, len) > columns)
            fail_msg("more than %u columns: %.*s", columns, (int)len, text);
    }
}

static char *told(struct look look)
{
    const struct event *all[] = {&start,   &step,    &note,  &open_port, &silent_port,
                                 &meaning, &address, &alias, &no_name,   &summary};
    struct render r = {0};
    render_dump(&r, look);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        render_event(&r, all[i]);
    render_end(&r);
    must_fit(r.text, look.columns);
    return r.text;
}

static void steps_notes_verdicts_and_the_summary(void **state)
{
    (void)state;
    char *text = told(plain_look(80));
    must_hold(text, "syn · sandbox: nothing can leave it\n");
    must_hold(text, "▸ SYN sent   you: SYN-SENT   server: SYN-RECV\n  SYN counts as one");
    must_hold(text, "- the kernel\\x1b[2J sent a RST\n");
    must_hold(text, "PORT       STATE          REASON            TRIES        RTT\n");
    must_hold(text, "8080/tcp   open           syn-ack               1    24.1 µs\n");
    must_hold(text, "\n           SYN-ACK, ack_raw 1235\n");
    must_hold(text, "8082/tcp   filtered       no-response           3          -\n");
    must_hold(text,
              "22/tcp ssh  port\n  a shell on another machine\n  system        ssh\\x1b[2J\n");
    must_hold(text,
              "\n  www.example.test      A         192.0.2.10        documentation: for examples");
    must_hold(text,
              "\n  nosuch.test           AAAA      NXDOMAIN          there is no such name\n");
    must_hold(text, "CNAME     a.name.that.is.longer");
    must_hold(text, "2 ports: 1 open (partial)\n7 packets were dropped");
    free(text);
    text = told(plain_look(120));
    must_hold(text, "24.1 µs   SYN-ACK, ack_raw 1235\n");
    free(text);
    free(told(plain_look(40)));
}

/* What capture files know to the nanosecond, and captures of ours to the microsecond. */
static void durations_claim_no_more_than_is_known(void **state)
{
    (void)state;
    static const struct {
        int64_t ns;
        const char *said;
    } table[] = {
        {0, " 0 µs\n"},           {7, " 7 ns\n"},          {3000, " 3 µs\n"},
        {3250, " 3.25 µs\n"},     {24000, " 24 µs\n"},     {24113, " 24.1 µs\n"},
        {345000, " 345 µs\n"},    {6650000, " 6.65 ms\n"}, {12000000, " 12.0 ms\n"},
        {2000000000, " 2.00 s\n"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct event verdict = open_port;
        struct render r = {0};
        verdict.verdict.rtt_ns = table[i].ns;
        render_dump(&r, plain_look(80));
        render_event(&r, &start);
        render_event(&r, &verdict);
        render_end(&r);
        must_hold(r.text, table[i].said);
        free(r.text);
    }
}

static void ascii_is_ascii(void **state)
{
    (void)state;
    char *text = told((struct look){.columns = 80});
    must_hold(text, "24.1 us\n");
    for (const char *at = text; *at; at++)
        assert_true((unsigned char)*at < 0x7f);
    free(text);
}

static void quiet_tells_what_was_found_out(void **state)
{
    (void)state;
    char *text = told((struct look){.columns = 80, .utf8 = true, .quiet = true});
    must_hold(text, "syn · sandbox"); /* the first line always says where it happens */
    must_hold(text, "8080/tcp");
    must_hold(text, "2 ports");
    must_not_hold(text, "SYN sent");
    must_hold(text, "the kernel"); /* notes are rare, and for everybody */
    free(text);
}

/* --- the ladder ------------------------------------------------------------------------- */

static void as_sent(struct packet_event *packet, void *context)
{
    packet->frame.direction = *(enum direction *)context;
}

static void the_ladder_shows_who_said_what_and_the_states(void **state)
{
    (void)state;
    enum direction sent = DIRECTION_SENT, received = DIRECTION_RECEIVED;
    const struct event listening = {.kind = EVENT_STEP, .step = {"ready", "CLOSED", "LISTEN", ""}};
    for (unsigned columns = 40; columns <= 120; columns += 4) {
        struct render r = {0};
        render_dump(&r,
                    (struct look){.columns = columns, .quiet = true, .ladder = true, .utf8 = true});
        render_event(&r, &listening);
        render_frame(&r, frame_of(SAMPLE(syn)), as_sent, &sent);
        render_event(&r, &step);
        render_frame(&r, frame_of(SAMPLE(syn_ack)), as_sent, &received);
        must_fit(render_end(&r), columns);
        must_hold(r.text, "you 127.0.0.1:40664");
        must_hold(r.text, "server 127.0.0.1:8080");
        must_hold(r.text, "│── SYN ");
        must_hold(r.text, "│◀─ SYN-ACK");
        if (columns >= 80) {
            must_hold(r.text, "CLOSED │");
            must_hold(r.text, "│ LISTEN");
            must_hold(r.text, "SYN-SENT │── SYN seq_raw=1581247735");
            must_hold(r.text, "▶│ SYN-RECV");
        }
        free(r.text);
    }
}

static void the_ladder_is_bounded_and_says_so(void **state)
{
    (void)state;
    struct render r = {0};
    render_dump(&r, (struct look){.columns = 80, .quiet = true, .ladder = true, .utf8 = true});
    for (size_t i = 0; i < 300; i++)
        render_frame(&r, frame_of(i % 2 ? SAMPLE(udp) : SAMPLE(syn)), NULL, NULL);
    must_fit(render_end(&r), 80);
    must_hold(r.text, "(and 44 more that are not drawn)");
    must_hold(r.text, "40664→8080"); /* two conversations: each arrow has its ports */
    must_not_hold(r.text, "you ");   /* nobody said which end is ours */
    free(r.text);
}

static void a_ladder_of_nothing_is_nothing(void **state)
{
    (void)state;
    struct render r = {0};
    render_dump(&r, (struct look){.columns = 80, .quiet = true, .ladder = true});
    render_event(&r, &step);
    assert_string_equal(render_end(&r), "");
    free(r.text);
}

/* --- writing -------------------------------------------------------------------------------- */

static void a_full_disk_is_one_line(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    if (!full) {
        print_message("skipped: no /dev/full here\n");
        skip();
    }
    struct err err = {0};
    struct sink *sink = dump_view(full, plain_look(80));
    assert_true(sink->event(sink, &start, &err)); /* kept for later */
    assert_false(sink->end(sink, &err));
    assert_int_equal(err.status, STATUS_SYSTEM);
    assert_false(err.quiet);
    must_hold(err.message, "standard output: No space left on device");
    assert_null(strchr(err.message, '\n'));
    fputs("x", full);
    assert_false(view_flush(full, &err));
    assert_int_equal(err.status, STATUS_SYSTEM);
    fclose(full);
}

static void a_reader_that_went_away_is_no_error(void **state)
{
    (void)state;
    int ends[2];
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    FILE *out = fdopen(ends[1], "w");
    struct look look = plain_look(80);
    look.live = true;
    struct err err = {0};
    struct sink *sink = dump_view(out, look);
    assert_false(sink->event(sink, &start, &err));
    assert_int_equal(err.status, STATUS_DONE);
    assert_true(err.quiet);
    assert_false(sink->end(sink, &err));
    assert_true(err.quiet);
    fclose(out);
}

static void live_is_written_at_once(void **state)
{
    (void)state;
    for (int live = 0; live <= 1; live++) {
        int ends[2];
        char byte;
        assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
        FILE *out = fdopen(ends[1], "w");
        struct err err = {0};
        struct sink *sink = json_view(out, live);
        assert_true(sink->event(sink, &start, &err));
        assert_int_equal(read(ends[0], &byte, 1), live ? 1 : -1);
        assert_true(sink->end(sink, &err));
        assert_int_equal(read(ends[0], &byte, 1), 1);
        fclose(out);
        close(ends[0]);
    }
}

static void the_look_is_asked_of_the_environment(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    setenv("COLUMNS", "97", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    struct look look = look_at(file, "auto", false);
    assert_int_equal(look.columns, 97);
    assert_true(look.utf8);
    assert_false(look.colour || look.live); /* not a terminal */
    assert_true(look_at(file, "always", false).colour);
    assert_false(look_at(file, "auto", true).utf8);
    setenv("LC_ALL", "C", 1);
    setenv("COLUMNS", "7", 1);
    look = look_at(file, "never", false);
    assert_false(look.utf8);
    assert_int_equal(look.columns, 40);
    unsetenv("COLUMNS");
    assert_int_equal(look_at(file, "auto", false).columns, 120);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_notes_verdicts_and_the_summary),
        cmocka_unit_test(durations_claim_no_more_than_is_known),
        cmocka_unit_test(ascii_is_ascii),
        cmocka_unit_test(quiet_tells_what_was_found_out),
        cmocka_unit_test(the_ladder_shows_who_said_what_and_the_states),
        cmocka_unit_test(the_ladder_is_bounded_and_says_so),
        cmocka_unit_test(a_ladder_of_nothing_is_nothing),
        cmocka_unit_test(a_full_disk_is_one_line),
        cmocka_unit_test(a_reader_that_went_away_is_no_error),
        cmocka_unit_test(live_is_written_at_once),
        cmocka_unit_test(the_look_is_asked_of_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
