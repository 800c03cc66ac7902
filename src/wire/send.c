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

struct sender {
    int family;
    bool exact;    /* a socket of lo's link, not of IP */
    libnet_t *net; /* its descriptor is the raw socket */
};

struct sender *sender_open(int family, bool exact, struct err *err)
{
    static const char lo[] = "lo";
    char why[LIBNET_ERRBUF_SIZE] = "";
    int type = exact ? LIBNET_LINK_ADV : family == AF_INET6 ? LIBNET_RAW6_ADV : LIBNET_RAW4_ADV;
    struct sender *sender = calloc(1, sizeof *sender);
    if (!sender) {
        err_system(err, "can't open a raw socket");
        return NULL;
    }
    *sender = (struct sender){
        .family = family, .exact = exact, .net = libnet_init(type, lo, why)};
    if (!sender->net) {
        /* libnet's line ends with a newline. */
        err_set(err, STATUS_SYSTEM, "can't open a raw socket (%.*s): "
                "run it with sudo, or add -S to use the sandbox",
                (int)strcspn(why, "\n"), why);
        sender_close(sender);
        return NULL;
    }
    /* libnet 1.1.6 binds RAW6 to its device, but not RAW4. Once more does no harm. */
    int fd = libnet_getfd(sender->net);
    if ((!exact && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, lo, sizeof lo) != 0) ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
        err_system(err, "can't bind the raw socket to lo");
        sender_close(sender);
        return NULL;
    }
    return sender;
}

void sender_close(struct sender *sender)
{
    if (!sender)
        return;
    if (sender->net)
        libnet_destroy(sender->net);
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
    if (count > SEND_BATCH_MOST || sender->exact)
        return err_set(err, STATUS_SYSTEM, "%zu packets at once: too many, or not for the link", count);
    for (size_t i = 0; i < count; i++) {
        socklen_t to_len;
        if (!guard_check(packets[i], &parcels[i].to, &to_len, err))
            return false;
        if (parcels[i].to.ss_family != sender->family)
            return refuse_family(sender, err);
        messages[i].msg_hdr = parcel_header(&parcels[i], packets[i], to_len);
    }
    int fd = libnet_getfd(sender->net), tries = 0;
    for (size_t done = 0; done < count;) {
        int sent = sendmmsg(fd, messages + done, (unsigned)(count - done), MSG_DONTWAIT);
        if (sent < 0 && errno == EPERM) {
            ++*withheld;
            done++;
        } else if (sent < 0 && passing(errno) && ++tries < TRIES) {
            wait_for_room(fd, errno);
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
    int sent = libnet_adv_write_link(sender->net, frame, len);
    if (sent != (int)len)
        return err_set(err, STATUS_SYSTEM, "lo's link did not take the packet of %zu bytes: %.*s",
                       packet.len, (int)strcspn(libnet_geterror(sender->net), "\n"),
                       libnet_geterror(sender->net));
    return true;
}

bool send_packet(struct sender *sender, struct bytes packet, struct err *err)
{
    return sender->exact ? send_link(sender, packet, err) : send_ip(sender, packet, err);
}
