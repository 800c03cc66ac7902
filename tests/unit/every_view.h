/*
 * every_view.h: a frame through every view, each in every look; what must hold for all of them.
 *
 * A new view, or a new way to look, is one line here: the tests of hostile bytes and the fuzz
 * targets have it then.
 */
#ifndef LOOPCRAFT_TESTS_EVERY_VIEW_H
#define LOOPCRAFT_TESTS_EVERY_VIEW_H

#include "json_check.h"
#include "view_render.h"

#include <loopcraft/remarks.h>
#include <loopcraft/sums_explain.h>

static const struct look every_look[] = {
    {.columns = 40, .utf8 = true},
    {.columns = 40, .verbose = true},
    {.columns = 60, .ladder = true},
    {.columns = 80, .utf8 = true, .ladder = true},
    {.columns = 80, .utf8 = true, .verbose = true, .colour = true, .ladder = true},
    {.columns = 80, .quiet = true, .ladder = true},
    {.columns = 120, .utf8 = true},
    {.columns = 120, .utf8 = true, .verbose = true},
    {.columns = 120, .colour = true},
    {.columns = 200, .utf8 = true, .verbose = true},
    {.columns = 40, .view = VIEW_BOXES},
    {.columns = 64, .utf8 = true, .view = VIEW_BOXES},
    {.columns = 65, .view = VIEW_BOXES},
    {.columns = 80, .utf8 = true, .colour = true, .view = VIEW_BOXES},
    {.columns = 40, .view = VIEW_LADDER},
    {.columns = 80, .utf8 = true, .view = VIEW_LADDER},
};

/* Those that write a line a packet. */
static const struct look every_brief[] = {
    {.columns = 40, .view = VIEW_BRIEF},
    {.columns = 80, .utf8 = true, .view = VIEW_BRIEF},
    {.columns = 120, .utf8 = true, .colour = true, .view = VIEW_BRIEF},
};

enum { LOOKS_EVERY = sizeof every_look / sizeof every_look[0] };

static inline void every_add_sums(struct packet_event *packet, void *context)
{
    struct remarks *remarks = context;
    remarks_clear(remarks);
    remarks_add_sums(remarks, packet->dissection);
    packet->remarks = remarks_list(remarks);
    packet->remark_count = remarks->count;
}

/* As `dump` tells it: with what there is to say of its checksums. */
static inline void every_tell(struct render *r, struct frame frame)
{
    struct remarks remarks = {0};
    render_frame(r, frame, every_add_sums, &remarks);
    remarks_free(&remarks);
}

/* As `dump --explain-checksum` tells it: every checksum of the frame, word by word. */
static inline void every_explain(struct render *r, struct frame frame)
{
    struct dissection d = {0};
    struct sum_steps steps = {0};
    dissect(&d, &frame);
    for (size_t i = 0; i < d.count; i++) {
        if (d.nodes[i].kind != NODE_RECORD || d.nodes[i].record->sum == SUM_NONE)
            continue;
        struct event event = {.kind = EVENT_EXPLANATION};
        event.explanation = sum_explain(&steps, &d, i);
        event.explanation.number = frame.number;
        render_event(r, &event);
    }
    sum_steps_free(&steps);
    dissection_free(&d);
}

/* Ends a dump: nothing foreign is in it raw. The text is the caller's to free. */
static inline const char *every_end(struct render *r, const struct look *look)
{
    render_end(r);
    must_be_harmless(r->text, r->len, (struct harmless){true, look->utf8, look->colour});
    return r->text;
}

/* One look: every byte of the frame stands in it once (unless it is to be quiet), no line is too
 * long, nothing is raw. */
static inline void must_dump_in(const struct look *look, struct frame frame)
{
    struct render r = {0};
    render_dump(&r, *look);
    every_tell(&r, frame);
    every_end(&r, look);
    if (!look->quiet && look->view == VIEW_FULL)
        must_show_all(r.text, frame.bytes, look->columns);
    else
        must_fit_page(r.text, look->columns);
    free(r.text);
}

/* A line a packet, none too long, nothing raw. */
static inline void must_be_brief_in(struct look look, const struct frame *frames, size_t count)
{
    struct render r = {0};
    size_t lines = 0;
    look.view = VIEW_BRIEF;
    look.ladder = false;
    render_dump(&r, look);
    for (size_t i = 0; i < count; i++)
        every_tell(&r, frames[i]);
    every_end(&r, &look);
    for (const char *line = r.text; *line; lines++) {
        size_t len = strcspn(line, "\n");
        if (line[len] != '\n' || text_columns(line, len) > look.columns)
            fail_msg("no line of at most %u columns: %s", look.columns, line);
        line += len + 1;
    }
    assert_int_equal(lines, count);
    free(r.text);
}

/* The checksums alone: no line is too long, nothing is raw. */
static inline void must_explain_in(const struct look *look, struct frame frame)
{
    struct render r = {0};
    render_dump(&r, *look);
    every_explain(&r, frame);
    must_fit_page(every_end(&r, look), look->columns);
    free(r.text);
}

static inline void must_be_json_of(struct frame frame)
{
    struct render r = {0};
    render_json(&r);
    every_tell(&r, frame);
    every_explain(&r, frame);
    render_end(&r);
    must_be_json_lines(r.text, r.len);
    assert_true(r.len > 0);
    free(r.text);
}

static inline void must_do_in_every_view(struct frame frame)
{
    for (size_t i = 0; i < LOOKS_EVERY; i++)
        must_dump_in(&every_look[i], frame);
    must_explain_in(&every_look[0], frame);
    for (size_t i = 0; i < sizeof every_brief / sizeof every_brief[0]; i++)
        must_be_brief_in(every_brief[i], &frame, 1);
    must_be_json_of(frame);
}

#endif
