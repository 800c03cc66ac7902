/*
 * wire.h: all that needs privilege, opened in one place and then given up.
 *
 *     world_enter()  host or sandbox
 *     wire_open()    raw socket, capture, shield; then the capabilities are dropped
 *     send_packet()  through the guard
 *     capture_next() what comes back
 *     wire_close()
 */
#ifndef LOOPCRAFT_WIRE_H
#define LOOPCRAFT_WIRE_H

#include <loopcraft/err.h>
#include <loopcraft/event.h>
#include <loopcraft/frame.h>
#include <loopcraft/witness.h>

#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>

/* --- where it happens ------------------------------------------------------ */

enum where {
    WHERE_DEFAULT, /* the host with privilege, else the sandbox */
    WHERE_SANDBOX, /* -S */
    WHERE_HOST,    /* --host; without privilege STATUS_SYSTEM */
    WHERE_ANYWAY   /* the host, with privilege or without; the sandbox when already inside */
};

struct world {
    bool sandbox;
    bool privileged; /* may send and capture there */
    char place[160]; /* a line for people: "in a sandbox of its own: ..." */
};

/*
 * Decides and, for the sandbox, enters it (sandbox.h). To be called before any socket or
 * thread is opened. Privilege means CAP_NET_RAW and CAP_NET_ADMIN in effect.
 */
bool world_enter(enum where where, struct world *world, struct err *err);

/* The same; a sandbox of its own can be joined by others (-S) while this process runs. */
bool world_enter_joinable(enum where where, struct world *world, struct err *err);

/* --- privilege ------------------------------------------------------------- */

/* How packets are captured. */
enum capture_profile {
    CAPTURE_EXCHANGE,    /* each at once, whole: to be shown as it comes */
    CAPTURE_SWEEP,       /* very many, in blocks: their beginnings, a millisecond late */
    CAPTURE_SWEEP_WHOLE, /* the same, each with all its bytes */
    CAPTURE_WATCH        /* as the one before, ten milliseconds late: fuller blocks, so more room */
};

struct wants {
    int family;          /* AF_INET or AF_INET6 */
    bool send;           /* a raw socket */
    bool exact;          /* at the link, where the kernel fills in nothing (sandbox_open_link()) */
    bool capture;        /* libpcap on lo */
    enum capture_profile profile;
    unsigned buffer;     /* bytes for captured packets; 0: what suits the profile */
    bool reserve;        /* a source port, 61000-61999, reserved by bind() */
    bool datagram;       /* of UDP, not of TCP: the kernel then answers no datagram to it with
                            port unreachable, though nobody ever reads them */
    struct in_addr source; /* IPv4: our address, where the port is reserved; 0.0.0.0: 127.0.0.1 */
    bool shield;         /* drop, at input, every TCP segment to that port, so that the
                            kernel does not reset a connection it knows nothing of */
    bool witness;        /* the kernel's counters and reasons for drops, as far as they can be had */
    uint16_t port;       /* reserve this one; 0: choose, skipping ports in TIME-WAIT */
    bool keep;           /* privilege, for another wire is opened after this one */
};

struct wire {
    struct sender *sender;   /* NULL when not wanted; likewise the others */
    struct capture *capture;
    struct ruleset *shield;
    struct witness *witness;
    struct sockets *sockets; /* the kernel's table of them; always there */
    uint16_t port;           /* the reserved source port, host order */
    int port_fd;             /* its bound socket, or -1 */
};

/*
 * Opens all that is wanted, the capture before anything could be sent, then drops every
 * capability and sets no_new_privs: nothing later in the process needs privilege, and
 * foreign bytes are parsed only after. On failure nothing stays open. With wants->keep they are
 * kept: the caller opens another wire at once, or calls privilege_drop().
 */
bool wire_open(struct wire *wire, const struct wants *wants, struct err *err);
void wire_close(struct wire *wire);

/* Gives the reserved port back before the rest. */
void wire_release_port(struct wire *wire);

/* Drops every capability for good (capabilities(7), no_new_privs): for commands that open nothing. */
bool privilege_drop(struct err *err);

/* --- send ------------------------------------------------------------------ */

/*
 * Sends a finished IPv4 or IPv6 packet, if guard_check() lets it pass; a sender of exact bytes puts
 * them on lo's link behind a header of the sender's own family, if guard_check_exact() does.
 */
bool send_packet(struct sender *sender, struct bytes packet, struct err *err);

enum { SEND_BATCH_MOST = 64 };

/*
 * Sends several (at most SEND_BATCH_MOST) in one go, each through guard_check(); none goes if the
 * guard refuses one. *withheld counts those that a firewall of this machine kept from being sent.
 * May be called from several threads at once.
 */
bool send_batch(struct sender *sender, const struct bytes *packets, size_t count,
                unsigned *withheld, struct err *err);

/* --- capture --------------------------------------------------------------- */

enum capture_result {
    CAPTURE_FRAME,   /* *frame is filled in; its bytes are valid until the next call */
    CAPTURE_TIMEOUT, /* the deadline passed */
    CAPTURE_OTHER,   /* other_fd became readable (a signalfd, a socket) */
    CAPTURE_FAILED   /* *err is filled in */
};

/*
 * Waits for the next frame on lo until `deadline` (clock_now()'s nanoseconds). Each
 * loopback packet comes once, its time in whole microseconds, link type Ethernet, number 1, 2, 3 ...;
 * direction is DIRECTION_UNKNOWN: who sent it is for the caller to tell. other_fd -1: none.
 * Frames come before CAPTURE_OTHER, and both before CAPTURE_TIMEOUT.
 */
enum capture_result capture_next(struct capture *capture, int64_t deadline, int other_fd,
                                 struct frame *frame, struct err *err);

/* Sets a libpcap filter expression on what is captured from now on; needs no privilege. */
bool capture_filter(struct capture *capture, const char *expression, struct err *err);

/* Frames that the kernel had no room for since the capture was opened (ps_drop). */
unsigned capture_dropped(struct capture *capture);

/* --- capture files --------------------------------------------------------- */

struct reader;

/*
 * Opens a pcap or pcapng file, or standard input for "-" (a pipe, not a terminal), but
 * does not read it yet. NULL and *err (STATUS_USAGE) on failure.
 */
struct reader *reader_open(const char *path, struct err *err);

/* Do packets come when they happen, as through a pipe? A file has all of them already. */
bool reader_is_live(const struct reader *reader);

/*
 * Reads its beginning and tells pcap from pcapng: once, before reader_next(). These are the
 * first foreign bytes, and by now privilege can be given up. STATUS_USAGE when it is no capture.
 */
bool reader_start(struct reader *reader, struct err *err);

/*
 * The next frame: CAPTURE_FRAME, CAPTURE_TIMEOUT at the end of the file, or CAPTURE_FAILED
 * (STATUS_USAGE) when the rest can't be read: cut short, absurd lengths. Never waits for more
 * than the frame's own bytes. Several comments are joined by "; "; time_ns is 0 where the
 * file has none (pcapng's simple packets).
 */
enum capture_result reader_next(struct reader *reader, struct frame *frame, struct err *err);
void reader_close(struct reader *reader);

/* --- capture filters ------------------------------------------------------- */

struct packet_filter;

/*
 * libpcap's filter (pcap-filter(7)) for packets from a file. Names of hosts and networks are
 * refused: looking one up could send packets. NULL and *err (STATUS_USAGE) on failure.
 */
struct packet_filter *packet_filter_open(const char *expression, struct err *err);
void packet_filter_close(struct packet_filter *filter);

/* Does it select the frame? False and *err when it does not work on the frame's link type. */
bool packet_filter_match(struct packet_filter *filter, const struct frame *frame, bool *selected,
                         struct err *err);

/* --- output ---------------------------------------------------------------- */

/*
 * A sink that writes each packet to a pcapng file, or standard output for "-", with its
 * title and note as the packet's comment. Opened with the ids of sudo's caller, so that
 * the file is theirs. Flushed after each packet, so that a reader of the pipe sees it live.
 * The file's header is written at once: a full disk is told before anything is sent. When
 * the reader of a pipe has gone, err.quiet is set and err.status is STATUS_DONE.
 */
struct sink *pcapng_sink(const char *path, struct err *err);

/* Opens a file for writing with the ids of sudo's caller (SUDO_UID, SUDO_GID). NULL and *err on failure. */
FILE *output_open(const char *path, struct err *err);

#endif
