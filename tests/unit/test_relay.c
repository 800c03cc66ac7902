/*
 * test_relay.c: packets come to the sinks whole and in order, however many; a sink that fails is
 * heard of soon.
 */
#include "../../src/cmd/relay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FAILS_NEVER = 0, LONGEST = 100000 };

/* Checks what it is told. */
struct checker {
    struct sink sink; /* first */
    uint64_t told, fails_at;
    bool failed; /* and was told more */
};

static uint8_t byte_of(uint64_t number, size_t i)
{
    return (uint8_t)(number * 31 + i * 7);
}

/* Of a few lengths, now and then one larger than a batch. */
static size_t len_of(uint64_t number)
{
    return number % 97 == 0 ? LONGEST : (size_t)(60 + number % 5);
}

static bool check(struct sink *sink, const struct event *event, struct err *err)
{
    struct checker *checker = (struct checker *)sink;
    const struct packet_event *packet = &event->packet;
    const struct frame *frame = &packet->frame;
    char comment[32];
    assert_false(checker->failed);
    assert_int_equal(frame->number, ++checker->told);
    assert_int_equal(frame->bytes.len, len_of(frame->number));
    for (size_t i = 0; i < frame->bytes.len; i++)
        if (frame->bytes.at[i] != byte_of(frame->number, i))
            fail_msg("packet %u, byte %zu", (unsigned)frame->number, i);
    snprintf(comment, sizeof comment, "comment %u", (unsigned)frame->number);
    assert_string_equal(frame->comment, comment);
    assert_ptr_equal(packet->dissection->bytes.at, frame->bytes.at);
    const struct node *last = &packet->dissection->nodes[packet->dissection->count - 1];
    assert_int_equal((last->bit + last->bits) / 8, frame->bytes.len);
    assert_int_equal(packet->since_ns, frame->number);
    assert_string_equal(packet->title, "link type -1: not known, shown as bytes");
    checker->failed = checker->told == checker->fails_at;
    return !checker->failed || err_set(err, STATUS_SYSTEM, "full");
}

/* Hands over packets 1, 2 ... until that fails; how many. Each lies where the one before did. */
static uint64_t hand(struct relay *relay, uint64_t count, struct err *err)
{
    struct teller teller;
    uint8_t *bytes = malloc(LONGEST);
    char comment[32];
    uint64_t number = 1;
    teller_open(&teller);
    for (bool good = true; good && number <= count; number += good) {
        struct told *told = relay_place(relay, err);
        if (!told)
            break;
        for (size_t i = 0; i < len_of(number); i++)
            bytes[i] = byte_of(number, i);
        snprintf(comment, sizeof comment, "comment %u", (unsigned)number);
        told->frame = (struct frame){.number = number,
                                     .linktype = -1,
                                     .len = (uint32_t)len_of(number),
                                     .bytes = {bytes, len_of(number)},
                                     .comment = comment};
        dissect(&told->dissection, &told->frame);
        told->since_ns = (int64_t)number;
        if (number % 3 == 0) /* not selected: the place is taken by the next one */
            told = relay_place(relay, err);
        teller_understand(&teller, told, true);
        good = relay_hand(relay, err);
    }
    memset(bytes, 0, LONGEST);
    free(bytes);
    teller_close(&teller);
    return number - 1;
}

static void run(uint64_t count, bool live, uint64_t fails_at)
{
    struct checker checker = {.sink = {.event = check}, .fails_at = fails_at};
    struct sinks sinks = {{&checker.sink}, 1};
    struct err err = {0};
    struct relay *relay = relay_open(&sinks, live);
    uint64_t handed = hand(relay, count, &err);
    if (live)
        assert_int_equal(checker.told, fails_at ? fails_at : count);
    bool good = relay_finish(relay, &err);
    relay_close(relay);
    assert_int_equal(good, fails_at == FAILS_NEVER);
    assert_int_equal(checker.told, fails_at ? fails_at : count);
    if (good)
        assert_int_equal(handed, count);
    else
        assert_string_equal(err.message, "full");
    if (fails_at)
        assert_true(handed < fails_at + 1000);
}

static void all_come_in_order(void **state)
{
    (void)state;
    static const uint64_t counts[] = {0, 1, 63, 64, 65, 128, 129, 1000, 3000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        run(counts[i], false, FAILS_NEVER);
        run(counts[i], true, FAILS_NEVER);
    }
}

static void a_sink_that_fails_is_heard_of(void **state)
{
    (void)state;
    static const uint64_t fails[] = {1, 64, 65, 200, 2999, 3000};
    for (size_t i = 0; i < sizeof fails / sizeof *fails; i++) {
        run(3000, false, fails[i]);
        run(3000, true, fails[i]);
    }
}

static void what_was_not_finished_is_closed(void **state)
{
    (void)state;
    struct checker checker = {.sink = {.event = check}};
    struct sinks sinks = {{&checker.sink}, 1};
    struct err err = {0};
    struct relay *relay = relay_open(&sinks, false);
    assert_int_equal(hand(relay, 500, &err), 500);
    relay_close(relay);
    relay_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_come_in_order),
        cmocka_unit_test(a_sink_that_fails_is_heard_of),
        cmocka_unit_test(what_was_not_finished_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
