/*
 * meanings_packet.c: what packets say: TCP's flags ("SYN", "SYN-ACK", "SA", "0x12"), types and
 * codes of ICMP ("3/13", "port unreachable"). Both from the tables of the protocols.
 */
#include "meanings.h"

#include <loopcraft/format.h>
#include <loopcraft/glossary.h>
#include <loopcraft/probe.h>
#include <loopcraft/proto.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* --- flags --------------------------------------------------------------------------- */

enum { FLAGS_MOST = 0x1ff }; /* beyond it the bits are reserved */
static const char no_flags[] = "no flags";

/* Single letters are flags in capitals alone: "SA", but not "use". */
static bool looks_like_flags(const char *word, const struct record *record)
{
    size_t len = strlen(word);
    if (len == 0 || len > 40 || strpbrk(word, ",|"))
        return len > 0 && len <= 40;
    if (strncasecmp(word, "0x", 2) == 0)
        return len <= 6;
    bool capitals = true;
    for (size_t i = 0; i < len; i++)
        capitals = capitals && isupper((unsigned char)word[i]);
    for (size_t i = 0; i < record->field_count; i++)
        if (record->fields[i].bits == 1 && strcasecmp(record->fields[i].label, word) == 0)
            return true;
    return capitals;
}

/* Hyphens and plus signs between names are as good as commas. */
static bool read_flags(const struct field *group, const char *word, uint64_t *number)
{
    struct text list = TEXT_EMPTY, bytes = TEXT_EMPTY;
    struct err err;
    for (const char *at = word; *at; at++)
        text_char(&list, strchr("-+", *at) ? ',' : *at);
    *number = 0;
    bool good = looks_like_flags(text_string(&list), &proto_tcp) &&
                group->format->read(&bytes, group, text_string(&list), &err);
    for (size_t i = 0; good && i < bytes.len; i++)
        *number = *number << 8 | (uint8_t)bytes.at[i];
    text_free(&list);
    text_free(&bytes);
    return good && *number <= FLAGS_MOST;
}

static bool is_set(const struct field *group, const struct field *row, uint64_t number)
{
    return row->bits == 1 && row->bit >= group->bit && row->bit < group->bit + group->bits &&
           number >> (group->bit + group->bits - 1 - row->bit) & 1;
}

static void tell_flags(struct meanings *m, const struct field *group, uint64_t number)
{
    const struct field *only = NULL;
    struct text name = TEXT_EMPTY, hex = TEXT_EMPTY;
    group->format->say(&name, group, (struct bytes){NULL, 0}, number);
    for (char *at = name.at; *at; at++)
        *at = *at == ' ' ? '-' : *at;
    const struct word *known = word_find(words_flags, number ? text_string(&name) : no_flags);
    meaning_begin(m, "flags");
    text_put(&m->name, number ? text_string(&name) : no_flags);
    for (size_t i = 0; number && i < proto_tcp.field_count; i++)
        if (is_set(group, &proto_tcp.fields[i], number))
            only = &proto_tcp.fields[i];
    if (only && (number & (number - 1)) == 0) {
        text_put(&m->means, only->means);
        meaning_add(m, "field", only->name);
    } else {
        text_put(&m->means, known ? known->means : "flags that stand together seldom, or never");
    }
    text_format(&hex, "0x%02llx", (unsigned long long)number);
    meaning_add(m, "number", text_string(&hex));
    for (size_t i = 0; number & (number - 1) && i < proto_tcp.field_count; i++)
        if (is_set(group, &proto_tcp.fields[i], number))
            meaning_add(m, proto_tcp.fields[i].label, proto_tcp.fields[i].means);
    meaning_add(m, "source",
                (number & (number - 1)) == 0 && only ? only->rfc
                : known                              ? known->source
                                                     : group->rfc);
    meaning_tell(m);
    text_free(&name);
    text_free(&hex);
}

/* "ARP" has letters of flags in it, and is something else. */
static bool is_other_word(const struct meanings *m, const char *word)
{
    return m->told && strlen(word) > 2 && strspn(word, "FSRPAUEC") == strlen(word);
}

void meanings_flags(struct meanings *m, const char *word)
{
    const struct field *group = record_field(&proto_tcp, "tcp.flags");
    const struct word *known = word_find(words_flags, word);
    uint64_t number = 0;
    if (known && strcmp(known->name, no_flags) == 0)
        tell_flags(m, group, 0);
    else if (read_flags(group, known ? known->name : word, &number) && !is_other_word(m, word))
        tell_flags(m, group, number);
}

/* --- ICMP ----------------------------------------------------------------------------- */

static const struct {
    const struct record *record;
    int family;
} icmps[] = {{&proto_icmp, AF_INET}, {&proto_icmpv6, AF_INET6}};
enum { ICMPS = sizeof icmps / sizeof icmps[0] };

static const struct term *types_of(const struct record *record)
{
    return record_role(record, ROLE_CASE)->terms;
}

static const struct term *codes_of(const struct record *record, uint64_t type)
{
    const struct branch *branch = branch_find(record->cases, type);
    return branch ? branch->codes : NULL;
}

/* What a probe makes of it: the table of verdicts. */
static void add_verdict(struct meanings *m, int family, uint64_t type, uint64_t code)
{
    struct reply reply = {.kind = REPLY_ICMP_ERROR, .type = (uint8_t)type, .code = (uint8_t)code};
    const struct ruling *tcp = ruling_find(PROBE_SYN, family, &reply);
    const struct ruling *udp = ruling_find(PROBE_UDP, family, &reply);
    struct text text = TEXT_EMPTY;
    if (tcp && udp)
        text_format(&text, "to TCP %s, %s; to UDP %s, %s", tcp->state, tcp->reason, udp->state,
                    udp->reason);
    meaning_add(m, "verdict", text_string(&text));
    text_free(&text);
}

/* Errors are answers to a probe: below 128 in ICMPv6, by name in ICMP (RFC 1122, 3.2.2). */
static bool is_error(const struct record *record, uint64_t type)
{
    return record == &proto_icmpv6 ? type < 128 : type == 3 || type == 11 || type == 12;
}

/* code NULL: the type as a whole. */
static void tell_icmp(struct meanings *m, size_t which, const struct term *type,
                      const struct term *code)
{
    const struct record *record = icmps[which].record;
    const struct branch *branch = branch_find(record->cases, type->number);
    struct text codes = TEXT_EMPTY;
    meaning_begin(m, record->title);
    text_format(&m->name, "%s %llu", record->title, (unsigned long long)type->number);
    if (code)
        text_format(&m->name, "/%llu", (unsigned long long)code->number);
    text_format(&m->name, " %s", type->name);
    if (code)
        text_format(&m->name, ", %s", code->name);
    text_put(&m->means, code && code->means ? code->means : type->means ? type->means : "");
    meaning_add_number(m, "icmp_type", type->number);
    if (code) {
        meaning_add_number(m, "icmp_code", code->number);
        if (code->means)
            meaning_add(m, "message", type->means);
        if (is_error(record, type->number))
            add_verdict(m, icmps[which].family, type->number, code->number);
    } else {
        const struct term *list = codes_of(record, type->number);
        for (const struct term *t = list; t && t->name; t++)
            text_format(&codes, "%s%llu %s", t == list ? "" : ", ", (unsigned long long)t->number,
                        t->name);
        meaning_add(m, "codes", text_string(&codes));
    }
    meaning_add(m, "source", branch ? branch->record->rfc : record->rfc);
    meaning_tell(m);
    text_free(&codes);
}

static void tell_numbers(struct meanings *m, size_t which, unsigned long type, unsigned long code)
{
    const struct term *types = term_find(types_of(icmps[which].record), type);
    const struct term *codes = codes_of(icmps[which].record, type);
    static const struct term plain = {0, "", NULL}; /* the code of a type that has none */
    const struct term *found = codes ? term_find(codes, code) : code == 0 ? &plain : NULL;
    if (types && found && codes)
        tell_icmp(m, which, types, found);
    else if (types && found)
        tell_icmp(m, which, types, NULL);
}

/* "Port unreachable", or a packet's title: "Destination unreachable, Port unreachable". */
static void tell_names(struct meanings *m, size_t which, const char *word)
{
    const struct record *record = icmps[which].record;
    const char *comma = strstr(word, ", ");
    for (const struct term *type = types_of(record); type->name; type++) {
        if (!comma && glossary_same(type->name, word))
            tell_icmp(m, which, type, NULL);
        bool fits = !comma || (strlen(type->name) == (size_t)(comma - word) &&
                               strncasecmp(type->name, word, strlen(type->name)) == 0);
        const struct term *codes = fits ? codes_of(record, type->number) : NULL;
        for (const struct term *code = codes; code && code->name; code++)
            if (glossary_same(code->name, comma ? comma + 2 : word))
                tell_icmp(m, which, type, code);
    }
}

void meanings_icmp(struct meanings *m, const char *word)
{
    char *end;
    unsigned long type = strtoul(word, &end, 10), code;
    bool digits = isdigit((unsigned char)*word) && end - word < 4 && type <= UINT8_MAX;
    for (size_t i = 0; i < ICMPS; i++) {
        const struct term *whole = term_find(types_of(icmps[i].record), type);
        if (digits && *end == '/' && meaning_number(end + 1, UINT8_MAX, &code))
            tell_numbers(m, i, type, code);
        else if (digits && !*end && whole && meaning_wanted(m, icmps[i].record->title))
            tell_icmp(m, i, whole, NULL);
        else if (!digits)
            tell_names(m, i, word);
    }
}

void meanings_nearest_packet(struct nearest *nearest)
{
    for (size_t i = 0; i < proto_tcp.field_count; i++)
        if (proto_tcp.fields[i].bits == 1)
            nearest_try(nearest, proto_tcp.fields[i].label);
    for (size_t i = 0; i < ICMPS; i++)
        for (const struct term *type = types_of(icmps[i].record); type->name; type++) {
            nearest_try(nearest, type->name);
            const struct term *code = codes_of(icmps[i].record, type->number);
            for (; code && code->name; code++)
                nearest_try(nearest, code->name);
        }
}
