/*
 * craft_check.h: what the tests of the packet floor share: words to a recipe, to a packet, and
 * to its dissection, in a line each.
 */
#ifndef LOOPCRAFT_TESTS_CRAFT_CHECK_H
#define LOOPCRAFT_TESTS_CRAFT_CHECK_H

#include <loopcraft/craft.h>
#include <loopcraft/proto.h>
#include <loopcraft/walk.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define BYTES(...) \
    ((struct bytes){(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})})

static inline struct bytes text_bytes(const struct text *text)
{
    return (struct bytes){(const uint8_t *)text->at, text->len};
}

static inline void assert_bytes(struct bytes got, struct bytes want)
{
    if (!bytes_equal(got, want)) {
        struct text hex = TEXT_EMPTY;
        text_hex_bytes(&hex, got, ' ');
        text_put(&hex, "\nbut it should be\n");
        text_hex_bytes(&hex, want, ' ');
        fail_msg("%s", text_string(&hex));
    }
}

static inline void must_begin(struct recipe *recipe, const char *proto, int family)
{
    struct err err = {0};
    if (!recipe_begin(recipe, proto, family, &err))
        fail_msg("%s", err.message);
}

/* Words with spaces between them; all must be understood. */
static inline void must_take(struct recipe *recipe, const char *words)
{
    struct err err = {0};
    char *copy = strdup(words), *rest = copy;
    assert_non_null(copy);
    for (char *word; (word = strsep(&rest, " "));)
        if (*word && !recipe_word(recipe, word, ORIGIN_YOU, &err))
            fail_msg("%s", err.message);
    free(copy);
}

/* The words are read in order; the last must be refused. *err says how. */
static inline void must_refuse(struct err *err, const char *proto, int family, const char *before,
                               const char *word)
{
    struct recipe recipe;
    *err = (struct err){0};
    must_begin(&recipe, proto, family);
    must_take(&recipe, before);
    if (recipe_word(&recipe, word, ORIGIN_YOU, err))
        fail_msg("%s was taken", word);
    assert_int_equal(err->status, STATUS_USAGE);
    recipe_free(&recipe);
}

/* A packet with all that it went through; it stays where it is, for the dissection borrows. */
struct packet {
    struct recipe recipe;
    struct crafted crafted;
    struct dissection d;
};

static inline struct packet *must_craft(const char *proto, int family, const char *words)
{
    struct packet *packet = calloc(1, sizeof *packet);
    struct err err = {0};
    assert_non_null(packet);
    must_begin(&packet->recipe, proto, family);
    must_take(&packet->recipe, words);
    if (!craft(&packet->crafted, &packet->recipe, &err))
        fail_msg("%s: %s", words, err.message);
    struct bytes bytes = crafted_bytes(&packet->crafted);
    walk(&packet->d, packet->recipe.ip, bytes, bytes.len);
    return packet;
}

static inline void packet_free(struct packet *packet)
{
    recipe_free(&packet->recipe);
    crafted_free(&packet->crafted);
    dissection_free(&packet->d);
    free(packet);
}

/* The first row of this name shows this. */
static inline void must_show(const struct dissection *d, const char *name, const char *show)
{
    const struct node *node = node_find(d, 0, name);
    struct text text = TEXT_EMPTY;
    if (!node)
        fail_msg("no %s", name);
    node_show(&text, d, node);
    if (strcmp(text_string(&text), show) != 0)
        fail_msg("%s shows %s and not %s", name, text_string(&text), show);
    text_free(&text);
}

/* Nothing that could steer a terminal (promise 7). */
static inline void must_be_printable(const char *message)
{
    for (const char *at = message; *at; at++)
        assert_true((uint8_t)*at >= 0x20 && *at != 0x7f);
}

#endif
