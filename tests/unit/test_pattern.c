/*
 * test_pattern.c: what a view keeps of one packet does not show in the next: each packet of the
 * captures, and each spoiled one, looks as it does in a view that never saw another.
 */
#include "every_view.h"
#include "spoil.h"

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

/* The packet in a view that has shown others, from byte `from` of its text on; and in a new one. */
static void must_look_alike(struct render *old, const struct way *way, struct frame frame)
{
    size_t from = old->len;
    every_tell(old, frame);
    fflush(old->file);
    struct render alone = {0};
    open_way(&alone, way);
    every_tell(&alone, frame);
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
        must_look_alike(&shown->old, shown->way, frame);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_look_as_in_a_new_view),
        cmocka_unit_test(json_looks_as_in_a_new_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
