/*
 * test_view_json.c: one object a line, as other programs rely on it. Python reads each line.
 */
#include <loopcraft/witness.h>

#include "view_render.h"

#include <stdio.h>
#include <sys/wait.h>

/* Every line must be JSON with a "type"; bytes outside of it, or control characters, must not be.
 */
static const char check[] = "import json,sys\n"
                            "for line in open(sys.argv[1],'rb'):\n"
                            "  text=line.decode('utf-8')\n"
                            "  o=json.loads(text)\n"
                            "  assert 'type' in o, text\n"
                            "  assert all(0x20<=ord(c) and not 0x7f<=ord(c)<=0x9f and "
                            "ord(c)!=0x202e for c in text[:-1]), text\n"
                            "  for l in o.get('layers',[]):\n"
                            "    for f in l['fields']:\n"
                            "      assert ('name' in f) != ('label' in f), f\n"
                            "      assert 0<=f['pos'] and f['pos']+f['size']<=o['caplen'] and "
                            "'show' in f and 'value' in f, f\n";

/* By the shell, so that no test depends on where python3 lies. */
static void must_be_json(const char *text)
{
    if (system("command -v python3 >/dev/null 2>&1") != 0) {
        print_message("skipped: python3 is not there to read the JSON\n");
        skip();
    }
    char path[] = "/tmp/loopcraft-json-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    fputs(text, file);
    fclose(file);
    setenv("CHECK", check, 1);
    struct text command = TEXT_EMPTY;
    text_format(&command, "python3 -c \"$CHECK\" %s", path);
    int status = system(text_string(&command));
    text_free(&command);
    remove(path);
    if (status != 0)
        fail_msg("not as it must be:\n%s", text);
}

static char *json_of(const struct event *event)
{
    struct render r = {0};
    render_json(&r);
    render_event(&r, event);
    render_end(&r);
    return r.text;
}

static void verdicts_have_the_keys_that_are_promised(void **state)
{
    (void)state;
    const struct event open = {
        .kind = EVENT_VERDICT,
        .verdict = {"tcp", "127.0.0.1", 8080, "open", "syn-ack", 1, 24113, "a", NULL, NULL}};
    const struct event silent = {
        .kind = EVENT_VERDICT,
        .verdict = {"tcp", "::1", 8082, "filtered", "no-response", 3, -1, "none", NULL, NULL}};
    char *text = json_of(&open);
    assert_string_equal(
        text, "{\"type\":\"verdict\",\"proto\":\"tcp\",\"addr\":\"127.0.0.1\",\"port\":8080,"
              "\"state\":\"open\",\"reason\":\"syn-ack\",\"tries\":1,\"rtt_us\":24.113,"
              "\"evidence\":\"a\"}\n");
    free(text);
    text = json_of(&silent);
    must_hold(text, "\"tries\":3,\"rtt_us\":null,\"evidence\":\"none\"}\n");
    free(text);
}

/* The kernel's testimony: in a verdict, and on its own. */
static void a_testimony(void **state)
{
    (void)state;
    static const struct testimony t = {
        .family = 2, .proto = 17, .port = 9002, .exchanges = 2, .sent = 1,
        .counters = {{"UdpNoPorts", 1, true}, {"TcpOutRsts", 0, true}, {"IpInReceives", 7, false}},
        .counter_count = 3,
        .drops = {"NO_SOCKET", "TCP_FLAGS"}, .drop_count = 2,
        .sockets = {{.now = {.family = 2, .state = 7, .port = 9002, .addr = {127, 0, 0, 1},
                             .receive_queue = 832},
                     .before = true, .after = true}},
        .socket_count = 1,
        .unavailable = "the kernel \x1b[2J",
    };
    const struct event verdict = {
        .kind = EVENT_VERDICT,
        .verdict = {"udp", "127.0.0.1", 9002, "closed", "port-unreach", 1, -1, "a", &t, NULL}};
    const struct event alone = {.kind = EVENT_WITNESS, .witness = {&t, "so"}};
    static const char expected[] =
        "\"witness\":{\"exchanges\":2,\"counters\":[{\"name\":\"UdpNoPorts\",\"by\":1}],"
        "\"disagreed\":[\"IpInReceives\"],\"drops\":[\"NO_SOCKET\",\"TCP_FLAGS\"],"
        "\"drops_agreed\":true,\"sockets\":[{\"state\":\"BOUND\",\"addr\":\"127.0.0.1\","
        "\"port\":9002,\"peer_port\":0,\"receive_queue_before\":0,\"receive_queue\":832,"
        "\"send_queue\":0}],\"unavailable\":\"the kernel \\u001b[2J\"}}\n";
    char *text = json_of(&verdict);
    must_hold(text, expected);
    free(text);
    text = json_of(&alone);
    must_hold(text, "{\"type\":\"witness\",\"means\":\"so\",\"witness\":");
    must_hold(text, expected);
    free(text);
}

static void all_other_events_are_objects_too(void **state)
{
    (void)state;
    const struct event all[] = {
        {.kind = EVENT_START, .start = {"syn", "sandbox", "a \"place\"\x1b[2J", "0.1"}},
        {.kind = EVENT_STEP, .step = {"SYN sent", "SYN-SENT", "", "1234 + 1"}},
        {.kind = EVENT_NOTE, .note = "a note\xff\xc2\x9b\xe2\x80\xae\\"},
        {.kind = EVENT_SUMMARY,
         .summary = {.text = "done",
                     .partial = true,
                     .sent = 5,
                     .received = 4,
                     .dropped = 1,
                     .states = {{"open", 1}, {"open|filtered", 2}}}},
    };
    struct render r = {0};
    render_json(&r);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        render_event(&r, &all[i]);
    must_be_json(render_end(&r));
    must_hold(r.text,
              "{\"type\":\"start\",\"command\":\"syn\",\"version\":\"0.1\",\"world\":\"sandbox\"");
    must_hold(r.text, "{\"type\":\"step\",\"title\":\"SYN sent\",\"ours\":\"SYN-SENT\"");
    must_hold(r.text, "{\"type\":\"step\",\"means\":\"a note");
    must_hold(r.text, "\"partial\":true,\"sent\":5,\"received\":4,\"dropped\":1,"
                      "\"states\":{\"open\":1,\"open|filtered\":2}}\n");
    free(r.text);
}

static void add_everything(struct packet_event *packet, void *context)
{
    static struct remark remark;
    static uint8_t origins[256];
    remark = (struct remark){record_field(&proto_tcp, "tcp.seq_raw"),
                             "\"quoted\" \x1b[31m \xe2\x80\xae", false};
    memset(origins, ORIGIN_LIBNET, sizeof origins);
    packet->frame.comment = context;
    packet->frame.direction = DIRECTION_SENT;
    packet->note = "SYN: a knock";
    packet->remarks = &remark;
    packet->remark_count = 1;
    packet->origins = origins;
}

static void packets_have_the_keys_that_are_promised(void **state)
{
    (void)state;
    char comment[] = "\x1b]0;x\x07 \xff \xc2\x9b \"\\";
    struct render r = {0};
    render_json(&r);
    render_frame(&r, frame_of(SAMPLE(syn)), add_everything, comment);
    must_be_json(render_end(&r));
    must_hold(r.text,
              "{\"type\":\"packet\",\"number\":1,\"time\":\"1795173412.404784000\",\"direction\":"
              "\"sent\",\"len\":74,\"caplen\":74,\"note\":\"SYN: a knock\",\"comment\":\"\\u001b");
    must_hold(r.text, "\"bytes\":\"00000000000000000000000008004500003c");
    must_hold(
        r.text,
        "\"layers\":[{\"name\":\"eth\",\"pos\":0,\"size\":14,\"fields\":[{\"name\":\"eth.dst\"");
    must_hold(r.text, "{\"name\":\"tcp\",\"pos\":34,\"size\":40,\"fields\":[");
    must_hold(r.text, "{\"name\":\"tcp.flags.syn\",\"pos\":47,\"size\":1,\"show\":\"1\",\"value\":"
                      "\"1\",\"means\":");
    must_hold(r.text, "\"means\":\"\\\"quoted\\\" \\u001b[31m \\u202e\",\"origin\":\"libnet\"}");
    free(r.text);
}

/* Any bytes, and what was kept from earlier packets must not show in later ones. */
static void many_are_as_each_whatever_the_bytes(void **state)
{
    (void)state;
    struct render many = {0};
    struct text each = TEXT_EMPTY;
    unsigned random = 7;
    render_json(&many);
    for (size_t i = 0; i < 400; i++) {
        uint8_t bytes[2048];
        struct bytes sample = samples[i % SAMPLES].bytes;
        memcpy(bytes, sample.at, sample.len);
        for (size_t change = 0; change < i % 5; change++) {
            random = random * 1664525u + 1013904223u;
            bytes[random % sample.len] = (uint8_t)(random >> 24);
        }
        struct frame frame = frame_of((struct bytes){bytes, sample.len - i % 3});
        frame.len = (uint32_t)sample.len;
        char ttl[] = {'n', 'o', 'w', ' ', (char)('a' + i % 26), '\0'};
        struct render one = {0};
        render_frame(&many, frame, i % 3 ? NULL : add_ttl, &ttl);
        render_json(&one);
        render_frame(&one, frame, i % 3 ? NULL : add_ttl, &ttl);
        text_put(&each, render_end(&one));
        free(one.text);
    }
    assert_string_equal(render_end(&many), text_string(&each));
    must_be_json(many.text);
    must_hold(many.text, "\"fault\":\"");
    must_hold(many.text, "{\"label\":\"");
    text_free(&each);
    free(many.text);
}

/* What stands after the layers inside a layer is the outer one's. */
static void padding_belongs_to_its_own_layer(void **state)
{
    (void)state;
    uint8_t bytes[sizeof sample_udp + 6] = {0};
    memcpy(bytes, sample_udp, sizeof sample_udp);
    bytes[sizeof bytes - 1] = 1; /* no zeros: they would be eth.padding */
    struct render r = {0};
    render_json(&r);
    render_frame(&r, frame_of((struct bytes){bytes, sizeof bytes}), NULL, NULL);
    must_be_json(render_end(&r));
    const char *padding = strstr(r.text, "padding: after"),
               *ip = strstr(r.text, "{\"name\":\"ip\"");
    assert_non_null(padding);
    assert_non_null(ip);
    assert_true(padding < ip);
    assert_null(strstr(padding + 1, "padding: after"));
    free(r.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_have_the_keys_that_are_promised),
        cmocka_unit_test(a_testimony),
        cmocka_unit_test(all_other_events_are_objects_too),
        cmocka_unit_test(packets_have_the_keys_that_are_promised),
        cmocka_unit_test(many_are_as_each_whatever_the_bytes),
        cmocka_unit_test(padding_belongs_to_its_own_layer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
