/*
 * test_craft_words.c: words -> craft -> dissect gives the same words, for every row that can be
 * set, with values by chance; and the sums that nobody asked for are right.
 */
#include "craft_rows.h"

static const struct {
    const char *name;
    int family;
} protos[] = {{"tcp", AF_INET},  {"tcp", AF_INET6}, {"udp", AF_INET},
              {"udp", AF_INET6}, {"icmp", AF_INET}, {"icmp", AF_INET6}};

/* --- one row at a time ------------------------------------------------------- */

static bool is_sum(size_t bit, const struct recipe *recipe)
{
    const struct field *ip = record_role(recipe->ip, ROLE_CHECKSUM);
    const struct field *own = record_role(recipe->proto, ROLE_CHECKSUM);
    size_t start = recipe->ip->size * 8u;
    return (ip && bit >= ip->bit && bit < ip->bit + ip->bits) ||
           (own && bit >= start + own->bit && bit < start + own->bit + own->bits);
}

/* Outside the row and the checksums each bit is what it was. */
static void must_touch_nothing_else(const struct packet *packet, const struct packet *plain,
                                    const struct node *node)
{
    struct bytes now = crafted_bytes(&packet->crafted), then = crafted_bytes(&plain->crafted);
    if (now.len != then.len && (node->field->role == ROLE_CASE || node->field->role == ROLE_CODE))
        return; /* another message, with other rows */
    assert_int_equal(now.len, then.len);
    for (size_t bit = 0; bit < now.len * 8; bit++) {
        uint64_t a = 0, b = 0;
        bytes_number(now, bit, 1, &a);
        bytes_number(then, bit, 1, &b);
        bool own = bit >= node->bit && bit < node->bit + node->bits;
        if (a != b && !own && !is_sum(bit, &packet->recipe))
            fail_msg("%s: bit %zu has changed", node->field->name, bit);
    }
}

/* The message that has the row, by its type and code; more data would make another of some. */
static void put_message(struct text *out, const struct recipe *recipe, const struct settable *row)
{
    if (row->type >= 0)
        text_format(out, "%s.type=%d ", recipe->proto->name, row->type);
    if (row->code >= 0)
        text_format(out, "%s.code=%d ", recipe->proto->name, row->code);
    text_put(out, "data=hex:");
    for (size_t i = 0; i < 16 && row->type < 0; i++)
        text_format(out, "%02x", (unsigned)i);
}

/* An icmp.unused of 16 bits is written with the 4 bytes that it has in most messages. */
static void put_word(struct text *out, const struct field *row, const char *value)
{
    bool unused = strcmp(row->name, "icmp.unused") == 0 ||
                  strcmp(row->name, "icmpv6.reserved") == 0;
    const char *pad = unused && row->bits == 16 ? "00:00:" : unused && row->bits == 24 ? "00:" : "";
    text_format(out, " %s=%s%s", row->name, pad, value);
}

static void one_row(struct chance *chance, const char *proto, int family,
                    const struct settable *row)
{
    struct text words = TEXT_EMPTY, value = TEXT_EMPTY;
    struct recipe recipe;
    must_begin(&recipe, proto, family);
    put_message(&words, &recipe, row);
    struct packet *plain = must_craft(proto, family, text_string(&words));
    put_random(&value, chance, row->row);
    put_word(&words, row->row, text_string(&value));
    struct packet *packet = must_craft(proto, family, text_string(&words));
    must_show(&packet->d, row->row->name, text_string(&value));
    must_touch_nothing_else(packet, plain, node_find(&packet->d, 0, row->row->name));
    packet_free(plain);
    packet_free(packet);
    recipe_free(&recipe);
    text_free(&words);
    text_free(&value);
}

static void each_row_comes_back_as_it_was_asked(void **state)
{
    (void)state;
    struct chance chance = chance_new();
    size_t rows = 0;
    for (size_t p = 0; p < COUNT(protos); p++) {
        struct settables all = settables_of(protos[p].name, protos[p].family);
        for (size_t i = 0; i < all.count; i++)
            for (int round = 0; round < 20; round++)
                one_row(&chance, protos[p].name, protos[p].family, &all.each[i]);
        rows += all.count;
    }
    assert_true(rows > 150);
}

/* --- many rows at once --------------------------------------------------------- */

/* RFC 1071, byte by byte, and by no code of the program's: the folded sum. */
static unsigned plain_sum(unsigned long sum, struct bytes b)
{
    for (size_t i = 0; i < b.len; i++)
        sum += i % 2 ? b.at[i] : (unsigned long)b.at[i] << 8;
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (unsigned)sum;
}

/* A sum with its own field in it is all ones, over header, data and pseudo-header. */
static void must_sum(const struct packet *packet)
{
    struct bytes bytes = crafted_bytes(&packet->crafted);
    bool six = packet->recipe.ip == &proto_ipv6, icmp = packet->recipe.proto == &proto_icmp;
    size_t header = six ? 40 : 20;
    struct bytes message = bytes_part(bytes, header, bytes.len);
    unsigned long pseudo = icmp ? 0
                                : plain_sum(packet->recipe.proto->protocol + message.len,
                                            bytes_part(bytes, six ? 8 : 12, six ? 32 : 8));
    const struct field *row = record_role(packet->recipe.proto, ROLE_CHECKSUM);
    if (!recipe_asked(&packet->recipe, row->name))
        assert_int_equal(plain_sum(pseudo, message), 0xffff);
    if (!six && !recipe_asked(&packet->recipe, "ip.checksum"))
        assert_int_equal(plain_sum(0, bytes_part(bytes, 0, header)), 0xffff);
}

static const char *const option_lists[] = {
    "mss:1460",
    "nop",
    "mss:65495,sackok,ts:1:0,nop,wscale:10",
    "254:beef",
    "sack:1:2:3:4,eol",
    "md5:000102030405060708090a0b0c0d0e0f,nop,nop,ao:1:2:a0a1a2a3",
};

/* Groups, or what lies inside them: either way no row is asked for by two words. */
static bool fits(const struct settable *row, bool groups, const struct settables *all)
{
    if (row->type >= 0 || steers(row->row))
        return false;
    bool inside = false;
    for (size_t i = 0; i < all->count; i++) {
        const struct field *group = all->each[i].row;
        size_t len = strlen(group->name);
        inside = inside ||
                 (group->role == ROLE_GROUP && group != row->row &&
                  strncmp(group->name, row->row->name, len) == 0 && row->row->name[len] == '.');
    }
    return row->row->role == ROLE_GROUP ? groups : !inside || !groups;
}

struct said {
    const char *name;
    struct text value;
};

static size_t put_rows(struct text *words, struct said *said, struct chance *chance,
                       const struct settables *all)
{
    bool groups = chance_below(chance, 2);
    size_t count = 0, first = chance_below(chance, all->count);
    for (size_t i = 0; i < all->count; i++) {
        const struct settable *row = &all->each[(first + i) % all->count];
        if (!fits(row, groups, all) || chance_below(chance, 3) == 0)
            continue;
        said[count] = (struct said){.name = row->row->name};
        put_random(&said[count].value, chance, row->row);
        text_format(words, " %s=%s", said[count].name, text_string(&said[count].value));
        count++;
    }
    return count;
}

static void many_rows(struct chance *chance, const char *proto, int family,
                      const struct settables *all)
{
    struct text words = TEXT_EMPTY;
    struct said said[COUNT(all->each)];
    size_t count = put_rows(&words, said, chance, all);
    if (strcmp(proto, "tcp") == 0 && chance_below(chance, 2))
        text_format(&words, " options=%s", option_lists[chance_below(chance, COUNT(option_lists))]);
    text_put(&words, " data=hex:");
    for (size_t left = chance_below(chance, 40); left-- > 0;)
        text_hex(&words, chance_number(chance) & 0xff, 2);

    struct packet *packet = must_craft(proto, family, text_string(&words));
    for (size_t i = 0; i < count; i++) {
        must_show(&packet->d, said[i].name, text_string(&said[i].value));
        text_free(&said[i].value);
    }
    struct bytes bytes = crafted_bytes(&packet->crafted);
    struct bytes data = text_bytes(&packet->recipe.data),
                 options = text_bytes(&packet->recipe.options);
    size_t header = packet->recipe.ip->size + packet->recipe.proto->size;
    assert_bytes(bytes_part(bytes, bytes.len - data.len, data.len), data);
    if (options.len)
        assert_bytes(bytes_part(bytes, header, options.len), options);
    must_sum(packet);
    packet_free(packet);
    text_free(&words);
}

static void many_rows_at_once_come_back(void **state)
{
    (void)state;
    struct chance chance = chance_new();
    for (size_t p = 0; p < COUNT(protos); p++) {
        struct settables all = settables_of(protos[p].name, protos[p].family);
        for (int round = 0; round < 500; round++)
            many_rows(&chance, protos[p].name, protos[p].family, &all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_comes_back_as_it_was_asked),
        cmocka_unit_test(many_rows_at_once_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
