/*
 * dns_name.c: reads names in DNS messages (RFC 1035, 4.1.4).
 *
 * A name is a row of labels, or goes on at an earlier place of the message. Nothing hostile makes
 * it long to read: at most 255 such jumps are followed, and 1,024 characters, as tshark does it
 * (packet-dns.c, expand_dns_name).
 */
#include "dns_name.h"

#include <string.h>

enum { JUMPS_MOST = 255, CHARACTERS_MOST = 1024 };
#define ENDED SIZE_MAX /* no place in a message */

struct name {
    char at[CHARACTERS_MOST];
    size_t len;
    size_t size;         /* bytes that it takes where it stands; 0 while that is not known */
    const char *instead; /* what to show when there is no such name, or NULL */
};

static void add(struct name *name, struct bytes label)
{
    if (name->len + label.len + 1 > sizeof name->at) {
        name->instead = "<Name too long>";
        return;
    }
    if (name->len)
        name->at[name->len++] = '.';
    memcpy(name->at + name->len, label.at, label.len);
    name->len += label.len;
}

/* Reads a label, or jumps; returns where it goes on, or ENDED, also when it can't be read. */
static size_t step(struct name *name, struct bytes message, size_t at, size_t start,
                   unsigned *jumps, bool *good)
{
    uint8_t first = message.at[at++], second;
    *good = true;
    switch (first & 0xc0) {
    case 0x00:
        *good = first <= message.len - at;
        if (*good && first)
            add(name, bytes_part(message, at, first));
        if (!name->size && (first == 0 || !*good))
            name->size = at - start;
        return first && *good ? at + first : ENDED;
    case 0xc0:
        *good = bytes_u8(message, at++, &second);
        name->size = name->size ? name->size : at - start;
        size_t to = (size_t)(first & 0x3f) << 8 | (*good ? second : 0);
        if (to == at - 2 || ++*jumps > JUMPS_MOST) {
            name->instead = "<Name contains a pointer that loops>";
            return ENDED;
        }
        return to;
    default: /* 0x40 was tried and given up (RFC 6891, 5); 0x80 was never used */
        *good = false;
        return ENDED;
    }
}

static bool name_read(struct name *name, struct bytes message, size_t start)
{
    name->len = name->size = 0;
    name->instead = NULL;
    unsigned jumps = 0;
    bool good = true;
    size_t at = start;
    do {
        if (at >= message.len)
            return false;
        at = step(name, message, at, start, &jumps, &good);
    } while (at != ENDED && !(name->size && name->instead));
    if (name->len == 0 && name->size <= 1 && !name->instead)
        name->instead = "<Root>";
    return good;
}

size_t dns_name_measure(struct bytes message, size_t at, size_t end)
{
    struct name name;
    bool good = name_read(&name, message, at);
    return good && name.size <= end - at ? name.size : 0;
}

/* --- as tshark shows them --------------------------------------------------------- */

static struct bytes name_bytes(const struct name *name)
{
    const char *at = name->instead ? name->instead : name->at;
    size_t len = name->instead ? strlen(name->instead) : name->len;
    return (struct bytes){(const uint8_t *)at, len};
}

/* C's escapes for controls, U+FFFD for what is not UTF-8 (wsutil, format_text). */
static void put_control(struct text *out, uint8_t c)
{
    static const char letters[] = "abtnvfr"; /* from 7 */
    if (c >= 7 && c <= 13)
        text_format(out, "\\%c", letters[c - 7]);
    else
        text_format(out, "\\%03o", c);
}

static void put_formatted(struct text *out, struct bytes b)
{
    while (b.len) {
        size_t len;
        uint32_t point = text_point(b, &len);
        if (len == 0)
            text_put(out, "\xef\xbf\xbd");
        else if (len == 1 && text_unsafe(point))
            put_control(out, (uint8_t)point);
        else if (text_unsafe(point))
            text_format(out, "\\u%04X", (unsigned)point);
        else
            text_put_n(out, (const char *)b.at, len);
        b = bytes_part(b, len ? len : 1, b.len);
    }
}

static void show_name(struct text *out, struct bytes message, size_t at)
{
    struct name name;
    name_read(&name, message, at);
    put_formatted(out, name_bytes(&name));
}

static void say_name(struct text *out, struct bytes message, size_t at)
{
    struct name name;
    name_read(&name, message, at);
    text_escape(out, name_bytes(&name));
}

static void show_length(struct text *out, struct bytes message, size_t at)
{
    struct name name;
    name_read(&name, message, at);
    text_number(out, name_bytes(&name).len);
}

/* tshark counts dots, and none in a name of one character. */
static void show_labels(struct text *out, struct bytes message, size_t at)
{
    struct name name;
    name_read(&name, message, at);
    struct bytes b = name_bytes(&name);
    unsigned labels = b.len > 1;
    for (size_t i = 0; i < b.len && b.len > 1; i++)
        labels += b.at[i] == '.';
    text_number(out, labels);
}

/* One of the three parts of a service's name: between the dots, the last with all that is left. */
static void show_part(struct text *out, struct bytes message, size_t at, unsigned which)
{
    struct name name;
    name_read(&name, message, at);
    struct bytes b = name_bytes(&name);
    for (unsigned i = 0; i < which; i++) {
        const uint8_t *dot = b.len ? memchr(b.at, '.', b.len) : NULL;
        b = dot ? bytes_part(b, (size_t)(dot - b.at) + 1, b.len) : (struct bytes){b.at, 0};
    }
    const uint8_t *dot = b.len && which < 2 ? memchr(b.at, '.', b.len) : NULL;
    put_formatted(out, dot ? bytes_part(b, 0, (size_t)(dot - b.at)) : b);
}

static void show_service(struct text *out, struct bytes message, size_t at)
{
    show_part(out, message, at, 0);
}

static void show_protocol(struct text *out, struct bytes message, size_t at)
{
    show_part(out, message, at, 1);
}

static void show_domain(struct text *out, struct bytes message, size_t at)
{
    show_part(out, message, at, 2);
}

const struct format format_dns_name = {
    .name = "a name", .show_within = show_name, .say_within = say_name};
const struct format format_dns_name_length = {
    .name = "a number", .show_within = show_length, .say_within = show_length};
const struct format format_dns_labels = {
    .name = "a number", .show_within = show_labels, .say_within = show_labels};
const struct format format_dns_service = {
    .name = "a name", .show_within = show_service, .say_within = say_name};
const struct format format_dns_protocol = {
    .name = "a name", .show_within = show_protocol, .say_within = show_protocol};
const struct format format_dns_domain = {
    .name = "a name", .show_within = show_domain, .say_within = show_domain};
