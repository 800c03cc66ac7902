/*
 * test_craft_kernel.c: the kernel's own SYN, bit for bit, from words: what connect() sent on lo is
 * made again from its ports, id, sequence number, timestamp and partial checksum.
 */
#include "craft_check.h"

/*
 * Linux, lo, captured by tcpdump -vvv -XX, from the IP header on:
 *
 * IP (tos 0x0, ttl 64, id 41123, offset 0, flags [DF], proto TCP (6), length 60)
 *     127.0.0.1.55932 > 127.0.0.1.8080: Flags [S], cksum 0xfe30 (incorrect -> 0xe149), seq
 *     176280845, win 65495, options [mss 65495,sackOK,TS val 1723936344 ecr 0,nop,wscale 10],
 *     length 0
 */
static const uint8_t kernel_syn[] = {
    0x45, 0x00, 0x00, 0x3c, 0xa0, 0xa3, 0x40, 0x00, 0x40, 0x06, 0x9c, 0x16, 0x7f, 0x00, 0x00,
    0x01, 0x7f, 0x00, 0x00, 0x01, 0xda, 0x7c, 0x1f, 0x90, 0x0a, 0x81, 0xd5, 0x0d, 0x00, 0x00,
    0x00, 0x00, 0xa0, 0x02, 0xff, 0xd7, 0xfe, 0x30, 0x00, 0x00, 0x02, 0x04, 0xff, 0xd7, 0x04,
    0x02, 0x08, 0x0a, 0x66, 0xc1, 0x2e, 0x58, 0x00, 0x00, 0x00, 0x00, 0x01, 0x03, 0x03, 0x0a};

/*
 * IP6 (flowlabel 0x41384, hlim 64, next-header TCP (6) payload length: 40) ::1.59824 > ::1.8080:
 *     Flags [S], cksum 0x0030 (incorrect -> 0x034b), seq 2234023372, win 65476, options
 *     [mss 65476,sackOK,TS val 4246552967 ecr 0,nop,wscale 10], length 0
 */
static const uint8_t kernel_syn6[] = {
    0x60, 0x04, 0x13, 0x84, 0x00, 0x28, 0x06, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0xe9, 0xb0, 0x1f, 0x90, 0x85, 0x28, 0x7d, 0xcc,
    0x00, 0x00, 0x00, 0x00, 0xa0, 0x02, 0xff, 0xc4, 0x00, 0x30, 0x00, 0x00, 0x02, 0x04, 0xff, 0xc4,
    0x04, 0x02, 0x08, 0x0a, 0xfd, 0x1d, 0x41, 0x87, 0x00, 0x00, 0x00, 0x00, 0x01, 0x03, 0x03, 0x0a};

/* What Linux always says on lo; and, in the last line of each, what is new each time. */
#define SYN                                                                     \
    "ip.flags.df=1 tcp.dstport=8080 tcp.flags=SYN tcp.window_size_value=65495 " \
    "options=mss:65495,sackok,ts:1723936344:0,nop,wscale:10 "                   \
    "tcp.srcport=55932 ip.id=41123 tcp.seq_raw=176280845"
#define SYN6                                                      \
    "tcp.dstport=8080 tcp.flags=SYN tcp.window_size_value=65476 " \
    "options=mss:65476,sackok,ts:4246552967:0,nop,wscale:10 "     \
    "tcp.srcport=59824 ipv6.flow=0x41384 tcp.seq_raw=2234023372"

static void the_kernel_s_syn_bit_for_bit(void **state)
{
    (void)state;
    struct packet *four = must_craft("tcp", AF_INET, SYN " tcp.checksum=0xfe30");
    struct packet *six = must_craft("tcp", AF_INET6, SYN6 " tcp.checksum=0x0030");
    assert_bytes(four->d.bytes, (struct bytes){kernel_syn, sizeof kernel_syn});
    assert_bytes(six->d.bytes, (struct bytes){kernel_syn6, sizeof kernel_syn6});
    packet_free(four);
    packet_free(six);
}

/* The sum that nobody asked for is tcpdump's "incorrect ->", and nothing else is different. */
static void without_its_partial_sum_the_full_one(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        struct bytes kernel;
        int family;
        size_t at; /* of the sum */
        uint16_t full;
    } cases[] = {
        {SYN, {kernel_syn, sizeof kernel_syn}, AF_INET, 36, 0xe149},
        {SYN6, {kernel_syn6, sizeof kernel_syn6}, AF_INET6, 56, 0x034b},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct packet *packet = must_craft("tcp", cases[i].family, cases[i].words);
        struct bytes ours = packet->d.bytes, theirs = cases[i].kernel;
        size_t at = cases[i].at;
        uint16_t sum = 0;
        assert_true(bytes_u16(ours, at, &sum));
        assert_int_equal(sum, cases[i].full);
        assert_int_equal(ours.len, theirs.len);
        assert_bytes(bytes_part(ours, 0, at), bytes_part(theirs, 0, at));
        assert_bytes(bytes_part(ours, at + 2, ours.len), bytes_part(theirs, at + 2, theirs.len));
        packet_free(packet);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernel_s_syn_bit_for_bit),
        cmocka_unit_test(without_its_partial_sum_the_full_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
