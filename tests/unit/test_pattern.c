/*
 * test_pattern.c: what a view keeps of one packet does not show in the next: each packet of the
 * captures, and each spoiled one, looks as it does in a view that never saw another.
 */
#include "every_view.h"
#include "sample_frames.h"
#include "spoil.h"

#include <loopcraft/proto.h>

enum { SPOILED = 4 };

/* How a packet is shown; json: not as a look. */
struct way {
    struct look look;
    bool json;
};

static const struct way ways[] = {
    {{.columns = 120, .utf8 = true, .live = true}, false},
    {{.columns = 80, .utf8 = true, .colour = true, .live = true}, false},
    {{.columns = 100, .verbose = true, .live = true}, false},
    {{.live = true}, true},
};

static void open_way(struct render *r, const struct way *way)
{
    render_open(r);
    r->sink = way->json ? json_view(r->file, true) : dump_view(r->file, way->look);
}

/* On the number that the packet's data begins with. */
static void add_remark(struct packet_event *packet, void *context)
{
    packet->remarks = context;
    packet->remark_count = 1;
}

static void tell(struct render *r, struct frame frame, const char *text)
{
    struct remark remark = {.field = record_field(&proto_tcp, "tcp.seq_raw"), .text = text};
    if (text)
        render_frame(r, frame, add_remark, &remark);
    else
        every_tell(r, frame);
}

/* The packet in a view that has shown others, from byte `from` of its text on; and in a new one. */
static void must_look_alike(struct render *old, const struct way *way, struct frame frame,
                            const char *remark)
{
    size_t from = old->len;
    tell(old, frame, remark);
    fflush(old->file);
    struct render alone = {0};
    open_way(&alone, way);
    tell(&alone, frame, remark);
    render_end(&alone);
    if (old->len - from != alone.len || memcmp(old->text + from, alone.text, alone.len) != 0)
        fail_msg("after others:\n%s\nbut alone:\n%s", old->text + from, alone.text);
    free(alone.text);
    rewind(old->file); /* the text need not grow */
    old->len = 0;
}

struct shown {
    struct render old;
    const struct way *way;
};

/* Seen, kept, copied. */
static void must_stay_apart(struct frame frame, void *context)
{
    struct shown *shown = context;
    for (int i = 0; i < 3; i++)
        must_look_alike(&shown->old, shown->way, frame, NULL);
}

static void check_captures(const struct way *way)
{
    struct shown shown = {.way = way};
    open_way(&shown.old, way);
    each_spoiled("tests/captures/*.pcap*", 60, SPOILED, must_stay_apart, &shown);
    render_end(&shown.old);
    free(shown.old.text);
}

static void rows_look_as_in_a_new_view(void **state)
{
    (void)state;
    check_captures(&ways[0]);
    check_captures(&ways[1]);
    check_captures(&ways[2]);
}

static void json_looks_as_in_a_new_view(void **state)
{
    (void)state;
    check_captures(&ways[3]);
}

/* A value of one digit and of ten, beside words that end, wrap, and are wide. */
static void grow(struct render *old, const struct way *way)
{
    static const char *const remarks[] = {
        NULL,
        "short",
        "as long as a remark may be: it goes on in further lines, wherever the value beside it "
        "ends",
        "\xe9\x95\xbf\xe5\x9f\x8e\xe9\x95\xbf\xe5\x9f\x8e wide, and \x1b[31m not safe",
        "",
    };
    enum { SEQ = 14 + 20 + 4 };
    uint8_t bytes[sizeof sample_syn];
    memcpy(bytes, sample_syn, sizeof bytes);
    for (size_t i = 0; i < sizeof remarks / sizeof remarks[0]; i++)
        for (uint64_t number = 1; number <= UINT32_MAX; number = number * 10 - number / 3) {
            bytes_set_number(bytes, sizeof bytes, SEQ * 8, 32, number);
            must_look_alike(old, way,
                            (struct frame){.bytes = {bytes, sizeof bytes},
                                           .len = sizeof bytes,
                                           .number = 1,
                                           .linktype = 1},
                            remarks[i]);
        }
}

static void a_row_looks_as_before_but_for_what_is_new(void **state)
{
    (void)state;
    for (unsigned columns = 40; columns <= 130; columns++) {
        struct way way = {
            {.columns = columns, .live = true, .utf8 = columns % 2, .colour = columns % 3}, false};
        struct render old = {0};
        open_way(&old, &way);
        grow(&old, &way);
        render_end(&old);
        free(old.text);
    }
    struct render old = {0};
    open_way(&old, &ways[3]);
    grow(&old, &ways[3]);
    render_end(&old);
    free(old.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_look_as_in_a_new_view),
        cmocka_unit_test(json_looks_as_in_a_new_view),
        cmocka_unit_test(a_row_looks_as_before_but_for_what_is_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
