/*
 * test_target.c: what a command that sends is asked for: to whom, which ports, which words. All
 * of it is judged before anything is opened.
 */
#include "typed.h"

#include "../../src/cmd/live.h"

#include <sys/socket.h>

/* A command line behind the command's name, and what became of it. */
struct asked_for {
    struct typed *typed;
    struct live live;
    struct err err;
    bool good;
};

static struct asked_for *ask_of(const char *proto, const char *words)
{
    struct asked_for *asked = calloc(1, sizeof *asked);
    assert_non_null(asked);
    asked->typed = type(words);
    if (!asked->typed->good)
        fail_msg("%s", asked->typed->err.message);
    asked->good = live_target(&asked->live, &asked->typed->line, proto, 100, &asked->err);
    return asked;
}

static struct asked_for *ask(const char *words)
{
    return ask_of("tcp", words);
}

/* Nothing was opened: live_close() gives back what live_target() took. */
static void asked_free(struct asked_for *asked)
{
    assert_false(asked->live.opened);
    assert_int_equal(live_close(&asked->live, STATUS_DONE, &asked->err), STATUS_DONE);
    free(asked->typed);
    free(asked);
}

/* --- to whom --------------------------------------------------------------------- */

static void the_target_by_options_and_ports(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        int family;
        const char *addr;
        size_t ports;
    } cases[] = {
        {"8080", AF_INET, "127.0.0.1", 1},
        {"", AF_INET, "127.0.0.1", 0},
        {"8080 -4", AF_INET, "127.0.0.1", 1},
        {"8080 -6", AF_INET6, "::1", 1},
        {"8080 --to ::1", AF_INET6, "::1", 1}, /* it implies -6 */
        {"8080 --to ::1 -6", AF_INET6, "::1", 1},
        {"8080 --to 127.9.8.7", AF_INET, "127.9.8.7", 1},
        {"8080 --to 0:0:0:0:0:0:0:1", AF_INET6, "::1", 1},
        {"127.0.0.2:8080", AF_INET, "127.0.0.2", 1},
        {"[::1]:8080-8084", AF_INET6, "::1", 5},
        {"[::1]:8080 --to ::1", AF_INET6, "::1", 1},
        {"8080 --to localhost", AF_INET, "127.0.0.1", 1},
        {"8080 --to localhost -6", AF_INET6, "::1", 1},
        {"localhost:8080", AF_INET, "127.0.0.1", 1},
        {"-p 80 81 -4", AF_INET, "127.0.0.1", 2},
        {"-p 80,81 80", AF_INET, "127.0.0.1", 2},
        {"80 -p [::1]:80", AF_INET6, "::1", 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct asked_for *asked = ask(cases[i].typed);
        if (!asked->good)
            fail_msg("%s: %s", cases[i].typed, asked->err.message);
        assert_int_equal(asked->live.family, cases[i].family);
        assert_string_equal(asked->live.addr, cases[i].addr);
        assert_int_equal(asked->live.ports.count, cases[i].ports);
        const struct asked *to = recipe_asked(&asked->live.recipe,
                                              cases[i].family == AF_INET6 ? "ipv6.dst" : "ip.dst");
        assert_non_null(to);
        assert_int_equal(to->origin, ORIGIN_LOOPCRAFT);
        asked_free(asked);
    }
}

/* Not proved loopback, malformed addresses and names included: the guard's status. */
static void whatever_is_not_loopback_is_the_guard_s(void **state)
{
    (void)state;
    static const char *const addrs[] = {
        "8.8.8.8",
        "0.0.0.0",
        "127.1",
        "0177.0.0.1",
        "2130706433",
        "0x7f.0.0.1",
        "127.0.0.1.",
        "127.0.0.256",
        "::ffff:127.0.0.1",
        "::",
        "::2",
        "fe80::1",
        "ff02::1%lo",
        "::1%lo",
        "localhost.",
        "LOCALHOST",
        "example.com",
        "10.0.0.1",
        "255.255.255.255",
        "224.0.0.1",
        "128.0.0.1",
        "126.255.255.255",
        "_",
        "a-name-that-is-much-longer-than-any-address-can-ever-be",
    };
    for (size_t i = 0; i < COUNT(addrs); i++) {
        struct text words = TEXT_EMPTY;
        text_format(&words, "8080 --to %s", addrs[i]);
        struct asked_for *asked = ask(text_string(&words));
        if (asked->good || asked->err.status != STATUS_GUARD)
            fail_msg("--to %s: %d %s", addrs[i], asked->err.status, asked->err.message);
        assert_true(asked->err.message[0]);
        asked_free(asked);
        text_clear(&words);
        bool six = strchr(addrs[i], ':') != NULL;
        text_format(&words, "%s%s%s:53", six ? "[" : "", addrs[i], six ? "]" : "");
        asked = ask(text_string(&words));
        if (addrs[i][0] != '_' && (asked->good || asked->err.status != STATUS_GUARD))
            fail_msg("%s: %d %s", text_string(&words), asked->err.status, asked->err.message);
        asked_free(asked);
        text_free(&words);
    }
}

/* --- what can't be meant ------------------------------------------------------------- */

static const struct {
    const char *typed, *message;
} refused[] = {
    {"80 -S --host", "-S and --host contradict each other"},
    {"80 -4 -6", "-4 and -6 contradict each other"},
    {"127.0.0.1:80 --to 127.0.0.2", "--to and the ports name two different addresses"},
    {"127.0.0.1:80 127.0.0.2:81",
     "\"127.0.0.2:81\": two different addresses: a command goes to one"},
    {"0", "\"0\": no port: ports go from 1 to 65535"},
    {"80 _", "\"\": a port is missing; write 80, ssh, 80,443 or 8000-8100"},
    {"1-101", "101 ports: at most 100 here; `loopcraft scan` takes all"},
    {"80 tcp.seq=1", "tcp.seq: relative in Wireshark, use tcp.seq_raw"},
    {"80 ttl=256", "ip.ttl=256: too large for its 8 bits: at most 255"},
    {"80 ttl=1 ip.ttl=1", "ip.ttl is given twice: give it once"},
    {"80 -6 ip.ttl=1", NULL},
    /* The command itself says these: else a verdict would not be about the port. */
    {"80 dstport=81", "tcp.dstport can't be set here: the port stands without a name: 8080"},
    {"80 flags=0", "tcp.flags can't be set here: the command sets the flags"},
    {"80 flags.syn=0", "tcp.flags.syn can't be set here: the command sets the flags"},
    {"80 flags.ack=1", "tcp.flags.ack can't be set here: the command sets the flags"},
    {"80 flags.fin=1", "tcp.flags.fin can't be set here: the command sets the flags"},
    {"80 flags.reset=1", "tcp.flags.reset can't be set here: the command sets the flags"},
    {"80 ip.dst=127.0.0.2", "ip.dst can't be set here: use --to ADDR"},
    {"80 -6 ipv6.dst=::1", "ipv6.dst can't be set here: use --to ADDR"},
};

static void contradictions_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct asked_for *asked = ask(refused[i].typed);
        if (asked->good)
            fail_msg("%s was taken", refused[i].typed);
        assert_int_equal(asked->err.status, STATUS_USAGE);
        if (refused[i].message)
            assert_string_equal(asked->err.message, refused[i].message);
        asked_free(asked);
    }
}

/* The same of UDP and of ICMP, which has no ports: a word is the address, as ping(8) takes it. */
static void other_protocols(void **state)
{
    (void)state;
    static const struct {
        const char *proto, *typed, *addr;
        enum status status;
        const char *message;
    } cases[] = {
        {"udp", "53 domain", "127.0.0.1", STATUS_DONE, NULL},
        {"udp", "[::1]:53", "::1", STATUS_DONE, NULL},
        {"udp", "53 ip.ttl=3 srcport=61001 checksum=0", "127.0.0.1", STATUS_DONE, NULL},
        {"udp", "53 dstport=1", "", STATUS_USAGE, "udp.dstport can't be set here"},
        {"udp", "53 srcport=0", "", STATUS_USAGE, "udp.srcport=0: no port to reserve"},
        {"udp", "53 flags=SYN", "", STATUS_USAGE, NULL}, /* tcp.flags is no field of it */
        {"icmp", "", "127.0.0.1", STATUS_DONE, NULL},
        {"icmp", "-6", "::1", STATUS_DONE, NULL},
        {"icmp", "127.0.0.2 ip.ttl=3", "127.0.0.2", STATUS_DONE, NULL},
        {"icmp", "::1 hlim=3", "::1", STATUS_DONE, NULL},
        {"icmp", "localhost", "127.0.0.1", STATUS_DONE, NULL},
        {"icmp", "localhost -6", "::1", STATUS_DONE, NULL},
        {"icmp", "ident=7 seq=65535", "127.0.0.1", STATUS_DONE, NULL},
        {"icmp", "8.8.8.8", "", STATUS_GUARD, "is not a loopback address"},
        {"icmp", "8080", "", STATUS_GUARD, "8080"},
        {"icmp", "_", "", STATUS_GUARD, "no address"},
        {"icmp", "1111111111111111111111111111111111111111111111111", "", STATUS_GUARD, NULL},
        {"icmp", "127.0.0.1 127.0.0.2", "", STATUS_USAGE, "two targets"},
        {"icmp", "127.0.0.1 --to 127.0.0.2", "", STATUS_USAGE, "two different addresses"},
        {"icmp", "::1 -4", "", STATUS_USAGE, NULL},
        {"icmp", "type=13", "", STATUS_USAGE, "icmp.type can't be set here: echo requests"},
        {"icmp", "code=1", "", STATUS_USAGE, "icmp.code can't be set here: echo requests"},
        {"icmp", "-6 type=1", "", STATUS_USAGE, "icmpv6.type can't be set here: echo requests"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct asked_for *asked = ask_of(cases[i].proto, cases[i].typed);
        const char *message = cases[i].message ? cases[i].message : "";
        if (asked->good != (cases[i].status == STATUS_DONE) ||
            (!asked->good && asked->err.status != (int)cases[i].status) ||
            !strstr(asked->err.message, message))
            fail_msg("%s %s: %d %s", cases[i].proto, cases[i].typed, asked->err.status,
                     asked->err.message);
        if (asked->good)
            assert_string_equal(asked->live.addr, cases[i].addr);
        asked_free(asked);
    }
}

static void contradicting_families_are_refused(void **state)
{
    (void)state;
    static const char *const words[] = {"80 -4 --to ::1", "80 -6 --to 127.0.0.1", "-4 [::1]:80",
                                        "-6 127.0.0.1:80"};
    for (size_t i = 0; i < COUNT(words); i++) {
        struct asked_for *asked = ask(words[i]);
        assert_false(asked->good);
        assert_int_equal(asked->err.status, STATUS_USAGE);
        asked_free(asked);
    }
}

static void words_shape_the_packet(void **state)
{
    (void)state;
    struct asked_for *asked = ask("ip.ttl=3 8080 flags.ece=1 -S options=mss:1460 srcport=61234");
    if (!asked->good)
        fail_msg("%s", asked->err.message);
    assert_int_equal(asked->live.where, WHERE_SANDBOX);
    assert_int_equal(asked->live.words, 4);
    assert_int_equal(asked->live.ports.each[0], 8080);
    const struct asked *ttl = recipe_asked(&asked->live.recipe, "ip.ttl");
    assert_non_null(ttl);
    assert_int_equal(recipe_number(&asked->live.recipe, ttl), 3);
    assert_int_equal(ttl->origin, ORIGIN_YOU);
    assert_int_equal(asked->live.recipe.options.len, 4);
    asked_free(asked);
    asked = ask("8080 --host");
    assert_int_equal(asked->live.where, WHERE_HOST);
    asked_free(asked);
    asked = ask("8080");
    assert_int_equal(asked->live.where, WHERE_DEFAULT);
    asked_free(asked);
}

/* --- --expect -------------------------------------------------------------------------- */

static void expectations(void **state)
{
    (void)state;
    static const struct {
        const char *expect, *states[3];
        size_t count;
        int status;
    } cases[] = {
        {"open", {"open", "open"}, 2, STATUS_DONE},
        {"open", {"open", "closed"}, 2, STATUS_NO}, /* of several ports: all */
        {"closed", {"closed"}, 1, STATUS_DONE},
        {"filtered", {"open|filtered"}, 1, STATUS_NO},
        {"open|filtered", {"open|filtered"}, 1, STATUS_DONE},
        {"open", {NULL}, 1, STATUS_NO}, /* interrupted before it was known */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct line *line = calloc(1, sizeof *line);
        struct err err = {0};
        assert_non_null(line);
        line->options[OPTION_EXPECT] = cases[i].expect;
        assert_true(expect_read(line, &err));
        assert_int_equal(expect_judge(line, cases[i].states, cases[i].count), cases[i].status);
        line->options[OPTION_EXPECT] = NULL;
        assert_true(expect_read(line, &err));
        assert_int_equal(expect_judge(line, cases[i].states, cases[i].count), STATUS_DONE);
        static const char *const wrong[] = {"", "opened", "OPEN", "open,closed"};
        for (size_t j = 0; j < COUNT(wrong); j++) {
            line->options[OPTION_EXPECT] = wrong[j];
            assert_false(expect_read(line, &err));
            assert_int_equal(err.status, STATUS_USAGE);
        }
        free(line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_target_by_options_and_ports),
        cmocka_unit_test(whatever_is_not_loopback_is_the_guard_s),
        cmocka_unit_test(contradictions_are_refused),
        cmocka_unit_test(other_protocols),
        cmocka_unit_test(contradicting_families_are_refused),
        cmocka_unit_test(words_shape_the_packet),
        cmocka_unit_test(expectations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
