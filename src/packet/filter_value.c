/* filter_value.c: the values written in a display filter, read as the field's kind wants them. */
#include "filter_program.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum finder_kind test_kind(const struct test *test)
{
    enum finder_kind kind = test->left.kind;
    if (test->masked)
        return FINDER_NUMBER;
    if (test->slice.given || (kind == FINDER_ETHER && test->relation == RELATION_CONTAINS) ||
        kind == FINDER_PROTOCOL)
        return FINDER_BYTES;
    return kind;
}

void literal_free(struct literal *literal)
{
    text_free(&literal->text);
}

static bool refuse(const struct test *test, struct tokens *token, struct err *err,
                   const char *takes)
{
    struct text why = TEXT_EMPTY;
    text_format(&why, "%s takes %s", test->left.name, takes);
    tokens_refuse(token, err, text_string(&why));
    text_free(&why);
    return false;
}

/* --- numbers ---------------------------------------------------------------------------- */

/* C's ways to write one: 64, 0x40, 0100, 0b1000000. */
static bool parse_number(const char *word, uint64_t *number)
{
    static const struct {
        const char *start, *digits;
        int base;
    } ways[] = {
        {"0x", "0123456789abcdefABCDEF", 16},
        {"0X", "0123456789abcdefABCDEF", 16},
        {"0b", "01", 2},
        {"0B", "01", 2},
        {"0", "01234567", 8},
        {"", "0123456789", 10},
    };
    size_t i = 0;
    while (strncmp(ways[i].start, word, strlen(ways[i].start)) != 0)
        i++;
    const char *digits = ways[i].base == 8 ? word : word + strlen(ways[i].start);
    if (!*digits || digits[strspn(digits, ways[i].digits)])
        return false;
    errno = 0;
    *number = strtoull(digits, NULL, ways[i].base);
    return errno == 0;
}

/* The largest number of Wireshark's type for a row of so many bits. */
static uint64_t most_of(unsigned bits)
{
    unsigned wide = bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64;
    return UINT64_MAX >> (64 - wide);
}

static bool read_number(struct literal *out, const struct test *test, struct tokens *token,
                        struct err *err)
{
    const char *word = text_string(&token->text);
    const struct term *term = test->left.terms;
    while (term && term->name && strcasecmp(term->name, word) != 0)
        term++;
    if (term && term->name) {
        out->number = term->number;
        return true;
    }
    if (token->kind == TOKEN_STRING || !parse_number(word, &out->number)) {
        if (test->left.flags)
            return refuse(test, token, err,
                          "a number (SYN is 0x002); for one flag write tcp.flags.syn == 1");
        return refuse(test, token, err, "a number");
    }
    uint64_t most = most_of(test->left.bits);
    if (out->number > most) {
        struct text takes = TEXT_EMPTY;
        text_format(&takes, "at most %llu", (unsigned long long)most);
        refuse(test, token, err, text_string(&takes));
        text_free(&takes);
        return false;
    }
    return true;
}

static bool read_boolean(struct literal *out, const struct test *test, struct tokens *token,
                         struct err *err)
{
    static const char *const words[][2] = {{"false", "true"}, {"not set", "set"}};
    const char *word = text_string(&token->text);
    for (size_t i = 0; i < 2; i++)
        for (unsigned yes = 0; yes < 2; yes++)
            if (strcasecmp(word, words[i][yes]) == 0) {
                out->number = yes;
                return true;
            }
    if (token->kind == TOKEN_STRING || !parse_number(word, &out->number))
        return refuse(test, token, err, "1 or 0, True or False");
    out->number = out->number != 0;
    return true;
}

/* Seconds, with a fraction of up to nine digits. */
static bool read_time(struct literal *out, const struct test *test, struct tokens *token,
                      struct err *err)
{
    const char *word = text_string(&token->text), *at = word;
    int64_t scale = 1000000000;
    uint64_t seconds = 0;
    for (; isdigit((unsigned char)*at) && seconds < 1000000000; at++)
        seconds = seconds * 10 + (unsigned)(*at - '0');
    out->time_ns = (int64_t)seconds * scale;
    if (at > word && *at == '.')
        for (at++; isdigit((unsigned char)*at) && (scale /= 10) > 0; at++)
            out->time_ns += (*at - '0') * scale;
    if (token->kind == TOKEN_STRING || at == word || *at)
        return refuse(test, token, err, "seconds, like 0.25 (or, since 1970, 1795173412.5)");
    return true;
}

/* --- bytes ------------------------------------------------------------------------------- */

/* Pairs of hex digits with : . - or nothing between them; one digit alone; 0x and one byte. */
static bool parse_bytes(struct text *out, const char *word)
{
    if (word[0] == '0' && word[1] == 'x' && strlen(word) <= 4)
        word += 2;
    char one[3] = {'0', word[0], '\0'};
    if (word[0] && !word[1])
        word = one;
    const char *start = word;
    while (isxdigit((unsigned char)word[0]) && isxdigit((unsigned char)word[1])) {
        char pair[3] = {word[0], word[1], '\0'};
        text_char(out, (char)(unsigned char)strtoul(pair, NULL, 16));
        word += 2;
        if (*word && strchr(":.-", *word) && word[1])
            word++;
    }
    return word > start && !*word;
}

static bool read_bytes(struct literal *out, const struct test *test, struct tokens *token,
                       struct err *err)
{
    const char *word = text_string(&token->text);
    if (token->kind == TOKEN_STRING) {
        text_put_n(&out->text, word, token->text.len);
        return true;
    }
    return parse_bytes(&out->text, word) ||
           refuse(test, token, err, "bytes in hex (47:45:54) or text in quotes (\"GET\")");
}

static bool read_text(struct literal *out, const struct test *test, struct tokens *token,
                      struct err *err)
{
    (void)test, (void)err;
    text_put_n(&out->text, text_string(&token->text), token->text.len);
    return true;
}

static bool read_ether(struct literal *out, const struct test *test, struct tokens *token,
                       struct err *err)
{
    bool good = token->kind == TOKEN_WORD && parse_bytes(&out->text, text_string(&token->text)) &&
                out->text.len == 6;
    out->prefix = 48;
    return good || refuse(test, token, err, "a hardware address, like 00:00:00:00:00:00");
}

/* --- addresses ----------------------------------------------------------------------------- */

static bool read_address(struct literal *out, struct tokens *token, int family, unsigned bits)
{
    char word[64], *slash;
    uint8_t address[16];
    if (token->kind != TOKEN_WORD || token->text.len >= sizeof word)
        return false;
    memcpy(word, token->text.at, token->text.len + 1);
    out->prefix = bits;
    if ((slash = strchr(word, '/'))) {
        *slash++ = '\0';
        if (!*slash || strlen(slash) > 3 || slash[strspn(slash, "0123456789")])
            return false;
        out->prefix = (unsigned)strtoul(slash, NULL, 10);
    }
    if (out->prefix > bits || inet_pton(family, word, address) != 1)
        return false;
    text_put_n(&out->text, (const char *)address, bits / 8);
    return true;
}

static bool read_ipv4(struct literal *out, const struct test *test, struct tokens *token,
                      struct err *err)
{
    return read_address(out, token, AF_INET, 32) ||
           refuse(test, token, err, "an IPv4 address (127.0.0.1) or network (127.0.0.0/8)");
}

static bool read_ipv6(struct literal *out, const struct test *test, struct tokens *token,
                      struct err *err)
{
    return read_address(out, token, AF_INET6, 128) ||
           refuse(test, token, err, "an IPv6 address (::1) or network (fe80::/10)");
}

/* --- by kind ------------------------------------------------------------------------------- */

/* A number in bytes, as the bits of a slice are tested. */
static bool number_of_bytes(struct literal *out, const struct test *test, struct tokens *token,
                            struct err *err)
{
    struct bytes b = {(const uint8_t *)text_string(&out->text), out->text.len};
    if (b.len > 8 || b.len != (size_t)test->slice.len)
        return refuse(test, token, err, "as many bytes here as the slice has, at most 8");
    return bytes_number(b, 0, (unsigned)b.len * 8, &out->number);
}

bool literal_read(struct literal *out, const struct test *test, struct tokens *token,
                  struct err *err)
{
    static bool (*const readers[])(struct literal *, const struct test *, struct tokens *,
                                   struct err *) = {
        [FINDER_NUMBER] = read_number, [FINDER_BOOLEAN] = read_boolean, [FINDER_TIME] = read_time,
        [FINDER_IPV4] = read_ipv4,     [FINDER_IPV6] = read_ipv6,       [FINDER_ETHER] = read_ether,
        [FINDER_BYTES] = read_bytes,   [FINDER_PROTOCOL] = read_bytes,  [FINDER_TEXT] = read_text,
    };
    if (token->kind != TOKEN_WORD && token->kind != TOKEN_STRING)
        return tokens_refuse(token, err, "a value is expected here");
    if (test->slice.given && test->masked)
        return read_bytes(out, test, token, err) && number_of_bytes(out, test, token, err);
    return readers[test_kind(test)](out, test, token, err);
}

bool mask_read(struct literal *mask, const struct test *test, struct tokens *token, struct err *err)
{
    if (test->left.kind != FINDER_NUMBER && !test->slice.given)
        return tokens_refuse(token, err, "& works on numbers and on slices");
    return literal_read(mask, test, token, err);
}
