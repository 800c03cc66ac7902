/* picked.c: only some fields' values, a line a packet. */
#include "picked.h"

#include <loopcraft/finder.h>
#include <loopcraft/view.h>

#include <stdlib.h>
#include <string.h>

enum { PICKED_MOST = 64 };

struct picked {
    struct sink sink; /* first */
    FILE *out;
    bool live;
    struct finder each[PICKED_MOST];
    size_t count;
    struct text line;
};

static bool picked_event(struct sink *sink, const struct event *event, struct err *err)
{
    struct picked *p = (struct picked *)sink;
    if (event->kind != EVENT_PACKET)
        return true;
    struct scene scene = {&event->packet.frame, event->packet.dissection};
    text_clear(&p->line);
    for (size_t i = 0; i < p->count; i++) {
        if (i)
            text_char(&p->line, '\t');
        finder_put(&p->line, &p->each[i], &scene);
    }
    text_char(&p->line, '\n');
    size_t written = fwrite(p->line.at, 1, p->line.len, p->out);
    return written == p->line.len && !p->live ? true : view_flush(p->out, err);
}

static bool picked_end(struct sink *sink, struct err *err)
{
    struct picked *p = (struct picked *)sink;
    bool good = view_flush(p->out, err);
    for (size_t i = 0; i < p->count; i++)
        finder_free(&p->each[i]);
    text_free(&p->line);
    free(p);
    return good;
}

static bool refuse(const char *name, struct err *err)
{
    struct text safe = TEXT_EMPTY, nearest = TEXT_EMPTY;
    if (!*name)
        return err_set(err, STATUS_USAGE,
                       "--field: a name is missing; write --field frame.number,tcp.flags");
    text_escape(&safe, (struct bytes){(const uint8_t *)name, strnlen(name, 60)});
    finder_nearest(&nearest, name);
    err_set(err, STATUS_USAGE, "--field %s: no such field or protocol here%s%s", text_string(&safe),
            nearest.len ? "; did you mean " : "; `loopcraft fields` lists them",
            text_string(&nearest));
    text_free(&safe);
    text_free(&nearest);
    return false;
}

static bool add(struct picked *p, const char *at, size_t len, struct err *err)
{
    if (p->count == PICKED_MOST)
        return err_set(err, STATUS_USAGE, "--field takes at most %d names", PICKED_MOST);
    struct text name = TEXT_EMPTY;
    text_put_n(&name, at, len);
    bool good = finder_open(&p->each[p->count], text_string(&name)) ||
                refuse(text_string(&name), err);
    p->count += good;
    text_free(&name);
    return good;
}

struct sink *picked_sink(FILE *out, bool live, const char *names, struct err *err)
{
    struct picked *p = calloc(1, sizeof *p);
    if (!p) {
        err_system(err, "can't keep the names of fields");
        return NULL;
    }
    p->sink = (struct sink){
        .event = picked_event, .end = picked_end, .without = WITHOUT_TITLE | WITHOUT_DETAIL};
    p->out = out;
    p->live = live;
    for (const char *at = names;; at++) {
        size_t len = strcspn(at, ", ");
        if (!add(p, at, len, err)) {
            struct err ignored;
            picked_end(&p->sink, &ignored);
            return NULL;
        }
        at += len;
        if (!*at)
            return &p->sink;
    }
}
