/*
 * test_recipe.c: words to rows: names, full and short, of ours and of other tools, and what is
 * refused. test_recipe_values.c goes on with flags, options and data.
 */
#include "craft_check.h"

/* --- names ----------------------------------------------------------------- */

/* The word sets this row to this number. */
static const struct {
    const char *proto;
    int family;
    const char *word, *row;
    uint64_t number;
} names[] = {
    {"tcp", AF_INET, "tcp.dstport=8080", "tcp.dstport", 8080},
    {"tcp", AF_INET, "dstport=8080", "tcp.dstport", 8080},
    {"udp", AF_INET, "dstport=9000", "udp.dstport", 9000},
    {"tcp", AF_INET, "seq_raw=0xffffffff", "tcp.seq_raw", 0xffffffff},
    {"tcp", AF_INET, "ip.ttl=3", "ip.ttl", 3},
    {"tcp", AF_INET, "ttl=3", "ip.ttl", 3},
    {"tcp", AF_INET6, "hlim=3", "ipv6.hlim", 3},
    {"tcp", AF_INET6, "flow=0xabcde", "ipv6.flow", 0xabcde},
    {"tcp", AF_INET, "flags.syn=1", "tcp.flags.syn", 1},
    {"tcp", AF_INET, "flags.res=7", "tcp.flags.res", 7},
    /* A short name means the transport before IP. */
    {"tcp", AF_INET, "checksum=0xbeef", "tcp.checksum", 0xbeef},
    {"udp", AF_INET, "checksum=0", "udp.checksum", 0},
    {"udp", AF_INET, "ip.checksum=1", "ip.checksum", 1},
    {"tcp", AF_INET, "flags=SYN", "tcp.flags", 2},
    {"udp", AF_INET, "flags=DF", "ip.flags", 2},
    {"tcp", AF_INET, "hdr_len=24", "tcp.hdr_len", 6},
    {"udp", AF_INET, "hdr_len=24", "ip.hdr_len", 6},
    /* Cases by type, and within a case by code. */
    {"icmp", AF_INET, "type=8", "icmp.type", 8},
    {"icmp", AF_INET, "seq=7", "icmp.seq", 7},
    {"icmp", AF_INET, "icmp.redir_gw=127.0.0.9", "icmp.redir_gw", 0x7f000009},
    {"icmp", AF_INET, "icmp.mtu=1400", "icmp.mtu", 1400},
    {"icmp", AF_INET6, "type=128", "icmpv6.type", 128},
    {"icmp", AF_INET6, "echo.identifier=7", "icmpv6.echo.identifier", 7},
    {"icmpv6", AF_INET6, "icmpv6.mtu=1280", "icmpv6.mtu", 1280},
    /* A value by the name that it has in the dump; a leading 0 is no octal. */
    {"tcp", AF_INET, "ip.proto=UDP", "ip.proto", 17},
    {"tcp", AF_INET, "ip.dsfield.dscp=ef", "ip.dsfield.dscp", 46},
    {"tcp", AF_INET, "srcport=010", "tcp.srcport", 10},
    {"tcp", AF_INET, "ip.src=127.9.8.7", "ip.src", 0x7f090807},
};

static void a_word_sets_its_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct recipe recipe;
        must_begin(&recipe, names[i].proto, names[i].family);
        must_take(&recipe, names[i].word);
        const struct asked *asked = recipe_asked(&recipe, names[i].row);
        if (!asked)
            fail_msg("%s did not set %s", names[i].word, names[i].row);
        assert_int_equal(recipe.count, 1);
        assert_int_equal(asked->origin, ORIGIN_YOU);
        assert_int_equal(asked->len, (asked->field->bits + 7) / 8);
        assert_true(recipe_number(&recipe, asked) == names[i].number);
        recipe_free(&recipe);
    }
}

static void an_ipv6_address_is_kept_whole(void **state)
{
    (void)state;
    struct recipe recipe;
    must_begin(&recipe, "tcp", AF_INET6);
    must_take(&recipe, "ipv6.dst=::1 dstport=80");
    const struct asked *asked = recipe_asked(&recipe, "ipv6.dst");
    assert_non_null(asked);
    assert_bytes(bytes_part(text_bytes(&recipe.values), asked->at, asked->len),
                 BYTES(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
    assert_int_equal(recipe_number(&recipe, asked), 0);
    assert_int_equal(recipe_number(&recipe, recipe_asked(&recipe, "tcp.dstport")), 80);
    assert_null(recipe_asked(&recipe, "tcp.srcport"));
    recipe_free(&recipe);
}

static void protocols_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int family;
        const struct record *ip, *proto;
    } cases[] = {
        {"tcp", AF_INET, &proto_ipv4, &proto_tcp},
        {"tcp", AF_INET6, &proto_ipv6, &proto_tcp},
        {"udp", AF_INET, &proto_ipv4, &proto_udp},
        {"icmp", AF_INET, &proto_ipv4, &proto_icmp},
        {"icmp", AF_INET6, &proto_ipv6, &proto_icmpv6},
        {"icmpv6", AF_INET6, &proto_ipv6, &proto_icmpv6},
        {"ip", AF_INET, &proto_ipv4, &proto_opaque},
        {"ip", AF_INET6, &proto_ipv6, &proto_opaque},
    };
    struct recipe recipe;
    struct err err = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        must_begin(&recipe, cases[i].name, cases[i].family);
        assert_ptr_equal(recipe.ip, cases[i].ip);
        assert_ptr_equal(recipe.proto, cases[i].proto);
        recipe_free(&recipe);
    }
    assert_false(recipe_begin(&recipe, "sctp", AF_INET, &err));
    assert_string_equal(err.message, "sctp: no such protocol; tcp, udp, icmp, icmpv6 or ip");
    assert_int_equal(err.status, STATUS_USAGE);
    assert_false(recipe_begin(&recipe, "\x1b[2J", AF_INET, &err));
    must_be_printable(err.message);
}

/* --- refused: each with the line that the user reads; "..." stands for more names -- */

static const struct {
    const char *proto;
    int family;
    const char *before, *word, *message;
} refused[] = {
    /* Words of other tools get the right one: of this protocol. */
    {"tcp", AF_INET, "", "tcp.seq=1", "tcp.seq: relative in Wireshark, use tcp.seq_raw"},
    {"tcp", AF_INET, "", "seq=1", "seq: relative in Wireshark, use tcp.seq_raw"},
    {"tcp", AF_INET, "", "tcp.ack=1", "tcp.ack: relative in Wireshark, use tcp.ack_raw"},
    {"tcp", AF_INET, "", "ack=1", "ack: relative in Wireshark, use tcp.ack_raw"},
    {"tcp", AF_INET, "", "dport=1", "dport: Wireshark says tcp.dstport"},
    {"udp", AF_INET, "", "dport=1", "dport: Wireshark says udp.dstport"},
    {"tcp", AF_INET, "", "sport=1", "sport: Wireshark says tcp.srcport"},
    {"tcp", AF_INET, "", "win=1", "win: Wireshark says tcp.window_size_value"},
    {"tcp", AF_INET, "", "tcp.window_size=1",
     "tcp.window_size: Wireshark says tcp.window_size_value"},
    {"tcp", AF_INET, "", "tos=1", "tos: Wireshark says ip.dsfield"},
    {"tcp", AF_INET6, "", "hoplimit=1", "hoplimit: Wireshark says ipv6.hlim"},
    {"udp", AF_INET, "", "cksum=1", "cksum: Wireshark says udp.checksum"},
    {"udp", AF_INET, "", "payload=hi", "payload: Wireshark says data"},
    {"tcp", AF_INET, "", "opts=nop", "opts: Wireshark says options"},
    {"udp", AF_INET, "", "opts=nop",
     "opts: no such field of UDP or IPv4; `loopcraft fields` lists them"},
    {"tcp", AF_INET, "", "hoplimit=1",
     "hoplimit: no such field of TCP or IPv4; `loopcraft fields` lists them"},
    /* Unknown ones get the nearest. */
    {"tcp", AF_INET, "", "dstprt=80",
     "dstprt: no such field of TCP or IPv4; did you mean tcp.dstport..."},
    {"tcp", AF_INET, "", "tcp.flags.sin=1",
     "tcp.flags.sin: no such field of TCP or IPv4; did you mean tcp.flags.syn, tcp.flags.fin..."},
    {"tcp", AF_INET, "", "wibble=1",
     "wibble: no such field of TCP or IPv4; `loopcraft fields` lists them"},
    /* Another protocol's row, a row that is only another reading, a word without a value. */
    {"udp", AF_INET, "", "tcp.flags=SYN",
     "tcp.flags: no such field of UDP or IPv4; did you mean ip.flags..."},
    {"icmp", AF_INET, "", "icmp.seq_le=1",
     "icmp.seq_le: no such field of ICMP or IPv4; did you mean icmp.seq"},
    {"tcp", AF_INET, "", "dport", "dport: Wireshark says tcp.dstport"},
    {"tcp", AF_INET, "", "dstport",
     "dstport: its value belongs behind a =, with no space: dstport=1"},
    {"tcp", AF_INET, "", "80", "80: a port has its name here: tcp.dstport=80"},
    {"udp", AF_INET, "", "data", "data: its value belongs behind a =, with no space: data=hello"},
    {"udp", AF_INET, "", "ip.flags=SYN",
     "ip.flags=SYN: it takes a number, or flags with commas between: RB DF MF"},
    {"ip", AF_INET, "", "tcp.flags=SYN",
     "tcp.flags: no such field of IPv4; did you mean ip.flags..."},
    {"tcp", AF_INET, "", "ipv6.hlim=3", "ipv6.hlim: this packet is IPv4; -6 makes it IPv6"},
    {"tcp", AF_INET6, "", "ip.ttl=3", "ip.ttl: this packet is IPv6; -4 makes it IPv4"},
    {"tcp", AF_INET, "ip.options=nop", "ip.options=nop", "ip.options is given twice: give it once"},
    {"tcp", AF_INET6, "", "ip.options=nop", "ip.options: this packet is IPv6; -4 makes it IPv4"},
    /* Too wide, by a bit. */
    {"tcp", AF_INET, "", "srcport=65536",
     "tcp.srcport=65536: too large for its 16 bits: at most 65535"},
    {"tcp", AF_INET, "", "seq_raw=0x100000000",
     "tcp.seq_raw=0x100000000: too large for its 32 bits: at most 4294967295"},
    {"tcp", AF_INET, "", "ip.ttl=256", "ip.ttl=256: too large for its 8 bits: at most 255"},
    {"tcp", AF_INET, "", "flags.syn=2", "tcp.flags.syn=2: too large for its 1 bit: at most 1"},
    {"tcp", AF_INET, "", "flags=0x1000",
     "tcp.flags=0x1000: too large for its 12 bits: at most 4095"},
    {"tcp", AF_INET, "", "tcp.hdr_len=64", "tcp.hdr_len=64: too large for its 4 bits: at most 60"},
    {"tcp", AF_INET6, "", "flow=0x100000",
     "ipv6.flow=0x100000: too large for its 20 bits: at most 1048575"},
    {"tcp", AF_INET, "", "srcport=18446744073709551616",
     "tcp.srcport=18446744073709551616: it takes a number"},
    /* No number, no address. */
    {"tcp", AF_INET, "", "tcp.hdr_len=22", "tcp.hdr_len=22: it must be a multiple of 4"},
    {"tcp", AF_INET, "", "srcport=", "tcp.srcport=: it takes a number"},
    {"tcp", AF_INET, "", "srcport=-1", "tcp.srcport=-1: it takes a number"},
    {"tcp", AF_INET, "", "srcport=80a", "tcp.srcport=80a: it takes a number"},
    {"tcp", AF_INET, "", "srcport=0x", "tcp.srcport=0x: it takes a number"},
    {"tcp", AF_INET, "", "ip.src=127.1", "ip.src=127.1: it takes an IPv4 address"},
    {"tcp", AF_INET, "", "ip.src=::1", "ip.src=::1: it takes an IPv4 address"},
    {"tcp", AF_INET6, "", "ipv6.src=127.0.0.1", "ipv6.src=127.0.0.1: it takes an IPv6 address"},
    /* Twice, under whatever name. */
    {"tcp", AF_INET, "dstport=80", "tcp.dstport=80", "tcp.dstport is given twice: give it once"},
    {"tcp", AF_INET, "tcp.flags=SA", "flags=0", "tcp.flags is given twice: give it once"},
    {"tcp", AF_INET, "options=nop", "tcp.options=nop", "options is given twice: give it once"},
    {"tcp", AF_INET, "data=hi", "data=hi", "data is given twice: give it once"},
    {"tcp", AF_INET, "data=", "data=hi", "data is given twice: give it once"},
};

static void must_start(const char *message, const char *want)
{
    const char *more = strstr(want, "...");
    if (more ? strncmp(message, want, (size_t)(more - want)) != 0 : strcmp(message, want) != 0)
        fail_msg("%s\nis not\n%s", message, want);
}

static void what_is_refused_says_why(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct err err;
        must_refuse(&err, refused[i].proto, refused[i].family, refused[i].before, refused[i].word);
        must_start(err.message, refused[i].message);
    }
}

static void foreign_bytes_in_a_complaint_are_escaped(void **state)
{
    (void)state;
    static const char *const words[] = {
        "\x1b[2J=1",
        "\x1b[2J",
        "srcport=\x1b[2J",
        "options=\x1b[2J",
        "options=mss:\x1b[2J",
        "data=@\x1b[2J",
        "flags=\x1b[2J",
        "ip.src=\x1b[2J",
        "=\x7f",
        "\xc2\x9b=1",
    };
    for (size_t i = 0; i < COUNT(words); i++) {
        struct err err;
        must_refuse(&err, "tcp", AF_INET, "", words[i]);
        must_be_printable(err.message);
        assert_null(strstr(err.message, "\xc2\x9b"));
    }
}

/* However long the word: one line that fits. */
static void long_words_are_cut_in_the_complaint(void **state)
{
    (void)state;
    char word[4000];
    struct err err;
    memset(word, 'x', sizeof word);
    word[sizeof word - 1] = '\0';
    must_refuse(&err, "tcp", AF_INET, "", word);
    assert_true(strlen(err.message) < 200);
    memcpy(word, "srcport=", 8);
    must_refuse(&err, "tcp", AF_INET, "", word);
    assert_non_null(strstr(err.message, "it takes a number"));
    memcpy(word, "options=", 8);
    must_refuse(&err, "tcp", AF_INET, "", word);
    assert_true(strlen(err.message) < 200);
}

/* --- what the command fills in ----------------------------------------------- */

static void a_default_gives_way_to_what_was_asked(void **state)
{
    (void)state;
    struct recipe recipe;
    must_begin(&recipe, "tcp", AF_INET);
    must_take(&recipe, "seq_raw=1234 data=hi");
    recipe_default(&recipe, "tcp.seq_raw", 99);
    recipe_default(&recipe, "tcp.dstport", 8080);
    recipe_default(&recipe, "tcp.dstport", 99);
    recipe_default(&recipe, "no.such.row", 99);
    recipe_data(&recipe, BYTES('n', 'o'), ORIGIN_LOOPCRAFT);
    assert_int_equal(recipe.count, 2);
    const struct asked *seq = recipe_asked(&recipe, "tcp.seq_raw");
    const struct asked *port = recipe_asked(&recipe, "tcp.dstport");
    assert_int_equal(recipe_number(&recipe, seq), 1234);
    assert_int_equal(seq->origin, ORIGIN_YOU);
    assert_int_equal(recipe_number(&recipe, port), 8080);
    assert_int_equal(port->origin, ORIGIN_LOOPCRAFT);
    assert_bytes(text_bytes(&recipe.data), BYTES('h', 'i'));
    assert_int_equal(recipe.data_origin, ORIGIN_YOU);
    recipe_free(&recipe);
}

static void the_command_s_data_may_be_any_bytes(void **state)
{
    (void)state;
    struct recipe recipe;
    must_begin(&recipe, "udp", AF_INET);
    recipe_data(&recipe, BYTES(0, '\\', 0xff, '@'), ORIGIN_LOOPCRAFT);
    assert_bytes(text_bytes(&recipe.data), BYTES(0, '\\', 0xff, '@'));
    assert_int_equal(recipe.data_origin, ORIGIN_LOOPCRAFT);
    recipe_free(&recipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_sets_its_row),
        cmocka_unit_test(an_ipv6_address_is_kept_whole),
        cmocka_unit_test(protocols_by_name),
        cmocka_unit_test(what_is_refused_says_why),
        cmocka_unit_test(foreign_bytes_in_a_complaint_are_escaped),
        cmocka_unit_test(long_words_are_cut_in_the_complaint),
        cmocka_unit_test(a_default_gives_way_to_what_was_asked),
        cmocka_unit_test(the_command_s_data_may_be_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
