/* test_connection.c: our end of a handmade connection: its state by RFC 9293, and its numbers. */
#include "../../src/probe/connection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- sequence numbers are on a circle (RFC 9293, 3.4) ----------------------------- */

static void before_goes_round_the_circle(void **state)
{
    (void)state;
    static const struct {
        uint32_t a, b;
        bool before;
    } cases[] = {
        {0, 0, false},
        {0, 1, true},
        {1, 0, false},
        {1234, 1235, true},
        {0xffffffff, 0, true},
        {0, 0xffffffff, false},
        {0xfffffff0, 10, true},
        {10, 0xfffffff0, false},
        {0, 0x7fffffff, true},
        {0x7fffffff, 0, false},
        {0x7fffffff, 0x80000000, true},
        {0x80000000, 0x7fffffff, false},
        {0xffffffff, 0x7ffffffe, true},
        {0x7ffffffe, 0xffffffff, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(seq_before(cases[i].a, cases[i].b), cases[i].before);
}

/* Whatever the first number: n bytes on is later, for all n that a window may have. */
static void later_is_later_from_any_first_number(void **state)
{
    (void)state;
    for (uint64_t first = 0; first <= UINT32_MAX; first += 0x01234567)
        for (uint32_t on = 1; on && on < UINT32_C(1) << 31; on <<= 1) {
            uint32_t from = (uint32_t)first, to = from + on;
            assert_true(seq_before(from, to));
            assert_false(seq_before(to, from));
        }
}

/* --- states -------------------------------------------------------------------------- */

enum {
    SYN_SENT = 1,
    SYNCED = 2,
    FIN_SENT = 4,
    FIN_ACKED = 8,
    THEIR_FIN = 16,
    THEY_FIRST = 32,
    RESET = 64,
    UNREACHABLE = 128,
    ALL = 256
};

static const char *state_of(unsigned flags)
{
    struct connection c = {.syn_sent = flags & SYN_SENT,
                           .synced = flags & SYNCED,
                           .fin_sent = flags & FIN_SENT,
                           .fin_acked = flags & FIN_ACKED,
                           .their_fin = flags & THEIR_FIN,
                           .they_closed_first = flags & THEY_FIRST,
                           .reset = flags & RESET,
                           .unreachable = flags & UNREACHABLE};
    return connection_state(&c);
}

/* The diagram of RFC 9293, 3.3.2, along its ways. */
static void states_along_the_ways_of_the_diagram(void **state)
{
    (void)state;
    enum { OPEN = SYN_SENT | SYNCED };
    static const struct {
        unsigned flags;
        const char *state;
    } cases[] = {
        {0, "CLOSED"},
        {SYN_SENT, "SYN-SENT"},
        {OPEN, "ESTABLISHED"},
        /* We close first. */
        {OPEN | FIN_SENT, "FIN-WAIT-1"},
        {OPEN | FIN_SENT | FIN_ACKED, "FIN-WAIT-2"},
        {OPEN | FIN_SENT | FIN_ACKED | THEIR_FIN, "TIME-WAIT"},
        /* Both at once. */
        {OPEN | FIN_SENT | THEIR_FIN, "CLOSING"},
        /* They close first. */
        {OPEN | THEIR_FIN | THEY_FIRST, "CLOSE-WAIT"},
        {OPEN | THEIR_FIN | THEY_FIRST | FIN_SENT, "LAST-ACK"},
        {OPEN | THEIR_FIN | THEY_FIRST | FIN_SENT | FIN_ACKED, "CLOSED"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(state_of(cases[i].flags), cases[i].state);
}

/* A reset or an ICMP error ends it at once, and without an answer there is only SYN-SENT. */
static void every_combination_has_its_state(void **state)
{
    (void)state;
    static const char known[] = " CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT "
                                "CLOSING LAST-ACK TIME-WAIT ";
    for (unsigned flags = 0; flags < ALL; flags++) {
        const char *now = state_of(flags);
        assert_non_null(strstr(known, now));
        if (flags & (RESET | UNREACHABLE) || !(flags & SYN_SENT))
            assert_string_equal(now, "CLOSED");
        else if (!(flags & SYNCED))
            assert_string_equal(now, "SYN-SENT");
        else if (!(flags & (FIN_SENT | THEIR_FIN)))
            assert_string_equal(now, "ESTABLISHED");
        else if (!(flags & FIN_SENT))
            assert_string_equal(now, "CLOSE-WAIT");
        else
            assert_string_not_equal(now, "ESTABLISHED");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_goes_round_the_circle),
        cmocka_unit_test(later_is_later_from_any_first_number),
        cmocka_unit_test(states_along_the_ways_of_the_diagram),
        cmocka_unit_test(every_combination_has_its_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
