/* recipe.c: words in Wireshark's names to values, by the tables. */
#include <loopcraft/recipe.h>

#include "options.h"

#include <loopcraft/nearest.h>
#include <loopcraft/proto.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

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
static const struct asked *rows_each(const struct recipe *recipe, struct asked *row,
                                     bool (*found)(void *context, const struct field *field),
                                     void *context)
{
    const struct look_up look_up = {found, context, row};
    return rows_of(recipe->proto, &look_up) || rows_of(recipe->ip, &look_up) ? row : NULL;
}

struct key {
    const char *text;
    size_t len;
};

/* A key is a row's name, with or without the protocol in front. */
static bool key_matches(void *context, const struct field *field)
{
    const struct key *key = context;
    const char *dot = strchr(field->name, '.');
    return (strlen(field->name) == key->len && strncmp(field->name, key->text, key->len) == 0) ||
           (dot && strlen(dot + 1) == key->len && strncmp(dot + 1, key->text, key->len) == 0);
}

/* The same row in another case, with more bits: icmp.unused has 16, 24 or 32. */
static bool is_wider(void *context, const struct field *field)
{
    const struct field *than = context;
    return field->bits > than->bits && strcmp(field->name, than->name) == 0;
}

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

static bool refuse_word(const struct recipe *recipe, const struct key *key, struct err *err)
{
    struct text text = TEXT_EMPTY, names = TEXT_EMPTY;
    text_escape(&text, (struct bytes){(const uint8_t *)key->text, key->len < 60 ? key->len : 60});
    for (size_t i = 0; i < sizeof other_words / sizeof other_words[0]; i++) {
        if (strlen(other_words[i].theirs) != key->len ||
            strncmp(other_words[i].theirs, key->text, key->len) != 0)
            continue;
        struct key ours = {other_words[i].ours, strlen(other_words[i].ours)};
        struct asked row;
        const struct asked *found = rows_each(recipe, &row, key_matches, &ours);
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
    char *word = strndup(text_string(&text), 60);
    struct nearest nearest = nearest_to(word ? word : "");
    struct asked row;
    rows_each(recipe, &row, try_nearest, &nearest);
    nearest_put(&names, &nearest);
    err_set(err, STATUS_USAGE, "%s: no such field of %s or %s%s%s", text_string(&text),
            recipe->proto->title, recipe->ip->title,
            names.len ? "; did you mean " : "; `loopcraft fields` lists them", text_string(&names));
    free(word);
    text_free(&text);
    text_free(&names);
    return false;
}

/* --- words ------------------------------------------------------------------- */

static bool twice(const char *what, struct err *err)
{
    return err_set(err, STATUS_USAGE, "%s is given twice: give it once", what);
}

static bool value_word(struct recipe *recipe, const struct key *key, const char *value,
                       enum origin origin, struct err *err)
{
    struct asked row, wider;
    if (!rows_each(recipe, &row, key_matches, (void *)key) || row.field->role == ROLE_ALSO)
        return refuse_word(recipe, key, err);
    while (rows_each(recipe, &wider, is_wider, (void *)row.field))
        row = wider;
    if (!row.field->format->read)
        return err_set(err, STATUS_USAGE, "%s can't be set by a word", row.field->name);
    if (recipe_asked(recipe, row.field->name))
        return twice(row.field->name, err);
    if (recipe->count == RECIPE_WORDS_MOST)
        return err_set(err, STATUS_USAGE, "too many words: at most %d", RECIPE_WORDS_MOST);
    row.origin = origin;
    row.at = recipe->values.len;
    if (!row.field->format->read(&recipe->values, row.field, value, err))
        return false;
    row.len = recipe->values.len - row.at;
    recipe->asked[recipe->count++] = row;
    return true;
}

bool recipe_word(struct recipe *recipe, const char *word, enum origin origin, struct err *err)
{
    const char *equals = strchr(word, '=');
    struct key key = {word, equals ? (size_t)(equals - word) : strlen(word)};
    if (!equals)
        return refuse_word(recipe, &key, err);
    const char *value = equals + 1;
    bool options = key.len == 7 && strncmp(word, "options", 7) == 0;
    options = options || (key.len == 11 && strncmp(word, "tcp.options", 11) == 0);
    if (options && recipe->proto->options) {
        if (recipe->options_origin)
            return twice("options", err);
        recipe->options_origin = origin;
        return options_read(&recipe->options, recipe->proto, value, err);
    }
    if (key.len == 4 && strncmp(word, "data", 4) == 0) {
        if (recipe->data_origin)
            return twice("data", err);
        recipe->data_origin = origin;
        return recipe_text(&recipe->data, value, err);
    }
    return value_word(recipe, &key, value, origin, err);
}

/* --- the rest ---------------------------------------------------------------- */

bool recipe_begin(struct recipe *recipe, const char *proto, int family, struct err *err)
{
    static const struct record *const protos[] = {&proto_tcp, &proto_udp, &proto_icmp,
                                                  &proto_icmpv6};
    *recipe = (struct recipe){.ip = family == AF_INET6 ? &proto_ipv6 : &proto_ipv4};
    if (family == AF_INET6 && strcmp(proto, "icmp") == 0)
        proto = "icmpv6";
    for (size_t i = 0; i < sizeof protos / sizeof protos[0]; i++)
        if (strcmp(protos[i]->name, proto) == 0)
            recipe->proto = protos[i];
    if (recipe->proto)
        return true;
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)proto, strnlen(proto, 40)});
    err_set(err, STATUS_USAGE, "%s: no such protocol; tcp, udp, icmp or icmpv6",
            text_string(&safe));
    text_free(&safe);
    return false;
}

void recipe_free(struct recipe *recipe)
{
    text_free(&recipe->values);
    text_free(&recipe->options);
    text_free(&recipe->data);
}

/* Sets a row to these bytes, as asked for by the program itself, unless it was asked for before. */
static void default_bytes(struct recipe *recipe, const struct record *record,
                          const struct field *field, struct bytes value)
{
    if (recipe_asked(recipe, field->name) || recipe->count == RECIPE_WORDS_MOST)
        return;
    recipe->asked[recipe->count++] = (struct asked){record, field, ORIGIN_LOOPCRAFT,
                                                    recipe->values.len, value.len};
    text_put_n(&recipe->values, (const char *)value.at, value.len);
}

void recipe_default(struct recipe *recipe, const char *name, uint64_t number)
{
    struct key key = {name, strlen(name)};
    struct asked row;
    uint8_t value[8];
    if (!rows_each(recipe, &row, key_matches, &key) || row.field->bits > 64)
        return;
    size_t len = (row.field->bits + 7u) / 8;
    for (size_t i = 0; i < len; i++)
        value[i] = (uint8_t)(number >> 8 * (len - 1 - i));
    default_bytes(recipe, row.record, row.field, (struct bytes){value, len});
}

void recipe_fill(struct recipe *recipe)
{
    static const struct {
        const char *name;
        uint64_t number;
    } defaults[] = {{"ip.ttl", 64}, {"ipv6.hlim", 64}, {"tcp.window_size_value", 64240}};
    static const uint8_t loopback4[] = {127, 0, 0, 1}, loopback6[16] = {[15] = 1};
    struct bytes loopback = recipe->ip == &proto_ipv6 ? (struct bytes){loopback6, sizeof loopback6}
                                                      : (struct bytes){loopback4, sizeof loopback4};
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
        recipe_default(recipe, defaults[i].name, defaults[i].number);
    default_bytes(recipe, recipe->ip, record_role(recipe->ip, ROLE_SOURCE), loopback);
    default_bytes(recipe, recipe->ip, record_role(recipe->ip, ROLE_DESTINATION), loopback);
}

void recipe_data(struct recipe *recipe, struct bytes data, enum origin origin)
{
    if (recipe->data_origin)
        return;
    recipe->data_origin = origin;
    text_put_n(&recipe->data, (const char *)data.at, data.len);
}

const struct asked *recipe_asked(const struct recipe *recipe, const char *name)
{
    for (size_t i = 0; i < recipe->count; i++)
        if (strcmp(recipe->asked[i].field->name, name) == 0)
            return &recipe->asked[i];
    return NULL;
}

uint64_t recipe_number(const struct recipe *recipe, const struct asked *asked)
{
    struct bytes value = {(const uint8_t *)recipe->values.at + asked->at, asked->len};
    uint64_t number = 0;
    if (asked->len && asked->len <= 8)
        bytes_number(value, 0, (unsigned)asked->len * 8, &number);
    return number;
}
