/*
 * filter_compile.c: the grammar of a display filter.
 *
 *     or      and { "||" and }
 *     and     not { "&&" not }
 *     not     { "!" } ( "(" or ")" | test )
 *     test    [ any | all ] field [ "[" slice "]" ] [ "&" mask ]
 *             [ relation ( value | field ) | [ "not" ] "in" set ]
 *     set     "{" value [ ".." value ] { "," ... } "}"
 */
#include "filter_program.h"
#include "grow.h"

#include <stdlib.h>

enum { NESTED_MOST = 100 }; /* parentheses: the only recursion */

struct parser {
    struct tokens tokens;
    struct filter *filter;
    struct err *err;
    unsigned nested;
};

static bool next(struct parser *p)
{
    return tokens_next(&p->tokens, p->err);
}

static bool refuse(struct parser *p, const char *why)
{
    const char *hint = p->tokens.kind == TOKEN_FOREIGN ? p->tokens.hint : NULL;
    return tokens_refuse(&p->tokens, p->err, hint ? hint : why);
}

static size_t add_step(struct parser *p, enum step_kind kind, struct test *test)
{
    struct filter *f = p->filter;
    if (f->count == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 8;
        f->steps = grow(f->steps, f->cap, sizeof *f->steps);
    }
    f->steps[f->count] = (struct step){kind, 0, test};
    return f->count++;
}

/* --- a field and what is cut from it -------------------------------------------------- */

static bool refuse_name(struct parser *p)
{
    struct text why = TEXT_EMPTY, names = TEXT_EMPTY;
    if (p->tokens.expression[p->tokens.next] == '(')
        return refuse(p, "functions are not understood here");
    finder_nearest(&names, text_string(&p->tokens.text));
    text_put(&why, "no such field or protocol here");
    if (names.len)
        text_format(&why, "; did you mean %s", text_string(&names));
    else
        text_put(&why, "; `loopcraft fields` lists them");
    refuse(p, text_string(&why));
    text_free(&why);
    text_free(&names);
    return false;
}

static bool read_field(struct parser *p, struct finder *finder)
{
    if (p->tokens.kind != TOKEN_WORD)
        return refuse(p, p->tokens.kind == TOKEN_END ? "a field or protocol is missing"
                                                     : "a field or protocol is expected here");
    if (!finder_open(finder, text_string(&p->tokens.text)))
        return refuse_name(p);
    return next(p);
}

/* i, i:length, i-last, i: and :length; i below 0 counts from the end. */
static bool parse_slice(struct slice *slice, const char *word)
{
    enum { FAR = 1 << 20 };
    char *end;
    *slice = (struct slice){.given = true, .len = 1};
    if (*word != ':') {
        slice->from = strtol(word, &end, 10);
        if (end == word)
            return false;
        word = end;
    }
    char sign = *word;
    if (sign == ':' || sign == '-') {
        slice->len = strtol(word + 1, &end, 10);
        if (end == word + 1)
            slice->len = sign == ':' ? -1 : 0;
        else if (slice->len < 0)
            return false;
        else if (sign == '-')
            slice->len += 1 - slice->from;
        word = end;
    }
    return !*word && (slice->len > 0 || slice->len == -1) && slice->len < FAR &&
           slice->from < FAR && slice->from > -FAR && (sign != '-' || slice->from >= 0);
}

static bool read_slice(struct parser *p, struct test *test)
{
    static const bool bytes[FINDER_TEXT + 1] = {
        [FINDER_IPV4] = true,  [FINDER_IPV6] = true,     [FINDER_ETHER] = true,
        [FINDER_BYTES] = true, [FINDER_PROTOCOL] = true,
    };
    if (p->tokens.kind != TOKEN_OPEN_SLICE)
        return true;
    if (!bytes[test->left.kind])
        return refuse(p, "only bytes, addresses and protocols can be sliced");
    if (!next(p))
        return false;
    if (p->tokens.kind != TOKEN_WORD || !parse_slice(&test->slice, text_string(&p->tokens.text)))
        return refuse(p, "a slice is [from:length], [from-last] or [from]");
    if (!next(p))
        return false;
    if (p->tokens.kind != TOKEN_CLOSE_SLICE)
        return refuse(p, "] is expected here");
    return next(p);
}

static bool read_mask(struct parser *p, struct test *test)
{
    if (p->tokens.kind != TOKEN_MASK)
        return true;
    test->masked = true;
    return next(p) && mask_read(&test->mask, test, &p->tokens, p->err) && next(p);
}

/* --- what it is compared with ---------------------------------------------------------- */

static bool read_range(struct parser *p, struct test *test, bool set)
{
    test->ranges = grow(test->ranges, test->range_count + 1, sizeof *test->ranges);
    struct range *range = &test->ranges[test->range_count++];
    *range = (struct range){0};
    if (p->tokens.kind == TOKEN_END)
        return refuse(p, "a value is missing");
    if (!literal_read(&range->low, test, &p->tokens, p->err) || !next(p))
        return false;
    if (!set || p->tokens.kind != TOKEN_TO)
        return true;
    range->open = true;
    return next(p) && literal_read(&range->high, test, &p->tokens, p->err) && next(p);
}

static bool read_set(struct parser *p, struct test *test)
{
    if (p->tokens.kind != TOKEN_OPEN_SET)
        return refuse(p, "a set is expected here, like {80, 443, 8000..8100}");
    do {
        if (!next(p) || !read_range(p, test, true))
            return false;
    } while (p->tokens.kind == TOKEN_COMMA);
    if (p->tokens.kind != TOKEN_CLOSE_SET)
        return refuse(p, ", or } is expected here");
    return next(p);
}

/* Another field's values. No field's name could be a value too: *other false, and nothing read. */
static bool read_other(struct parser *p, struct test *test, bool *other)
{
    *other = p->tokens.kind == TOKEN_WORD &&
             finder_open(&test->right, text_string(&p->tokens.text));
    if (!*other)
        return true;
    if (test->masked || test->slice.given || test->right.kind != test->left.kind)
        return refuse(p, "these two don't compare");
    return next(p);
}

static bool read_comparison(struct parser *p, struct test *test)
{
    static const bool contains[] = {[FINDER_ETHER] = true,
                                    [FINDER_BYTES] = true,
                                    [FINDER_PROTOCOL] = true,
                                    [FINDER_TEXT] = true};
    bool other;
    bool can = !test->masked && (contains[test->left.kind] || test->slice.given);
    if (test->relation == RELATION_CONTAINS && !can)
        return refuse(p, "only bytes, text and protocols can contain something");
    if (!next(p) || !read_other(p, test, &other))
        return false;
    return other || read_range(p, test, false);
}

/* --- a test ---------------------------------------------------------------------------- */

/* What follows the field; *negated: `not in`. */
static bool read_relation(struct parser *p, struct test *test, bool *negated)
{
    enum token_kind kind = p->tokens.kind;
    test->relation = RELATION_SET;
    if (kind == TOKEN_RELATION) {
        test->relation = p->tokens.relation;
        test->all = p->tokens.all;
        return read_comparison(p, test);
    }
    *negated = kind == TOKEN_NOT;
    if (*negated && !next(p))
        return false;
    if (p->tokens.kind == TOKEN_IN) {
        if (test->masked)
            return refuse(p, "in does not go with &");
        test->relation = RELATION_IN;
        return next(p) && read_set(p, test);
    }
    return !*negated || refuse(p, "in is expected after not here");
}

static bool read_test(struct parser *p)
{
    enum token_kind how = p->tokens.kind;
    bool negated = false, chosen = how == TOKEN_ANY || how == TOKEN_ALL;
    struct test *test = grow(NULL, 1, sizeof *test);
    *test = (struct test){0};
    add_step(p, STEP_TEST, test); /* and so it is freed, whatever happens */
    if ((chosen && !next(p)) || !read_field(p, &test->left) || !read_slice(p, test) ||
        !read_mask(p, test) || !read_relation(p, test, &negated))
        return false;
    if (chosen)
        test->all = how == TOKEN_ALL;
    if (chosen && test->relation == RELATION_SET)
        return refuse(p, "any and all need a comparison");
    if (negated)
        add_step(p, STEP_NOT, NULL);
    return true;
}

/* --- tests together -------------------------------------------------------------------- */

static bool read_or(struct parser *p);

static bool read_nested(struct parser *p)
{
    if (p->tokens.kind != TOKEN_OPEN)
        return read_test(p);
    if (++p->nested > NESTED_MOST)
        return refuse(p, "more parentheses inside each other than anybody needs");
    if (!next(p) || !read_or(p))
        return false;
    p->nested--;
    if (p->tokens.kind != TOKEN_CLOSE)
        return refuse(p, p->tokens.kind == TOKEN_END ? "a closing ) is missing"
                                                     : "and, or or a closing ) is expected here");
    return next(p);
}

static bool read_not(struct parser *p)
{
    bool negated = false;
    for (; p->tokens.kind == TOKEN_NOT; negated = !negated)
        if (!next(p))
            return false;
    if (!read_nested(p))
        return false;
    if (negated)
        add_step(p, STEP_NOT, NULL);
    return true;
}

/* One level: operands with the same sign between them; what decides it skips the next operand. */
static bool read_chain(struct parser *p, enum token_kind sign, enum step_kind skip,
                       bool (*operand)(struct parser *p))
{
    if (!operand(p))
        return false;
    while (p->tokens.kind == sign) {
        size_t step = add_step(p, skip, NULL);
        if (!next(p) || !operand(p))
            return false;
        p->filter->steps[step].to = p->filter->count;
    }
    return true;
}

static bool read_and(struct parser *p)
{
    return read_chain(p, TOKEN_AND, STEP_UNLESS, read_not);
}

static bool read_or(struct parser *p)
{
    return read_chain(p, TOKEN_OR, STEP_IF, read_and);
}

static bool read_all(struct parser *p)
{
    if (p->tokens.kind == TOKEN_END)
        return true; /* nothing asked for: every packet, as in Wireshark */
    if (!read_or(p))
        return false;
    return p->tokens.kind == TOKEN_END || refuse(p, "not expected here: join tests with and, or");
}

struct filter *filter_compile(const char *expression, struct err *err)
{
    struct parser p = {.filter = grow(NULL, 1, sizeof *p.filter), .err = err};
    *p.filter = (struct filter){0};
    bool good = tokens_start(&p.tokens, expression, err) && read_all(&p);
    tokens_free(&p.tokens);
    if (good)
        return p.filter;
    filter_free(p.filter);
    return NULL;
}
