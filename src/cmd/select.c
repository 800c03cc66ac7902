/* select.c: which packets of a capture are shown. */
#include "select.h"

#include <stdlib.h>
#include <string.h>

/* Digits alone; moves *at behind them. */
static bool read_packet(const char **at, uint64_t *number)
{
    size_t len = strspn(*at, "0123456789");
    *number = strtoull(*at, NULL, 10);
    *at += len;
    return len > 0 && len < 20 && *number > 0;
}

/* N or N-M. */
static bool read_packets(struct selection *s, const char *word, struct err *err)
{
    const char *at = word;
    s->first = 1;
    s->last = UINT64_MAX;
    if (!word)
        return true;
    bool good = read_packet(&at, &s->first);
    s->last = s->first;
    if (good && *at == '-' && at++)
        good = read_packet(&at, &s->last);
    if (good && !*at && s->last >= s->first)
        return true;
    return err_set(err, STATUS_USAGE, "--packet takes a number, 1 or more, or a range like 3-7");
}

/* The other kind of filter was meant. */
static bool mixed_up(const char *expression, const char *looks_like, const char *use,
                     struct err *err)
{
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)expression, strnlen(expression, 120)});
    err_set(err, STATUS_USAGE, "%s: that looks like a %s filter: use %s", text_string(&safe),
            looks_like, use);
    text_free(&safe);
    return false;
}

static bool read_capture_filter(struct selection *s, const char *expression, struct err *err)
{
    struct err other;
    if (!expression || (s->capture = packet_filter_open(expression, err)))
        return true;
    struct filter *display = filter_compile(expression, &other);
    if (!display)
        return false;
    filter_free(display);
    return mixed_up(expression, "display", "-Y", err);
}

static bool read_display_filter(struct selection *s, const char *expression, struct err *err)
{
    struct err other;
    if (!expression || (s->display = filter_compile(expression, err)))
        return true;
    struct packet_filter *capture = packet_filter_open(expression, &other);
    if (!capture)
        return false;
    packet_filter_close(capture);
    return mixed_up(expression, "capture", "-f", err);
}

bool selection_open(struct selection *s, const struct line *line, struct err *err)
{
    *s = (struct selection){0};
    if (read_packets(s, line->options[OPTION_PACKET], err) &&
        read_capture_filter(s, line->options[OPTION_CAPTURE_FILTER], err) &&
        read_display_filter(s, line->options[OPTION_DISPLAY_FILTER], err))
        return true;
    selection_close(s);
    return false;
}

void selection_close(struct selection *s)
{
    packet_filter_close(s->capture);
    filter_free(s->display);
    *s = (struct selection){0};
}

bool selection_frame(struct selection *s, const struct frame *frame, bool *selected,
                     struct err *err)
{
    *selected = frame->number >= s->first && frame->number <= s->last;
    return !*selected || !s->capture || packet_filter_match(s->capture, frame, selected, err);
}

bool selection_scene(struct selection *s, const struct scene *scene)
{
    return !s->display || filter_match(s->display, scene);
}
