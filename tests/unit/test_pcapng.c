/* test_pcapng.c: the pcapng files that are written: their bytes, their comments, their owner. */
#include "capture_bytes.h"
#include "child.h"

#include <loopcraft/caps.h>

#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

/* --- a place for files, and events to write -------------------------------- */

static const char written[] = "a.pcapng"; /* in a folder of the test's own */

static int place_make(void **state)
{
    char *folder = strdup("/tmp/loopcraft-pcapng-XXXXXX");
    if (!folder || !mkdtemp(folder) || chmod(folder, 0777) != 0 || chdir(folder) != 0)
        return -1;
    *state = folder;
    signal(SIGPIPE, SIG_IGN); /* as main does */
    return 0;
}

static int place_remove(void **state)
{
    unlink(written);
    int result = chdir("/") != 0 || rmdir(*state) != 0 ? -1 : 0;
    free(*state);
    return result;
}

static struct event packet_event(const char *title, const char *note, const char *bytes)
{
    return (struct event){
        .kind = EVENT_PACKET,
        .packet = {.frame = {.number = 1,
                             .time_ns = INT64_C(1795173412404784001),
                             .linktype = LINKTYPE_ETHERNET,
                             .len = (uint32_t)strlen(bytes),
                             .bytes = {(const uint8_t *)bytes, strlen(bytes)}},
                   .title = title, .detail = "", .note = note},
    };
}

static struct sink *must_sink(const char *path)
{
    struct err err = {0};
    struct sink *sink = pcapng_sink(path, &err);
    if (!sink)
        fail_msg("%s", err.message);
    return sink;
}

static void must_event(struct sink *sink, struct event event)
{
    struct err err = {0};
    if (!sink->event(sink, &event, &err))
        fail_msg("%s", err.message);
}

static void must_finish(struct sink *sink)
{
    struct err err = {0};
    if (!sink->end(sink, &err))
        fail_msg("%s", err.message);
}

static void assert_file_bytes(const char *path, const uint8_t *want, size_t len)
{
    uint8_t at[512];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t got = read(fd, at, sizeof at);
    close(fd);
    assert_int_equal(got, len);
    assert_memory_equal(at, want, len);
}

/* --- what is in the file --------------------------------------------------- */

/* Section header: 48 bytes, magic, version 1.0, length unknown, option 4 "loopcraft". */
#define SECTION \
    0x0a, 0x0d, 0x0d, 0x0a, 48, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, \
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, \
    4, 0, 9, 0, 'l', 'o', 'o', 'p', 'c', 'r', 'a', 'f', 't', 0, 0, 0, \
    0, 0, 0, 0, 48, 0, 0, 0

/* Interface: Ethernet, snaplen 262144; options 2 "lo", 3 "loopback", 9: nanoseconds. */
#define INTERFACE \
    1, 0, 0, 0, 52, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 2, 0, 2, 0, 'l', 'o', 0, 0, \
    3, 0, 8, 0, 'l', 'o', 'o', 'p', 'b', 'a', 'c', 'k', 9, 0, 1, 0, 9, 0, 0, 0, \
    0, 0, 0, 0, 52, 0, 0, 0

static void a_capture_without_a_packet_is_one(void **state)
{
    (void)state;
    static const uint8_t want[] = {SECTION, INTERFACE};
    must_finish(must_sink(written));
    assert_file_bytes(written, want, sizeof want);
    must_end(must_open(written));
}

/* One packet of 3 bytes at 0x18e9c1c1'08e4fd65 ns, sent, with its comment. */
static void a_packet_byte_by_byte(void **state)
{
    (void)state;
    static const uint8_t want[] = {
        SECTION, INTERFACE,
        6, 0, 0, 0, 56, 0, 0, 0, 0, 0, 0, 0, 0xc1, 0xc1, 0xe9, 0x18, 0x65, 0xfd, 0xe4, 0x08,
        3, 0, 0, 0, 3, 0, 0, 0, 'a', 'b', 'c', 0,
        1, 0, 3, 0, 'S', 'Y', 'N', 0, 2, 0, 4, 0, 2, 0, 0, 0, 0, 0, 0, 0, 56, 0, 0, 0};
    struct event event = packet_event("SYN", "", "abc");
    event.packet.frame.direction = DIRECTION_SENT;
    event.packet.frame.time_ns = 0x18e9c1c108e4fd65;
    struct sink *sink = must_sink(written);
    must_event(sink, event);
    assert_file_bytes(written, want, sizeof want); /* at once, not at the end */
    must_finish(sink);
    assert_file_bytes(written, want, sizeof want);
}

/* Title and note; what was escaped before stays as it is; a control never gets through. */
static void the_comment_says_what_the_event_says(void **state)
{
    (void)state;
    static const struct {
        const char *title, *note, *comment;
    } cases[] = {
        {"SYN", "I want to talk: 1234 → 1235", "SYN: I want to talk: 1234 → 1235"},
        {"RST", "", "RST"},
        {"data", "GET / HTTP/1.0\\r\\n\\x1b[2J\\\\", "data: GET / HTTP/1.0\\r\\n\\x1b[2J\\\\"},
        {"a\x1b[2J", "b\n\xc2\x9b\xff\xe2\x80\xae\\", "a\\x1b[2J: b\\n\\u{9b}\\xff\\u{202e}\\"},
        {"", "alone", "alone"},
        {"", "", NULL},
        {NULL, NULL, NULL},
    };
    struct sink *sink = must_sink(written);
    for (size_t i = 0; i < COUNT(cases); i++)
        must_event(sink, packet_event(cases[i].title, cases[i].note, "x"));
    must_finish(sink);
    struct reader *reader = must_open(written);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct frame frame = must_read(reader);
        if (cases[i].comment)
            assert_string_equal(frame.comment, cases[i].comment);
        else
            assert_null(frame.comment);
    }
    must_end(reader);
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    static const enum direction directions[] = {DIRECTION_UNKNOWN, DIRECTION_SENT,
                                                DIRECTION_RECEIVED};
    struct sink *sink = must_sink(written);
    must_event(sink, (struct event){.kind = EVENT_START,
                                    .start = {.place = "in a sandbox"}});
    for (size_t i = 0; i < COUNT(directions); i++) {
        struct event event = packet_event("data", "", "abcd");
        event.packet.frame.direction = directions[i];
        event.packet.frame.time_ns += (int64_t)i;
        event.packet.frame.bytes.len = i + 1;
        must_event(sink, event);
        must_event(sink, (struct event){.kind = EVENT_NOTE, .note = "not in the file"});
    }
    must_finish(sink);
    struct reader *reader = must_open(written);
    for (size_t i = 0; i < COUNT(directions); i++) {
        struct frame frame = must_read(reader);
        assert_int_equal(frame.direction, directions[i]);
        assert_true(frame.time_ns == INT64_C(1795173412404784001) + (int64_t)i);
        assert_int_equal(frame.linktype, LINKTYPE_ETHERNET);
        assert_int_equal(frame.len, 4);
        assert_same_bytes(frame.bytes, "abcd", i + 1);
    }
    must_end(reader);
}

/* Longer than an option can say, and longer than other readers take. */
static void what_is_too_long_is_cut(void **state)
{
    (void)state;
    size_t len = 300000;
    char *note = malloc(len), *bytes = calloc(1, len);
    assert_non_null(note);
    assert_non_null(bytes);
    for (size_t i = 0; i < len; i++)
        note[i] = "\xe2\x86\x92"[i % 3]; /* arrows */
    note[len - 1] = '\0';
    struct event event = packet_event("xy", note, "");
    event.packet.frame.bytes = (struct bytes){(const uint8_t *)bytes, len};
    event.packet.frame.len = (uint32_t)len;
    struct sink *sink = must_sink(written);
    must_event(sink, event);
    must_event(sink, packet_event("y", "", ""));
    must_finish(sink);
    struct reader *reader = must_open(written);
    struct frame frame = must_read(reader);
    assert_int_equal(frame.bytes.len, 262144);
    assert_int_equal(frame.len, len);
    assert_int_equal(strlen(frame.comment), 4 + 65531 / 3 * 3);
    assert_string_equal(must_read(reader).comment, "y");
    must_end(reader);
    free(note);
    free(bytes);
}

static void a_file_has_one_link_type(void **state)
{
    (void)state;
    struct event event = packet_event("x", "", "abcd");
    struct err err = {0};
    event.packet.frame.linktype = 101;
    struct sink *sink = must_sink(written);
    must_event(sink, event);
    event.packet.frame.linktype = LINKTYPE_ETHERNET;
    event.packet.frame.number = 2;
    assert_false(sink->event(sink, &event, &err));
    assert_int_equal(err.status, STATUS_SYSTEM);
    assert_non_null(strstr(err.message, "packet 2 has link type 1, those before it 101"));
    must_finish(sink);
    struct reader *reader = must_open(written);
    assert_int_equal(must_read(reader).linktype, 101);
    must_end(reader);
}

/* --- what can't be written ------------------------------------------------- */

static void not_to_be_opened(const char *path, enum status status, const char *message)
{
    struct err err = {0};
    assert_null(pcapng_sink(path, &err));
    assert_int_equal(err.status, status);
    assert_false(err.quiet);
    if (strncmp(err.message, message, strlen(message)) != 0)
        fail_msg("%s", err.message);
}

static void what_cannot_be_written_is_told_before_a_packet(void **state)
{
    (void)state;
    not_to_be_opened(".", STATUS_SYSTEM, ".: Is a directory: ");
    not_to_be_opened("/nowhere/\x1b.pcapng", STATUS_SYSTEM,
                     "/nowhere/\\x1b.pcapng: No such file or directory: ");
    not_to_be_opened("/dev/full", STATUS_SYSTEM, "/dev/full: No space left on device: ");
    int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) {
        print_message("no terminal here: that one is not written to is not shown\n");
        skip();
    }
    not_to_be_opened(ptsname(terminal), STATUS_USAGE, ptsname(terminal));
    close(terminal);
}

/* A disk that fills up on the way: a pipe that takes no more says EAGAIN instead of ENOSPC. */
static void a_failure_on_the_way_is_told_once_and_again_at_the_end(void **state)
{
    (void)state;
    int ends[2];
    char packets[32];
    assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    int was = dup(STDOUT_FILENO);
    assert_true(was >= 0);
    fflush(stdout);
    dup2(ends[1], STDOUT_FILENO); /* keeps O_NONBLOCK, which a path would not */
    struct sink *sink = must_sink("-");
    dup2(was, STDOUT_FILENO);
    struct event event = packet_event("x", "", "abcd");
    struct err err = {0}, last = {0};
    unsigned count = 0;
    while (sink->event(sink, &event, &err))
        count++;
    assert_true(count > 100);
    assert_int_equal(err.status, STATUS_SYSTEM);
    assert_false(err.quiet);
    snprintf(packets, sizeof packets, "packets in it: %u;", count);
    assert_non_null(strstr(err.message, "standard output: Resource temporarily unavailable: "));
    assert_non_null(strstr(err.message, packets));
    assert_false(sink->event(sink, &event, &err));
    assert_false(sink->end(sink, &last));
    assert_string_equal(last.message, err.message);
    close(was);
    close(ends[0]);
    close(ends[1]);
}

static void a_reader_who_goes_away_is_no_error(void **state)
{
    (void)state;
    int ends[2];
    char path[32];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[1]);
    struct sink *sink = must_sink(path);
    close(ends[1]);
    close(ends[0]);
    struct event event = packet_event("x", "", "abcd");
    struct err err = {0};
    assert_false(sink->event(sink, &event, &err));
    assert_int_equal(err.status, STATUS_DONE);
    assert_true(err.quiet);
    err = (struct err){0};
    assert_false(sink->end(sink, &err));
    assert_int_equal(err.status, STATUS_DONE);
    assert_true(err.quiet);
}

/* --- whose file it is ------------------------------------------------------ */

enum { CALLER = 54321, GROUP = 54322 };

static void skip_unless_root(void)
{
    if (geteuid() == 0)
        return;
    print_message("not root: who owns what root writes is not shown\n");
    skip();
}

static void called_by(uid_t uid, gid_t gid)
{
    char number[16];
    snprintf(number, sizeof number, "%u", uid);
    setenv("SUDO_UID", number, 1);
    snprintf(number, sizeof number, "%u", gid);
    setenv("SUDO_GID", number, 1);
}

static void opens_for(uid_t uid, gid_t gid)
{
    struct err err = {0};
    struct stat about;
    bool before = caps_effective(CAP_NET_RAW);
    FILE *file = output_open(written, &err);
    check(file, "a file", err.message);
    fclose(file);
    stat(written, &about);
    check(about.st_uid == uid && about.st_gid == gid, "a file of the caller's", "another's");
    check(geteuid() == 0 && getegid() == 0, "root again", "other ids");
    check(caps_effective(CAP_NET_RAW) == before, "the same capabilities", "others");
    unlink(written);
}

static void under_sudo(void)
{
    called_by(CALLER, GROUP);
    opens_for(CALLER, GROUP);
}

static void under_no_sudo(void)
{
    static const char *const strange[] = {"", "0", "12x", "-1", "4294967295", "99999999999", " 1"};
    for (size_t i = 0; i < COUNT(strange); i++) {
        setenv("SUDO_UID", strange[i], 1);
        setenv("SUDO_GID", "54322", 1);
        opens_for(0, 0);
    }
    unsetenv("SUDO_UID");
    opens_for(0, 0);
}

static void refused(void)
{
    struct err err = {0};
    FILE *file = output_open(written, &err);
    check(!file, "no file", "one");
    check(err.status == STATUS_SYSTEM && strstr(err.message, "who called sudo"), "an error",
          err.message);
    check(access(written, F_OK) != 0, "nothing left", "a file");
}

static void into_a_folder_of_roots(void)
{
    called_by(CALLER, GROUP);
    check(chmod(".", 0755) == 0, "a folder of root's alone", "none");
    refused();
    chmod(".", 0777);
}

static void without_capabilities(void)
{
    struct err err = {0};
    called_by(CALLER, GROUP);
    check(caps_drop_all(&err), "no capability left", err.message);
    refused();
}

static void a_file_under_sudo_is_the_callers(void **state)
{
    (void)state;
    skip_unless_root();
    assert_true(child_run(under_sudo));
}

static void a_file_of_root_alone_is_roots(void **state)
{
    (void)state;
    skip_unless_root();
    assert_true(child_run(under_no_sudo));
}

static void what_the_caller_may_not_write_is_not_written(void **state)
{
    (void)state;
    skip_unless_root();
    assert_true(child_run(into_a_folder_of_roots));
    assert_true(child_run(without_capabilities));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_capture_without_a_packet_is_one),
        TEST(a_packet_byte_by_byte),
        TEST(the_comment_says_what_the_event_says),
        TEST(what_was_written_is_read),
        TEST(what_is_too_long_is_cut),
        TEST(a_file_has_one_link_type),
        TEST(what_cannot_be_written_is_told_before_a_packet),
        TEST(a_failure_on_the_way_is_told_once_and_again_at_the_end),
        TEST(a_reader_who_goes_away_is_no_error),
        TEST(a_file_under_sudo_is_the_callers),
        TEST(a_file_of_root_alone_is_roots),
        TEST(what_the_caller_may_not_write_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
