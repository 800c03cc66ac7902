/*
 * fuzz_dissect.c: any frame is dissected, summed up, and rendered by every view.
 *
 * The leaves tile the bytes; every byte stands in the dump once and no line is too long; JSON
 * is JSON; boxes, the ladder, a line a packet and the explained checksums fit the page; nothing
 * foreign is raw; and what a view keeps from one packet does not show in the
 * next: two packets in one view are what each is alone.
 *
 * Input: link type (2 bytes), bytes that the capture lacks, the look, length of the first
 * frame (2; 0: there is one frame, twice), the frames.
 */
#include "fuzz.h"

#include "../unit/every_view.h"
#include "../unit/walk_check.h"

#include <loopcraft/context.h>

/* Any look: 40 to 200 columns, and the switches. */
static struct look look_of(uint8_t byte)
{
    return (struct look){.columns = 40 + (byte & 0x0fu) * 32 / 3,
                         .utf8 = byte & 0x10,
                         .verbose = byte & 0x20,
                         .colour = byte & 0x40};
}

static void check_nodes(const struct frame *frame)
{
    struct dissection d = {0};
    struct summary summary = {0};
    dissect(&d, frame);
    must_tile(&d);
    summarise(&summary, &d);
    assert_true(summary.title.len > 0);
    summary_free(&summary);
    dissection_free(&d);
}

/* What packets mean one after the other, each of them twice, is said in words of our own. */
static void check_context(const struct frame *frames)
{
    struct context *context = context_new();
    struct dissection d = {0};
    struct remarks remarks = {0};
    for (size_t i = 0; i < 4; i++) {
        dissect(&d, &frames[i % 2]);
        remarks_clear(&remarks);
        context_packet(context, &frames[i % 2], &d, &remarks);
        const struct remark *list = remarks_list(&remarks);
        for (size_t k = 0; k < remarks.count; k++)
            must_be_harmless(list[k].text, strlen(list[k].text), (struct harmless){0});
        const char *note = context_note(context);
        must_be_harmless(note, strlen(note), (struct harmless){0});
    }
    remarks_free(&remarks);
    dissection_free(&d);
    context_free(context);
}

/* What a view writes of frames one after the other. look NULL: JSON. */
static struct render rendered(const struct look *look, const struct frame *frames, size_t count)
{
    struct render r = {0};
    if (look)
        render_dump(&r, *look);
    else
        render_json(&r);
    for (size_t i = 0; i < count; i++)
        every_tell(&r, frames[i]);
    render_end(&r);
    return r;
}

static void check_text(const struct render *r, const struct look *look, struct bytes frame)
{
    if (!look) {
        assert_true(r->len > 0);
        must_be_json_lines(r->text, r->len);
        return;
    }
    must_be_harmless(r->text, r->len, (struct harmless){true, look->utf8, look->colour});
    must_show_all(r->text, frame, look->columns);
}

/* Each frame alone is as it must be, and both in one view are just that. */
static void check_view(const struct look *look, const struct frame *frames)
{
    struct render both = rendered(look, frames, 2);
    const char *rest = both.text;
    for (size_t i = 0; i < 2; i++) {
        struct render alone = rendered(look, frames + i, 1);
        check_text(&alone, look, frames[i].bytes);
        if (strncmp(rest, alone.text, alone.len) != 0)
            fail_msg("together:\n%s\nbut frame %zu alone:\n%s", both.text, i + 1, alone.text);
        rest += alone.len;
        free(alone.text);
    }
    assert_true(*rest == '\0');
    free(both.text);
}

/* The ladder comes once for all packets, at the end. */
static void check_ladder(struct look look, const struct frame *frames)
{
    look.ladder = look.quiet = true;
    struct render r = rendered(&look, frames, 2);
    must_be_harmless(r.text, r.len, (struct harmless){true, look.utf8, look.colour});
    free(r.text);
}

/* Those that do not show every byte. */
static void check_other_views(struct look look, const struct frame *frames)
{
    must_be_brief_in(look, frames, 2);
    must_explain_in(&look, frames[0]);
    look.view = VIEW_BOXES;
    must_dump_in(&look, frames[0]);
    look.view = VIEW_LADDER;
    must_dump_in(&look, frames[0]);
    must_be_json_of(frames[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
    struct bytes input = {at, len};
    int linktype = fuzz_u16(&input);
    uint8_t cut = fuzz_u8(&input);
    uint8_t how = fuzz_u8(&input);
    struct look look = look_of(how);
    bool ladder = how & 0x80;
    size_t split = fuzz_u16(&input);
    bool one = split == 0 || split >= input.len;
    struct bytes parts[2] = {fuzz_copy(bytes_part(input, 0, one ? input.len : split)),
                             fuzz_copy(bytes_part(input, one ? 0 : split, input.len))};
    struct frame frames[2];
    for (size_t i = 0; i < 2; i++) {
        frames[i] = frame_of(parts[i]);
        frames[i].linktype = linktype;
        frames[i].len += cut;
    }
    check_nodes(&frames[0]);
    check_nodes(&frames[1]);
    check_context(frames);
    check_view(&look, frames);
    check_view(NULL, frames);
    check_other_views(look, frames);
    if (ladder)
        check_ladder(look, frames);
    free((void *)parts[0].at);
    free((void *)parts[1].at);
    return 0;
}
