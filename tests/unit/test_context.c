/*
 * test_context.c: what packets mean among those before them: TCP's arithmetic, what was sent again
 * and what is missing, windows, answers; and that no bytes can trouble the tracker.
 */
#include "craft_check.h"
#include "every_view.h"

#include <loopcraft/context.h>
#include <loopcraft/services.h>

#include <stdio.h>

/* A capture under way. */
struct run {
    struct context *context;
    struct remarks remarks;
    struct frame frame;
};

static struct run run_new(void)
{
    return (struct run){.context = context_new()};
}

static void run_end(struct run *r)
{
    context_free(r->context);
    remarks_free(&r->remarks);
}

/* What the packet's row of this name means, or "". */
static const char *meaning(struct run *r, const char *name)
{
    const struct remark *list = remarks_list(&r->remarks);
    for (size_t i = 0; i < r->remarks.count; i++)
        if (list[i].field->name && strcmp(list[i].field->name, name) == 0)
            return list[i].text;
    return "";
}

static void must_mean(struct run *r, const char *name, const char *means)
{
    if (strcmp(meaning(r, name), means) != 0)
        fail_msg("#%u: %s means \"%s\" and not \"%s\"", (unsigned)r->frame.number, name,
                 meaning(r, name), means);
}

static void see(struct run *r, const struct dissection *d)
{
    r->frame.number++;
    r->frame.time_ns += 25000;
    r->frame.bytes = d->bytes;
    r->frame.len = (uint32_t)d->bytes.len;
    remarks_clear(&r->remarks);
    context_packet(r->context, &r->frame, d, &r->remarks);
}

/* The next packet, crafted from words. */
static void next(struct run *r, const char *proto, const char *words)
{
    struct packet *packet = must_craft(proto, strstr(words, "ipv6") ? AF_INET6 : AF_INET, words);
    see(r, &packet->d);
    packet_free(packet);
}

/* A segment from the client, or from the server. */
static void segment(struct run *r, bool client, const char *words)
{
    struct text line = TEXT_EMPTY;
    text_put(&line, client ? "srcport=61000 dstport=8080 " : "srcport=8080 dstport=61000 ");
    text_put(&line, words);
    next(r, "tcp", text_string(&line));
    text_free(&line);
}

#define SEQ    "tcp.seq_raw"
#define ACKED  "tcp.ack_raw"
#define FLAGS  "tcp.flags"
#define WINDOW "tcp.window_size_value"

/* The client's numbers start at 1234, the server's at 5000. */
static void shake_hands(struct run *r, const char *options)
{
    struct text words = TEXT_EMPTY;
    text_format(&words, "flags=SYN seq_raw=1234 %s", options);
    segment(r, true, text_string(&words));
    text_clear(&words);
    text_format(&words, "flags=SYN,ACK seq_raw=5000 ack_raw=1235 %s", options);
    segment(r, false, text_string(&words));
    text_free(&words);
}

/* --- TCP ------------------------------------------------------------------------------ */

static void a_handshake_data_and_a_close(void **state)
{
    (void)state;
    struct run r = run_new();
    segment(&r, true, "flags=SYN seq_raw=1234");
    must_mean(&r, SEQ, "its numbers start here: SYN takes the first");
    must_mean(&r, ACKED, "nothing to acknowledge yet");
    must_mean(&r, FLAGS, "opens a connection");
    must_mean(&r, "tcp.srcport", "dynamic: lent to a program for a while");
    must_mean(&r, "tcp.dstport", "http-alt: a registered port");
    must_mean(&r, "ip.ttl", "as sent: no router crossed, lo has none");
    segment(&r, false, "flags=SYN,ACK seq_raw=5000 ack_raw=1235");
    must_mean(&r, ACKED, "the peer's 1234 + 1: SYN counts as one");
    must_mean(&r, FLAGS, "agrees, and asks back");
    assert_string_equal(context_note(r.context), "Answers #1.");
    segment(&r, true, "flags=ACK seq_raw=1235 ack_raw=5001");
    must_mean(&r, FLAGS, "the third of three: the connection stands");
    segment(&r, true, "flags=PSH,ACK seq_raw=1235 ack_raw=5001 data=abcdefghijklmnopqrstuvwxyz");
    must_mean(&r, SEQ, "26 bytes, up to 1260: next is 1261");
    must_mean(&r, ACKED, "the same as before: nothing new came");
    segment(&r, false, "flags=ACK seq_raw=5001 ack_raw=1261");
    must_mean(&r, ACKED, "the peer's 1235 + 26 bytes of data");
    segment(&r, false, "flags=FIN,ACK seq_raw=5001 ack_raw=1261 data=x");
    must_mean(&r, SEQ, "1 byte, up to 5001: next is 5003");
    must_mean(&r, FLAGS, "the last data from this side");
    segment(&r, true, "flags=FIN,ACK seq_raw=1261 ack_raw=5003");
    must_mean(&r, SEQ, "next in line: FIN takes it");
    must_mean(&r, ACKED, "the peer's 5001 + 1 byte + 1 for FIN");
    segment(&r, false, "flags=ACK seq_raw=5003 ack_raw=1262");
    must_mean(&r, ACKED, "the peer's 1261 + 1: FIN counts as one");
    run_end(&r);
}

static void whose_number_it_is(void **state)
{
    (void)state;
    struct run r = run_new();
    r.frame.direction = DIRECTION_SENT;
    segment(&r, true, "flags=SYN seq_raw=1234");
    r.frame.direction = DIRECTION_RECEIVED;
    segment(&r, false, "flags=SYN,ACK seq_raw=5000 ack_raw=1235");
    must_mean(&r, ACKED, "your 1234 + 1: SYN counts as one");
    r.frame.direction = DIRECTION_SENT;
    segment(&r, true, "flags=ACK seq_raw=1235 ack_raw=5001");
    must_mean(&r, ACKED, "their 5000 + 1: SYN counts as one");
    run_end(&r);
}

static void again_missing_late_alive(void **state)
{
    (void)state;
    struct run r = run_new();
    segment(&r, true, "flags=SYN seq_raw=1234");
    segment(&r, true, "flags=SYN seq_raw=1234");
    must_mean(&r, SEQ, "sent again: the same SYN");
    must_mean(&r, FLAGS, "opens a connection: asks again");
    segment(&r, false, "flags=SYN,ACK seq_raw=5000 ack_raw=1235");
    segment(&r, false, "flags=SYN,ACK seq_raw=5000 ack_raw=1235");
    must_mean(&r, FLAGS, "agrees, and asks back: once more");
    segment(&r, true, "flags=ACK seq_raw=1235 ack_raw=5001 data=abcd");
    segment(&r, true, "flags=ACK seq_raw=1235 ack_raw=5001 data=abcd");
    must_mean(&r, SEQ, "sent again: 4 bytes, up to 1238");
    segment(&r, true, "flags=ACK seq_raw=1237 ack_raw=5001 data=cdef");
    must_mean(&r, SEQ, "partly sent again: 4 bytes, up to 1240");
    segment(&r, true, "flags=ACK seq_raw=1251 ack_raw=5001 data=xy");
    must_mean(&r, SEQ, "10 bytes before it are missing; here 2 bytes, up to 1252");
    segment(&r, true, "flags=ACK seq_raw=1241 ack_raw=5001 data=0123456789");
    must_mean(&r, SEQ, "late, it was missing: 10 bytes, up to 1250");
    segment(&r, true, "flags=ACK seq_raw=1241 ack_raw=5001 data=0123456789");
    must_mean(&r, SEQ, "sent again: 10 bytes, up to 1250");
    segment(&r, true, "flags=ACK seq_raw=1252 ack_raw=5001");
    must_mean(&r, SEQ, "one less than its next: a keep-alive");
    segment(&r, true, "flags=ACK seq_raw=1240 ack_raw=5001");
    must_mean(&r, SEQ, "behind what it has sent already");
    segment(&r, true, "flags=ACK seq_raw=3000001253 ack_raw=5001 data=x");
    must_mean(&r, SEQ, "far from its last: no window reaches so far");
    segment(&r, false, "flags=ACK seq_raw=5001 ack_raw=1235");
    must_mean(&r, ACKED, "the same as before: nothing new came");
    segment(&r, false, "flags=ACK seq_raw=5001 ack_raw=9999");
    must_mean(&r, ACKED, "more than the peer has sent in this capture");
    run_end(&r);
}

/* Numbers go on at 0 behind 2^32 - 1 (RFC 9293, 3.4). */
static void around_the_end_of_the_numbers(void **state)
{
    (void)state;
    struct run r = run_new();
    segment(&r, true, "flags=SYN seq_raw=4294967295");
    segment(&r, false, "flags=SYN,ACK seq_raw=4294967290 ack_raw=0");
    must_mean(&r, ACKED, "the peer's 4294967295 + 1: SYN counts as one");
    must_mean(&r, FLAGS, "agrees, and asks back");
    segment(&r, false, "flags=ACK seq_raw=4294967291 ack_raw=0 data=0123456789");
    must_mean(&r, SEQ, "10 bytes, up to 4: next is 5");
    segment(&r, true, "flags=ACK seq_raw=0 ack_raw=5");
    must_mean(&r, ACKED, "the peer's 4294967290 + 1 for SYN + 10 bytes");
    segment(&r, false, "flags=ACK seq_raw=4294967291 ack_raw=0 data=0123456789");
    must_mean(&r, SEQ, "sent again: 10 bytes, up to 4");
    segment(&r, false, "flags=ACK seq_raw=10 ack_raw=0 data=x");
    must_mean(&r, SEQ, "5 bytes before it are missing; here 1 byte, up to 10");
    run_end(&r);
}

static void both_ask_at_once(void **state)
{
    (void)state;
    struct run r = run_new();
    segment(&r, true, "flags=SYN seq_raw=1234");
    segment(&r, false, "flags=SYN seq_raw=5000");
    must_mean(&r, FLAGS, "asks as well: both open at once");
    segment(&r, true, "flags=SYN,ACK seq_raw=1234 ack_raw=5001");
    must_mean(&r, SEQ, "the same SYN, now with an ACK");
    must_mean(&r, ACKED, "the peer's 5000 + 1: SYN counts as one");
    must_mean(&r, FLAGS, "agrees: both asked at once");
    segment(&r, false, "flags=SYN,ACK seq_raw=5000 ack_raw=1235");
    must_mean(&r, SEQ, "the same SYN, now with an ACK");
    run_end(&r);
}

static void the_same_ports_once_more(void **state)
{
    (void)state;
    struct run r = run_new();
    shake_hands(&r, "options=wscale:7");
    segment(&r, true, "flags=SYN seq_raw=900000");
    must_mean(&r, SEQ, "its numbers start here: SYN takes the first");
    segment(&r, false, "flags=SYN,ACK seq_raw=7 ack_raw=900001");
    must_mean(&r, ACKED, "the peer's 900000 + 1: SYN counts as one");
    segment(&r, true, "flags=ACK seq_raw=900001 ack_raw=8 window_size_value=64");
    must_mean(&r, WINDOW, "room for data; not scaled: not both offered it");
    run_end(&r);
}

static void resets(void **state)
{
    (void)state;
    struct run r = run_new();
    segment(&r, true, "flags=SYN seq_raw=1234");
    segment(&r, false, "flags=RST,ACK seq_raw=0 ack_raw=1235");
    must_mean(&r, FLAGS, "refuses: nobody listens, or a firewall says so");
    assert_string_equal(context_note(r.context), "Answers #1.");
    run_end(&r);
    r = run_new();
    shake_hands(&r, "");
    segment(&r, true, "flags=RST seq_raw=1235");
    must_mean(&r, FLAGS, "hangs up: it does not want what it asked for");
    run_end(&r);
    r = run_new();
    shake_hands(&r, "");
    segment(&r, true, "flags=ACK seq_raw=1235 ack_raw=5001");
    segment(&r, true, "flags=RST,ACK seq_raw=1235 ack_raw=5001");
    must_mean(&r, FLAGS, "breaks the connection off, both ways at once");
    run_end(&r);
    r = run_new();
    segment(&r, false, "flags=RST seq_raw=1");
    must_mean(&r, FLAGS, "no such connection at this end, or it is over");
    run_end(&r);
}

static void windows(void **state)
{
    (void)state;
    struct run r = run_new();
    shake_hands(&r, "options=wscale:7");
    must_mean(&r, WINDOW, "room for data; in a SYN never scaled");
    segment(&r, true, "flags=ACK seq_raw=1235 ack_raw=5001 window_size_value=64");
    must_mean(&r, WINDOW, "64 x 128 = 8192 bytes of room");
    segment(&r, true, "flags=ACK seq_raw=1235 ack_raw=5001 window_size_value=0");
    must_mean(&r, WINDOW, "no room: the peer has to wait");
    run_end(&r);
    r = run_new();
    shake_hands(&r, "options=wscale:200"); /* more than 14 counts as 14 */
    segment(&r, true, "flags=ACK seq_raw=1235 ack_raw=5001 window_size_value=65535");
    must_mean(&r, WINDOW, "65535 x 16384 = 1073725440 bytes of room");
    run_end(&r);
    r = run_new();
    segment(&r, true, "flags=ACK seq_raw=1235 ack_raw=5001 window_size_value=64");
    must_mean(&r, WINDOW, "scale unknown: the handshake is not seen here");
    run_end(&r);
}

/* --- answers -------------------------------------------------------------------------- */

static void pings_and_datagrams(void **state)
{
    (void)state;
    struct run r = run_new();
    next(&r, "icmp", "type=8 code=0 icmp.ident=7 icmp.seq=1");
    next(&r, "icmp", "type=8 code=0 icmp.ident=7 icmp.seq=2");
    next(&r, "icmp", "type=0 code=0 icmp.ident=7 icmp.seq=1");
    must_mean(&r, "icmp.seq", "answers #1, after 0.050 ms");
    next(&r, "icmp", "type=0 code=0 icmp.ident=8 icmp.seq=2");
    must_mean(&r, "icmp.seq", "");
    next(&r, "udp", "srcport=4000 dstport=9000 data=hi");
    next(&r, "udp", "srcport=9000 dstport=4000 data=hi");
    assert_string_equal(context_note(r.context), "Answers #5.");
    next(&r, "udp", "srcport=4000 dstport=9000 data=a");
    next(&r, "udp", "srcport=4000 dstport=9000 data=b");
    next(&r, "udp", "srcport=9000 dstport=4000 data=b"); /* to which of them? */
    assert_string_equal(context_note(r.context), "");
    run_end(&r);
}

/* The error tells which packet it is about, by what it quotes: here the first of two. */
static void an_error_names_its_packet(void **state)
{
    (void)state;
    struct run r = run_new();
    struct packet *quoted = must_craft("udp", AF_INET, "srcport=40000 dstport=9001 data=first");
    struct text words = TEXT_EMPTY;
    text_put(&words, "type=3 code=3 data=hex:");
    text_hex_bytes(&words, bytes_part(crafted_bytes(&quoted->crafted), 0, 28), 0);
    next(&r, "icmp", text_string(&words));
    assert_string_equal(context_note(r.context),
                        "Answers the UDP datagram 127.0.0.1:40000 to 127.0.0.1:9001: no program "
                        "listens on that port.");
    see(&r, &quoted->d);
    next(&r, "udp", "srcport=40000 dstport=9001 data=another");
    next(&r, "icmp", text_string(&words));
    assert_string_equal(context_note(r.context),
                        "Answers #2, the UDP datagram 127.0.0.1:40000 to 127.0.0.1:9001: no "
                        "program listens on that port.");
    must_mean(&r, "icmp.code", "no program listens on that port");
    text_free(&words);
    packet_free(quoted);
    run_end(&r);
}

/* --- hops, ports ------------------------------------------------------------------------ */

static void hops(void **state)
{
    (void)state;
    static const struct {
        const char *words, *means;
    } cases[] = {
        {"ip.src=10.0.0.1 ip.ttl=64", "as sent, most likely: no router crossed"},
        {"ip.src=10.0.0.1 ip.ttl=63", "1 less than 64: one router crossed, most likely"},
        {"ip.src=10.0.0.1 ip.ttl=120", "8 less than 128: so many routers crossed, most likely"},
        {"ip.src=10.0.0.1 ip.ttl=3", "few left: sent so (traceroute), or from far"},
        {"ip.src=127.0.0.1 ip.ttl=3", "as sent: no router crossed, lo has none"},
    };
    struct run r = run_new();
    for (size_t i = 0; i < COUNT(cases); i++) {
        char words[128];
        snprintf(words, sizeof words, "srcport=1 dstport=2 %s", cases[i].words);
        next(&r, "udp", words);
        must_mean(&r, "ip.ttl", cases[i].means);
    }
    run_end(&r);
}

/* RFC 6335, 6: 0 to 1023 well-known, to 49151 registered, above dynamic. */
static void every_port_has_its_class(void **state)
{
    (void)state;
    assert_string_equal(service_words(22), "ssh: a well-known port");
    assert_string_equal(service_words(27017), "mongodb: a registered port");
    for (uint32_t port = 1; port <= 65535; port++) {
        const char *words = service_words((uint16_t)port);
        const char *name = port < 1024 ? "well-known" : port < 49152 ? "registered" : "dynamic";
        if (!strstr(words, name))
            fail_msg("%u: %s", port, words);
    }
}

/* --- bounds ----------------------------------------------------------------------------- */

/* The newest conversation is always known; of twenty thousand the first is not. */
static void the_oldest_is_forgotten(void **state)
{
    (void)state;
    struct run r = run_new();
    struct packet *syn = must_craft("tcp", AF_INET, "srcport=1 dstport=80 flags=SYN seq_raw=9");
    struct packet *answer = must_craft("tcp", AF_INET,
                                       "srcport=80 dstport=1 flags=SYN,ACK seq_raw=1 ack_raw=10");
    uint8_t *port = (uint8_t *)syn->crafted.bytes.at + 20;
    for (unsigned i = 20000; i >= 1; i--) {
        port[0] = (uint8_t)(i >> 8);
        port[1] = (uint8_t)i;
        see(&r, &syn->d);
    }
    see(&r, &answer->d);
    must_mean(&r, FLAGS, "agrees, and asks back");
    uint8_t *to = (uint8_t *)answer->crafted.bytes.at + 22;
    to[0] = 20000 >> 8;
    to[1] = 20000 & 0xff;
    see(&r, &answer->d);
    must_mean(&r, FLAGS, "agrees to a SYN that is not seen here");
    packet_free(syn);
    packet_free(answer);
    run_end(&r);
}

/* Remarks are of our own making: foreign bytes stand in none of them. */
static void must_be_plain(struct run *r)
{
    const struct remark *list = remarks_list(&r->remarks);
    for (size_t i = 0; i < r->remarks.count; i++)
        must_be_printable(list[i].text);
    must_be_printable(context_note(r->context));
}

static void a_false_length_makes_no_data(void **state)
{
    (void)state;
    struct run r = run_new();
    segment(&r, true, "flags=SYN seq_raw=1234");
    segment(&r, true, "flags=SYN seq_raw=1234 ip.len=2000");
    must_mean(&r, SEQ, "sent again: the same SYN");
    run_end(&r);
}

/* Packets as they were, spoiled and cut, in blocks of exactly their length. */
static void hostile_packets(void **state)
{
    (void)state;
    struct run r = run_new();
    struct dissection d = {0};
    srand(4711);
    for (int turn = 0; turn < 40000; turn++) {
        struct bytes sample = samples[(size_t)rand() % SAMPLES].bytes;
        size_t len = rand() % 4 ? sample.len : (size_t)rand() % (sample.len + 1);
        uint8_t *copy = malloc(len ? len : 1);
        assert_non_null(copy);
        memcpy(copy, sample.at, len);
        for (int flips = rand() % 5; len && flips > 0; flips--)
            copy[(size_t)rand() % len] = (uint8_t)rand();
        r.frame.linktype = LINKTYPE_ETHERNET;
        struct frame frame = {
            .linktype = LINKTYPE_ETHERNET, .len = (uint32_t)sample.len, .bytes = {copy, len}};
        dissect(&d, &frame);
        see(&r, &d);
        must_be_plain(&r);
        free(copy);
    }
    dissection_free(&d);
    run_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handshake_data_and_a_close),
        cmocka_unit_test(whose_number_it_is),
        cmocka_unit_test(again_missing_late_alive),
        cmocka_unit_test(around_the_end_of_the_numbers),
        cmocka_unit_test(both_ask_at_once),
        cmocka_unit_test(the_same_ports_once_more),
        cmocka_unit_test(resets),
        cmocka_unit_test(windows),
        cmocka_unit_test(pings_and_datagrams),
        cmocka_unit_test(an_error_names_its_packet),
        cmocka_unit_test(a_false_length_makes_no_data),
        cmocka_unit_test(hops),
        cmocka_unit_test(every_port_has_its_class),
        cmocka_unit_test(the_oldest_is_forgotten),
        cmocka_unit_test(hostile_packets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
