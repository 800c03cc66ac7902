/* capture.c: libpcap on lo: all that passes, at once, each packet one time. */
#include "live.h"

#include <loopcraft/clock.h>
#include <loopcraft/text.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct capture {
    pcap_t *pcap;
    int fd;         /* to be polled; libpcap's */
    uint64_t count; /* frames handed out */
};

/* Fills in *err with libpcap's words, made safe to print; returns false. */
static bool capture_error(struct err *err, enum status status, const char *what, const char *why)
{
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)why, strlen(why)});
    err_set(err, status, "%s: %s", what, text_string(&safe));
    text_free(&safe);
    return false;
}

/*
 * How each profile captures. In immediate mode a frame takes a slot of about 64 KB, however small
 * it is, as lo's MTU is that: 32 MiB hold a burst of 512 (measured: with 16 MiB, 144 of 400 packets
 * were lost). libpcap rounds each slot up to 128 KiB, so the kernel gives twice that memory. In
 * block mode (TPACKET_V3) frames stand close together: 8 MiB hold some 50,000 answers.
 * Times are in microseconds: for finer ones libpcap has the kernel stamp every packet of the
 * machine (SO_TIMESTAMPNS), and to switch that on costs 5 ms, more than 100 round trips on lo.
 */
static const struct {
    int snaplen, buffer, block_ms; /* block_ms 0: immediate mode */
} profiles[] = {
    [CAPTURE_EXCHANGE] = {262144, 32 << 20, 0},
    [CAPTURE_SWEEP] = {160, 8 << 20, 1}, /* an ICMPv6 error with the headers it quotes: 122 */
    [CAPTURE_SWEEP_WHOLE] = {262144, 32 << 20, 1},
    [CAPTURE_WATCH] = {262144, 64 << 20, 10}, /* while its reader is behind; measured: blocks of 1 ms are mostly empty */
};

static void capture_options(struct capture *capture, enum capture_profile profile, unsigned buffer)
{
    int size = buffer ? (int)buffer : profiles[profile].buffer;
    pcap_set_snaplen(capture->pcap, profiles[profile].snaplen);
    pcap_set_buffer_size(capture->pcap, size);
    if (profiles[profile].block_ms)
        pcap_set_timeout(capture->pcap, profiles[profile].block_ms);
    else
        pcap_set_immediate_mode(capture->pcap, 1);
}

/*
 * AF_PACKET sees a loopback packet twice, going out and coming in. libpcap hides the first,
 * but only after it took a slot; this way it takes none (packet(7), Linux 4.20).
 */
static void capture_once_each(int fd)
{
    int on = 1;
    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);
}

static bool capture_start(struct capture *capture, enum capture_profile profile, unsigned buffer,
                          struct err *err)
{
    char why[PCAP_ERRBUF_SIZE] = "";
    capture->pcap = pcap_create("lo", why);
    if (!capture->pcap)
        return capture_error(err, STATUS_SYSTEM, "can't capture on lo", why);
    capture_options(capture, profile, buffer);
    int result = pcap_activate(capture->pcap);
    if (result == PCAP_ERROR_PERM_DENIED)
        return err_set(err, STATUS_SYSTEM, "can't capture on lo without privilege: "
                       "run it with sudo, or add -S to use the sandbox");
    if (result == PCAP_ERROR_IFACE_NOT_UP)
        return err_set(err, STATUS_SYSTEM, "can't capture on lo, it is down: ip link set lo up");
    if (result < 0)
        return capture_error(err, STATUS_SYSTEM, "can't capture on lo", pcap_geterr(capture->pcap));
    if (pcap_datalink(capture->pcap) != DLT_EN10MB)
        return err_set(err, STATUS_SYSTEM, "lo gives frames that are not Ethernet (link type %d): "
                       "this is not a Linux loopback", pcap_datalink(capture->pcap));
    capture->fd = pcap_get_selectable_fd(capture->pcap);
    if (pcap_setnonblock(capture->pcap, 1, why) != 0 || capture->fd < 0)
        return capture_error(err, STATUS_SYSTEM, "can't wait for frames on lo", why);
    capture_once_each(capture->fd);
    if (fcntl(capture->fd, F_SETFD, FD_CLOEXEC) != 0)
        return err_system(err, "can't capture on lo");
    return true;
}

struct capture *capture_open(enum capture_profile profile, unsigned buffer, struct err *err)
{
    struct capture *capture = calloc(1, sizeof *capture);
    if (!capture)
        err_system(err, "can't capture on lo");
    else if (capture_start(capture, profile, buffer, err))
        return capture;
    capture_close(capture);
    return NULL;
}

void capture_close(struct capture *capture)
{
    if (!capture)
        return;
    if (capture->pcap)
        pcap_close(capture->pcap);
    free(capture);
}

/* The next frame that is there already: 1, 0 when there is none, below 0 on failure. */
static int capture_read(struct capture *capture, struct frame *frame)
{
    struct pcap_pkthdr *header;
    const uint8_t *at;
    int result = pcap_next_ex(capture->pcap, &header, &at);
    if (result != 1)
        return result;
    *frame = (struct frame){
        .number = ++capture->count,
        .time_ns = header->ts.tv_sec * CLOCK_SECOND + header->ts.tv_usec * 1000,
        .direction = DIRECTION_UNKNOWN,
        .linktype = LINKTYPE_ETHERNET,
        .len = header->len,
        .bytes = {at, header->caplen},
    };
    return 1;
}

enum capture_result capture_next(struct capture *capture, int64_t deadline, int other_fd,
                                 struct frame *frame, struct err *err)
{
    bool other = false, late = false;
    for (;;) {
        int result = capture_read(capture, frame);
        if (result == 1)
            return CAPTURE_FRAME;
        if (result < 0) {
            capture_error(err, STATUS_SYSTEM, "the capture on lo failed",
                          pcap_geterr(capture->pcap));
            return CAPTURE_FAILED;
        }
        if (other)
            return CAPTURE_OTHER;
        if (late)
            return CAPTURE_TIMEOUT;
        int64_t left = deadline - clock_now();
        if (left < 0)
            left = 0;
        struct timespec wait = {left / CLOCK_SECOND, left % CLOCK_SECOND};
        struct pollfd fds[2] = {{.fd = capture->fd, .events = POLLIN},
                                {.fd = other_fd, .events = POLLIN}}; /* -1 is passed over */
        int ready = ppoll(fds, 2, &wait, NULL);
        if (ready < 0 && errno != EINTR) {
            err_system(err, "can't wait for frames on lo");
            return CAPTURE_FAILED;
        }
        other = ready > 0 && fds[1].revents;
        late = clock_now() >= deadline;
    }
}

bool capture_filter(struct capture *capture, const char *expression, struct err *err)
{
    struct bpf_program program;
    if (pcap_compile(capture->pcap, &program, expression, 1, PCAP_NETMASK_UNKNOWN) != 0)
        return capture_error(err, STATUS_USAGE, "not a capture filter (see pcap-filter(7))",
                             pcap_geterr(capture->pcap));
    bool set = pcap_setfilter(capture->pcap, &program) == 0;
    pcap_freecode(&program);
    if (!set)
        return capture_error(err, STATUS_SYSTEM, "can't set the capture filter",
                             pcap_geterr(capture->pcap));
    return true;
}

unsigned capture_dropped(struct capture *capture)
{
    struct pcap_stat stat;
    return pcap_stats(capture->pcap, &stat) == 0 ? stat.ps_drop : 0;
}
