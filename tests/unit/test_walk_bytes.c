/*
 * test_walk_bytes.c: whatever the bytes are, the leaves tile them: frames cut at every byte,
 * mutated and random ones. LOOPCRAFT_SEED=N repeats a run that failed.
 */
#include "walk_check.h"

/* --- cut short ----------------------------------------------------------------- */

static void cut_anywhere_it_is_a_cut_and_no_fault(void **state)
{
    (void)state;
    struct dissection d = {0};
    for (size_t i = 0; i < SAMPLES; i++) {
        for (size_t len = 0; len < samples[i].bytes.len; len++) {
            walk_copy(&d, bytes_part(samples[i].bytes, 0, len), samples[i].bytes.len);
            for (size_t j = 0; j < d.count; j++)
                if (d.nodes[j].fault == FAULT_BAD)
                    fail_msg("%s cut at %zu: %s", samples[i].name, len, d.nodes[j].why);
        }
    }
    dissection_free(&d);
}

static void short_on_the_wire_it_tiles_too(void **state)
{
    (void)state;
    struct dissection d = {0};
    for (size_t i = 0; i < SAMPLES; i++)
        for (size_t len = 0; len < samples[i].bytes.len; len++)
            walk_copy(&d, bytes_part(samples[i].bytes, 0, len), len);
    dissection_free(&d);
}

/* --- any bytes ----------------------------------------------------------------- */

/* xorshift64 (Marsaglia 2003): the same numbers everywhere from the same seed. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static uint64_t first_seed(void)
{
    const char *given = getenv("LOOPCRAFT_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : 0;
    seed = seed ? seed : UINT64_C(0x9e3779b97f4a7c15);
    print_message("LOOPCRAFT_SEED=%" PRIu64 "\n", seed);
    return seed;
}

enum { TRIES = 40000, FRAME_MOST = 512 };

/* A sample with a few bytes changed, often in a length or a kind, sometimes cut. */
static size_t mutate(uint8_t *bytes, uint64_t *seed)
{
    size_t which = next_random(seed) % SAMPLES;
    size_t len = samples[which].bytes.len;
    memcpy(bytes, samples[which].bytes.at, len);
    for (uint64_t left = next_random(seed) % 6; left > 0; left--)
        bytes[14 + next_random(seed) % (len - 14)] = (uint8_t)next_random(seed);
    return next_random(seed) % 4 ? len : next_random(seed) % len;
}

static void mutated_samples_tile(void **state)
{
    (void)state;
    struct dissection d = {0};
    uint8_t bytes[FRAME_MOST];
    uint64_t seed = first_seed();
    for (int i = 0; i < TRIES; i++) {
        size_t len = mutate(bytes, &seed);
        walk_copy(&d, (struct bytes){bytes, len}, len + next_random(&seed) % 2);
    }
    dissection_free(&d);
}

static void random_bytes_tile(void **state)
{
    (void)state;
    struct dissection d = {0};
    uint8_t bytes[FRAME_MOST];
    uint64_t seed = first_seed();
    for (int i = 0; i < TRIES; i++) {
        size_t len = next_random(&seed) % 200;
        for (size_t j = 0; j < len; j++)
            bytes[j] = (uint8_t)next_random(&seed);
        uint64_t kind = next_random(&seed);
        if (len > 23 && kind % 4) { /* into IPv4 or IPv6, and on to one of what they carry */
            static const uint8_t carried[] = {6, 17, 1, 58, 0, 43, 44, 60, 4, 41};
            bool six = kind & 4;
            memcpy(bytes + 12, six ? "\x86\xdd" : "\x08\x00", 2);
            bytes[six ? 20 : 23] = carried[kind / 8 % sizeof carried];
            if (!six && kind & 0x1000)
                memcpy(bytes + 14, "\x46\x00\x00\xff\x00\x00\x00\x00", 8);
        }
        walk_copy(&d, (struct bytes){bytes, len}, len);
    }
    dissection_free(&d);
}

/* Packets in packets in packets: the layers are bounded, the bytes are all there. */
static void nesting_ends(void **state)
{
    (void)state;
    struct dissection d = {0};
    uint8_t bytes[14 + 100 * 20];
    memcpy(bytes, sample_syn, 14);
    for (size_t i = 0; i < 100; i++) {
        uint8_t *ip = bytes + 14 + 20 * i;
        memcpy(ip, sample_syn + 14, 20);
        ip[2] = (uint8_t)((2000 - 20 * i) >> 8);
        ip[3] = (uint8_t)(2000 - 20 * i);
        ip[9] = 4; /* IPv4 in IPv4 */
    }
    walk_copy(&d, (struct bytes){bytes, sizeof bytes}, sizeof bytes);
    assert_true(d.count < 1000);
    dissection_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_anywhere_it_is_a_cut_and_no_fault),
        cmocka_unit_test(short_on_the_wire_it_tiles_too),
        cmocka_unit_test(mutated_samples_tile),
        cmocka_unit_test(random_bytes_tile),
        cmocka_unit_test(nesting_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
