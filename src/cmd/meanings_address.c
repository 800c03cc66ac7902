/* meanings_address.c: "192.168.1.10", "fe80::1%lo", "10.0.0.0/8", "[::1]:8080". */
#include "meanings.h"

#include <loopcraft/addresses.h>

#include <arpa/inet.h>
#include <string.h>

/* An address as it was typed: without brackets, what follows a %, its prefix length, its port. */
struct typed {
    char addr[64];
    const char *port; /* or NULL */
    unsigned long bits;
    bool block; /* with a prefix length: a block of addresses */
};

static bool take_apart(struct typed *t, const char *word)
{
    const char *end = word + strlen(word);
    *t = (struct typed){.bits = 128};
    if (word[0] == '[') {
        word++;
        end = strchr(word, ']');
        if (!end || (end[1] && end[1] != ':'))
            return false;
        t->port = end[1] ? end + 2 : NULL;
    } else if (strchr(word, '/')) {
        end = strchr(word, '/');
        t->block = meaning_number(end + 1, 128, &t->bits);
        if (!t->block)
            return false;
    } else if (strchr(word, '.') && strchr(word, ':') && strchr(word, ':') == strrchr(word, ':')) {
        end = strchr(word, ':');
        t->port = end + 1;
    }
    size_t len = (size_t)(end - word), zone = strcspn(word, "%");
    len = zone + 1 < len && memchr(word, ':', zone) ? zone : len; /* fe80::1%eth0 */
    if (len >= sizeof t->addr)
        return false;
    memcpy(t->addr, word, len);
    return true;
}

static void add_carried(struct meanings *m, const uint8_t *six)
{
    uint8_t four[4];
    char text[INET_ADDRSTRLEN];
    struct text carried = TEXT_EMPTY;
    if (!address_carried(six, four))
        return;
    inet_ntop(AF_INET, four, text, sizeof text);
    text_format(&carried, "%s, %s", text, block_find(AF_INET, four, 32)->name);
    meaning_add(m, "carries", text_string(&carried));
    text_free(&carried);
}

static void tell_address(struct meanings *m, const struct typed *t, int family, const uint8_t *addr)
{
    char text[INET6_ADDRSTRLEN];
    uint8_t first[16];
    unsigned most = (unsigned)(address_size(family) * 8);
    const struct block *block = block_find(family, addr, t->bits < most ? (unsigned)t->bits : most);
    unsigned bits = block_prefix(block, first);
    inet_ntop(family, addr, text, sizeof text);
    meaning_begin(m, "address");
    text_put(&m->name, text);
    if (t->block)
        text_format(&m->name, "/%lu", t->bits);
    text_format(&m->name, " %s", block->name);
    text_put(&m->means, block->means);
    meaning_add_named(m, "class", block->name);
    meaning_add_number(m, "family", family == AF_INET ? 4 : 6);
    meaning_add(m, "reaches", reach_name(block->reach));
    meaning_add(m, "block", block->prefix);
    const struct block *outer = bits ? block_find(family, addr, bits - 1) : NULL;
    if (outer && block_prefix(outer, first)) {
        struct text in = TEXT_EMPTY;
        text_format(&in, "%s, %s", outer->prefix, outer->name);
        meaning_add(m, "in", text_string(&in));
        text_free(&in);
    }
    if (family == AF_INET6 && !t->block)
        add_carried(m, addr);
    meaning_add(m, "source", block->source);
    meaning_tell(m);
}

void meanings_address(struct meanings *m, const char *word)
{
    struct typed typed;
    uint8_t addr[16];
    if (!take_apart(&typed, word))
        return;
    int family = strchr(typed.addr, ':') ? AF_INET6 : AF_INET;
    if (inet_pton(family, typed.addr, addr) != 1 ||
        (typed.block && typed.bits > address_size(family) * 8))
        return;
    unsigned long port;
    if (typed.port && !meaning_number(typed.port, UINT16_MAX, &port))
        return;
    tell_address(m, &typed, family, addr);
    if (typed.port)
        meanings_port(m, typed.port);
}
