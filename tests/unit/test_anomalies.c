/*
 * test_anomalies.c: each rule with packets that break it and packets that do not; what was found of
 * many is told in a few lines; what is remembered has a bound.
 */
#include "craft_check.h"

#include <loopcraft/anomalies.h>
#include <loopcraft/clock.h>

#include <stdio.h>

/* A capture under way. */
struct run {
    struct context *context;
    struct anomalies *anomalies;
    struct frame frame;
    struct text told;     /* what was told at once: " xmas port-sweep" */
    unsigned again;       /* lines about more of the same */
    struct text evidence; /* of the last */
};

static struct run run_new(void)
{
    struct run r = {.context = context_new()};
    r.anomalies = anomalies_new(r.context);
    return r;
}

static void run_end(struct run *r)
{
    anomalies_free(r->anomalies);
    context_free(r->context);
    text_free(&r->told);
    text_free(&r->evidence);
}

static void tell(struct run *r, int64_t now)
{
    struct anomaly anomaly;
    while (anomalies_next(r->anomalies, now, &anomaly)) {
        r->again += anomaly.again;
        text_clear(&r->evidence);
        text_put(&r->evidence, anomaly.evidence);
        must_be_printable(anomaly.evidence);
        if (!anomaly.again)
            text_format(&r->told, " %s", anomaly.rule->name);
    }
}

static void see(struct run *r, const struct dissection *d)
{
    r->frame.number++;
    r->frame.time_ns += 25000;
    r->frame.bytes = d->bytes;
    r->frame.len = (uint32_t)d->bytes.len;
    context_packet(r->context, &r->frame, d, NULL);
    anomalies_packet(r->anomalies, true);
    tell(r, r->frame.time_ns);
}

/* "tcp words", crafted. */
static void next(struct run *r, const char *words)
{
    char proto[8];
    int at = 0;
    assert_int_equal(sscanf(words, "%7s %n", proto, &at), 1);
    struct packet *packet = must_craft(proto, strstr(words, "ipv6") ? AF_INET6 : AF_INET,
                                       words + at);
    see(r, &packet->d);
    packet_free(packet);
}

/* The packets are separated by "; ". */
static void next_all(struct run *r, const char *packets)
{
    char *copy = strdup(packets), *rest = copy;
    assert_non_null(copy);
    for (char *packet; (packet = strsep(&rest, ";"));)
        next(r, packet);
    free(copy);
}

static void must_tell(const char *packets, const char *told)
{
    struct run r = run_new();
    next_all(&r, packets);
    if (strcmp(text_string(&r.told), told) != 0)
        fail_msg("%s: told \"%s\" and not \"%s\"", packets, text_string(&r.told), told);
    run_end(&r);
}

/* --- each rule -------------------------------------------------------------------------- */

#define ASK   "tcp srcport=40000 dstport=80 "
#define REPLY "tcp srcport=80 dstport=40000 "
#define SHAKEN                                                                 \
    ASK "flags=SYN seq_raw=9;" REPLY "flags=SYN,ACK seq_raw=5 ack_raw=10;" ASK \
        "flags=ACK seq_raw=10 ack_raw=6"
#define QUERY "udp srcport=40000 dstport=53 "
#define SIXTY "data=012345678901234567890123456789012345678901234567890123456789"

static const struct {
    const char *rule, *breaks, *keeps; /* each a few packets */
} cases[] = {
    {"syn-fin", ASK "flags=SYN,FIN", SHAKEN ";" ASK "flags=FIN,ACK seq_raw=10 ack_raw=6"},
    {"syn-rst", ASK "flags=SYN,RST", ASK "flags=SYN;" REPLY "flags=RST,ACK"},
    {"rst-fin", ASK "flags=RST,FIN", ASK "flags=RST"},
    {"null", ASK "flags=0", SHAKEN},
    {"xmas", ASK "flags=FIN,PSH,URG", SHAKEN ";" ASK "flags=FIN,PSH,URG,ACK seq_raw=10 ack_raw=6"},
    {"fin", ASK "flags=FIN", SHAKEN ";" ASK "flags=FIN,ACK seq_raw=10 ack_raw=6"},
    {"no-ack", ASK "flags=PSH", SHAKEN ";" ASK "flags=PSH,ACK seq_raw=10 ack_raw=6 data=x"},
    {"no-handshake", ASK "flags=ACK ack_raw=77;" REPLY "flags=RST seq_raw=77",
     /* a connection that is older than the capture, its end, and what comes late */
     ASK "flags=PSH,ACK seq_raw=500 ack_raw=77 data=x;" REPLY
         "flags=ACK seq_raw=77 ack_raw=501;" ASK "flags=FIN,ACK seq_raw=501 ack_raw=77;" REPLY
         "flags=RST seq_raw=77"},
    {"no-handshake", ASK "flags=FIN,ACK ack_raw=77;" REPLY "flags=RST seq_raw=77",
     ASK "flags=ACK ack_raw=77;" REPLY "flags=RST,ACK seq_raw=77"},
    {"no-handshake", ASK "flags=SYN,ACK ack_raw=77;" REPLY "flags=RST seq_raw=77",
     SHAKEN ";" ASK "flags=ACK seq_raw=10 ack_raw=6;" REPLY "flags=RST seq_raw=6"},
    {"syn-data", ASK "flags=SYN data=GET", ASK "flags=SYN options=tfo data=GET"},
    {"syn-data", ASK "flags=SYN data=GET", REPLY "flags=SYN,ACK data=HTTP"},
    {"half-open", ASK "flags=SYN seq_raw=9;" REPLY "flags=SYN,ACK ack_raw=10;" ASK "flags=RST",
     SHAKEN ";" ASK "flags=RST,ACK seq_raw=10 ack_raw=6"},
    {"half-open", ASK "flags=SYN seq_raw=9;" REPLY "flags=SYN,ACK ack_raw=10;" ASK "flags=RST",
     ASK "flags=SYN seq_raw=9;" REPLY "flags=RST,ACK ack_raw=10"},
    {"wrong-sender", QUERY "data=a;udp srcport=54 dstport=40000 data=b",
     QUERY "data=a;udp srcport=53 dstport=40000 data=b;udp srcport=54 dstport=40000 data=c"},
    {"wrong-sender", QUERY "data=a;udp ip.src=127.0.0.2 srcport=53 dstport=40000 data=b",
     QUERY "data=a;udp ip.src=127.0.0.2 srcport=54 dstport=40000 data=b"}, /* a stranger */
    {"wrong-sender",
     ASK "flags=SYN seq_raw=9;tcp srcport=81 dstport=40000 flags=SYN,ACK ack_raw=10",
     ASK "flags=SYN seq_raw=9;tcp srcport=81 dstport=40000 flags=SYN,ACK ack_raw=99"},
    {"wrong-sender", QUERY "data=a;udp srcport=54 dstport=40000 data=b",
     "udp srcport=40000 dstport=69 data=a;udp srcport=3456 dstport=40000 data=b"}, /* TFTP */
    {"client-port", "tcp srcport=53 dstport=80 flags=SYN", ASK "flags=SYN"},
    {"client-port", "tcp srcport=3306 dstport=80 flags=SYN",
     "tcp srcport=700 dstport=2049 flags=SYN"},
    {"client-port", "udp srcport=20 dstport=161 data=a",
     "udp ip.src=127.0.0.2 srcport=123 dstport=123 data=a"},
    {"client-port", "udp srcport=20 dstport=161 data=a", "udp srcport=53 dstport=40000 data=a"},
    {"land", "tcp srcport=80 dstport=80 flags=SYN",
     "tcp ip.src=127.0.0.2 srcport=80 dstport=80 flags=SYN"},
    {"land", "udp srcport=7 dstport=7 data=a", "udp srcport=40000 dstport=40000 data=a"},
    {"bad-checksum", ASK "flags=SYN tcp.checksum=0x1234", ASK "flags=SYN tcp.checksum=0xfe1c"},
    {"bad-checksum", QUERY "udp.checksum=0x1234 data=a", QUERY "udp.checksum=0 data=a"},
    {"bad-checksum", "icmp icmp.checksum=0x1234", "icmp type=8"},
    {"bad-checksum", ASK "flags=SYN ip.checksum=0x1234", ASK "flags=SYN"},
    {"reserved-bits", ASK "flags=SYN tcp.flags.res=1", ASK "flags=SYN tcp.flags.ae=1"},
    {"reserved-bits", ASK "flags=SYN ip.flags.rb=1", ASK "flags=SYN ip.flags.df=1"},
    {"port-zero", "udp srcport=40000 dstport=0", "udp srcport=40000 dstport=1"},
    {"port-zero", "tcp srcport=0 dstport=80 flags=SYN", "icmp type=8"},
    {"tiny-fragment", ASK "flags=SYN ip.flags.mf=1", ASK "flags=SYN"},
    {"tiny-fragment", "ip ip.proto=17 ip.frag_offset=1 data=hex:0102030405060708",
     "ip ip.proto=17 ip.flags.mf=1 ip.frag_offset=9 " SIXTY "0123;"
     "ip ip.proto=17 ip.frag_offset=17 data=last"},
    {"overlapping-fragments",
     "ip ip.proto=17 ip.id=7 ip.flags.mf=1 " SIXTY "0123;"
     "ip ip.proto=17 ip.id=7 ip.frag_offset=7 " SIXTY,
     "ip ip.proto=17 ip.id=7 ip.flags.mf=1 " SIXTY "0123;" /* twice the same, then the next */
     "ip ip.proto=17 ip.id=7 ip.flags.mf=1 " SIXTY "0123;"
     "ip ip.proto=17 ip.id=7 ip.frag_offset=8 " SIXTY ";"
     "ip ip.proto=17 ip.id=8 ip.frag_offset=7 " SIXTY},
    {"ttl-change", SHAKEN ";" ASK "flags=RST,ACK seq_raw=10 ack_raw=6 ip.ttl=63",
     ASK "flags=SYN seq_raw=9 ip.ttl=64;" REPLY "flags=SYN,ACK seq_raw=5 ack_raw=10 ip.ttl=128;" ASK
         "flags=ACK seq_raw=10 ack_raw=6"},
    {"ttl-change", SHAKEN ";" REPLY "flags=ACK seq_raw=6 ack_raw=10 ip.ttl=1",
     ASK "flags=SYN ip.ttl=1;" ASK "flags=SYN ip.ttl=2;" ASK "flags=SYN ip.ttl=3"}, /* traceroute */
};

static void each_rule_fires_and_does_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text told = TEXT_EMPTY;
        text_format(&told, " %s", cases[i].rule);
        must_tell(cases[i].breaks, text_string(&told));
        must_tell(cases[i].keeps, "");
        text_free(&told);
    }
}

static void every_rule_has_a_case(void **state)
{
    (void)state;
    static const char *const many[] = {"port-sweep", "half-open-burst", "amplification"};
    for (const struct anomaly_rule *rule = anomaly_rules; rule->name; rule++) {
        bool found = false;
        for (size_t i = 0; i < COUNT(cases); i++)
            found = found || strcmp(cases[i].rule, rule->name) == 0;
        for (size_t i = 0; i < COUNT(many); i++)
            found = found || strcmp(many[i], rule->name) == 0;
        if (!found)
            fail_msg("%s has no case here", rule->name);
        assert_true(rule->means && rule->source && rule->unit);
        assert_int_equal(rule->means[strlen(rule->means) - 1], '.');
        must_be_printable(rule->means);
    }
}

/* --- of many packets ------------------------------------------------------------------------ */

static void ask_ports(struct run *r, unsigned from, unsigned to, const char *answer)
{
    char words[120];
    for (unsigned port = from; port <= to; port++) {
        snprintf(words, sizeof words, "tcp srcport=40000 dstport=%u flags=SYN seq_raw=9", port);
        next(r, words);
        snprintf(words, sizeof words, "tcp srcport=%u dstport=40000 flags=%s ack_raw=10", port,
                 answer);
        next(r, words);
        if (strcmp(answer, "SYN,ACK") != 0)
            continue;
        snprintf(words, sizeof words, "tcp srcport=40000 dstport=%u flags=ACK seq_raw=10", port);
        next(r, words);
    }
}

static void a_sweep_is_ports_asked_in_vain(void **state)
{
    (void)state;
    struct run r = run_new();
    ask_ports(&r, 1000, 1100, "SYN,ACK"); /* a hundred services, all there */
    ask_ports(&r, 2000, 2018, "RST,ACK"); /* and a few that are not */
    assert_string_equal(text_string(&r.told), "");
    ask_ports(&r, 3000, 3000, "RST,ACK");
    assert_string_equal(text_string(&r.told), " port-sweep");
    assert_non_null(strstr(text_string(&r.evidence),
                           "121 TCP ports (1000 to 3000) of 127.0.0.1 asked "
                           "by 127.0.0.1 since #1, 101 answered"));
    run_end(&r);
}

static void asking_one_port_again_is_no_sweep(void **state)
{
    (void)state;
    struct run r = run_new();
    for (int i = 0; i < 100; i++)
        ask_ports(&r, 2000, 2010, "RST,ACK");
    assert_string_equal(text_string(&r.told), "");
    r.frame.time_ns += 60 * CLOCK_SECOND; /* long after, others: not one sweep */
    ask_ports(&r, 2020, 2030, "RST,ACK");
    assert_string_equal(text_string(&r.told), "");
    run_end(&r);
}

static void a_scan_of_all_ports_is_a_handful_of_lines(void **state)
{
    (void)state;
    struct run r = run_new();
    char words[120];
    for (unsigned port = 1; port <= 65535; port += 3) {
        snprintf(words, sizeof words, "tcp srcport=61001 dstport=%u flags=FIN,PSH,URG", port);
        next(&r, words);
    }
    tell(&r, INT64_MAX);
    assert_string_equal(text_string(&r.told), " xmas port-sweep");
    assert_in_range(r.again, 2, 4);
    size_t xmas = 4, sweep = 11;
    assert_string_equal(anomaly_rules[xmas].name, "xmas");
    assert_string_equal(anomaly_rules[sweep].name, "port-sweep");
    assert_int_equal(anomalies_count(r.anomalies, xmas), 21845);
    assert_int_equal(anomalies_count(r.anomalies, sweep), 21845);
    assert_false(anomalies_pending(r.anomalies));
    run_end(&r);
}

/* A connection that goes on all the time is still known after a scan went by. */
static void a_sweep_drives_no_connection_out(void **state)
{
    (void)state;
    struct run r = run_new();
    next_all(&r, SHAKEN);
    ask_ports(&r, 1000, 21000, "RST,ACK");
    next_all(&r, ASK "flags=ACK seq_raw=10 ack_raw=6;" REPLY "flags=RST seq_raw=6");
    assert_string_equal(text_string(&r.told), " port-sweep");
    run_end(&r);
}

/* More of the same is told once it was quiet, or once in a while. */
static void more_is_told_together(void **state)
{
    (void)state;
    struct run r = run_new();
    next(&r, ASK "flags=0");
    for (int i = 0; i < 10; i++)
        next(&r, ASK "flags=0");
    assert_int_equal(r.again, 0);
    assert_true(anomalies_pending(r.anomalies));
    tell(&r, r.frame.time_ns + CLOCK_SECOND / 2);
    assert_int_equal(r.again, 0);
    tell(&r, r.frame.time_ns + 2 * CLOCK_SECOND);
    assert_int_equal(r.again, 1);
    assert_non_null(
        strstr(text_string(&r.evidence), "10 more packets: #2 to #11, in 0.225 ms; 11 in all"));
    tell(&r, INT64_MAX);
    assert_int_equal(r.again, 1);
    assert_string_equal(text_string(&r.told), " null");
    run_end(&r);
}

/* Sources are easily invented. */
static void many_sources_are_told_together(void **state)
{
    (void)state;
    struct run r = run_new();
    char words[120];
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(words, sizeof words, "tcp ip.src=127.1.%u.%u srcport=4000 dstport=80 flags=0",
                 i / 250, i % 250 + 1);
        next(&r, words);
    }
    tell(&r, INT64_MAX);
    assert_in_range(r.told.len, 1, 10 * strlen(" null"));
    assert_in_range(r.again, 1, 3);
    assert_int_equal(anomalies_count(r.anomalies, 3), 5000);
    run_end(&r);
}

static void half_open(struct run *r, unsigned count, const char *then)
{
    char words[120];
    for (unsigned port = 40000; port < 40000 + count; port++) {
        snprintf(words, sizeof words, "tcp srcport=%u dstport=80 flags=SYN seq_raw=9", port);
        next(r, words);
        snprintf(words, sizeof words, "tcp srcport=80 dstport=%u flags=SYN,ACK ack_raw=10", port);
        next(r, words);
        if (!then)
            continue;
        snprintf(words, sizeof words, "tcp srcport=%u dstport=80 flags=%s seq_raw=10", port, then);
        next(r, words);
    }
}

static void a_burst_of_half_open_connections(void **state)
{
    (void)state;
    struct run r = run_new();
    half_open(&r, 200, "ACK"); /* a browser's worth, all completed */
    half_open(&r, 19, NULL);
    assert_string_equal(text_string(&r.told), "");
    run_end(&r);
    r = run_new();
    half_open(&r, 50, NULL); /* perhaps their ACKs are on the way */
    assert_string_equal(text_string(&r.told), "");
    r.frame.time_ns += CLOCK_SECOND; /* they are not: the SYN-ACK comes once more */
    next(&r, "tcp srcport=80 dstport=40003 flags=SYN,ACK ack_raw=10");
    assert_string_equal(text_string(&r.told), " half-open-burst");
    assert_non_null(strstr(text_string(&r.evidence), "50 connections answered since #2 wait"));
    run_end(&r);
}

static void answers(struct run *r, unsigned count)
{
    struct text words = TEXT_EMPTY;
    text_put(&words, "udp srcport=53 dstport=40000 data=");
    text_repeat(&words, "0123456789", 40);
    for (unsigned i = 0; i < count; i++)
        next(r, text_string(&words));
    text_free(&words);
}

static void an_answer_far_longer_than_its_question(void **state)
{
    (void)state;
    struct run r = run_new();
    next(&r, QUERY "data=who?");
    answers(&r, 3); /* 1,200 bytes: one datagram of DNS may have that */
    assert_string_equal(text_string(&r.told), "");
    answers(&r, 9);
    assert_string_equal(text_string(&r.told), " amplification");
    assert_string_equal(text_string(&r.evidence),
                        "4 bytes asked (#1), 1600 answered: 400 times as many");
    run_end(&r);
    r = run_new();
    for (int i = 0; i < 100; i++) { /* much, and much was asked for */
        next(&r, QUERY SIXTY);
        answers(&r, 1);
    }
    assert_string_equal(text_string(&r.told), "");
    run_end(&r);
}

/* --- any bytes -------------------------------------------------------------------------------- */

static void no_bytes_trouble_it(void **state)
{
    (void)state;
    struct run r = run_new();
    unsigned seed = 1;
    for (size_t i = 0; i < 20000; i++) {
        const char *words = cases[i % COUNT(cases)].breaks;
        char proto[8], *copy = strdup(words);
        int at = 0;
        assert_non_null(copy);
        copy[strcspn(copy, ";")] = '\0';
        assert_int_equal(sscanf(copy, "%7s %n", proto, &at), 1);
        struct packet *packet = must_craft(proto, AF_INET, copy + at);
        struct bytes bytes = crafted_bytes(&packet->crafted);
        uint8_t spoiled[512];
        size_t len = bytes.len < sizeof spoiled ? bytes.len : sizeof spoiled;
        memcpy(spoiled, bytes.at, len);
        for (int k = 0; k < 3; k++)
            spoiled[(size_t)rand_r(&seed) % len] = (uint8_t)rand_r(&seed);
        len -= (size_t)rand_r(&seed) % 3 ? 0 : (size_t)rand_r(&seed) % len;
        r.frame.time_ns = i % 7 ? r.frame.time_ns : (int64_t)((uint64_t)rand_r(&seed) << 33);
        walk(&packet->d, packet->recipe.ip, (struct bytes){spoiled, len}, len);
        see(&r, &packet->d);
        packet_free(packet);
        free(copy);
    }
    tell(&r, INT64_MAX);
    run_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_fires_and_does_not),
        cmocka_unit_test(every_rule_has_a_case),
        cmocka_unit_test(a_sweep_is_ports_asked_in_vain),
        cmocka_unit_test(asking_one_port_again_is_no_sweep),
        cmocka_unit_test(a_scan_of_all_ports_is_a_handful_of_lines),
        cmocka_unit_test(a_sweep_drives_no_connection_out),
        cmocka_unit_test(more_is_told_together),
        cmocka_unit_test(many_sources_are_told_together),
        cmocka_unit_test(a_burst_of_half_open_connections),
        cmocka_unit_test(an_answer_far_longer_than_its_question),
        cmocka_unit_test(no_bytes_trouble_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
