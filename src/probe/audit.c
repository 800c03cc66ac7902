/* audit.c: the first witness: the kernel's table of sockets, and who holds them. */
#include "audit_rows.h"

#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS_MOST = 4096 };

/* The twenty TCP ports that are found open most often: nmap's nmap-services, by open-frequency. */
static const uint16_t common[] = {21,  22,  23,  25,  53,  80,   110,  111,  135,  139,
                                  143, 443, 445, 993, 995, 1723, 3306, 3389, 5900, 8080};

struct audit *audit_new(const struct audit_wants *wants)
{
    struct audit *audit = calloc(1, sizeof *audit);
    if (!audit)
        abort();
    audit->wants = *wants;
    audit->signal_fd = -1;
    return audit;
}

void audit_free(struct audit *audit)
{
    if (!audit)
        return;
    for (size_t way = 0; way < AUDIT_WAYS; way++)
        if (audit->opened[way])
            exchange_close(&audit->exchanges[way]);
    sockets_close(audit->sockets);
    if (audit->signal_fd >= 0)
        close(audit->signal_fd);
    free(audit->rows);
    free(audit->holders);
    free(audit);
}

int audit_signal(const struct audit *audit)
{
    return audit->signal;
}

bool bound_to_any(const struct socket_info *socket)
{
    static const uint8_t zero[16];
    return memcmp(socket->addr, zero, sizeof zero) == 0;
}

/* --- rows ------------------------------------------------------------------------ */

static bool wanted(const struct audit *audit, uint16_t port)
{
    const struct ports *ports = audit->wants.ports;
    return !ports->count || ports->seen[port / 8] >> port % 8 & 1;
}

static struct audit_row *add_row(struct audit *audit, uint8_t proto, uint16_t port)
{
    if (audit->count == audit->cap) {
        audit->cap = audit->cap ? audit->cap * 2 : 64;
        audit->rows = realloc(audit->rows, audit->cap * sizeof *audit->rows);
        if (!audit->rows)
            abort();
    }
    struct audit_row *row = &audit->rows[audit->count++];
    *row = (struct audit_row){.proto = proto, .port = port};
    row->advice = advice_find(port, proto == IPPROTO_UDP ? OVER_UDP : OVER_TCP);
    return row;
}

/* A server, as far as the table can tell: TCP that listens, UDP that talks with nobody special. */
static bool serves(const struct socket_info *info, uint8_t proto)
{
    return info->port && info->state == (proto == IPPROTO_TCP ? TCP_LISTEN : TCP_CLOSE);
}

/* An IPv4 address that an IPv6 socket is bound to is one of IPv4 (RFC 4291, 2.5.5.2). */
static void unmap(struct socket_info *info)
{
    const struct in6_addr *addr = (const struct in6_addr *)info->addr;
    if (info->family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(addr))
        return;
    info->family = AF_INET;
    memmove(info->addr, info->addr + 12, 4);
    memset(info->addr + 4, 0, sizeof info->addr - 4);
}

static bool same_socket(const struct audit_row *row, const struct socket_info *info, uint8_t proto)
{
    const struct socket_info *has = &row->socket;
    return row->proto == proto && row->port == info->port && has->family == info->family &&
           has->interface == info->interface && has->uid == info->uid &&
           memcmp(has->addr, info->addr, sizeof has->addr) == 0;
}

/* Several with the same address are one row: programs share a port so (SO_REUSEPORT, socket(7)). */
static struct audit_row *find_row(struct audit *audit, const struct socket_info *info,
                                  uint8_t proto)
{
    for (size_t i = 0; i < audit->count; i++)
        if (same_socket(&audit->rows[i], info, proto))
            return &audit->rows[i];
    return NULL;
}

struct table {
    struct audit *audit;
    uint8_t proto;
};

static bool take_socket(void *context, const struct socket_info *info)
{
    struct table *table = context;
    struct audit *audit = table->audit;
    struct socket_info own = *info;
    if (!serves(info, table->proto) || !wanted(audit, info->port))
        return true;
    unmap(&own);
    if (find_row(audit, &own, table->proto))
        return true;
    audit->cut = audit->count >= ROWS_MOST;
    if (audit->cut)
        return false;
    struct audit_row *row = add_row(audit, table->proto, own.port);
    row->seen = true;
    row->socket = own;
    return true;
}

/* --- who holds them ------------------------------------------------------------------- */

static void find_holders(struct audit *audit)
{
    audit->holder_count = audit->count;
    audit->holders = calloc(audit->count ? audit->count : 1, sizeof *audit->holders);
    if (!audit->holders)
        abort();
    for (size_t i = 0; i < audit->count; i++)
        audit->holders[i].inode = audit->rows[i].socket.inode;
    processes_find(audit->holders, audit->holder_count, &audit->processes);
    for (size_t i = 0; i < audit->count; i++) {
        uint32_t inode = audit->rows[i].socket.inode;
        if (inode) /* the kernel's own may have none */
            audit->rows[i].holder = holder_find(audit->holders, audit->holder_count, inode);
    }
}

/* --- look ------------------------------------------------------------------------------ */

/* Has this version a loopback address to ask at? IPv6 can be switched off. */
static bool has_loopback(int family)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const void *addr = family == AF_INET6 ? (void *)&six : (void *)&four;
    int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool has = fd >= 0 && bind(fd, addr, family == AF_INET6 ? sizeof six : sizeof four) == 0;
    if (fd >= 0)
        close(fd);
    return has;
}

/* The ports that are asked over TCP whether or not a socket is in sight. */
static void add_unseen(struct audit *audit)
{
    const struct ports *ports = audit->wants.ports;
    size_t count = ports->count ? ports->count : sizeof common / sizeof common[0];
    for (size_t i = 0; i < count; i++)
        add_row(audit, IPPROTO_TCP, ports->count ? ports->each[i] : common[i]);
}

bool audit_look(struct audit *audit, struct err *err)
{
    int only = audit->wants.family;
    audit->four = only != AF_INET6 && has_loopback(AF_INET);
    audit->six = only != AF_INET && has_loopback(AF_INET6);
    audit->sockets = sockets_open(err);
    if (!audit->sockets)
        return false;
    for (size_t way = 0; way < AUDIT_WAYS; way++) {
        struct err own;
        struct table table = {audit, way_proto(way)};
        if (!only || only == way_family(way))
            audit->blind[way] = !sockets_each(audit->sockets, way_family(way), table.proto, 0, 0,
                                              take_socket, &table, &own);
    }
    find_holders(audit);
    add_unseen(audit);
    audit_plan(audit);
    return true;
}

/* --- look again --------------------------------------------------------------------------- */

struct again {
    const struct audit_row *row;
    bool found;
    struct socket_info socket;
};

static bool see_again(void *context, const struct socket_info *info)
{
    struct again *again = context;
    struct socket_info own = *info;
    unmap(&own);
    if (!serves(info, again->row->proto) ||
        (again->row->seen && !same_socket(again->row, &own, again->row->proto)))
        return true;
    again->found = true;
    again->socket = own;
    return false;
}

/* As the kernel counts: one more than the backlog may wait (sk_acceptq_is_full()). */
static bool queue_full(const struct socket_info *socket, uint8_t proto)
{
    return proto == IPPROTO_TCP && socket->receive_queue > socket->send_queue;
}

void audit_look_again(struct audit *audit, struct audit_row *row)
{
    struct again again = {.row = row};
    struct err err;
    bool told = true;
    for (int i = 0; i < 2 && told && !again.found; i++)
        told = sockets_each(audit->sockets, i ? AF_INET6 : AF_INET, row->proto, row->port, 0,
                            see_again, &again, &err);
    row->gone = told && row->seen && !again.found;
    row->came = told && !row->seen && again.found;
    row->full = again.found && queue_full(&again.socket, row->proto);
    if (again.found)
        row->socket = again.socket;
}
