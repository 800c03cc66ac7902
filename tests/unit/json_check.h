/*
 * json_check.h: is a text JSON, one object a line (RFC 8259)? A reader of its own, so that the
 * tests and the fuzz targets need no other program.
 */
#ifndef LOOPCRAFT_TESTS_JSON_CHECK_H
#define LOOPCRAFT_TESTS_JSON_CHECK_H

#include "harmless.h"

struct json_check {
    const char *at, *end;
    unsigned depth;
};

static inline bool json_take(struct json_check *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static inline bool json_digits(struct json_check *c)
{
    const char *start = c->at;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
        c->at++;
    return c->at > start;
}

/* Section 6: no leading zero, no bare point or exponent. */
static inline bool json_number(struct json_check *c)
{
    json_take(c, '-');
    if (!json_take(c, '0') && !json_digits(c))
        return false;
    if (json_take(c, '.') && !json_digits(c))
        return false;
    if (c->at < c->end && (*c->at == 'e' || *c->at == 'E')) {
        c->at++;
        if (!json_take(c, '+'))
            json_take(c, '-');
        return json_digits(c);
    }
    return true;
}

/* Section 7: escapes are the named ones or four hex digits. Raw controls: must_be_harmless(). */
static inline bool json_string(struct json_check *c)
{
    if (!json_take(c, '"'))
        return false;
    while (c->at < c->end && *c->at != '"') {
        if (*c->at++ != '\\')
            continue;
        if (c->at == c->end || !*c->at || !strchr("\"\\/bfnrtu", *c->at))
            return false;
        size_t digits = *c->at++ == 'u' ? 4 : 0;
        for (; digits; digits--, c->at++)
            if (c->at == c->end || !*c->at || !strchr("0123456789abcdefABCDEF", *c->at))
                return false;
    }
    return json_take(c, '"');
}

static inline bool json_word(struct json_check *c, const char *word)
{
    size_t len = strlen(word);
    if ((size_t)(c->end - c->at) < len || memcmp(c->at, word, len) != 0)
        return false;
    c->at += len;
    return true;
}

static inline bool json_value(struct json_check *c);

/* The members of an object or the elements of an array, after the bracket. */
static inline bool json_list(struct json_check *c, char close, bool keys)
{
    if (json_take(c, close))
        return true;
    do {
        if (keys && !(json_string(c) && json_take(c, ':')))
            return false;
        if (!json_value(c))
            return false;
    } while (json_take(c, ','));
    return json_take(c, close);
}

static inline bool json_value(struct json_check *c)
{
    if (c->at == c->end || c->depth == 16)
        return false;
    bool good;
    c->depth++;
    switch (*c->at) {
    case '{': c->at++, good = json_list(c, '}', true); break;
    case '[': c->at++, good = json_list(c, ']', false); break;
    case '"': good = json_string(c); break;
    case 't': good = json_word(c, "true"); break;
    case 'f': good = json_word(c, "false"); break;
    case 'n': good = json_word(c, "null"); break;
    default: good = json_number(c); break;
    }
    c->depth--;
    return good;
}

/* Every line an object with a "type" first; nothing raw in it that steers a terminal. */
static inline void must_be_json_lines(const char *text, size_t len)
{
    static const char start[] = "{\"type\":\"";
    must_be_harmless(text, len, (struct harmless){.lines = true, .utf8 = true});
    for (const char *line = text, *end; line < text + len; line = end + 1) {
        end = memchr(line, '\n', (size_t)(text + len - line));
        if (!end)
            fail_msg("a line without its end: %s", line);
        struct json_check check = {.at = line, .end = end};
        if ((size_t)(end - line) < sizeof start || memcmp(line, start, sizeof start - 1) != 0 ||
            !json_value(&check) || check.at != end)
            fail_msg("no JSON object from column %td on: %.*s", check.at - line,
                     (int)(end - line), line);
    }
}

#endif
