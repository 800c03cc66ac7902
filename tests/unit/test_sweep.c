/* test_sweep.c: the parts of a sweep: the hash, the moulded probes, what answers them, how often.
 */
#include "../../src/probe/sweep_read.h"
#include "../../src/probe/schedule.h"

#include <loopcraft/checksum.h>
#include <loopcraft/clock.h>
#include <loopcraft/sweep.h>

#include "netns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { OURS = 61234 };

/* SipHash's reference vectors (vectors.h, vectors_sip64): key 00..0f, message 00..07. */
static void hash_is_siphash(void **state)
{
    (void)state;
    struct siphash_key key = {{UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)}};
    assert_int_equal(siphash(&key, UINT64_C(0x0706050403020100)), UINT64_C(0x93f5f5799a932462));
}

/* RFC 1624, section 4: a word 0x5555 becomes 0x3285 under the checksum 0xdd2f: 0x0000. */
static void checksum_is_updated(void **state)
{
    (void)state;
    assert_int_equal(checksum_update(0xdd2f, 0x5555, 0x3285), 0x0000);
}

static void make(struct mould *m, enum probe_kind kind, int family)
{
    struct recipe words;
    struct err err = {0};
    assert_true(recipe_begin(&words, kind == PROBE_UDP ? "udp" : "tcp", family, &err));
    assert_true(mould_make(m, kind, &words, family, OURS, &err));
    recipe_free(&words);
}

static const enum probe_kind kinds[] = {PROBE_SYN,  PROBE_FIN, PROBE_NULL,
                                        PROBE_XMAS, PROBE_ACK, PROBE_UDP};
static const int families[] = {AF_INET, AF_INET6};

/* Every probe is a good packet: to its port, from ours, its patched checksum full. */
static void probes_are_whole(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (size_t f = 0; f < 2; f++) {
            struct mould m;
            make(&m, kinds[k], families[f]);
            for (unsigned port = 1; port < 65536; port += 257) {
                uint8_t packet[MOULD_MOST];
                mould_cast(&m, (uint16_t)port, packet);
                uint32_t pseudo = checksum_add(0, mould_source(&m));
                pseudo = checksum_add(pseudo, mould_target(&m));
                struct bytes segment = {packet + m.header, m.len - m.header};
                pseudo += (uint32_t)segment.len + (kinds[k] == PROBE_UDP ? 17 : 6);
                assert_int_equal(checksum_fold(checksum_add(pseudo, segment)), 0xffff);
                assert_int_equal(packet[m.header + 2] << 8 | packet[m.header + 3], port);
                assert_int_equal(packet[m.header] << 8 | packet[m.header + 1], OURS);
            }
        }
}

/* A frame of `len` bytes that an Ethernet header of lo's goes before. */
struct made {
    uint8_t bytes[14 + 200];
    size_t len;
};

static uint16_t answered(const struct mould *m, const struct made *made, bool *bare)
{
    struct frame frame = {.linktype = LINKTYPE_ETHERNET, .bytes = {made->bytes, made->len}};
    struct reply reply;
    return sweep_read(&reply, m, &frame) ? mould_answered(m, &reply, bare) : 0;
}

/* What a kernel answers: ends swapped, flags, and the numbers of RFC 9293, 3.10.7.1. */
static struct made tcp_answer(const struct mould *m, uint16_t port, uint8_t flags, uint32_t seq,
                              uint32_t ack)
{
    struct made made = {.len = 14 + m->len};
    uint8_t *tcp = made.bytes + 14 + m->header;
    memcpy(made.bytes + 14, m->bytes, m->len);
    uint32_t numbers[2] = {htonl(seq), htonl(ack)};
    uint16_t ports[2] = {htons(port), htons(m->source)};
    memcpy(tcp, ports, sizeof ports);
    memcpy(tcp + 4, numbers, sizeof numbers);
    tcp[13] = flags;
    return made;
}

static uint32_t number_at(const uint8_t *at)
{
    uint32_t number;
    memcpy(&number, at, sizeof number);
    return ntohl(number);
}

/* The answer to a port's probe names that port; a number that is off by one names none. */
static void answers_name_their_port(void **state)
{
    (void)state;
    static const struct {
        enum probe_kind kind;
        uint8_t flags;
        uint32_t more;
    } rows[] = {{PROBE_SYN, TCP_SYN | TCP_ACK, 1},
                {PROBE_SYN, TCP_RST | TCP_ACK, 1},
                {PROBE_FIN, TCP_RST | TCP_ACK, 1},
                {PROBE_NULL, TCP_RST | TCP_ACK, 0},
                {PROBE_XMAS, TCP_RST | TCP_ACK, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t f = 0; f < 2; f++) {
            struct mould m;
            uint8_t probe[MOULD_MOST];
            bool bare;
            make(&m, rows[i].kind, families[f]);
            mould_cast(&m, 443, probe);
            uint32_t ack = number_at(probe + m.header + 4) + rows[i].more;
            struct made right = tcp_answer(&m, 443, rows[i].flags, 9, ack);
            struct made wrong = tcp_answer(&m, 443, rows[i].flags, 9, ack + 1);
            struct made other = tcp_answer(&m, 444, rows[i].flags, 9, ack);
            struct made data = tcp_answer(&m, 443, TCP_ACK, 9, ack);
            assert_int_equal(answered(&m, &right, &bare), 443);
            assert_false(bare);
            assert_int_equal(answered(&m, &wrong, &bare), 0);
            assert_int_equal(answered(&m, &other, &bare), 0);
            assert_int_equal(answered(&m, &data, &bare), 0);
            for (size_t cut = 0; cut < 14 + m.header + 8;
                 cut++) { /* nothing is read past the end */
                struct made less = right;
                less.len = cut;
                assert_int_equal(answered(&m, &less, &bare), 0);
            }
        }
}

/* An ICMP error, type and code, that quotes `quoted` bytes of a port's probe. */
static struct made error_of(const struct mould *m, uint16_t port, size_t quoted)
{
    bool six = m->family == AF_INET6;
    size_t ip = six ? 40 : 20;
    struct made made = {.len = 14 + ip + 8 + quoted};
    memcpy(made.bytes + 14, m->bytes, ip);
    made.bytes[14 + (six ? 6 : 9)] = six ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
    made.bytes[14 + ip] = six ? 1 : 3;
    made.bytes[14 + ip + 1] = six ? 4 : 3;
    uint8_t probe[MOULD_MOST];
    mould_cast(m, port, probe);
    memcpy(made.bytes + 14 + ip + 8, probe, quoted);
    return made;
}

/* Eight bytes of the segment are enough (RFC 792); of a datagram its checksum vouches then. */
static void errors_name_their_port(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (size_t f = 0; f < 2; f++) {
            struct mould m;
            bool bare;
            make(&m, kinds[k], families[f]);
            struct made whole = error_of(&m, 53, m.len), least = error_of(&m, 53, m.header + 8);
            assert_int_equal(answered(&m, &whole, &bare), 53);
            assert_int_equal(answered(&m, &least, &bare), 53);
            size_t quote = 14 + (families[f] == AF_INET6 ? 40 : 20) + 8;
            whole.bytes[quote + m.header + (kinds[k] == PROBE_UDP ? 8 : 4)] ^= 1;
            assert_int_equal(answered(&m, &whole, &bare), 0);
            least.bytes[quote + m.header + (kinds[k] == PROBE_UDP ? 6 : 7)] ^= 1;
            assert_int_equal(answered(&m, &least, &bare), 0);
        }
}

static void rounds_follow_the_loss(void **state)
{
    (void)state;
    struct schedule s = {.ports = 65535};
    for (unsigned i = 0; i < 64535; i++)
        schedule_answer(&s, 1);
    s.rounds = 1;
    assert_false(schedule_enough(&s)); /* silence is never believed at once */
    s.rounds = 2;
    assert_true(schedule_enough(&s)); /* of many answers none was lost */
    struct schedule lossy = {.ports = 65535};
    for (unsigned i = 0; i < 65535; i++)
        schedule_answer(&lossy, i % 5 ? 1 : 2);
    double p = 1.0 / 6, wrong = 65535; /* 13,107 of 78,642 probes */
    while (!schedule_enough(&lossy)) {
        lossy.rounds++;
        wrong *= p;
    }
    assert_true(wrong < 0.01); /* by the true loss, too */
    assert_true(lossy.rounds < 12);
    struct schedule dark = {.ports = 1000, .rounds = 3};
    assert_false(schedule_enough(&dark)); /* nothing was ever heard */
}

static void patience_follows_the_round_trips(void **state)
{
    (void)state;
    struct schedule quick = {.rtt_ns = 20000}, slow = {.rtt_ns = 30 * CLOCK_MS};
    assert_true(schedule_wait(&quick, false) <= 20 * CLOCK_MS);
    assert_true(schedule_wait(&slow, false) >= 100 * CLOCK_MS);
    assert_true(schedule_wait(&quick, true) > schedule_wait(&quick, false));
}

/* --- a whole sweep, in a namespace of its own, with a capture buffer made too small ------- */

static void small_buffer_costs_no_verdict(void **state)
{
    if (!*state) {
        print_message("needs a private network namespace\n");
        skip();
    }
    struct sinks none = {.count = 0};
    struct ports ports = {.count = 65535, .each = calloc(65535, sizeof *ports.each)};
    struct finding *found = calloc(SWEEP_PORTS, sizeof *found);
    struct err err = {0};
    struct recipe words;
    uint16_t open;
    assert_non_null(ports.each);
    assert_non_null(found);
    for (size_t i = 0; i < ports.count; i++)
        ports.each[i] = (uint16_t)(i + 1);
    int listener = netns_listen("127.0.0.1", false, &open);
    struct wants wants = {.family = AF_INET,
                          .send = true,
                          .capture = true,
                          .reserve = true,
                          .profile = CAPTURE_SWEEP,
                          .buffer = 1};
    struct exchange x;
    assert_true(recipe_begin(&words, "tcp", AF_INET, &err));
    if (!exchange_open(&x, &wants, &none, &err))
        fail_msg("%s", err.message);
    struct sweep_plan plan = {
        .kind = PROBE_SYN, .addr = "127.0.0.1", .words = &words, .ports = &ports};
    struct sweep_result result = {.found = found};
    assert_int_equal(probe_sweep(&x, &plan, &result, &err), PROBE_DONE);
    print_message("%u packets had no room\n", capture_dropped(x.wire.capture));
    for (unsigned port = 1; port < 65536; port++)
        assert_string_equal(found[port].ruling->state, port == open ? "open" : "closed");
    exchange_close(&x);
    recipe_free(&words);
    close(listener);
    free(ports.each);
    free(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash_is_siphash),
        cmocka_unit_test(checksum_is_updated),
        cmocka_unit_test(probes_are_whole),
        cmocka_unit_test(answers_name_their_port),
        cmocka_unit_test(errors_name_their_port),
        cmocka_unit_test(rounds_follow_the_loss),
        cmocka_unit_test(patience_follows_the_round_trips),
        cmocka_unit_test(small_buffer_costs_no_verdict),
    };
    return cmocka_run_group_tests(tests, netns_setup, NULL);
}
