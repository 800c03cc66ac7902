/*
 * sockets.c: the kernel's table of sockets, by netlink (sock_diag(7), inet_diag).
 *
 * Two questions: a dump of all that have these ports, and a look-up of the one that a packet
 * with these addresses and ports would meet, as the kernel itself looks it up (inet_lookup).
 */
#include <loopcraft/sockets.h>

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct sockets {
    struct mnl_socket *netlink;
    uint32_t sequence; /* of the last request */
};

struct sockets *sockets_open(struct err *err)
{
    struct sockets *s = calloc(1, sizeof *s);
    if (s)
        s->netlink = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
    if (!s || !s->netlink || mnl_socket_bind(s->netlink, 0, MNL_SOCKET_AUTOPID) != 0) {
        err_system(err, "can't ask the kernel for its sockets");
        sockets_close(s);
        return NULL;
    }
    return s;
}

void sockets_close(struct sockets *s)
{
    if (!s)
        return;
    if (s->netlink)
        mnl_socket_close(s->netlink);
    free(s);
}

/* What sockets_each() was asked for, beside the answers. */
struct question {
    uint16_t port, peer_port; /* host order; 0: any */
    bool dump;                /* several answers and an end, or one answer */
    bool (*each)(void *context, const struct socket_info *info);
    void *context;
    bool stopped;             /* each() has heard enough: the rest is read and passed over */
};

/* Whether a listener of IPv6 takes no IPv4: told in an attribute, with listeners only. */
static int v6_only(const struct nlattr *attribute, void *data)
{
    bool *only = data;
    if (mnl_attr_get_type(attribute) == INET_DIAG_SKV6ONLY &&
        mnl_attr_validate(attribute, MNL_TYPE_U8) == 0)
        *only = mnl_attr_get_u8(attribute);
    return MNL_CB_OK;
}

static int answer(const struct nlmsghdr *header, void *data)
{
    struct question *question = data;
    const struct inet_diag_msg *msg = mnl_nlmsg_get_payload(header);
    if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
        mnl_nlmsg_get_payload_len(header) < sizeof *msg || question->stopped)
        return MNL_CB_OK;
    struct socket_info info = {
        .family = msg->idiag_family,
        .state = msg->idiag_state,
        .retransmits = msg->idiag_retrans,
        .port = ntohs(msg->id.idiag_sport),
        .peer_port = ntohs(msg->id.idiag_dport),
        .receive_queue = msg->idiag_rqueue,
        .send_queue = msg->idiag_wqueue,
        .uid = msg->idiag_uid,
        .inode = msg->idiag_inode,
        .interface = msg->id.idiag_if,
    };
    memcpy(info.addr, msg->id.idiag_src, sizeof info.addr);
    memcpy(info.peer_addr, msg->id.idiag_dst, sizeof info.peer_addr);
    mnl_attr_parse(header, sizeof *msg, v6_only, &info.v6_only);
    /* Not every table of the kernel's picks by port. */
    if ((question->port && info.port != question->port) ||
        (question->peer_port && info.peer_port != question->peer_port))
        return MNL_CB_OK;
    question->stopped = !question->each(question->context, &info);
    return MNL_CB_OK;
}

static bool ask(struct sockets *s, int family, int proto, const struct inet_diag_sockid *id,
                uint16_t flags)
{
    char buffer[256] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
    header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
    header->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    header->nlmsg_seq = ++s->sequence;
    struct inet_diag_req_v2 *request = mnl_nlmsg_put_extra_header(header, sizeof *request);
    *request = (struct inet_diag_req_v2){
        .sdiag_family = (uint8_t)family,
        .sdiag_protocol = (uint8_t)proto,
        .idiag_states = UINT32_MAX, /* TCP_NEW_SYN_RECV, and states yet to come, included */
        .id = *id,
    };
    return mnl_socket_sendto(s->netlink, header, header->nlmsg_len) >= 0;
}

/* Reads the answers: of a dump to its end, of a look-up the one, or the error instead of it. */
static bool hear(struct sockets *s, struct question *question)
{
    char buffer[32768] __attribute__((aligned(NLMSG_ALIGNTO))); /* what a dump's parts fit in */
    unsigned portid = mnl_socket_get_portid(s->netlink);
    int more = MNL_CB_OK;
    do {
        ssize_t len = mnl_socket_recvfrom(s->netlink, buffer, sizeof buffer);
        if (len < 0 && errno == EINTR)
            continue;
        more = len < 0 ? MNL_CB_ERROR
                       : mnl_cb_run(buffer, (size_t)len, s->sequence, portid, answer, question);
    } while (more == MNL_CB_OK && question->dump);
    return more != MNL_CB_ERROR;
}

bool sockets_each(struct sockets *s, int family, int proto, uint16_t port, uint16_t peer_port,
                  bool (*each)(void *context, const struct socket_info *info), void *context,
                  struct err *err)
{
    struct question question = {port, peer_port, true, each, context, false};
    struct inet_diag_sockid id = {
        .idiag_sport = htons(port), .idiag_dport = htons(peer_port),
        .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}};
    if (!ask(s, family, proto, &id, NLM_F_DUMP) || !hear(s, &question))
        return err_system(err, "the kernel does not tell its sockets");
    return true;
}

const char *socket_state_name(uint8_t state)
{
    static const char *const names[] = {
        [TCP_ESTABLISHED] = "ESTABLISHED", [TCP_SYN_SENT] = "SYN-SENT",
        [TCP_SYN_RECV] = "SYN-RECV",       [TCP_FIN_WAIT1] = "FIN-WAIT-1",
        [TCP_FIN_WAIT2] = "FIN-WAIT-2",    [TCP_TIME_WAIT] = "TIME-WAIT",
        [TCP_CLOSE] = "CLOSED",            [TCP_CLOSE_WAIT] = "CLOSE-WAIT",
        [TCP_LAST_ACK] = "LAST-ACK",       [TCP_LISTEN] = "LISTEN",
        [TCP_CLOSING] = "CLOSING",
        [12] = "SYN-RECV", /* TCP_NEW_SYN_RECV: a request, not a socket yet */
        [13] = "BOUND",    /* TCP_BOUND_INACTIVE, Linux 6.8: a port and no more */
    };
    if (state >= sizeof names / sizeof names[0] || !names[state])
        return "";
    return names[state];
}

/* --- the server's side of one connection ------------------------------------ */

static bool remember_state(void *context, const struct socket_info *info)
{
    *(uint8_t *)context = info->state;
    return false;
}

const char *sockets_server_state(struct sockets *s, const struct socket_pair *pair)
{
    uint8_t state = 0;
    struct question question = {.each = remember_state, .context = &state};
    struct inet_diag_sockid id = {
        .idiag_sport = htons(pair->port), .idiag_dport = htons(pair->peer_port),
        .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}};
    memcpy(id.idiag_src, pair->addr, sizeof id.idiag_src);
    memcpy(id.idiag_dst, pair->peer_addr, sizeof id.idiag_dst);
    if (!ask(s, pair->family, IPPROTO_TCP, &id, 0) || !hear(s, &question))
        return ""; /* ENOENT: there is no such socket */
    return socket_state_name(state);
}
