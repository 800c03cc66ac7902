/*
 * test_filter.c: the display filter: what it selects among the samples, what it refuses and
 * where, what kind of values each name has, and that no words can break it.
 */
#include "sample_frames.h"

#include <loopcraft/dissect.h>
#include <loopcraft/filter.h>
#include <loopcraft/lint.h>
#include <loopcraft/proto.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- what is selected ------------------------------------------------------------- */

/* The samples are packets 1, 2, 3 ... of one capture; the first has a comment. */
static struct frame sample_frame(size_t i)
{
    return (struct frame){
        .number = i + 1,
        .time_ns = INT64_C(1795173412404784000) + (int64_t)i * 500000000,
        .linktype = LINKTYPE_ETHERNET,
        .len = (uint32_t)samples[i].bytes.len,
        .bytes = samples[i].bytes,
        .comment = i == 0 ? "SYN: \"We ask to talk.\"" : NULL,
    };
}

/* The names of the samples that it selects, with spaces between them. */
static void select_samples(struct text *out, struct filter *filter)
{
    struct dissection d = {0};
    for (size_t i = 0; i < SAMPLES; i++) {
        struct frame frame = sample_frame(i);
        dissect(&d, &frame);
        if (!filter_match(filter, &(struct scene){&frame, &d}))
            continue;
        if (out->len)
            text_char(out, ' ');
        text_put(out, samples[i].name);
    }
    dissection_free(&d);
}

/* tshark 4.0.17 selects the same of these frames. */
static const struct {
    const char *expression, *selects;
} selections[] = {
    {"tcp.port == 8080", "syn syn_ack syn6 request sack rare"},
    {"tcp.dstport==8080&&tcp.flags == 0x002", "syn syn6"},
    {"tcp.srcport eq 8080", "syn_ack"},
    {"tcp.option_kind != 1", "sack rare"},                           /* all must differ */
    {"tcp.option_kind !== 1", "syn syn_ack syn6 request sack rare"}, /* one must */
    {"not tcp.option_kind == 8 and tcp", "sack rare"},
    {"all tcp.port > 8000 and ipv6", "syn6 request"},
    {"udp and icmp", "port_unreachable too_big"}, /* what a message quotes counts too */
    {"udp and not (icmp || icmpv6)", "udp routed extensions"},
    {"!ip && !!ipv6 && not tcp", "port_unreachable6 echo6 extensions"},
    {"icmp.type in {0, 8} or icmp.mtu", "echo echo_times too_big"},
    {"icmp.type in {3..8} and not icmp.code == 3", "echo echo_times too_big"},
    {"ip.src == 127.0.0.0/8 and ip.ttl < 10", ""},
    {"ipv6.addr == ::/127 and icmpv6.type != 1", "echo6"},
    {"tcp.options.sack_perm", "syn syn_ack syn6"},
    {"tcp.options.wscale.multiplier == 1024 and ipv6", "syn6"},
    {"tcp.payload contains \"GET /\"", "request"},
    {"tcp contains 47:45:54:20", "request"}, /* a protocol reaches over all that it carries, */
    {"udp == 47", ""},                       /* and equals its header alone */
    {"tcp.payload[0:3] == \"GET\"", "request"},
    {"tcp[13] == 2", "syn syn6"},
    {"tcp[13] & 12 == 12 and tcp.options.mss", "syn_ack"}, /* 12: bytes are in hex */
    {"tcp.flags & 0x12 == 2", "syn syn6"},
    {"tcp.flags & 0x10", "syn_ack request sack rare"},
    {"ip.proto == ICMP and ip.hdr_len > 20", "echo echo_times"},
    {"tcp.flags.syn == True", "syn syn_ack syn6 rare"},
    {"tcp.flags.str contains \"A\" and tcp.flags.syn == 1", "syn_ack rare"},
    {"eth.addr == 00:00:00:00:00:00 and frame.number <= 2", "syn syn_ack"},
    {"frame.number in {2, 4..5}", "syn_ack request sack"},
    {"frame.len == 74", "syn syn_ack sack"},
    {"frame.cap_len lt 20", ""},
    {"frame.comment contains \"We ask\"", "syn"},
    {"frame.comment", "syn"},
    {"ip.src == ip.dst and tcp", "syn syn_ack sack rare"},
    {"tcp.srcport < tcp.dstport and ip.addr == 127.0.0.1", "syn_ack"},
    {"frame[12:2] == 86:dd", "syn6 request port_unreachable6 echo6 extensions"},
    {"(tcp or udp) and frame.number == 7", "udp"},
};

static void selects_what_it_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof selections / sizeof *selections; i++) {
        struct err err = {0};
        struct text selected = TEXT_EMPTY;
        struct filter *filter = filter_compile(selections[i].expression, &err);
        if (!filter)
            fail_msg("%s", err.message);
        select_samples(&selected, filter);
        if (strcmp(text_string(&selected), selections[i].selects) != 0)
            fail_msg("%s selects %s", selections[i].expression, text_string(&selected));
        text_free(&selected);
        filter_free(filter);
    }
}

/* Two expressions that mean the same, on every sample. */
static void must_agree(const char *one, const char *other)
{
    struct err err = {0};
    struct text first = TEXT_EMPTY, second = TEXT_EMPTY;
    struct filter *a = filter_compile(one, &err), *b = filter_compile(other, &err);
    if (!a || !b)
        fail_msg("%s", err.message);
    select_samples(&first, a);
    select_samples(&second, b);
    if (strcmp(text_string(&first), text_string(&second)) != 0)
        fail_msg("%s: %s\n%s: %s", one, text_string(&first), other, text_string(&second));
    text_free(&first);
    text_free(&second);
    filter_free(a);
    filter_free(b);
}

static void spellings_agree(void **state)
{
    (void)state;
    must_agree("", "frame");
    must_agree("frame.time_epoch >= 1795173412.904784", "frame.number > 1");
    must_agree("tcp or udp and frame.number == 7", "tcp or (udp and frame.number == 7)");
    must_agree("tcp.port in {8080}", "tcp.srcport == 8080 or tcp.dstport == 8080");
    must_agree("tcp.port not in {8080}", "!(tcp.port == 8080)");
    must_agree("ip.ttl == 64", "ip.ttl == 0x40");
    must_agree("ip.ttl == 64", "ip.ttl == 0100");
    must_agree("ip.ttl == 64", "ip.ttl == 0b1000000");
    must_agree("tcp.payload contains \"GET\"", "tcp.payload contains 474554");
    must_agree("tcp.payload contains \"GET\"", "tcp.payload contains \"\\x47\\105T\"");
    must_agree("tcp.payload contains r\"GET\"", "tcp.payload contains 47-45.54");
    must_agree("not tcp and ip", "(not tcp) and ip");
    must_agree("ip.addr === 127.0.0.1", "ip.src == 127.0.0.1 and ip.dst == 127.0.0.1 and "
                                        "not icmp.type == 3 or icmp.type == 3");
}

/* --- what is refused --------------------------------------------------------------- */

static const struct {
    const char *expression, *says;
} refusals[] = {
    {"tcp.prt == 80",
     "character 1: tcp.prt: no such field or protocol here; did you mean tcp.port"},
    {"ip and tcp.flgas.syn", "character 8: tcp.flgas.syn: no such field"},
    {"ip.proto == 6 and", "at its end: a field or protocol is missing"},
    {"tcp.port ==", "at its end: a value is missing"},
    {"(tcp", "at its end: a closing ) is missing"},
    {"tcp)", "character 4: ): not expected here"},
    {"()", "character 2: ): a field or protocol is expected here"},
    {"tcp.port = 80", "character 10: =: write =="},
    {"8080 == tcp.port", "character 1: 8080: no such field"},
    {"tcp.port in {80, }", "character 18: }: a value is expected here"},
    {"tcp.port in 80", "character 13: 80: a set is expected here"},
    {"tcp.port in {80 81}", "character 17: 81: , or } is expected here"},
    {"ip.ttl == 300", "character 11: 300: ip.ttl takes at most 255"},
    {"ip.ttl == 08", "ip.ttl takes a number"},
    {"tcp.flags == SYN", "for one flag write tcp.flags.syn == 1"},
    {"ip.src == localhost", "ip.src takes an IPv4 address (127.0.0.1) or network"},
    {"ip.src == 127.0.0.0/33", "ip.src takes an IPv4 address"},
    {"ip.src == ipv6.src", "character 11: ipv6.src: these two don't compare"},
    {"eth.src == 00:00", "eth.src takes a hardware address"},
    {"tcp.payload contains GET", "text in quotes"},
    {"tcp.port contains 80", "only bytes, text and protocols can contain something"},
    {"tcp.payload contains \"abc", "the closing quote is missing"},
    {"tcp.payload contains \"\\q\"", "no escape"},
    {"tcp.payload matches \"GET\"", "use contains"},
    {"tcp.port[0] == 1f", "only bytes, addresses and protocols can be sliced"},
    {"tcp[x]", "a slice is [from:length]"},
    {"tcp[1", "] is expected here"},
    {"tcp[12:2] & 2", "as many bytes here as the slice has"},
    {"tcp.flags.syn & 1", "& works on numbers and on slices"},
    {"len(tcp.payload) > 3", "character 1: len: functions are not understood here"},
    {"tcp.port + 1 == 8081", "arithmetic is not understood here"},
    {"tcp AND ip", "write and"},
    {"data.len > 0", "did you mean data.data"},
    {"tcp.stream == 1", "did you mean tcp.port (both ends"},
    {"any tcp", "any and all need a comparison"},
    {"tcp.port == 80 \x1b[31m", "character 16: \\x1b: not expected here"},
};

static void refuses_and_says_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct err err = {0};
        struct filter *filter = filter_compile(refusals[i].expression, &err);
        if (filter)
            fail_msg("takes %s", refusals[i].expression);
        assert_int_equal(err.status, STATUS_USAGE);
        if (!strstr(err.message, refusals[i].says))
            fail_msg("%s: %s", refusals[i].expression, err.message);
    }
}

/* --- the names ----------------------------------------------------------------------- */

enum { NAMES_MOST = 2048 };

struct names {
    const char *each[NAMES_MOST];
    size_t count;
};

static void add_name(struct names *names, const char *name)
{
    for (size_t i = 0; name && i < names->count; i++)
        if (strcmp(names->each[i], name) == 0)
            return;
    assert_true(names->count < NAMES_MOST);
    if (name)
        names->each[names->count++] = name;
}

static void collect(void *context, const struct record *record)
{
    add_name(context, record->name);
    for (size_t i = 0; i < record->field_count; i++)
        add_name(context, record->fields[i].name);
    add_name(context, record->payload ? record->payload->name : NULL);
    add_name(context, record->options ? record->options->area.name : NULL);
}

/* Wireshark's types (epan/ftypes/ftypes.h), and the kind that compares as they do. */
static const struct {
    const char *type;
    enum finder_kind kind;
} types[] = {
    {"FT_UINT", FINDER_NUMBER},        {"FT_INT", FINDER_NUMBER},  {"FT_BOOLEAN", FINDER_BOOLEAN},
    {"FT_RELATIVE_TIME", FINDER_TIME}, {"FT_IPv4", FINDER_IPV4},   {"FT_IPv6", FINDER_IPV6},
    {"FT_ETHER", FINDER_ETHER},        {"FT_BYTES", FINDER_BYTES}, {"FT_STRING", FINDER_TEXT},
};

static void must_be(const char *name, const char *type)
{
    struct finder finder;
    assert_true(finder_open(&finder, name));
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strncmp(types[i].type, type, strlen(types[i].type)) == 0 &&
            finder.kind != types[i].kind)
            fail_msg("%s is %s, and compares as kind %d", name, type, (int)finder.kind);
    finder_free(&finder);
}

static void every_name_compares_as_in_wireshark(void **state)
{
    (void)state;
    struct names names = {0};
    char line[1024], name[128], type[64];
    size_t seen = 0;
    lint_branches(proto_links, collect, &names);
    static const char *const more[] = {"ip.addr",       "ipv6.addr",        "tcp.port",
                                       "udp.port",      "frame.number",     "frame.len",
                                       "frame.cap_len", "frame.time_epoch", "frame.comment"};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        add_name(&names, more[i]);
    assert_true(names.count > 100);
    for (size_t i = 0; i < names.count; i++)
        must_be(names.each[i], "");
    FILE *fields = popen("tshark -G fields 2>/dev/null", "r");
    while (fields && fgets(line, sizeof line, fields))
        if (sscanf(line, "F\t%*[^\t]\t%127[^\t]\t%63[^\t]", name, type) == 2)
            for (size_t i = 0; i < names.count; i++)
                if (strcmp(names.each[i], name) == 0) {
                    must_be(name, type);
                    seen++;
                }
    if (fields)
        pclose(fields);
    if (!seen) {
        print_message("tshark is not here: types are not compared with Wireshark's\n");
        skip();
    }
    assert_true(seen > 100);
}

static void values_as_tshark_prints_them(void **state)
{
    (void)state;
    static const struct {
        const char *name, *values;
    } expected[] = {
        {"tcp.option_kind", "2,4,8,1,3"},
        {"ip.addr", "127.0.0.1,127.0.0.1"},
        {"tcp.flags", "0x0002"},
        {"tcp.options.mss", "0204ffd7"},
        {"udp.port", ""},
        {"frame.time_epoch", "1795173412.404784000"},
        {"frame.number", "1"},
        {"tcp", "TCP"},
    };
    struct frame frame = sample_frame(0);
    struct dissection d = {0};
    dissect(&d, &frame);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        struct finder finder;
        struct text out = TEXT_EMPTY;
        assert_true(finder_open(&finder, expected[i].name));
        finder_put(&out, &finder, &(struct scene){&frame, &d});
        assert_string_equal(text_string(&out), expected[i].values);
        text_free(&out);
        finder_free(&finder);
    }
    dissection_free(&d);
}

/* --- anything at all -------------------------------------------------------------------- */

/* xorshift64: the same words each time. */
static uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static const char *const soup[] = {
    "tcp",
    "ip",
    "udp",
    "frame",
    "data",
    "tcp.port",
    "ip.addr",
    "ipv6.src",
    "eth.addr",
    "tcp.flags",
    "tcp.flags.syn",
    "tcp.payload",
    "tcp.options",
    "tcp.option_kind",
    "tcp.flags.str",
    "icmp.code",
    "frame.time_epoch",
    "frame.comment",
    "frame.len",
    "==",
    "!=",
    "===",
    "!==",
    "<",
    ">=",
    "contains",
    "in",
    "not in",
    "{",
    "}",
    ",",
    "..",
    "(",
    ")",
    "!",
    "not",
    "and",
    "&&",
    "or",
    "||",
    "&",
    "any",
    "all",
    "[",
    "]",
    "[0]",
    "[-2:]",
    "[1:99]",
    "[0-3]",
    "0",
    "1",
    "64",
    "0x12",
    "65535",
    "\"GET\"",
    "\"",
    "\\",
    "47:45",
    "127.0.0.1",
    "127.0.0.0/8",
    "::1",
    "fe80::/10",
    "1.5",
    "-1",
    "True",
    "x",
    "\x1b",
    "\xff",
    "…",
    "'",
    "#",
    "=",
    "00:00:00:00:00:00",
    "r\"\\\"",
    "4294967296",
};

static void no_words_break_it(void **state)
{
    (void)state;
    enum { ROUNDS = 60000 };
    uint64_t seed = UINT64_C(0x10c0c4af7);
    unsigned good = 0;
    print_message("seed %llx, %d rounds\n", (unsigned long long)seed, ROUNDS);
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct text words = TEXT_EMPTY, selected = TEXT_EMPTY;
        struct err err = {0};
        for (uint64_t left = random_next(&seed) % 9; left > 0; left--) {
            text_put(&words, soup[random_next(&seed) % (sizeof soup / sizeof *soup)]);
            text_put(&words, random_next(&seed) % 8 ? " " : "");
        }
        struct filter *filter = filter_compile(text_string(&words), &err);
        if (filter) {
            good++;
            select_samples(&selected, filter);
        } else if (!err.message[0] || err.status != STATUS_USAGE || strchr(err.message, '\n')) {
            fail_msg("%s: refused with: %s", text_string(&words), err.message);
        }
        filter_free(filter);
        text_free(&words);
        text_free(&selected);
    }
    assert_true(good > ROUNDS / 200); /* or the soup tests the refusals alone */
}

/* `count` times one text, then another, then `count` times a third. */
static struct filter *compile_long(const char *before, const char *middle, const char *after,
                                   size_t count)
{
    struct text words = TEXT_EMPTY;
    struct err err = {0};
    text_repeat(&words, before, count);
    text_put(&words, middle);
    text_repeat(&words, after, count);
    struct filter *filter = filter_compile(text_string(&words), &err);
    text_free(&words);
    return filter;
}

static void long_expressions_take_no_stack(void **state)
{
    (void)state;
    struct text selected = TEXT_EMPTY;
    assert_null(compile_long("(", "tcp", ")", 100000));
    assert_null(compile_long("!(", "tcp", "", 100000));
    struct filter *nested = compile_long("(", "tcp", ")", 100);
    struct filter *nots = compile_long("! ", "tcp", "", 100001);
    struct filter *ors = compile_long("udp or ", "frame.number == 1", " or tcp", 2000);
    assert_non_null(nested);
    assert_non_null(nots);
    assert_non_null(ors);
    select_samples(&selected, nots);
    assert_null(strstr(text_string(&selected), "syn"));
    text_clear(&selected);
    select_samples(&selected, ors);
    assert_non_null(strstr(text_string(&selected), "syn"));
    text_free(&selected);
    filter_free(nested);
    filter_free(nots);
    filter_free(ors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(selects_what_it_says),
        cmocka_unit_test(spellings_agree),
        cmocka_unit_test(refuses_and_says_where),
        cmocka_unit_test(every_name_compares_as_in_wireshark),
        cmocka_unit_test(values_as_tshark_prints_them),
        cmocka_unit_test(no_words_break_it),
        cmocka_unit_test(long_expressions_take_no_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
