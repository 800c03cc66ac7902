/* test_reader.c: capture files, as tools write them and as an attacker would. */
#include "capture_bytes.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

/* --- the files ------------------------------------------------------------- */

/*
 * Classic pcap: version 2.4, zone, accuracy, snaplen 65535, link type Ethernet; one frame of
 * 1 s and 500 ticks, 4 bytes captured of 60: de ad be ef.
 */
static const uint8_t pcap_little_micro[] = {
    0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0,
    1, 0, 0, 0, 0xf4, 1, 0, 0, 4, 0, 0, 0, 60, 0, 0, 0, 0xde, 0xad, 0xbe, 0xef,
};
static const uint8_t pcap_big_micro[] = {
    0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 1,
    0, 0, 0, 1, 0, 0, 1, 0xf4, 0, 0, 0, 4, 0, 0, 0, 60, 0xde, 0xad, 0xbe, 0xef,
};
static const uint8_t pcap_little_nano[] = {
    0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0,
    1, 0, 0, 0, 0xf4, 1, 0, 0, 4, 0, 0, 0, 60, 0, 0, 0, 0xde, 0xad, 0xbe, 0xef,
};
static const uint8_t pcap_big_nano[] = {
    0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 1,
    0, 0, 0, 1, 0, 0, 1, 0xf4, 0, 0, 0, 4, 0, 0, 0, 60, 0xde, 0xad, 0xbe, 0xef,
};

/* Pcapng, little-endian: each block with its offset, for the tests that spoil a byte. */
static const uint8_t pcapng_little[] = {
    /* 0: section header: 28 bytes, magic, version 1.0, length unknown */
    0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 28, 0, 0, 0,
    /* 28: interface 0: Ethernet, snaplen 6; tsresol 9 (ns) */
    1, 0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0, 6, 0, 0, 0,
    9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0,
    /* 60: interface 1: raw IP (101), no snaplen; no option: microseconds */
    1, 0, 0, 0, 20, 0, 0, 0, 101, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0,
    /* 80: a block of a kind that nobody knows: 0x0bad, 16 bytes */
    0xad, 0x0b, 0, 0, 16, 0, 0, 0, 1, 2, 3, 4, 16, 0, 0, 0,
    /* 96: enhanced packet: interface 0, time 2 * 2^32 + 3 ns, 3 bytes of 60; comments "one" and
       "two!", flags inbound */
    6, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 60, 0, 0, 0,
    0xaa, 0xbb, 0xcc, 0,
    1, 0, 3, 0, 'o', 'n', 'e', 0, 1, 0, 4, 0, 't', 'w', 'o', '!', 2, 0, 4, 0, 1, 0, 0, 0,
    0, 0, 0, 0, 64, 0, 0, 0,
    /* 160: enhanced packet: interface 1, 5 microseconds, 0 bytes of 0; flags outbound; no end */
    6, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    2, 0, 4, 0, 2, 0, 0, 0, 40, 0, 0, 0,
    /* 200: simple packet: 9 bytes on the wire, of which the snaplen of interface 0 lets 6 in */
    3, 0, 0, 0, 24, 0, 0, 0, 9, 0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 24, 0, 0, 0,
    /* 224: old packet block: interface 1, 7 drops, 1000001 microseconds, 4 bytes of 4 */
    2, 0, 0, 0, 36, 0, 0, 0, 1, 0, 7, 0, 0, 0, 0, 0, 0x41, 0x42, 0x0f, 0, 4, 0, 0, 0, 4, 0, 0, 0,
    9, 8, 7, 6, 36, 0, 0, 0,
};

/* A big-endian section: to be read alone, or after another one. */
static const uint8_t pcapng_big[] = {
    0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 28,
    /* interface 0: Ethernet; tsresol 2^-1, tsoffset 100 s */
    0, 0, 0, 1, 0, 0, 0, 44, 0, 1, 0, 0, 0, 0, 0, 0,
    0, 9, 0, 1, 0x81, 0, 0, 0, 0, 14, 0, 8, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, 44,
    /* enhanced packet: 5 ticks of half a second; 1 byte of 1 */
    0, 0, 0, 6, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0, 1,
    0x77, 0, 0, 0, 0, 0, 0, 36,
};

/* --- what is read ---------------------------------------------------------- */

static void pcap_of_either_order_and_resolution(void **state)
{
    (void)state;
    static const struct {
        const uint8_t *at;
        int64_t time_ns;
    } files[] = {{pcap_little_micro, 1000500000}, {pcap_big_micro, 1000500000},
                 {pcap_little_nano, 1000000500}, {pcap_big_nano, 1000000500}};
    for (size_t i = 0; i < COUNT(files); i++) {
        struct memory_file file = memory_file(files[i].at, sizeof pcap_little_micro);
        struct reader *reader = must_open(file.path);
        struct frame frame = must_read(reader);
        assert_int_equal(frame.number, 1);
        assert_true(frame.time_ns == files[i].time_ns);
        assert_int_equal(frame.linktype, LINKTYPE_ETHERNET);
        assert_int_equal(frame.direction, DIRECTION_UNKNOWN);
        assert_int_equal(frame.len, 60);
        assert_same_bytes(frame.bytes, "\xde\xad\xbe\xef", 4);
        assert_null(frame.comment);
        must_end(reader);
        close(file.fd);
    }
}

static void pcapng_with_every_kind_of_packet(void **state)
{
    (void)state;
    struct memory_file file = memory_file(pcapng_little, sizeof pcapng_little);
    struct reader *reader = must_open(file.path);

    struct frame frame = must_read(reader);
    assert_int_equal(frame.number, 1);
    assert_true(frame.time_ns == (INT64_C(2) << 32) + 3);
    assert_int_equal(frame.linktype, LINKTYPE_ETHERNET);
    assert_int_equal(frame.direction, DIRECTION_RECEIVED);
    assert_int_equal(frame.len, 60);
    assert_same_bytes(frame.bytes, "\xaa\xbb\xcc", 3);
    assert_string_equal(frame.comment, "one; two!");

    frame = must_read(reader);
    assert_int_equal(frame.number, 2);
    assert_true(frame.time_ns == 5000);
    assert_int_equal(frame.linktype, 101);
    assert_int_equal(frame.direction, DIRECTION_SENT);
    assert_int_equal(frame.len, 0);
    assert_int_equal(frame.bytes.len, 0);
    assert_null(frame.comment);

    frame = must_read(reader);
    assert_int_equal(frame.number, 3);
    assert_true(frame.time_ns == 0);
    assert_int_equal(frame.linktype, LINKTYPE_ETHERNET);
    assert_int_equal(frame.direction, DIRECTION_UNKNOWN);
    assert_int_equal(frame.len, 9);
    assert_same_bytes(frame.bytes, "\1\2\3\4\5\6", 6);

    frame = must_read(reader);
    assert_int_equal(frame.number, 4);
    assert_true(frame.time_ns == 1000001000);
    assert_int_equal(frame.linktype, 101);
    assert_same_bytes(frame.bytes, "\11\10\7\6", 4);
    must_end(reader);
    close(file.fd);
}

static void a_new_section_has_its_own_order_and_interfaces(void **state)
{
    (void)state;
    uint8_t both[sizeof pcapng_little + sizeof pcapng_big];
    memcpy(both, pcapng_little, sizeof pcapng_little);
    memcpy(both + sizeof pcapng_little, pcapng_big, sizeof pcapng_big);
    struct memory_file file = memory_file(both, sizeof both);
    struct reader *reader = must_open(file.path);
    for (unsigned i = 0; i < 4; i++)
        must_read(reader);
    struct frame frame = must_read(reader);
    assert_int_equal(frame.number, 5);
    assert_true(frame.time_ns == INT64_C(102500000000));
    assert_int_equal(frame.linktype, LINKTYPE_ETHERNET);
    assert_same_bytes(frame.bytes, "\x77", 1);
    must_end(reader);
    close(file.fd);
}

/* if_tsresol and the ticks of a big-endian file, and the nanoseconds that they are. */
static void time_in_any_resolution(void **state)
{
    (void)state;
    static const struct {
        uint8_t tsresol;
        uint64_t ticks;
        int64_t time_ns; /* -1: beyond what can be told */
    } cases[] = {
        {0, 7, INT64_C(7000000000)},
        {3, 1500, 1500000000},
        {9, UINT64_MAX, -1},
        {9, INT64_MAX, INT64_MAX},
        {12, 1500, 1},                                         /* ps */
        {19, UINT64_MAX, 1844674407},
        {28, UINT64_C(10000000000000000000), 1},
        {29, UINT64_MAX, 0},
        {127, UINT64_MAX, 0},
        {0, INT64_MAX, -1},
        {0x80, 7, INT64_C(7000000000)},                        /* 2^0 */
        {0x80 + 10, 1536, 1500000000},
        {0x80 + 32, UINT64_C(0x180000000), 1500000000},
        {0x80 + 33, UINT64_C(0x300000000), 1500000000},
        {0x80 + 63, UINT64_C(0xc000000000000000), 1500000000},
        {0x80 + 63, UINT64_MAX, 1999999999},
        {0x80 + 64, UINT64_C(0xc000000000000000), 750000000},
        {0x80 + 94, UINT64_MAX, 0},
        {0x80 + 127, UINT64_MAX, 0},
        {0x80, UINT64_MAX, -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint8_t at[sizeof pcapng_big];
        memcpy(at, pcapng_big, sizeof at);
        at[48] = cases[i].tsresol;
        memset(at + 56, 0, 8); /* no tsoffset */
        for (unsigned byte = 0; byte < 8; byte++)
            at[84 + byte] = (uint8_t)(cases[i].ticks >> 8 * (7 - byte));
        struct memory_file file = memory_file(at, sizeof at);
        struct reader *reader = must_open(file.path);
        struct frame frame;
        struct err err = {0};
        enum capture_result result = reader_next(reader, &frame, &err);
        if (cases[i].time_ns < 0) {
            assert_int_equal(result, CAPTURE_FAILED);
            assert_non_null(strstr(err.message, "2262"));
        } else {
            assert_int_equal(result, CAPTURE_FRAME);
            assert_true(frame.time_ns == cases[i].time_ns);
        }
        reader_close(reader);
        close(file.fd);
    }
}

/* --- a pipe ---------------------------------------------------------------- */

static void write_all(int fd, const uint8_t *at, size_t len)
{
    assert_int_equal(write(fd, at, len), len);
}

/* The n-th frame is there once its last byte is, while the writer holds the pipe open. */
static void packets_of_a_pipe_come_one_by_one(void **state)
{
    (void)state;
    static const struct {
        const uint8_t *at;
        size_t ends[6]; /* of the frames */
    } files[] = {{pcapng_little, {160, 200, 224, 260}}, {pcap_big_nano, {44}}};
    alarm(20); /* should it wait for more, the test ends here */
    for (size_t i = 0; i < COUNT(files); i++) {
        int ends[2], was = dup(STDIN_FILENO);
        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        dup2(ends[0], STDIN_FILENO);
        write_all(ends[1], files[i].at, 24 + 4 * (i == 0)); /* the file's header */
        struct reader *reader = must_open("-");
        size_t from = 24 + 4 * (i == 0);
        for (size_t frame = 0; files[i].ends[frame]; frame++) {
            write_all(ends[1], files[i].at + from, files[i].ends[frame] - from);
            assert_int_equal(must_read(reader).number, frame + 1);
            from = files[i].ends[frame];
        }
        close(ends[1]);
        must_end(reader);
        close(ends[0]);
        if (was < 0)
            close(STDIN_FILENO);
        else
            dup2(was, STDIN_FILENO);
        close(was);
    }
    alarm(0);
}

#define NEXT ": check the name, or make one: `loopcraft ping -w FILE`"

/* --- what can't be read ---------------------------------------------------- */

static void refused(const char *path, const char *message)
{
    struct err err = {0};
    assert_null(reader_ready(path, &err));
    assert_int_equal(err.status, STATUS_USAGE);
    assert_string_equal(err.message, message);
}

static void refused_bytes(const void *at, size_t len, const char *message)
{
    struct memory_file file = memory_file(at, len);
    char whole[256];
    snprintf(whole, sizeof whole, "%s: %s", file.path, message);
    refused(file.path, whole);
    close(file.fd);
}

#define NO_CAPTURE "neither pcap nor pcapng: not a capture, or a compressed one (unpack it first)"
#define TOO_SHORT "too short for a capture: cut short, or neither pcap nor pcapng"

static void what_is_no_capture_is_refused(void **state)
{
    (void)state;
    refused("/nowhere/a.pcap", "/nowhere/a.pcap: No such file or directory" NEXT);
    refused("/tmp", "/tmp: a directory: name a pcap or pcapng file in it");
    refused("/no\x1b[2J\xc2\x9bwhere", "/no\\x1b[2J\\u{9b}where: No such file or directory" NEXT);
    refused_bytes("", 0, "is empty: no capture");
    refused_bytes("#!/bin/sh\necho this is no capture\n", 34, NO_CAPTURE);
    refused_bytes("\nThis begins as pcapng does.\n", 29, NO_CAPTURE);
    refused_bytes("\x1f\x8b\x08\0a gzip file, long enough\0", 29, NO_CAPTURE);
    refused_bytes("abc", 3, TOO_SHORT);
    refused_bytes("\n", 1, TOO_SHORT);
    refused_bytes(pcap_big_micro, 23, TOO_SHORT);
    refused_bytes(pcapng_little, 11, TOO_SHORT);
    refused_bytes(pcapng_little, 27, "cut short before the first packet: the capture was not "
                                     "finished, or the copy was not complete");
}

static void a_file_that_may_not_be_read_is_refused(void **state)
{
    (void)state;
    char path[] = "/tmp/loopcraft-reader-XXXXXX", message[128];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    fchmod(fd, 0);
    close(fd);
    snprintf(message, sizeof message, "%s: %s", path,
             geteuid() == 0 ? "is empty: no capture" : "Permission denied: its owner or root may read it");
    refused(path, message);
    unlink(path);
}

static void a_very_long_name_leaves_room_for_the_reason(void **state)
{
    (void)state;
    char path[4000];
    struct err err = {0};
    for (size_t i = 0; i + 1 < sizeof path; i++)
        path[i] = "a\xe2\x82\xac"[i % 4];
    path[sizeof path - 1] = '\0';
    assert_null(reader_ready(path, &err));
    assert_non_null(strstr(err.message, ": File name too long"));
    assert_true((uint8_t)err.message[3] < 0x80 || (uint8_t)err.message[3] >= 0xc0);
}

/* Where a copy of the file ends, how many frames are in it, and what is said about the rest. */
static void a_cut_is_told_with_its_packet(void **state)
{
    (void)state;
    static const struct {
        size_t len;
        unsigned frames;
        const char *message;
    } cases[] = {
        {60, 0, ""},
        {70, 0, "cut short before the first packet"},
        {97, 0, "cut short before the first packet"},
        {159, 0, "cut short in packet 1: the capture was not finished, or the copy was not "
                 "complete"},
        {160, 1, ""},
        {162, 1, "cut short after packet 1"},
        {199, 1, "cut short in packet 2"},
        {223, 2, "cut short in packet 3"},
        {259, 3, "cut short in packet 4"},
        {260, 4, ""},
    };
    struct err err;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct memory_file file = memory_file(pcapng_little, cases[i].len);
        assert_int_equal(read_all(file.path, &err), cases[i].frames);
        assert_int_equal(err.status, *cases[i].message ? STATUS_USAGE : STATUS_DONE);
        assert_non_null(strstr(err.message, cases[i].message));
        close(file.fd);
    }
    for (size_t len = 25; len < sizeof pcap_big_nano; len++) {
        struct memory_file file = memory_file(pcap_big_nano, len);
        assert_int_equal(read_all(file.path, &err), 0);
        assert_int_equal(err.status, STATUS_USAGE);
        assert_non_null(strstr(err.message, "cut short in packet 1: the capture was not"));
        close(file.fd);
    }
}

/* One byte of pcapng_little spoiled, and what is said. */
static void lengths_that_cannot_be_end_the_reading(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t value;
        const char *message;
    } cases[] = {
        {8, 0, "damaged before the first packet: a section of no known byte order"},
        {12, 2, "damaged before the first packet: a pcapng version that is not known here"},
        {4, 12, "damaged before the first packet: a block of a length that can't be"},
        {24, 32, "damaged before the first packet: a block's two lengths differ"},
        {46, 9, "damaged before the first packet: an option longer than its block"},
        {64, 8, "damaged before the first packet: a block of a length that can't be"},
        {84, 17, "damaged before the first packet: a block of a length that can't be"},
        {103, 0x7f, "damaged in packet 1: a block of a length that can't be"},
        {104, 2, "damaged in packet 1: it names an interface that the file does not describe"},
        {116, 41, "damaged in packet 1: more bytes claimed than its block has"},
        {119, 0xff, "damaged in packet 1: more bytes claimed than its block has"},
        {111, 0xff, "damaged in packet 1: its time lies beyond what can be told (the year 2262)"},
        {130, 25, "damaged in packet 1: an option longer than its block"},
        {191, 1, "damaged in packet 2: an option longer than its block"},
        {41, 1, "damaged in packet 3: more bytes claimed than its block has"}, /* snaplen 0x106 */
        {233, 1, "damaged in packet 4: it names an interface that the file does not "
                     "describe"},
        {256, 40, "damaged in packet 4: a block's two lengths differ"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint8_t at[sizeof pcapng_little];
        struct err err;
        memcpy(at, pcapng_little, sizeof at);
        assert_int_not_equal(at[cases[i].at], cases[i].value);
        at[cases[i].at] = cases[i].value;
        struct memory_file file = memory_file(at, sizeof at);
        read_all(file.path, &err);
        assert_int_equal(err.status, STATUS_USAGE);
        const char *said = strstr(err.message, ": ");
        assert_non_null(said);
        assert_string_equal(said + 2, cases[i].message);
        close(file.fd);
    }
}

/* Any byte, any value that sets or clears its bits: an answer or an error, never a crash. */
static void no_spoiled_byte_crashes_it(void **state)
{
    (void)state;
    static const struct {
        const uint8_t *at;
        size_t len;
    } files[] = {{pcapng_little, sizeof pcapng_little}, {pcapng_big, sizeof pcapng_big},
                 {pcap_little_micro, sizeof pcap_little_micro}};
    static const uint8_t values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    for (size_t i = 0; i < COUNT(files); i++) {
        struct memory_file file = memory_file(files[i].at, files[i].len);
        for (size_t at = 0; at < files[i].len; at++) {
            struct err err;
            for (size_t v = 0; v < COUNT(values); v++) {
                assert_int_equal(pwrite(file.fd, &values[v], 1, (off_t)at), 1);
                read_all(file.path, &err);
            }
            assert_int_equal(pwrite(file.fd, files[i].at + at, 1, (off_t)at), 1);
        }
        for (size_t len = files[i].len; len-- > 0;) {
            struct err err;
            assert_int_equal(ftruncate(file.fd, (off_t)len), 0);
            assert_true(read_all(file.path, &err) <= 4);
        }
        close(file.fd);
    }
}

/* A frame that claims to be shorter on the wire than what was captured of it is not cut. */
static void no_frame_is_longer_than_its_wire_length(void **state)
{
    (void)state;
    uint8_t at[sizeof pcap_big_nano];
    memcpy(at, pcap_big_nano, sizeof at);
    at[39] = 0;
    struct memory_file file = memory_file(at, sizeof at);
    struct reader *reader = must_open(file.path);
    assert_int_equal(must_read(reader).len, 4);
    must_end(reader);
    close(file.fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pcap_of_either_order_and_resolution),
        cmocka_unit_test(pcapng_with_every_kind_of_packet),
        cmocka_unit_test(a_new_section_has_its_own_order_and_interfaces),
        cmocka_unit_test(time_in_any_resolution),
        cmocka_unit_test(packets_of_a_pipe_come_one_by_one),
        cmocka_unit_test(what_is_no_capture_is_refused),
        cmocka_unit_test(a_file_that_may_not_be_read_is_refused),
        cmocka_unit_test(a_very_long_name_leaves_room_for_the_reason),
        cmocka_unit_test(a_cut_is_told_with_its_packet),
        cmocka_unit_test(lengths_that_cannot_be_end_the_reading),
        cmocka_unit_test(no_spoiled_byte_crashes_it),
        cmocka_unit_test(no_frame_is_longer_than_its_wire_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
