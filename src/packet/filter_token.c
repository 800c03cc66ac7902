/* filter_token.c: takes a display filter apart into words and signs. */
#include "filter_token.h"

#include <ctype.h>
#include <string.h>

static const char no_regex[] = "regular expressions are not understood here: use contains";

/*
 * Every sign and word with a meaning of its own (Wireshark 4.0, epan/dfilter/scanner.l), signs
 * longer ones first.
 */
static const struct spelling {
    const char *spelling;
    enum token_kind kind;
    enum relation relation;
    bool all;
    const char *hint;
} spellings[] = {
    {"===", TOKEN_RELATION, RELATION_EQ, true, NULL},
    {"!==", TOKEN_RELATION, RELATION_NE, false, NULL},
    {"==", TOKEN_RELATION, RELATION_EQ, false, NULL},
    {"!=", TOKEN_RELATION, RELATION_NE, true, NULL},
    {"~=", TOKEN_RELATION, RELATION_NE, false, NULL},
    {"<=", TOKEN_RELATION, RELATION_LE, false, NULL},
    {">=", TOKEN_RELATION, RELATION_GE, false, NULL},
    {"&&", TOKEN_AND, 0, false, NULL},
    {"||", TOKEN_OR, 0, false, NULL},
    {"..", TOKEN_TO, 0, false, NULL},
    {"<", TOKEN_RELATION, RELATION_LT, false, NULL},
    {">", TOKEN_RELATION, RELATION_GT, false, NULL},
    {"!", TOKEN_NOT, 0, false, NULL},
    {"&", TOKEN_MASK, 0, false, NULL},
    {"(", TOKEN_OPEN, 0, false, NULL},
    {")", TOKEN_CLOSE, 0, false, NULL},
    {"{", TOKEN_OPEN_SET, 0, false, NULL},
    {"}", TOKEN_CLOSE_SET, 0, false, NULL},
    {"[", TOKEN_OPEN_SLICE, 0, false, NULL},
    {"]", TOKEN_CLOSE_SLICE, 0, false, NULL},
    {",", TOKEN_COMMA, 0, false, NULL},
    {"=", TOKEN_FOREIGN, 0, false, "write =="},
    {"|", TOKEN_FOREIGN, 0, false, "write || or or"},
    {"~", TOKEN_FOREIGN, 0, false, no_regex},
    {"#", TOKEN_FOREIGN, 0, false, "the layer operator is not understood here"},
    {"$", TOKEN_FOREIGN, 0, false, "field references are not understood here"},
    {"+", TOKEN_FOREIGN, 0, false, "arithmetic is not understood here"},
    {"*", TOKEN_FOREIGN, 0, false, "arithmetic is not understood here"},
    {"%", TOKEN_FOREIGN, 0, false, "arithmetic is not understood here"},
    {"'", TOKEN_FOREIGN, 0, false, "put text in double quotes"},
    {"and", TOKEN_AND, 0, false, NULL},
    {"or", TOKEN_OR, 0, false, NULL},
    {"not", TOKEN_NOT, 0, false, NULL},
    {"any", TOKEN_ANY, 0, false, NULL},
    {"all", TOKEN_ALL, 0, false, NULL},
    {"in", TOKEN_IN, RELATION_IN, false, NULL},
    {"eq", TOKEN_RELATION, RELATION_EQ, false, NULL},
    {"ne", TOKEN_RELATION, RELATION_NE, true, NULL},
    {"lt", TOKEN_RELATION, RELATION_LT, false, NULL},
    {"le", TOKEN_RELATION, RELATION_LE, false, NULL},
    {"gt", TOKEN_RELATION, RELATION_GT, false, NULL},
    {"ge", TOKEN_RELATION, RELATION_GE, false, NULL},
    {"any_eq", TOKEN_RELATION, RELATION_EQ, false, NULL},
    {"all_eq", TOKEN_RELATION, RELATION_EQ, true, NULL},
    {"any_ne", TOKEN_RELATION, RELATION_NE, false, NULL},
    {"all_ne", TOKEN_RELATION, RELATION_NE, true, NULL},
    {"contains", TOKEN_RELATION, RELATION_CONTAINS, false, NULL},
    {"bitwise_and", TOKEN_MASK, 0, false, NULL},
    {"matches", TOKEN_FOREIGN, 0, false, no_regex},
    {"xor", TOKEN_FOREIGN, 0, false, "Wireshark 4.0 has no such operator"},
    {"AND", TOKEN_FOREIGN, 0, false, "write and"},
    {"OR", TOKEN_FOREIGN, 0, false, "write or"},
    {"NOT", TOKEN_FOREIGN, 0, false, "write not"},
};
enum { SPELLINGS = sizeof spellings / sizeof *spellings };

bool tokens_refuse(const struct tokens *t, struct err *err, const char *why)
{
    struct text shown = TEXT_EMPTY;
    size_t len = t->next - t->at;
    const uint8_t *at = (const uint8_t *)t->expression + t->at;
    text_escape(&shown, (struct bytes){at, len < 60 ? len : 60});
    if (t->kind == TOKEN_END)
        err_set(err, STATUS_USAGE, "display filter, at its end: %s", why);
    else
        err_set(err, STATUS_USAGE, "display filter, character %zu: %s: %s", t->at + 1,
                text_string(&shown), why);
    text_free(&shown);
    return false;
}

/* --- strings ------------------------------------------------------------------------- */

/* The number in at most `most` digits of this base at *at, which moves on; below 0: none. */
static int read_digits(const char **at, int base, int most)
{
    int number = -1;
    for (; most-- > 0; (*at)++) {
        int c = tolower((unsigned char)**at);
        int digit = isdigit(c) ? c - '0' : isxdigit(c) ? c - 'a' + 10 : base;
        if (digit >= base)
            break;
        number = (number < 0 ? 0 : number) * base + digit;
    }
    return number;
}

/* What stands behind a backslash; moves *at behind it. */
static bool read_escape(struct text *text, const char **at)
{
    static const char letters[] = "abfnrtv'\"\\", values[] = "\a\b\f\n\r\t\v'\"\\";
    const char *known = **at ? strchr(letters, **at) : NULL;
    int number;
    if (known) {
        number = (unsigned char)values[known - letters];
        (*at)++;
    } else if (**at == 'x') {
        (*at)++;
        number = read_digits(at, 16, 2);
    } else {
        number = read_digits(at, 8, 3);
    }
    if (number >= 0 && number < 256)
        text_char(text, (char)(unsigned char)number);
    return number >= 0 && number < 256;
}

/* A raw string, r"...", keeps its backslashes. */
static bool read_string(struct tokens *t, bool raw, struct err *err)
{
    const char *at = t->expression + t->next + 1 + raw;
    t->kind = TOKEN_STRING;
    while (*at && *at != '"') {
        bool escape = *at == '\\';
        if (escape && !raw) {
            at++;
            t->next = (size_t)(at - t->expression) + (*at != '\0');
            if (!read_escape(&t->text, &at))
                return tokens_refuse(t, err, "no escape: \\\\ \\\" \\r \\n \\t \\xNN are some");
            continue;
        }
        text_char(&t->text, *at++);
        if (escape && *at)
            text_char(&t->text, *at++);
    }
    t->next = (size_t)(at - t->expression) + (*at == '"');
    return *at == '"' || tokens_refuse(t, err, "the closing quote is missing");
}

/* --- the next token ------------------------------------------------------------------- */

static size_t word_length(const char *at)
{
    size_t len = 0;
    while (isalnum((unsigned char)at[len]) || (at[len] && strchr("_.:-/", at[len]))) {
        if (at[len] == '.' && at[len + 1] == '.')
            break;
        len++;
    }
    return len;
}

static void take(struct tokens *t, const struct spelling *s)
{
    t->kind = s->kind;
    t->relation = s->relation;
    t->all = s->all;
    t->hint = s->hint;
}

static void read_word(struct tokens *t, size_t len)
{
    t->kind = TOKEN_WORD;
    t->next += len;
    text_put_n(&t->text, t->expression + t->at, len);
    for (size_t i = 0; i < SPELLINGS; i++)
        if (strcmp(spellings[i].spelling, text_string(&t->text)) == 0)
            take(t, &spellings[i]);
}

static void read_sign(struct tokens *t)
{
    const char *at = t->expression + t->at;
    size_t i = 0;
    while (i < SPELLINGS && strncmp(spellings[i].spelling, at, strlen(spellings[i].spelling)) != 0)
        i++;
    t->kind = TOKEN_FOREIGN;
    t->hint = NULL;
    if (i < SPELLINGS)
        take(t, &spellings[i]);
    t->next += i < SPELLINGS ? strlen(spellings[i].spelling) : 1;
    while ((t->expression[t->next] & 0xc0) == 0x80) /* not into the middle of a character */
        t->next++;
}

bool tokens_next(struct tokens *t, struct err *err)
{
    text_clear(&t->text);
    t->next += strspn(t->expression + t->next, " \t\r\n");
    t->at = t->next;
    const char *at = t->expression + t->at;
    bool raw = at[0] == 'r' && at[1] == '"';
    size_t word = word_length(at);
    if (!*at)
        t->kind = TOKEN_END;
    else if (*at == '"' || raw)
        return read_string(t, raw, err);
    else if (word)
        read_word(t, word);
    else
        read_sign(t);
    return true;
}

bool tokens_start(struct tokens *t, const char *expression, struct err *err)
{
    *t = (struct tokens){.expression = expression};
    return tokens_next(t, err);
}

void tokens_free(struct tokens *t)
{
    text_free(&t->text);
}
