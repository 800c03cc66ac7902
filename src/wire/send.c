/* send.c: the one file that writes to a raw socket, and nothing that the guard refused. */
#include "live.h"

#include <loopcraft/guard.h>

#include <errno.h>
#include <fcntl.h>
#include <libnet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct sender {
    int family;
    int fd;         /* the raw socket, below 0 when there is none */
    libnet_t *link; /* libnet's socket of lo's link, to send exact bytes; else NULL */
};

/*
 * Not libnet_init(LIBNET_RAW4): 1.1.6 tries 6,529 sizes of send buffer (libnet_open_raw4()), and a
 * processor that is busy with them keeps the kernel's RCU, and so the capture that is opened and
 * closed meanwhile, waiting: 8 of 48 ms of a whole `syn`. IPPROTO_RAW says that the header is ours
 * (raw(7), ipv6(7)).
 */
static bool open_raw(struct sender *sender, struct err *err)
{
    static const char lo[] = "lo";
    int on = 1;
    sender->fd = socket(sender->family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
    if (sender->fd < 0)
        return err_system(err, "can't open a raw socket; run it with sudo, or add -S to use the "
                               "sandbox");
    /* 127.255.255.255 is loopback too, and lo's broadcast address (socket(7)). */
    return (setsockopt(sender->fd, SOL_SOCKET, SO_BINDTODEVICE, lo, sizeof lo) == 0 &&
            setsockopt(sender->fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) == 0) ||
           err_system(err, "can't make the raw socket one of lo alone");
}

static bool open_link(struct sender *sender, struct err *err)
{
    char why[LIBNET_ERRBUF_SIZE] = "";
    sender->link = libnet_init(LIBNET_LINK_ADV, "lo", why);
    if (!sender->link) /* libnet's line ends with a newline */
        return err_set(err, STATUS_SYSTEM, "can't open lo's link (%.*s): run it with sudo, or add "
                       "-S to use the sandbox", (int)strcspn(why, "\n"), why);
    return fcntl(libnet_getfd(sender->link), F_SETFD, FD_CLOEXEC) == 0 ||
           err_system(err, "can't keep lo's link to this program");
}

struct sender *sender_open(int family, bool exact, struct err *err)
{
    struct sender *sender = calloc(1, sizeof *sender);
    if (!sender) {
        err_system(err, "can't open a raw socket");
        return NULL;
    }
    *sender = (struct sender){.family = family, .fd = -1};
    if (exact ? open_link(sender, err) : open_raw(sender, err))
        return sender;
    sender_close(sender);
    return NULL;
}

void sender_close(struct sender *sender)
{
    if (!sender)
        return;
    if (sender->fd >= 0)
        close(sender->fd);
    if (sender->link)
        libnet_destroy(sender->link);
    free(sender);
}

/* Does sending again help, once the kernel has had a moment? */
static bool passing(int error)
{
    return error == EAGAIN || error == ENOBUFS || error == EINTR;
}

/* Waits until there may be room again. */
static void wait_for_room(int fd, int error)
{
    enum { WAIT_MS = 10 };
    struct pollfd room = {.fd = fd, .events = error == EAGAIN ? POLLOUT : 0};
    poll(&room, 1, WAIT_MS);
}

/* A packet of a batch, and where it goes. */
struct parcel {
    struct sockaddr_storage to;
    struct iovec bytes;
};

static struct msghdr parcel_header(struct parcel *parcel, struct bytes packet, socklen_t to_len)
{
    parcel->bytes = (struct iovec){(void *)(uintptr_t)packet.at, packet.len};
    return (struct msghdr){.msg_name = &parcel->to,
                           .msg_namelen = to_len,
                           .msg_iov = &parcel->bytes,
                           .msg_iovlen = 1};
}

static bool refuse_family(const struct sender *sender, struct err *err)
{
    return err_set(err, STATUS_SYSTEM, "an IPv%c packet can't go through this raw socket: "
                   "it was opened for the other version", sender->family == AF_INET ? '6' : '4');
}

bool send_batch(struct sender *sender, const struct bytes *packets, size_t count,
                unsigned *withheld, struct err *err)
{
    enum { TRIES = 100 };
    struct parcel parcels[SEND_BATCH_MOST];
    struct mmsghdr messages[SEND_BATCH_MOST];
    if (count > SEND_BATCH_MOST || sender->link)
        return err_set(err, STATUS_SYSTEM, "%zu packets at once: too many, or not for the link",
                       count);
    for (size_t i = 0; i < count; i++) {
        socklen_t to_len;
        if (!guard_check(packets[i], &parcels[i].to, &to_len, err))
            return false;
        if (parcels[i].to.ss_family != sender->family)
            return refuse_family(sender, err);
        messages[i].msg_hdr = parcel_header(&parcels[i], packets[i], to_len);
    }
    int tries = 0;
    for (size_t done = 0; done < count;) {
        int sent = sendmmsg(sender->fd, messages + done, (unsigned)(count - done), MSG_DONTWAIT);
        if (sent < 0 && errno == EPERM) {
            ++*withheld;
            done++;
        } else if (sent < 0 && passing(errno) && ++tries < TRIES) {
            wait_for_room(sender->fd, errno);
        } else if (sent < 0) {
            return err_system(err, "the kernel did not send the packet of %zu bytes",
                              packets[done].len);
        }
        for (; sent > 0; sent--, done++, tries = 0)
            if (messages[done].msg_len != packets[done].len)
                return err_set(err, STATUS_SYSTEM, "the kernel sent %u of the packet's %zu bytes",
                               messages[done].msg_len, packets[done].len);
    }
    return true;
}

static bool send_ip(struct sender *sender, struct bytes packet, struct err *err)
{
    unsigned withheld = 0;
    if (!send_batch(sender, &packet, 1, &withheld, err))
        return false;
    errno = EPERM;
    return !withheld || err_system(err, "a firewall of this machine keeps the packet from being "
                                        "sent (see nft list ruleset)");
}

/* lo's header is Ethernet's with zero addresses (LINUX-FACTS); libnet names lo in each call. */
static bool send_link(struct sender *sender, struct bytes packet, struct err *err)
{
    uint8_t frame[LIBNET_ETH_H + 65535] = {0};
    uint16_t type = sender->family == AF_INET6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP;
    if (!guard_check_exact(packet, sender->family, err))
        return false;
    if (packet.len > sizeof frame - LIBNET_ETH_H)
        return err_set(err, STATUS_USAGE, "%zu bytes are more than a packet has", packet.len);
    frame[LIBNET_ETH_H - 2] = (uint8_t)(type >> 8);
    frame[LIBNET_ETH_H - 1] = (uint8_t)type;
    memcpy(frame + LIBNET_ETH_H, packet.at, packet.len);
    uint32_t len = (uint32_t)(LIBNET_ETH_H + packet.len);
    int sent = libnet_adv_write_link(sender->link, frame, len);
    if (sent != (int)len)
        return err_set(err, STATUS_SYSTEM, "lo's link did not take the packet of %zu bytes: %.*s",
                       packet.len, (int)strcspn(libnet_geterror(sender->link), "\n"),
                       libnet_geterror(sender->link));
    return true;
}

bool send_packet(struct sender *sender, struct bytes packet, struct err *err)
{
    return sender->link ? send_link(sender, packet, err) : send_ip(sender, packet, err);
}
