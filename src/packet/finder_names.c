/* finder_names.c: what a name means: rows of the tables, either side, or the frame itself. */
#include "finder_names.h"
#include "finder_sizes.h"
#include "grow.h"

#include <loopcraft/dissect.h>
#include <loopcraft/lint.h>
#include <loopcraft/nearest.h>
#include <loopcraft/proto.h>

#include <stdlib.h>
#include <string.h>

/* --- the frame's own -------------------------------------------------------------- */

static bool frame_bytes(const struct frame *frame, struct found *found)
{
    *found = (struct found){.bytes = frame->bytes, .reach = frame->bytes};
    return true;
}

static bool frame_number(const struct frame *frame, struct found *found)
{
    *found = (struct found){.number = frame->number};
    return true;
}

static bool frame_len(const struct frame *frame, struct found *found)
{
    *found = (struct found){.number = frame->len};
    return true;
}

static bool frame_cap_len(const struct frame *frame, struct found *found)
{
    *found = (struct found){.number = frame->bytes.len};
    return true;
}

static bool frame_time(const struct frame *frame, struct found *found)
{
    *found = (struct found){.time_ns = frame->time_ns};
    return true;
}

/* Times of a file lie far apart only where it lies; then the difference wraps, defined. */
static bool frame_time_relative(const struct frame *frame, struct found *found)
{
    uint64_t since = (uint64_t)frame->time_ns - (uint64_t)frame->first_ns;
    *found = (struct found){.time_ns = (int64_t)since};
    return true;
}

static bool frame_comment(const struct frame *frame, struct found *found)
{
    if (!frame->comment)
        return false;
    struct bytes text = {(const uint8_t *)frame->comment, strlen(frame->comment)};
    *found = (struct found){.bytes = text, .reach = text};
    return true;
}

static const struct finder_source sources[] = {
    {"frame", FINDER_PROTOCOL, 0, frame_bytes},
    {"frame.number", FINDER_NUMBER, 32, frame_number},
    {"frame.len", FINDER_NUMBER, 32, frame_len},
    {"frame.cap_len", FINDER_NUMBER, 32, frame_cap_len},
    {"frame.time_epoch", FINDER_TIME, 0, frame_time},
    {"frame.time_relative", FINDER_TIME, 0, frame_time_relative},
    {"frame.comment", FINDER_TEXT, 0, frame_comment},
};
enum { SOURCES = sizeof sources / sizeof *sources };

/* Names that mean either side. */
static const struct {
    const char *name, *sides[2];
} pairs[] = {
    {"ip.addr", {"ip.src", "ip.dst"}},
    {"ipv6.addr", {"ipv6.src", "ipv6.dst"}},
    {"ip.version", {"ip.version", "ipv6.version"}}, /* packet-ipv6.c adds it, hidden */
    {"tcp.port", {"tcp.srcport", "tcp.dstport"}},
    {"udp.port", {"udp.srcport", "udp.dstport"}},
};
enum { PAIRS = sizeof pairs / sizeof *pairs };

/* Names of Wireshark's own arithmetic, and the field that says the same. */
static const struct {
    const char *name, *instead;
} computed[] = {
    {"data.len", "data.data, udp.length"},
    {"tcp.stream", "tcp.port (both ends' ports, joined by and)"},
    {"udp.stream", "udp.port (both ends' ports, joined by and)"},
    {"frame.protocols", "a protocol alone, such as tcp, dns or icmp"},
    {"frame.time_delta", "frame.time_relative, frame.time_epoch"},
    {"http", "tcp.payload contains \"HTTP/1\""},
};

/* --- every name of the tables -------------------------------------------------------- */

/* Somebody who is shown each name with what it stands for: a row, or (field NULL) the record. */
struct visitor {
    void (*name)(struct visitor *visitor, const char *name, const struct record *record,
                 const struct field *field);
};

static void show_field(struct visitor *v, const struct record *record, const struct field *field)
{
    if (field && field->name)
        v->name(v, field->name, record, field);
}

static void show_record(void *context, const struct record *record)
{
    struct visitor *v = context;
    if (record->name)
        v->name(v, record->name, record, NULL);
    for (size_t i = 0; i < record->field_count; i++)
        show_field(v, record, &record->fields[i]);
    show_field(v, record, record->payload);
    show_field(v, record, record->padding);
    show_field(v, record, record->options ? &record->options->area : NULL);
}

/* Shows the visitor all names, some more than once. */
static void visit(struct visitor *visitor)
{
    lint_branches(proto_links, show_record, visitor);
}

/* --- opening --------------------------------------------------------------------------- */

struct opening {
    struct visitor visitor;
    struct finder *finder;
    const char *names[2];
};

static void add_row(struct finder *f, const void *row)
{
    for (size_t i = 0; i < f->row_count; i++)
        if (f->rows[i] == row)
            return;
    if (f->row_count == f->row_cap) {
        f->row_cap = f->row_cap ? f->row_cap * 2 : 8;
        f->rows = grow(f->rows, f->row_cap, sizeof *f->rows);
    }
    f->rows[f->row_count++] = row;
}

static void open_name(struct visitor *visitor, const char *name, const struct record *record,
                      const struct field *field)
{
    struct opening *o = (struct opening *)visitor;
    if (strcmp(name, o->names[0]) != 0 && (!o->names[1] || strcmp(name, o->names[1]) != 0))
        return;
    if (!o->finder->row_count) {
        o->finder->name = name;
        o->finder->kind = FINDER_PROTOCOL;
        if (field)
            finder_take_kind(o->finder, field);
    }
    add_row(o->finder, field ? (const void *)field : (const void *)record);
}

static bool open_source(struct finder *finder, const char *name)
{
    for (size_t i = 0; i < SOURCES; i++)
        if (strcmp(sources[i].name, name) == 0) {
            finder->source = &sources[i];
            finder->name = sources[i].name;
            finder->kind = sources[i].kind;
            finder->bits = sources[i].bits;
        }
    return finder->source;
}

static bool open_size(struct finder *finder, const char *name)
{
    for (const struct finder_size *size = finder_sizes; size->name; size++)
        if (strcmp(size->name, name) == 0) {
            finder->size = size;
            finder->name = size->name;
            finder->kind = FINDER_NUMBER;
            finder->bits = 32;
            add_row(finder, size->record);
        }
    return finder->size;
}

bool finder_open(struct finder *finder, const char *name)
{
    *finder = (struct finder){0};
    if (open_source(finder, name) || open_size(finder, name))
        return true;
    struct opening o = {{open_name}, finder, {name, NULL}};
    const char *both = NULL;
    for (size_t i = 0; i < PAIRS; i++)
        if (strcmp(pairs[i].name, name) == 0) {
            memcpy(o.names, pairs[i].sides, sizeof o.names);
            both = pairs[i].name;
        }
    visit(&o.visitor);
    if (both)
        finder->name = both;
    return finder->row_count > 0;
}

void finder_free(struct finder *finder)
{
    free(finder->rows);
    text_free(&finder->text);
    *finder = (struct finder){0};
}

/* --- names that come near ------------------------------------------------------------- */

struct guessing {
    struct visitor visitor;
    struct nearest nearest;
};

static void guess_name(struct visitor *visitor, const char *name, const struct record *record,
                       const struct field *field)
{
    (void)record, (void)field;
    nearest_try(&((struct guessing *)visitor)->nearest, name);
}

void finder_nearest(struct text *out, const char *name)
{
    for (size_t i = 0; i < sizeof computed / sizeof *computed; i++)
        if (strcmp(computed[i].name, name) == 0) {
            text_put(out, computed[i].instead);
            return;
        }
    struct guessing g = {{guess_name}, nearest_to(name)};
    for (size_t i = 0; i < PAIRS; i++)
        nearest_try(&g.nearest, pairs[i].name);
    for (size_t i = 0; i < SOURCES; i++)
        nearest_try(&g.nearest, sources[i].name);
    for (const struct finder_size *size = finder_sizes; size->name; size++)
        nearest_try(&g.nearest, size->name);
    visit(&g.visitor);
    nearest_put(out, &g.nearest);
}
