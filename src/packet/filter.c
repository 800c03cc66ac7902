/* filter.c: asks a packet what a display filter wants to know. */
#include "filter_program.h"

#include <stdlib.h>
#include <string.h>

void test_free(struct test *test)
{
    if (!test)
        return;
    finder_free(&test->left);
    finder_free(&test->right);
    literal_free(&test->mask);
    for (size_t i = 0; i < test->range_count; i++) {
        literal_free(&test->ranges[i].low);
        literal_free(&test->ranges[i].high);
    }
    free(test->ranges);
    free(test);
}

void filter_free(struct filter *filter)
{
    if (!filter)
        return;
    for (size_t i = 0; i < filter->count; i++)
        test_free(filter->steps[i].test);
    free(filter->steps);
    free(filter);
}

/* --- two values ------------------------------------------------------------------------- */

static int order_of(bool less, bool more)
{
    return less ? -1 : more;
}

/* Bytes, as Wireshark orders them: the shorter comes first (epan/ftypes/ftype-bytes.c). */
static int order_bytes(struct bytes a, struct bytes b)
{
    if (a.len != b.len || !a.len)
        return order_of(a.len<b.len, a.len> b.len);
    return memcmp(a.at, b.at, a.len);
}

/* Text by its characters. */
static int order_text(struct bytes a, struct bytes b)
{
    size_t both = a.len < b.len ? a.len : b.len;
    int order = both ? memcmp(a.at, b.at, both) : 0;
    return order ? order : order_of(a.len<b.len, a.len> b.len);
}

/* Addresses by their first bits. */
static int order_prefix(struct bytes a, struct bytes b, unsigned bits)
{
    size_t whole = bits / 8;
    if (a.len != b.len || whole > a.len)
        return order_bytes(a, b);
    int order = memcmp(a.at, b.at, whole);
    if (order || bits % 8 == 0)
        return order;
    unsigned mask = 0xffu << (8 - bits % 8) & 0xff;
    return (int)(a.at[whole] & mask) - (int)(b.at[whole] & mask);
}

/* The right side of a comparison. */
struct side {
    struct found value;
    unsigned prefix;
};

static int order(enum finder_kind kind, const struct found *left, const struct side *right)
{
    const struct found *value = &right->value;
    if (kind == FINDER_NUMBER || kind == FINDER_BOOLEAN)
        return order_of(left->number<value->number, left->number> value->number);
    if (kind == FINDER_TIME)
        return order_of(left->time_ns<value->time_ns, left->time_ns> value->time_ns);
    if (kind == FINDER_TEXT)
        return order_text(left->bytes, value->bytes);
    if (kind == FINDER_IPV4 || kind == FINDER_IPV6 || kind == FINDER_ETHER)
        return order_prefix(left->bytes, value->bytes, right->prefix);
    return order_bytes(left->bytes, value->bytes);
}

static bool contains(struct bytes all, struct bytes part)
{
    return part.len == 0 || (all.len && memmem(all.at, all.len, part.at, part.len));
}

static struct side side_of(const struct literal *literal)
{
    struct bytes bytes = {(const uint8_t *)literal->text.at, literal->text.len};
    return (struct side){
        {.time_ns = literal->time_ns, .number = literal->number, .bytes = bytes, .reach = bytes},
        literal->prefix,
    };
}

/* --- one test ----------------------------------------------------------------------------- */

/* Applies slice and mask; false when the slice does not lie in the value. */
static bool cut(const struct test *test, struct found *found)
{
    if (test->slice.given) {
        long size = (long)found->bytes.len, from = test->slice.from;
        if (from < 0)
            from += size;
        long len = test->slice.len < 0 ? size - from : test->slice.len;
        if (from < 0 || from > size || len > size - from || len <= 0)
            return false;
        found->bytes = found->reach = bytes_part(found->bytes, (size_t)from, (size_t)len);
    }
    if (!test->masked)
        return true;
    unsigned bits = (unsigned)found->bytes.len * 8; /* at most 64: filter_value.c */
    if (test->slice.given && !bytes_number(found->bytes, 0, bits, &found->number))
        return false;
    found->number &= test->mask.number;
    return true;
}

static bool in_ranges(const struct test *test, const struct found *found)
{
    enum finder_kind kind = test_kind(test);
    for (size_t i = 0; i < test->range_count; i++) {
        const struct range *range = &test->ranges[i];
        struct side low = side_of(&range->low), high = side_of(&range->high);
        int from = order(kind, found, &low);
        if (range->open ? from >= 0 && order(kind, found, &high) <= 0 : from == 0)
            return true;
    }
    return false;
}

static bool related(const struct test *test, const struct found *left, const struct side *right)
{
    if (test->relation == RELATION_CONTAINS)
        return contains(left->reach, right->value.bytes);
    int o = order(test_kind(test), left, right);
    switch (test->relation) {
    case RELATION_EQ: return o == 0;
    case RELATION_NE: return o != 0;
    case RELATION_LT: return o < 0;
    case RELATION_LE: return o <= 0;
    case RELATION_GT: return o > 0;
    case RELATION_GE: return o >= 0;
    default: return false;
    }
}

/* The values of the right side, one after the other. */
static bool right_next(struct test *test, const struct scene *scene, size_t *at, struct side *side)
{
    if (test->right.name) {
        side->prefix = 128; /* all of it, whatever the address */
        return finder_next(&test->right, scene, at, &side->value);
    }
    if ((*at)++)
        return false;
    *side = side_of(&test->ranges[0].low);
    return true;
}

/* Compares one value of the left side; *pairs counts what it was compared with. */
static bool holds_for(struct test *test, const struct scene *scene, const struct found *left,
                      size_t *pairs)
{
    struct side right;
    bool hit = test->all;
    if (test->relation == RELATION_SET || test->relation == RELATION_IN) {
        ++*pairs;
        return test->relation == RELATION_IN ? in_ranges(test, left)
                                             : !test->masked || left->number != 0;
    }
    for (size_t at = 0; hit == test->all && right_next(test, scene, &at, &right); ++*pairs)
        hit = related(test, left, &right);
    return *pairs > 0 && hit;
}

static bool holds(struct test *test, const struct scene *scene)
{
    struct found found;
    size_t pairs = 0;
    for (size_t at = 0; finder_next(&test->left, scene, &at, &found);)
        if (cut(test, &found) && holds_for(test, scene, &found, &pairs) != test->all)
            return !test->all;
    return test->all && pairs > 0;
}

bool filter_match(struct filter *filter, const struct scene *scene)
{
    bool result = true;
    for (size_t i = 0; i < filter->count; i++) {
        const struct step *step = &filter->steps[i];
        if (step->kind == STEP_TEST)
            result = holds(step->test, scene);
        else if (step->kind == STEP_NOT)
            result = !result;
        else if ((step->kind == STEP_IF) == result)
            i = step->to - 1; /* forward always: filter_compile() */
    }
    return result;
}
