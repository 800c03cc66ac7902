/* recipe_rows.c: which rows a recipe's words can mean, and what is said of a word that means none.
 */
#include "recipe_rows.h"

#include <loopcraft/nearest.h>
#include <loopcraft/proto.h>

#include <stdlib.h>
#include <string.h>

/* --- which rows a recipe can set ------------------------------------------- */

/* A look through rows: found() says true at the one that is wanted. */
struct look_up {
    bool (*found)(void *context, const struct field *field);
    void *context;
    struct asked *row;
};

/* A record's rows, then those of its cases; tables nest by a level or two. */
static bool rows_of(const struct record *record, const struct look_up *look_up)
{
    for (size_t i = 0; i < record->field_count; i++) {
        look_up->row->record = record;
        look_up->row->field = &record->fields[i];
        if (record->fields[i].name && look_up->found(look_up->context, &record->fields[i]))
            return true;
    }
    for (const struct branch *b = record->cases; b && b->record; b++)
        if (rows_of(b->record, look_up))
            return true;
    return record->other && rows_of(record->other, look_up);
}

/* Looks through the transport, its cases, and IP; NULL when found() wanted none. */
const struct asked *rows_each(const struct recipe *recipe, struct asked *row,
                              bool (*found)(void *context, const struct field *field),
                              void *context)
{
    const struct look_up look_up = {found, context, row};
    return rows_of(recipe->proto, &look_up) || rows_of(recipe->ip, &look_up) ? row : NULL;
}

bool key_is(const struct key *key, const char *text)
{
    return strlen(text) == key->len && strncmp(text, key->text, key->len) == 0;
}

bool row_matches(void *context, const struct field *field)
{
    const struct key *key = context;
    const char *dot = strchr(field->name, '.');
    return key_is(key, field->name) || (dot && key_is(key, dot + 1));
}

/* --- words that name no row --------------------------------------------------- */

static bool try_nearest(void *context, const struct field *field)
{
    if (field->format->read && field->role != ROLE_ALSO)
        nearest_try(context, field->name);
    return false;
}

/* What other tools say, and Wireshark's word for it; or why there is none. */
static const struct {
    const char *theirs, *ours, *why;
} other_words[] = {
    {"seq", "seq_raw", "relative in Wireshark, use tcp.seq_raw"},
    {"tcp.seq", "seq_raw", "relative in Wireshark, use tcp.seq_raw"},
    {"ack", "ack_raw", "relative in Wireshark, use tcp.ack_raw"},
    {"tcp.ack", "ack_raw", "relative in Wireshark, use tcp.ack_raw"},
    {"dport", "dstport", NULL},
    {"sport", "srcport", NULL},
    {"dst_port", "dstport", NULL},
    {"src_port", "srcport", NULL},
    {"win", "window_size_value", NULL},
    {"window", "window_size_value", NULL},
    {"tcp.window_size", "window_size_value", NULL},
    {"window_size", "window_size_value", NULL},
    {"urp", "urgent_pointer", NULL},
    {"tos", "dsfield", NULL},
    {"hoplimit", "hlim", NULL},
    {"ipid", "ip.id", NULL},
    {"sum", "checksum", NULL},
    {"cksum", "checksum", NULL},
    {"dataofs", "hdr_len", NULL},
    {"load", "data", NULL},
    {"payload", "data", NULL},
    {"opts", "options", NULL},
};

bool recipe_refuse(const struct recipe *recipe, const struct key *key, struct err *err)
{
    struct text text = TEXT_EMPTY, names = TEXT_EMPTY;
    text_escape(&text, (struct bytes){(const uint8_t *)key->text, key->len < 60 ? key->len : 60});
    for (size_t i = 0; i < sizeof other_words / sizeof other_words[0]; i++) {
        if (!key_is(key, other_words[i].theirs))
            continue;
        struct key ours = {other_words[i].ours, strlen(other_words[i].ours)};
        struct asked row;
        const struct asked *found = rows_each(recipe, &row, row_matches, &ours);
        bool area = strcmp(ours.text, "data") == 0 ||
                    (recipe->proto->options && strcmp(ours.text, "options") == 0);
        if (!found && !area)
            continue; /* a word for another protocol */
        if (other_words[i].why)
            err_set(err, STATUS_USAGE, "%s: %s", text_string(&text), other_words[i].why);
        else
            err_set(err, STATUS_USAGE, "%s: Wireshark says %s", text_string(&text),
                    found ? found->field->name : ours.text);
        text_free(&text);
        return false;
    }
    const struct record *other = recipe->ip == &proto_ipv6 ? &proto_ipv4 : &proto_ipv6;
    if (strncmp(key->text, other->name, strlen(other->name)) == 0 &&
        key->text[strlen(other->name)] == '.') {
        err_set(err, STATUS_USAGE, "%s: this packet is %s; -%c makes it %s", text_string(&text),
                recipe->ip->title, other == &proto_ipv6 ? '6' : '4', other->title);
        text_free(&text);
        return false;
    }
    char *word = strndup(text_string(&text), 60);
    struct nearest nearest = nearest_to(word ? word : "");
    struct asked row;
    rows_each(recipe, &row, try_nearest, &nearest);
    nearest_put(&names, &nearest);
    bool alone = recipe->proto == &proto_opaque; /* IP carries data and nothing else */
    err_set(err, STATUS_USAGE, "%s: no such field of %s%s%s%s%s", text_string(&text),
            alone ? "" : recipe->proto->title, alone ? "" : " or ", recipe->ip->title,
            names.len ? "; did you mean " : "; `loopcraft fields` lists them", text_string(&names));
    free(word);
    text_free(&text);
    text_free(&names);
    return false;
}
