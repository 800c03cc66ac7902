/* test_ruleset.c: rules that are set, refused, and gone with their owner, on a private lo. */
#include <loopcraft/ruleset.h>

#include "netns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A table can be had once: "create" is refused where it is there already. */
static bool is_there(const char *table)
{
    struct text rules = TEXT_EMPTY, why = TEXT_EMPTY;
    text_format(&rules, "create table inet %s; delete table inet %s", table, table);
    struct ruleset *set = ruleset_load(text_string(&rules), &why);
    bool there = !set;
    ruleset_free(set);
    text_free(&rules);
    text_free(&why);
    return there;
}

static void an_owned_table_goes_with_its_ruleset(void **state)
{
    if (!*state)
        skip();
    struct text why = TEXT_EMPTY;
    struct ruleset *owned = ruleset_load("table inet owned { flags owner; }", &why);
    assert_non_null(owned);
    assert_true(is_there("owned"));
    ruleset_free(owned);
    assert_false(is_there("owned"));
    assert_int_equal(why.len, 0);
}

static void another_table_stays(void **state)
{
    if (!*state)
        skip();
    struct text why = TEXT_EMPTY;
    struct ruleset *set = ruleset_load("table inet free { }", &why);
    assert_non_null(set);
    ruleset_free(set);
    assert_true(is_there("free"));
}

static void what_is_refused_is_told_on_one_safe_line(void **state)
{
    if (!*state)
        skip();
    struct text why = TEXT_EMPTY;
    assert_null(ruleset_load("table inet half { }\ntable inet \x1b[2J { nonsense }", &why));
    assert_true(why.len > 0);
    assert_null(strpbrk(text_string(&why), "\n\x1b"));
    assert_false(is_there("half"));
    text_free(&why);
    ruleset_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_owned_table_goes_with_its_ruleset),
        cmocka_unit_test(another_table_stays),
        cmocka_unit_test(what_is_refused_is_told_on_one_safe_line),
    };
    return cmocka_run_group_tests(tests, netns_setup, NULL);
}
