/*
 * fuzz_recipe.c: any words are a recipe or refused in one line; a recipe is a packet or refused
 * likewise; a packet is what was asked for, in every field, and it dissects.
 *
 * Input: protocol, family, and whether the rest is a recipe's file (1 byte), then that file, or
 * words with a line end or a 0 after each.
 */
#include "fuzz.h"
#include "loopback_oracle.h"

#include "../unit/walk_check.h"

#include <loopcraft/craft.h>
#include <loopcraft/dissect.h>
#include <loopcraft/guard.h>

/* A word that names a file would make this depend on more than the input. */
static bool names_a_file(const char *word)
{
    return strstr(word, "=@") != NULL;
}

static bool take_words(struct recipe *recipe, struct bytes input)
{
    struct bytes all = input;
    struct err err = {0};
    while (input.len) {
        size_t len = 0;
        while (len < input.len && input.at[len] != '\n' && input.at[len] != '\0')
            len++;
        char *word = strndup((const char *)input.at, len);
        assert_non_null(word);
        bool good = names_a_file(word) || recipe_word(recipe, word, ORIGIN_YOU, &err);
        free(word);
        if (!good) {
            must_complain(&err, STATUS_USAGE, all);
            return false;
        }
        input = bytes_part(input, len + 1, input.len);
    }
    return true;
}

/* The words of a file: each stands on a line that the file has, and is named with it when refused. */
static bool take_file(struct recipe *recipe, struct bytes input)
{
    struct recipe_file file;
    struct err err = {0};
    unsigned lines = 1;
    for (size_t i = 0; i < input.len; i++)
        lines += input.at[i] == '\n';
    bool good = recipe_file_read(&file, "fuzz\x1b.txt", input, &err);
    for (size_t i = 0; good && i < file.count; i++) {
        const char *word = recipe_file_word(&file, i);
        assert_in_range(file.each[i].line, 1, lines);
        assert_in_range(strlen(word), 0, input.len);
        good = names_a_file(word) || recipe_word(recipe, word, ORIGIN_YOU, &err) ||
               recipe_file_blame(&file, i, &err);
    }
    if (!good) /* its words, without the quotes that stood among them */
        must_complain(&err, STATUS_USAGE,
                      (struct bytes){(const uint8_t *)text_string(&file.text), file.text.len});
    recipe_file_free(&file);
    return good;
}

/* A row that was asked for and that no other asked one overlaps stands in the packet. */
static void must_be_as_asked(const struct recipe *recipe, struct bytes packet)
{
    for (size_t i = 0; i < recipe->count; i++) {
        const struct asked *asked = &recipe->asked[i];
        uint64_t number = 0;
        size_t start = asked->record == recipe->ip ? 0 : recipe_ip_size(recipe);
        if ((asked->record != recipe->ip && asked->record != recipe->proto) ||
            asked->field->role == ROLE_GROUP || !asked->field->bits || asked->field->bits > 64)
            continue;
        assert_true(bytes_number(packet, start * 8 + asked->field->bit, asked->field->bits,
                                 &number));
        if (number != recipe_number(recipe, asked))
            fail_msg("%s is not what was asked for", asked->field->name);
    }
}

/* Captured on its way: each node has an origin. */
static void check_provenance(const struct recipe *recipe, const struct crafted *crafted)
{
    struct text bytes = TEXT_EMPTY, origins = TEXT_EMPTY;
    struct dissection d = {0};
    struct bytes packet = crafted_bytes(crafted);
    text_put_n(&bytes, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
    text_put_n(&bytes, recipe->ip == &proto_ipv6 ? "\x86\xdd" : "\x08\x00", 2);
    text_put_n(&bytes, (const char *)packet.at, packet.len);
    struct frame frame = {.linktype = LINKTYPE_ETHERNET,
                          .len = (uint32_t)bytes.len,
                          .bytes = {(const uint8_t *)bytes.at, bytes.len}};
    dissect(&d, &frame);
    must_tile(&d);
    provenance(&origins, &d, crafted, recipe);
    assert_int_equal(origins.len, d.count);
    for (size_t i = 0; i < origins.len; i++)
        assert_in_range((uint8_t)origins.at[i], ORIGIN_UNKNOWN, ORIGIN_KERNEL);
    text_free(&bytes);
    text_free(&origins);
    dissection_free(&d);
}

static void check_packet(const struct recipe *recipe, const struct crafted *crafted)
{
    struct bytes packet = fuzz_copy(crafted_bytes(crafted));
    struct sockaddr_storage to;
    socklen_t to_len;
    struct err err = {0};
    assert_in_range(packet.len, recipe->ip->size + recipe->proto->size, 65535);
    must_be_as_asked(recipe, packet);
    check_provenance(recipe, crafted);
    if (guard_check(packet, &to, &to_len, &err))
        assert_true(oracle_loopback(packet));
    else
        must_complain(&err, STATUS_GUARD, packet);
    free((void *)packet.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
    static const char *const protos[] = {"tcp", "udp", "icmp", "icmpv6", "ip", "tcp", "udp", "ip"};
    enum { IPV6 = 8, FILE_TOO = 16 };
    struct bytes input = {at, len};
    uint8_t which = fuzz_u8(&input);
    struct recipe recipe;
    struct crafted crafted = {0};
    struct err err = {0};
    assert_true(recipe_begin(&recipe, protos[which & 7], which & IPV6 ? AF_INET6 : AF_INET, &err));
    if (which & FILE_TOO ? take_file(&recipe, input) : take_words(&recipe, input)) {
        if (craft(&crafted, &recipe, &err))
            check_packet(&recipe, &crafted);
        else
            must_complain(&err, STATUS_USAGE, input);
    }
    crafted_free(&crafted);
    recipe_free(&recipe);
    return 0;
}
