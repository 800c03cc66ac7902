/* recipe.c: words in Wireshark's names to values, by the tables. */
#include <loopcraft/recipe.h>

#include "options.h"
#include "recipe_rows.h"

#include <loopcraft/proto.h>

#include <string.h>
#include <sys/socket.h>

/* --- words ------------------------------------------------------------------- */

static bool twice(const char *what, struct err *err)
{
    return err_set(err, STATUS_USAGE, "%s is given twice: give it once", what);
}

/* The same row in another case, with more bits: icmp.unused has 16, 24 or 32. */
static bool is_wider(void *context, const struct field *field)
{
    const struct field *than = context;
    return field->bits > than->bits && strcmp(field->name, than->name) == 0;
}

static bool value_word(struct recipe *recipe, const struct key *key, const char *value,
                       enum origin origin, struct err *err)
{
    struct asked row, wider;
    if (!rows_each(recipe, &row, row_matches, (void *)key) || row.field->role == ROLE_ALSO)
        return recipe_refuse(recipe, key, err);
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

/* What is no row (options, data) may be given once, too. */
static bool take_once(enum origin *taken, enum origin origin, const char *what, struct err *err)
{
    if (*taken)
        return twice(what, err);
    *taken = origin;
    return true;
}

/* A name and no =, or a number and no name. */
static bool no_equals(const struct recipe *recipe, const struct key *key, struct err *err)
{
    struct asked row;
    const struct field *port = record_role(recipe->proto, ROLE_DESTINATION);
    bool data = key_is(key, "data"), digits = strspn(key->text, "0123456789") == key->len;
    if (port && digits && key->len && key->len < 6)
        return err_set(err, STATUS_USAGE, "%s: a port has its name here: %s=%s", key->text,
                       port->name, key->text);
    if (!data && !rows_each(recipe, &row, row_matches, (void *)key))
        return recipe_refuse(recipe, key, err);
    return err_set(err, STATUS_USAGE, "%s: its value belongs behind a =, with no space: %s=%s",
                   key->text, key->text, data ? "hello" : "1");
}

bool recipe_word(struct recipe *recipe, const char *word, enum origin origin, struct err *err)
{
    const char *equals = strchr(word, '=');
    struct key key = {word, equals ? (size_t)(equals - word) : strlen(word)};
    if (!equals)
        return no_equals(recipe, &key, err);
    const char *value = equals + 1;
    if (recipe->proto->options && (key_is(&key, "options") || key_is(&key, "tcp.options"))) {
        if (!take_once(&recipe->options_origin, origin, "options", err))
            return false;
        return options_read(&recipe->options, recipe->proto, value, err);
    }
    if (recipe->ip->options && key_is(&key, "ip.options")) {
        if (!take_once(&recipe->ip_options_origin, origin, "ip.options", err))
            return false;
        return options_read(&recipe->ip_options, recipe->ip, value, err);
    }
    if (key_is(&key, "data"))
        return take_once(&recipe->data_origin, origin, "data", err) &&
               recipe_text(&recipe->data, value, err);
    return value_word(recipe, &key, value, origin, err);
}

/* --- the rest ---------------------------------------------------------------- */

bool recipe_begin(struct recipe *recipe, const char *proto, int family, struct err *err)
{
    static const struct {
        const char *name;
        const struct record *proto;
    } protos[] = {{"tcp", &proto_tcp},
                  {"udp", &proto_udp},
                  {"icmp", &proto_icmp},
                  {"icmpv6", &proto_icmpv6},
                  {"ip", &proto_opaque}};
    *recipe = (struct recipe){.ip = family == AF_INET6 ? &proto_ipv6 : &proto_ipv4};
    if (family == AF_INET6 && strcmp(proto, "icmp") == 0)
        proto = "icmpv6";
    for (size_t i = 0; i < sizeof protos / sizeof protos[0]; i++)
        if (strcmp(protos[i].name, proto) == 0)
            recipe->proto = protos[i].proto;
    if (recipe->proto)
        return true;
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)proto, strnlen(proto, 40)});
    err_set(err, STATUS_USAGE, "%s: no such protocol; tcp, udp, icmp, icmpv6 or ip",
            text_string(&safe));
    text_free(&safe);
    return false;
}

void recipe_free(struct recipe *recipe)
{
    text_free(&recipe->values);
    text_free(&recipe->options);
    text_free(&recipe->ip_options);
    text_free(&recipe->data);
}

static struct text text_copy(const struct text *from)
{
    struct text copy = TEXT_EMPTY;
    if (from->len)
        text_put_n(&copy, from->at, from->len);
    return copy;
}

struct recipe recipe_copy(const struct recipe *recipe)
{
    struct recipe copy = *recipe;
    copy.values = text_copy(&recipe->values);
    copy.options = text_copy(&recipe->options);
    copy.ip_options = text_copy(&recipe->ip_options);
    copy.data = text_copy(&recipe->data);
    return copy;
}

size_t recipe_ip_size(const struct recipe *recipe)
{
    return recipe->ip->size + ((recipe->ip_options.len + 3) & ~(size_t)3);
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
    if (!rows_each(recipe, &row, row_matches, &key) || row.field->bits > 64)
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
    enum { FOR_EXPERIMENTS = 253 }; /* RFC 3692, 2.1: no protocol has it */
    static const uint8_t loopback4[] = {127, 0, 0, 1}, loopback6[16] = {[15] = 1};
    struct bytes loopback = recipe->ip == &proto_ipv6 ? (struct bytes){loopback6, sizeof loopback6}
                                                      : (struct bytes){loopback4, sizeof loopback4};
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
        recipe_default(recipe, defaults[i].name, defaults[i].number);
    if (!recipe->proto->protocol)
        recipe_default(recipe, recipe->ip == &proto_ipv6 ? "ipv6.nxt" : "ip.proto",
                       FOR_EXPERIMENTS);
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
