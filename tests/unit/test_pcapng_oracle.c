/*
 * test_pcapng_oracle.c: our reader and tshark agree on a file, whoever wrote it; and what
 * we write, tshark, capinfos and tcpdump read without complaint.
 */
#include "capture_bytes.h"

#include <loopcraft/clock.h>
#include <loopcraft/text.h>

#include <inttypes.h>
#include <stdlib.h>

static int folder_make(void **state)
{
    char *folder = strdup("/tmp/loopcraft-oracle-XXXXXX");
    if (!folder || !mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    *state = folder;
    return 0;
}

static int folder_remove(void **state)
{
    int result = system("rm -f -- *.pcap *.pcapng errors said") != 0 || chdir("/") != 0 ||
                 rmdir(*state) != 0 ? -1 : 0;
    free(*state);
    return result;
}

static void skip_without(const char *tools)
{
    char command[128];
    snprintf(command, sizeof command, "for t in %s; do command -v $t || exit 1; done >/dev/null",
             tools);
    if (system(command) == 0)
        return;
    print_message("one of these is not here: %s: what they read is not compared\n", tools);
    skip();
}

/* Runs a command that must succeed and complain of nothing but of being root. */
static void must_run(const char *command)
{
    char line[1024];
    snprintf(line, sizeof line, "{ %s; } 2>errors && ! grep -v 'Running as user\\|^reading from' "
             "errors >&2", command);
    if (system(line) != 0)
        fail_msg("%s", command);
}

/* --- a line a frame: time, lengths, comment -------------------------------- */

static void our_lines(struct text *lines, const char *path)
{
    struct reader *reader = must_open(path);
    struct err err = {0};
    struct frame frame;
    enum capture_result result;
    while ((result = reader_next(reader, &frame, &err)) == CAPTURE_FRAME)
        text_format(lines, "%" PRId64 ".%09" PRId64 "|%u|%zu|%s\n", frame.time_ns / CLOCK_SECOND,
                    frame.time_ns % CLOCK_SECOND, frame.len, frame.bytes.len,
                    frame.comment ? frame.comment : "");
    if (result != CAPTURE_TIMEOUT)
        fail_msg("%s", err.message);
    reader_close(reader);
}

/* Several comments of a frame: tshark joins them by the aggregator, a single character. */
static void tshark_lines(struct text *lines, const char *path)
{
    char command[512], line[512];
    snprintf(command, sizeof command, "tshark -n -r %s -T fields -E separator='|' -E "
             "aggregator='~' -e frame.time_epoch -e frame.len -e frame.cap_len -e frame.comment "
             ">said", path);
    must_run(command);
    FILE *file = fopen("said", "re");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        char *joint = strchr(line, '~');
        text_put_n(lines, line, joint ? (size_t)(joint - line) : strlen(line));
        if (joint) {
            text_put(lines, "; ");
            text_put(lines, joint + 1);
        }
    }
    fclose(file);
}

/* How many frames both see. */
static size_t agree(const char *path)
{
    struct text ours = TEXT_EMPTY, theirs = TEXT_EMPTY;
    size_t count = 0;
    our_lines(&ours, path);
    tshark_lines(&theirs, path);
    assert_string_equal(text_string(&ours), text_string(&theirs));
    for (const char *at = text_string(&ours); (at = strchr(at, '\n')); at++)
        count++;
    text_free(&ours);
    text_free(&theirs);
    return count;
}

/* --- what we write --------------------------------------------------------- */

/* UDP 127.0.0.1:61000 > 127.0.0.1:9000, "hi": Ethernet, IPv4, UDP. */
static const uint8_t datagram[] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0,
    0x45, 0, 0, 30, 0, 1, 0x40, 0, 0x40, 0x11, 0x3c, 0xcc, 127, 0, 0, 1, 127, 0, 0, 1,
    0xee, 0x48, 0x23, 0x28, 0, 10, 0xfe, 0x1d, 'h', 'i',
};

static void write_ours(const char *path, unsigned packets)
{
    struct err err = {0};
    struct sink *sink = pcapng_sink(path, &err);
    assert_non_null(sink);
    for (unsigned i = 0; i < packets; i++) {
        struct event event = {
            .kind = EVENT_PACKET,
            .packet = {.frame = {.number = i + 1,
                                 .time_ns = INT64_C(1795173412999999998) + i,
                                 .direction = i % 3,
                                 .linktype = LINKTYPE_ETHERNET,
                                 .len = sizeof datagram,
                                 .bytes = {datagram, sizeof datagram - i % 4}},
                       .title = "Datagram", .note = i % 2 ? "says hi → \\x1b[2J" : ""}};
        assert_true(sink->event(sink, &event, &err));
    }
    assert_true(sink->end(sink, &err));
}

static void ours_is_read_by_all(void **state)
{
    (void)state;
    skip_without("tshark capinfos tcpdump");
    write_ours("ours.pcapng", 7);
    assert_int_equal(agree("ours.pcapng"), 7);
    must_run("tcpdump -nr ours.pcapng >said && test $(wc -l <said) = 7");
    must_run("capinfos ours.pcapng >said && grep -q 'Number of packets: *7$' said && "
             "grep -q 'Capture application: *loopcraft$' said && grep -q 'Name = lo$' said && "
             "grep -q 'Description = loopback$' said && grep -q 'Encapsulation = Ethernet' said");
    must_run("tshark -n -r ours.pcapng -Y 'frame.comment == \"Datagram\"' >said && "
             "test $(wc -l <said) = 4");
    must_run("tshark -n -r ours.pcapng -Y 'frame.packet_flags_direction == 2' >said && "
             "test $(wc -l <said) = 2");
    must_run("cat ours.pcapng | tshark -n -r - >said && test $(wc -l <said) = 7");
    write_ours("none.pcapng", 0);
    assert_int_equal(agree("none.pcapng"), 0);
    must_run("tcpdump -nr none.pcapng && capinfos none.pcapng >said");
}

/* --- what others write ----------------------------------------------------- */

static void we_read_what_editcap_writes(void **state)
{
    (void)state;
    skip_without("tshark editcap mergecap");
    write_ours("ours.pcapng", 5);
    must_run("editcap -F nsecpcap ours.pcapng nano.pcap && editcap -F pcap ours.pcapng "
             "micro.pcap && editcap -F pcapng nano.pcap nano.pcapng && "
             "editcap -F pcapng micro.pcap micro.pcapng && "
             "editcap -a 1:one -a '3:three | with \"quotes\"' -a 5:fünf micro.pcapng said.pcapng "
             "&& editcap -a '2:a second comment' ours.pcapng two.pcapng && "
             "editcap -s 20 -t 0.25 ours.pcapng short.pcapng && "
             "mergecap -w merged.pcapng said.pcapng two.pcapng && "
             "cat ours.pcapng micro.pcapng > sections.pcapng");
    static const struct {
        const char *path;
        size_t frames;
    } files[] = {{"nano.pcap", 5}, {"micro.pcap", 5}, {"nano.pcapng", 5}, {"micro.pcapng", 5},
                 {"said.pcapng", 5}, {"two.pcapng", 5}, {"short.pcapng", 5},
                 {"merged.pcapng", 10}, {"sections.pcapng", 10}};
    for (size_t i = 0; i < COUNT(files); i++)
        assert_int_equal(agree(files[i].path), files[i].frames);
}

/* dumpcap in a namespace of its own, until it has seen ten frames; datagrams until it has. */
static void we_read_what_dumpcap_captures(void **state)
{
    (void)state;
    skip_without("tshark dumpcap bash ip unshare timeout");
    const char *unshare = geteuid() == 0 ? "-n" : "-Urn";
    char command[512];
    snprintf(command, sizeof command, "unshare %s true 2>/dev/null", unshare);
    if (system(command) != 0) {
        print_message("no network namespace here: dumpcap's own files are not compared\n");
        skip();
    }
    static const char *const formats[] = {"-n", "-P"}; /* pcapng, pcap */
    for (size_t i = 0; i < COUNT(formats); i++) {
        snprintf(command, sizeof command,
                 "timeout 20 unshare %s bash -c 'ip link set lo up; "
                 "dumpcap %s -q -i lo -c 10 -w live.pcapng 2>/dev/null & "
                 "while kill -0 $!; do echo hello >/dev/udp/127.0.0.1/9; done 2>/dev/null; "
                 "wait $!'", unshare, formats[i]);
        assert_int_equal(system(command), 0);
        assert_true(agree("live.pcapng") >= 10);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ours_is_read_by_all),
        TEST(we_read_what_editcap_writes),
        TEST(we_read_what_dumpcap_captures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
