/*
 * test_wire.c: a SYN by hand to a real listener, on a private lo: what libpcap shows of it,
 * what the kernel does without the shield and with it, and what is left of privilege.
 */
#include <loopcraft/checksum.h>
#include <loopcraft/clock.h>
#include <loopcraft/sockets.h>
#include <loopcraft/wire.h>

#include "child.h"
#include "netns.h"

#include <nftables/libnftables.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16, IPV4 = 20, IPV6 = 40, TCP = 20, ETHERNET = 14 };

static int64_t soon(void)
{
    return clock_now() + 5 * CLOCK_SECOND; /* never reached when all is well */
}

static void put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

struct segment {
    uint8_t at[IPV6 + TCP];
    size_t len;
};

/* A bare TCP segment over 127.0.0.1 or ::1, by hand: RFC 791, 8200, 9293. */
static struct segment segment(int family, uint16_t from, uint16_t to, uint8_t flags, uint32_t seq,
                              uint32_t ack)
{
    struct segment s = {.len = family == AF_INET ? IPV4 + TCP : IPV6 + TCP};
    uint8_t *tcp = s.at + s.len - TCP;
    if (family == AF_INET) {
        memcpy(s.at, "\x45\0\0\x28\0\1\0\0\x40\6\0\0\x7f\0\0\1\x7f\0\0\1", IPV4);
    } else {
        memcpy(s.at, "\x60\0\0\0\0\x14\6\x40", 8);
        s.at[23] = s.at[39] = 1;
    }
    put16(tcp, from);
    put16(tcp + 2, to);
    put32(tcp + 4, seq);
    put32(tcp + 8, ack);
    tcp[12] = TCP / 4 << 4;
    tcp[13] = flags;
    put16(tcp + 14, 64240);
    size_t addresses = family == AF_INET ? 8 : 32;
    uint32_t sum = checksum_add(6 + TCP, (struct bytes){tcp - addresses, addresses});
    put16(tcp + 16, checksum_finish(checksum_add(sum, (struct bytes){tcp, TCP})));
    return s;
}

static void send_segment(struct wire *wire, struct segment s)
{
    struct err err;
    check(send_packet(wire->sender, (struct bytes){s.at, s.len}, &err), "sent", err.message);
}

/* The next frame's TCP header; fails when none comes. */
static const uint8_t *next_tcp(struct wire *wire, int family, struct frame *frame)
{
    struct err err = {.message = "silence"};
    size_t start = ETHERNET + (family == AF_INET ? IPV4 : IPV6);
    check(capture_next(wire->capture, soon(), -1, frame, &err) == CAPTURE_FRAME, "a frame",
          err.message);
    check(frame->bytes.len >= start + TCP, "a TCP segment", "less");
    return frame->bytes.at + start;
}

static struct wire open_wire(int family, bool shield)
{
    struct wire wire;
    struct err err;
    struct wants wants = {.family = family, .send = true, .capture = true, .reserve = true,
                          .shield = shield};
    check(wire_open(&wire, &wants, &err), "wire_open", err.message);
    return wire;
}

/* --- the kernel's reset, and the shield ------------------------------------- */

static void reset_without_shield(int family)
{
    uint16_t port;
    struct frame frame;
    int listener = netns_listen(family == AF_INET ? "127.0.0.1" : "::1", true, &port);
    struct wire wire = open_wire(family, false);
    int64_t before = clock_wall() / 1000 * 1000; /* as the capture's times: whole microseconds */
    send_segment(&wire, segment(family, wire.port, port, SYN, 1234, 0));
    static const uint8_t flags[] = {SYN, SYN | ACK, RST}; /* each once */
    for (unsigned i = 0; i < 3; i++) {
        const uint8_t *tcp = next_tcp(&wire, family, &frame);
        check(tcp[13] == flags[i], "SYN, SYN-ACK, RST", "another order");
        check(frame.number == i + 1, "numbers 1, 2, 3", "another");
        check(frame.len == frame.bytes.len, "the whole frame", "a part");
        check(frame.linktype == LINKTYPE_ETHERNET, "Ethernet", "another");
        check(frame.direction == DIRECTION_UNKNOWN && !frame.comment, "nothing more", "more");
        check(frame.time_ns >= before && frame.time_ns <= clock_wall(), "now", "another time");
    }
    struct err err;
    check(capture_next(wire.capture, 0, -1, &frame, &err) == CAPTURE_TIMEOUT, "no more", "more");
    check(capture_dropped(wire.capture) == 0, "no drop", "drops");
    wire_close(&wire);
    close(listener);
}

static void state_is(int family, uint16_t port, uint16_t peer, const char *state)
{
    struct err err;
    struct sockets *s = sockets_open(&err);
    check(s != NULL, "sockets_open", "nothing");
    check(strcmp(netns_state(s, family, port, peer), state) == 0, state,
          netns_state(s, family, port, peer));
    sockets_close(s);
}

/* SYN, SYN-ACK, ACK, the server's first data, and never a reset from the kernel. */
static void no_reset_with_shield(int family)
{
    uint16_t port;
    struct frame frame;
    int listener = netns_listen(family == AF_INET ? "127.0.0.1" : "::1", true, &port);
    struct wire wire = open_wire(family, true);
    send_segment(&wire, segment(family, wire.port, port, SYN, 1234, 0));
    check(next_tcp(&wire, family, &frame)[13] == SYN, "our SYN first", "another");
    const uint8_t *tcp = next_tcp(&wire, family, &frame);
    check(tcp[13] == (SYN | ACK) && get32(tcp + 8) == 1235, "SYN-ACK of 1235", "another");
    uint32_t theirs = get32(tcp + 4);
    state_is(family, port, wire.port, "SYN-RECV");
    send_segment(&wire, segment(family, wire.port, port, ACK, 1235, theirs + 1));
    check(next_tcp(&wire, family, &frame)[13] == ACK, "our ACK, and no RST before", "another");
    state_is(family, port, wire.port, "ESTABLISHED");
    int server = accept(listener, NULL, NULL);
    check(server >= 0 && write(server, "hello", 5) == 5, "a connection", "none");
    tcp = next_tcp(&wire, family, &frame);
    check(memcmp(tcp + TCP, "hello", 5) == 0, "the server's data", "another");
    send_segment(&wire, segment(family, wire.port, port, ACK, 1235, theirs + 6));
    check(next_tcp(&wire, family, &frame)[13] == ACK, "our ACK, and no RST before", "another");
    state_is(family, port, wire.port, "ESTABLISHED");
    send_segment(&wire, segment(family, wire.port, port, RST, 1235, 0));
    check(next_tcp(&wire, family, &frame)[13] == RST, "our RST", "another");
    state_is(family, port, wire.port, "LISTEN");
    close(server);
    wire_close(&wire);
    close(listener);
}

static void handmade(void)
{
    reset_without_shield(AF_INET);
}

static void handmade_6(void)
{
    reset_without_shield(AF_INET6);
}

static void shielded(void)
{
    no_reset_with_shield(AF_INET);
}

static void shielded_6(void)
{
    no_reset_with_shield(AF_INET6);
}

/* --- privilege, the guard ---------------------------------------------------- */

static void status_line_is(const char *line)
{
    char text[4096];
    FILE *file = fopen("/proc/self/status", "r");
    size_t len = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[len] = '\0';
    check(strstr(text, line) != NULL, line, text);
    fclose(file);
}

static void privilege_is_gone(void)
{
    struct wire wire = open_wire(AF_INET, true);
    status_line_is("\nCapInh:\t0000000000000000\nCapPrm:\t0000000000000000\n"
                   "CapEff:\t0000000000000000\n");
    status_line_is("\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\n");
    check(socket(AF_INET, SOCK_RAW, IPPROTO_RAW) < 0, "no raw socket any more", "one");
    struct wire another;
    struct err err;
    struct wants wants = {.family = AF_INET, .send = true};
    check(!wire_open(&another, &wants, &err), "refused", "opened");
    check(err.status == STATUS_SYSTEM && strstr(err.message, "sudo"), "sudo", err.message);
    wants = (struct wants){.family = AF_INET, .capture = true};
    check(!wire_open(&another, &wants, &err), "refused", "opened");
    check(err.status == STATUS_SYSTEM && strstr(err.message, "sudo"), "sudo", err.message);
    wants = (struct wants){.family = AF_INET, .reserve = true, .shield = true};
    check(!wire_open(&another, &wants, &err), "refused", "opened");
    check(err.status == STATUS_SYSTEM && strstr(err.message, "sudo"), "sudo", err.message);
    wire_close(&wire);
}

static void guard_stands_before_the_socket(void)
{
    struct wire wire = open_wire(AF_INET, false);
    struct segment s = segment(AF_INET, wire.port, 80, SYN, 1, 0);
    struct err err;
    struct frame frame;
    memcpy(s.at + 16, "\x08\x08\x08\x08", 4);
    check(!send_packet(wire.sender, (struct bytes){s.at, s.len}, &err), "refused", "sent");
    check(err.status == STATUS_GUARD, "STATUS_GUARD", err.message);
    s = segment(AF_INET6, wire.port, 80, SYN, 1, 0);
    check(!send_packet(wire.sender, (struct bytes){s.at, s.len}, &err), "refused", "sent");
    check(err.status == STATUS_SYSTEM && strstr(err.message, "other version"), "the other version",
          err.message);
    check(capture_next(wire.capture, 0, -1, &frame, &err) == CAPTURE_TIMEOUT, "silence", "a frame");
    wire_close(&wire);
}

/* --- the capture -------------------------------------------------------------- */

/* Filters, the other descriptor and the deadline, in their order; privilege is gone by then. */
static void capture_waits_and_filters(void)
{
    struct wire wire = open_wire(AF_INET, false);
    struct frame frame;
    struct err err;
    int pipes[2];
    check(pipe(pipes) == 0 && write(pipes[1], "x", 1) == 1, "a pipe", "none");
    struct segment s = segment(AF_INET, wire.port, 9, SYN, 1, 0); /* closed: an RST comes */
    send_segment(&wire, s);
    check(capture_next(wire.capture, 0, pipes[0], &frame, &err) == CAPTURE_FRAME, "SYN", "else");
    check(capture_next(wire.capture, 0, pipes[0], &frame, &err) == CAPTURE_FRAME, "RST", "else");
    check(capture_next(wire.capture, 0, pipes[0], &frame, &err) == CAPTURE_OTHER, "pipe", "else");
    check(capture_next(wire.capture, 0, -1, &frame, &err) == CAPTURE_TIMEOUT, "timeout", "else");
    int64_t start = clock_now(), until = start + 3 * CLOCK_MS;
    check(capture_next(wire.capture, until, -1, &frame, &err) == CAPTURE_TIMEOUT, "", "else");
    check(clock_now() >= until, "not before the deadline", "before");
    check(capture_filter(wire.capture, "tcp[tcpflags] & tcp-rst != 0", &err), "", err.message);
    send_segment(&wire, s);
    check(next_tcp(&wire, AF_INET, &frame)[13] & RST, "the RST alone", "another");
    check(!capture_filter(wire.capture, "no such\x1b thing", &err), "refused", "set");
    check(err.status == STATUS_USAGE, "STATUS_USAGE", err.message);
    check(!strpbrk(err.message, "\n\x1b"), "one safe line", err.message);
    close(pipes[0]);
    close(pipes[1]);
    wire_close(&wire);
}

static void burst_is_kept(void)
{
    enum { BURST = 400 };
    struct wire wire = open_wire(AF_INET6, true); /* what comes to it makes no answer */
    struct frame frame;
    for (uint32_t i = 0; i < BURST; i++)
        send_segment(&wire, segment(AF_INET6, 1, wire.port, ACK, i, 0));
    for (uint32_t i = 0; i < BURST; i++)
        check(get32(next_tcp(&wire, AF_INET6, &frame) + 4) == i, "each once, in order", "not");
    check(capture_dropped(wire.capture) == 0, "no drop", "drops");
    wire_close(&wire);
}

/* --- what is left --------------------------------------------------------------- */

/* Is there a table of loopcraft's in this namespace? */
static bool table_there(void)
{
    struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
    assert_non_null(nft);
    nft_ctx_buffer_output(nft);
    assert_int_equal(nft_run_cmd_from_buffer(nft, "list tables"), 0);
    bool there = strstr(nft_ctx_get_output_buffer(nft), "table inet loopcraft_") != NULL;
    nft_ctx_free(nft);
    return there;
}

static void killed_leaves_nothing(void **state)
{
    if (!*state)
        skip();
    int ready[2], status;
    char byte;
    assert_int_equal(pipe(ready), 0);
    assert_false(table_there());
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        open_wire(AF_INET, true);
        if (write(ready[1], "r", 1) == 1)
            pause();
        _exit(1);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_true(table_there());
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_false(table_there());
    close(ready[0]);
}

static void closed_leaves_nothing(void **state)
{
    if (!*state)
        skip();
    assert_true(child_run(shielded));
    assert_false(table_there());
}

static void run(void **state, void (*body)(void))
{
    if (!*state)
        skip();
    assert_true(child_run(body));
}

static void test_reset(void **state)
{
    run(state, handmade);
    run(state, handmade_6);
}

static void test_shield(void **state)
{
    run(state, shielded);
    run(state, shielded_6);
}

static void test_privilege(void **state)
{
    run(state, privilege_is_gone);
}

static void test_guard(void **state)
{
    run(state, guard_stands_before_the_socket);
}

static void test_capture(void **state)
{
    run(state, capture_waits_and_filters);
    run(state, burst_is_kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_shield),
        cmocka_unit_test(test_privilege),
        cmocka_unit_test(test_guard),
        cmocka_unit_test(test_capture),
        cmocka_unit_test(closed_leaves_nothing),
        cmocka_unit_test(killed_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, netns_setup, NULL);
}
