/*
 * view_render.h: for the tests of views: events in, the text that a view writes out.
 */
#ifndef LOOPCRAFT_TESTS_VIEW_RENDER_H
#define LOOPCRAFT_TESTS_VIEW_RENDER_H

#include "sample_frames.h"

#include <loopcraft/dissect.h>
#include <loopcraft/event.h>
#include <loopcraft/proto.h>
#include <loopcraft/view.h>

#include <ctype.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SAMPLE(name) ((struct bytes){sample_##name, sizeof sample_##name})

/* A view that writes into memory. */
struct render {
    struct sink *sink;
    FILE *file;
    char *text; /* what was written, once it ended */
    size_t len;
};

static inline void render_open(struct render *r)
{
    r->file = open_memstream(&r->text, &r->len);
    assert_non_null(r->file);
}

static inline void render_dump(struct render *r, struct look look)
{
    render_open(r);
    r->sink = dump_view(r->file, look);
}

static inline void render_json(struct render *r)
{
    render_open(r);
    r->sink = json_view(r->file, false);
}

static inline void render_event(struct render *r, const struct event *event)
{
    struct err err = {0};
    assert_true(r->sink->event(r->sink, event, &err));
}

/* The text is the caller's to free, in r->text. */
static inline const char *render_end(struct render *r)
{
    struct err err = {0};
    assert_true(r->sink->end(r->sink, &err));
    fclose(r->file);
    return r->text;
}

static inline struct frame frame_of(struct bytes bytes)
{
    return (struct frame){.number = 1,
                          .time_ns = INT64_C(1795173412404784000),
                          .linktype = LINKTYPE_ETHERNET,
                          .len = (uint32_t)bytes.len,
                          .bytes = bytes};
}

/* The packet event of a frame, as a command would make it; `more` adds what a test is about. */
static inline void render_frame(struct render *r, struct frame frame,
                                void (*more)(struct packet_event *packet, void *context),
                                void *context)
{
    struct dissection d = {0};
    struct summary summary = {0};
    dissect(&d, &frame);
    summarise(&summary, &d);
    struct event event = {.kind = EVENT_PACKET};
    event.packet = (struct packet_event){.frame = frame,
                                         .dissection = &d,
                                         .title = text_string(&summary.title),
                                         .detail = text_string(&summary.detail),
                                         .from = summary.from,
                                         .to = summary.to,
                                         .note = "",
                                         .since_ns = -1};
    if (more)
        more(&event.packet, context);
    render_event(r, &event);
    summary_free(&summary);
    dissection_free(&d);
}

static inline struct look plain_look(unsigned columns)
{
    return (struct look){.columns = columns, .utf8 = true};
}

/* A remark on one row, whose text lies in a buffer that changes from packet to packet. */
static inline void add_ttl(struct packet_event *packet, void *context)
{
    static struct remark remark;
    remark = (struct remark){record_field(&proto_ipv4, "ip.ttl"), context, false};
    packet->remarks = &remark;
    packet->remark_count = 1;
}

static inline void must_hold(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is missing in:\n%s", part, text);
}

static inline void must_not_hold(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("'%s' should not be in:\n%s", part, text);
}

/* --- reading a dump back ----------------------------------------------------------- */

static inline bool hex_pair(const char *at)
{
    return isxdigit((unsigned char)at[0]) && isxdigit((unsigned char)at[1]) &&
           (at[2] == ' ' || at[2] == '\n');
}

/* A digit of a byte that stands in full in another row: ".5", "4." or "..". */
static inline bool shared_pair(const char *at)
{
    return (at[0] == '.' || isxdigit((unsigned char)at[0])) &&
           (at[1] == '.' || isxdigit((unsigned char)at[1])) && (at[0] == '.' || at[1] == '.') &&
           (at[2] == ' ' || at[2] == '\n');
}

/*
 * Puts the bytes of a line, if it has an offset, where they belong; each may come once. What
 * stands beside them may look like hex as well: then it is not what the frame holds next.
 */
static inline void read_line(const char *at, struct bytes frame, uint8_t *seen)
{
    while (strncmp(at, "│ ", strlen("│ ")) == 0 || strncmp(at, "| ", 2) == 0)
        at += *at == '|' ? 2 : strlen("│ ");
    for (size_t i = 0; i < 4; i++)
        if (!isxdigit((unsigned char)at[i]) || isupper((unsigned char)at[i]))
            return;
    if (at[4] != ' ' || at[5] != ' ')
        return;
    size_t pos = strtoul(at, NULL, 16);
    for (at += 6; hex_pair(at) || shared_pair(at); at += 3, pos++) {
        if (shared_pair(at))
            continue;
        if (pos >= frame.len || strtoul(at, NULL, 16) != frame.at[pos] || seen[pos])
            fail_msg("offset %zx: %.2s is not there, or there twice", pos, at);
        seen[pos] = 1;
        if (at[3] == ' ' || at[2] == '\n')
            return;
    }
}

/* A copy without escape sequences (SGR). */
static inline char *without_colour(const char *text)
{
    char *plain = malloc(strlen(text) + 1), *to = plain;
    for (; *text; text++) {
        if (*text == '\x1b')
            while (*text != 'm')
                text++;
        else
            *to++ = *text;
    }
    *to = '\0';
    return plain;
}

/* No line of it is too long. */
static inline void must_fit_page(const char *coloured, unsigned columns)
{
    char *text = without_colour(coloured);
    for (const char *line = text; *line;) {
        size_t len = strcspn(line, "\n");
        if (text_columns(line, len) > columns)
            fail_msg("more than %u columns: %.*s", columns, (int)len, line);
        line += len + (line[len] == '\n');
    }
    free(text);
}

static inline void must_show_all(const char *coloured, struct bytes frame, unsigned columns)
{
    uint8_t *seen = calloc(1, frame.len);
    char *text = without_colour(coloured);
    must_fit_page(text, columns);
    for (const char *line = text; *line;) {
        size_t len = strcspn(line, "\n");
        read_line(line, frame, seen);
        line += len + (line[len] == '\n');
    }
    for (size_t i = 0; i < frame.len; i++)
        if (!seen[i])
            fail_msg("byte %zx is missing in:\n%s", i, text);
    free(text);
    free(seen);
}

#endif
