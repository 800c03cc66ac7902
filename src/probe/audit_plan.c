/* audit_plan.c: at which addresses a port is asked, and which are left alone. */
#include "audit_rows.h"

#include <loopcraft/guard.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

/*
 * UDP ports whose programs write down, or act upon, whatever comes: an empty datagram would be a
 * line in a log, or an alarm.
 */
static const uint16_t touchy[] = {67,  68,  69,  88,   161,  162,  464,  500,  514,  546,
                                  547, 623, 853, 1194, 1701, 1812, 1813, 4500, 5060, 6514};

enum { LENT_FROM = 32768 /* ip(7), ip_local_port_range: ports that programs get to ask from */ };

static bool is_touchy(uint16_t port)
{
    for (size_t i = 0; i < sizeof touchy / sizeof touchy[0]; i++)
        if (touchy[i] == port)
            return true;
    return false;
}

/* Why nothing is sent to the row's port, or NULL. */
static const char *leave_alone(const struct audit *audit, const struct audit_row *row)
{
    char name[IF_NAMESIZE] = "";
    if (row->socket.interface &&
        (!if_indextoname(row->socket.interface, name) || strcmp(name, "lo") != 0))
        return "it is bound to another interface than lo, by which nothing of ours comes";
    if (row->proto == IPPROTO_TCP)
        return NULL;
    if (!audit->wants.handmade)
        return "a datagram by hand needs privilege";
    if (is_touchy(row->port))
        return "such a program writes down, or acts upon, whatever comes";
    if (row->port >= LENT_FROM && !row->advice)
        return "most likely a client that waits for an answer: it is left in peace";
    return NULL;
}

static void add_ask(struct audit_row *row, int family, const char *addr)
{
    if (row->ask_count == PORT_ASKED_MOST)
        return;
    struct audit_ask *ask = &row->asks[row->ask_count++];
    ask->family = family;
    snprintf(ask->addr, sizeof ask->addr, "%s", addr);
}

/* Is some socket of the port's asked at this address already? */
static bool asked_there(const struct audit *audit, const struct audit_row *row, const char *addr)
{
    for (size_t i = 0; i < audit->count; i++) {
        const struct audit_row *other = &audit->rows[i];
        if (other == row || other->port != row->port || other->proto != row->proto)
            continue;
        for (size_t k = 0; k < other->ask_count; k++)
            if (strcmp(other->asks[k].addr, addr) == 0)
                return true;
    }
    return false;
}

/*
 * A socket that has all addresses is asked at one that no other socket of the port has for itself:
 * all of 127.0.0.0/8 is loopback, of IPv6 one address alone.
 */
static void plan_any(const struct audit *audit, struct audit_row *row, int family)
{
    char addr[INET6_ADDRSTRLEN] = "::1";
    unsigned most = family == AF_INET ? 9 : 1;
    for (unsigned i = 1; i <= most; i++) {
        if (family == AF_INET)
            snprintf(addr, sizeof addr, "127.0.0.%u", i);
        if (!asked_there(audit, row, addr)) {
            add_ask(row, family, addr);
            return;
        }
    }
}

/* Where the socket is bound to one address: there, if the guard lets it pass. */
static void plan_one(const struct audit *audit, struct audit_row *row)
{
    char addr[INET6_ADDRSTRLEN] = "";
    struct sockaddr_storage to;
    struct err err;
    inet_ntop(row->socket.family, row->socket.addr, addr, sizeof addr);
    if (asked_there(audit, row, addr))
        row->unasked = "another socket has the same address";
    else if (guard_target(addr, row->socket.family, &to, &err))
        add_ask(row, row->socket.family, addr);
    else
        row->unasked = "its address is not loopback, and nothing is sent anywhere else";
}

static bool has(const struct audit *audit, int family)
{
    return family == AF_INET6 ? audit->six : audit->four;
}

static void plan_row(const struct audit *audit, struct audit_row *row, bool any)
{
    if (!row->seen) {
        if (any && audit->four && !asked_there(audit, row, "127.0.0.1"))
            add_ask(row, AF_INET, "127.0.0.1");
        if (any && audit->six && !asked_there(audit, row, "::1"))
            add_ask(row, AF_INET6, "::1");
        return;
    }
    if (any != bound_to_any(&row->socket) || (row->unasked = leave_alone(audit, row)))
        return;
    if (!has(audit, row->socket.family))
        row->unasked = "this version of IP was left out";
    else if (!any)
        plan_one(audit, row);
    else
        plan_any(audit, row, row->socket.family);
    /* A socket of IPv6 takes IPv4 as well, unless it says otherwise (ipv6(7), IPV6_V6ONLY). */
    if (any && row->socket.family == AF_INET6 && !row->socket.v6_only && audit->four)
        plan_any(audit, row, AF_INET);
    if (!row->ask_count && !row->unasked)
        row->unasked = "other sockets of the port have every loopback address for themselves";
}

/* Those with an address of their own come first, IPv4 before IPv6: as the kernel prefers them. */
void audit_plan(struct audit *audit)
{
    for (size_t i = 0; i < audit->count; i++)
        plan_row(audit, &audit->rows[i], false);
    for (size_t i = 0; i < audit->count; i++)
        plan_row(audit, &audit->rows[i], true);
    for (size_t i = audit->count; i-- > 0;) /* a common port that has its rows needs no other */
        if (!audit->rows[i].seen && !audit->rows[i].ask_count)
            audit->rows[i] = audit->rows[--audit->count];
}
