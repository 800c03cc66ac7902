/*
 * test_view_port.c: a port of an audit in the table, as JSON and in the report, with foreign texts
 * that would be escapes, JSON or Markdown.
 */
#include "harmless.h"
#include "json_check.h"
#include "view_render.h"

static const char foreign[] =
    "e\x1b[31m|*_`<b>\xe2\x80\xae[x](http://y) www.evil.test\xff\"\n# head @you";

static struct event port_event(bool hostile)
{
    const char *text = hostile ? foreign : "nginx";
    struct event event = {.kind = EVENT_PORT};
    event.port = (struct port_event){
        .proto = "tcp",
        .port = 443,
        .concern = "exposed-plaintext",
        .state = "open",
        .bound = "0.0.0.0",
        .exposure = "every interface",
        .binding = "bound to 0.0.0.0, every address of IPv4",
        .service = "https",
        .purpose = "the web in TLS",
        .encryption = "plaintext",
        .observed = true,
        .banner = text,
        .user = text,
        .pid = 77,
        .pids_more = 2,
        .program = text,
        .command = text,
        .asked = {{"127.0.0.1", "open", "syn-ack", "connected"}},
        .asked_count = 1,
        .finding = "What it says is plaintext, where https is usually encrypted",
        .advice = "yes, on a web server",
        .instead = "HTTPS (443)",
    };
    return event;
}

/* What the table alone knows of it. */
static const struct event bare = {.kind = EVENT_PORT,
                                  .port = {.proto = "udp",
                                           .port = 40000,
                                           .concern = "loopback",
                                           .bound = "10.9.9.1",
                                           .exposure = "one address",
                                           .binding = "bound to 10.9.9.1, private",
                                           .user = "uid 7",
                                           .unknown = "no process holds it",
                                           .unasked = "its address is not loopback",
                                           .advice = "ask whoever runs it"}};
static const struct event closed = {
    .kind = EVENT_PORT,
    .port = {.proto = "tcp",
             .port = 23,
             .concern = "closed",
             .state = "closed",
             .service = "telnet",
             .asked = {{"127.0.0.1", "closed", "reset", "ECONNREFUSED"}, {"::1", NULL, NULL, NULL}},
             .asked_count = 2,
             .advice = "never"}};
static const struct event start = {
    .kind = EVENT_START,
    .start = {.command = "audit", .world = "host", .place = "host: here", .version = "1"}};
static const struct event note = {.kind = EVENT_NOTE, .note = "Left out: a thing"};
static const struct event summary = {.kind = EVENT_SUMMARY,
                                     .summary = {.text = "2 ports in use", .partial = true}};

static const char *render_all(struct render *r, bool hostile)
{
    struct event port = port_event(hostile);
    const struct event *all[] = {&start, &note, &port, &port, &bare, &closed, &summary};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        render_event(r, all[i]);
    return render_end(r);
}

static void the_table_fits_every_width(void **state)
{
    (void)state;
    for (unsigned columns = 40; columns <= 200; columns += 4)
        for (int kind = 0; kind < 8; kind++) {
            struct look look = {
                .columns = columns, .utf8 = kind & 1, .colour = kind & 2, .verbose = kind & 4};
            struct render r = {0};
            render_dump(&r, look);
            const char *text = render_all(&r, true);
            must_fit_page(text, columns);
            must_be_harmless(
                text, strlen(text),
                (struct harmless){.lines = true, .utf8 = look.utf8, .colour = look.colour});
            free(r.text);
        }
}

static void what_the_table_says(void **state)
{
    (void)state;
    struct render r = {0};
    render_dump(&r, plain_look(80));
    const char *text = render_all(&r, false);
    must_hold(text, "443/tcp    https          open           every interface  plaintext, seen\n");
    must_hold(text, "who    nginx, process 77 of nginx (and 2 more): nginx\n");
    must_hold(text, "40000/udp  -              not asked      one address      unknown\n");
    must_hold(text, "user uid 7; no process holds it");
    must_hold(text, "Asked over TCP, and nothing is there: 23\n");
    assert_null(
        strstr(strstr(text, "on a web server") + 1, "on a web server")); /* not told twice */
    free(r.text);
    struct look verbose = plain_look(80);
    verbose.verbose = true;
    r = (struct render){0};
    render_dump(&r, verbose);
    must_hold(render_all(&r, false), "23/tcp     telnet         closed");
    free(r.text);
}

static void as_json(void **state)
{
    (void)state;
    struct render r = {0};
    render_json(&r);
    const char *text = render_all(&r, true);
    must_be_json_lines(text, r.len);
    must_be_harmless(text, r.len, (struct harmless){.lines = true, .utf8 = true});
    must_hold(text, "\"type\":\"port\",\"proto\":\"udp\",\"port\":40000,");
    must_hold(text, "\"pid\":null,\"pids_more\":0,\"program\":null,");
    must_hold(text,
              "\"asked\":[{\"addr\":\"127.0.0.1\",\"handmade\":\"open\",\"reason\":\"syn-ack\","
              "\"connect\":\"connected\"}]");
    free(r.text);
}

/* report_view() closes its stream: it writes into a second one on the same file. */
static char *report(bool hostile, bool whole)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    struct sink *sink = report_view(fdopen(dup(fileno(file)), "w"));
    struct event port = port_event(hostile);
    struct err err = {0};
    assert_true(sink->event(sink, &start, &err) && sink->event(sink, &note, &err) &&
                sink->event(sink, &port, &err) && sink->event(sink, &closed, &err));
    assert_true(!whole || sink->event(sink, &summary, &err));
    assert_true(sink->end(sink, &err));
    rewind(file);
    char *text = calloc(1, 65536);
    assert_true(fread(text, 1, 65535, file) > 0);
    fclose(file);
    return text;
}

static void the_report_is_a_page_of_markdown(void **state)
{
    (void)state;
    char *text = report(false, true);
    must_hold(text, "# Ports of ");
    must_hold(text, "- Where: host: here; loopcraft 1\n");
    must_hold(text, "2 ports in use (**partial: it was interrupted**).\n");
    must_hold(text, "| 443/tcp | https | open | every interface | plaintext, seen | nginx, nginx | "
                    "yes, on a web server | HTTPS (443) |\n");
    must_hold(text, "- **443/tcp** (nginx, nginx): What it says is plaintext");
    must_hold(text, "- Left out: a thing\n");
    must_hold(text, "nothing is\n\n23.\n");
    free(text);
    text = report(false, false);
    must_hold(text, "incomplete");
    free(text);
}

static void foreign_text_is_no_markdown(void **state)
{
    (void)state;
    char *text = report(true, true);
    must_be_harmless(text, strlen(text), (struct harmless){.lines = true, .utf8 = true});
    must_not_hold(text, "<b>");
    must_not_hold(text, "](");
    must_not_hold(text, "http:");
    must_not_hold(text, "www.");
    must_not_hold(text, " @you");
    must_not_hold(text, "\n# head");
    must_hold(text, "\\\\x1b\\[31m\\|\\*\\_\\`\\<b\\>");
    free(text);
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    if (!full) {
        print_message("no /dev/full here\n");
        skip();
    }
    struct sink *sink = report_view(full);
    struct err err = {0};
    assert_false(sink->end(sink, &err));
    assert_int_equal(err.status, STATUS_SYSTEM);
    must_hold(err.message, "No space left");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_fits_every_width),
        cmocka_unit_test(what_the_table_says),
        cmocka_unit_test(as_json),
        cmocka_unit_test(the_report_is_a_page_of_markdown),
        cmocka_unit_test(foreign_text_is_no_markdown),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
