/*
 * guard.c: the last look at the finished bytes: from loopback to loopback, or not at all.
 *
 * What makes a packet leave, or come back where it should not, is refused, and so is what
 * can't be read. What is merely wrong (a checksum, a total length) goes: it is a lesson.
 */
#include <loopcraft/guard.h>
#include <loopcraft/sandbox.h>
#include <loopcraft/text.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum {
    IPV4_MIN = 20, IPV4_FRAGMENT = 6, IPV4_PROTOCOL = 9, IPV4_SRC = 12, IPV4_DST = 16,
    IPV4_OFFSET_MASK = 0x1fff,                                  /* RFC 791, 3.1 */
    IPV6_SIZE = 40, IPV6_NEXT = 6, IPV6_SRC = 8, IPV6_DST = 24, /* RFC 8200, 3 */
    IPV6_FRAGMENT_SIZE = 8,                                     /* RFC 8200, 4.5 */
    LSRR = 3, SSRR = 9,  /* RFC 791, 3.1; without the copy bit, 0x80 */
    HOME_ADDRESS = 0xc9  /* RFC 6275, 6.3: another source address, in an option */
};

static bool loopback(int family, const uint8_t *addr)
{
    if (family == AF_INET)
        return addr[0] == 127;
    return memcmp(addr, &in6addr_loopback, sizeof in6addr_loopback) == 0;
}

static void socket_address(int family, const uint8_t *addr, struct sockaddr_storage *to)
{
    *to = (struct sockaddr_storage){.ss_family = (sa_family_t)family};
    if (family == AF_INET)
        memcpy(&((struct sockaddr_in *)to)->sin_addr, addr, sizeof(struct in_addr));
    else
        memcpy(&((struct sockaddr_in6 *)to)->sin6_addr, addr, sizeof(struct in6_addr));
}

static bool refuse(struct err *err, const char *what)
{
    return err_set(err, STATUS_GUARD, "not sent: %s", what);
}

/* `at` is where an address of this family stands in the packet, within its bounds. */
static bool check_address(int family, const char *which, const uint8_t *at, struct err *err)
{
    char text[INET6_ADDRSTRLEN] = "?";
    if (loopback(family, at))
        return true;
    inet_ntop(family, at, text, sizeof text);
    return err_set(err, STATUS_GUARD, "not sent: its %s, %s, is not a loopback address: "
                   "loopcraft sends from and to 127.0.0.0/8 and ::1 only", which, text);
}

/*
 * Of ICMP, `message` from its first byte on. The types that a host's kernel only answers
 * pass; others (fragmentation needed, redirect ...) change how it sends.
 */
static bool check_icmp(int family, struct bytes message, struct err *err)
{
    static const uint8_t harmless[2][4] = {{0, 8, 13, 14}, {128, 129, 128, 129}};
    uint8_t type;
    bool known = bytes_u8(message, 0, &type);
    if (known && memchr(harmless[family == AF_INET6], type, sizeof harmless[0]))
        return true;
    if (sandbox_here())
        return true;
    if (!known)
        return refuse(err, "a piece of ICMP that does not show its type: "
                           "on the host that can't be checked, in the sandbox (-S) it may go");
    return err_set(err, STATUS_GUARD, "not sent: ICMP%s type %u can change how this host sends: "
                   "here only echo and timestamp go, in the sandbox (-S) every type",
                   family == AF_INET6 ? "v6" : "", type);
}

/*
 * Options of the form kind, length, value, where kind `pad` is one byte alone. `size` is
 * what a length counts besides the value: 2 in IPv4 (RFC 791, 3.1), 0 in IPv6 (RFC 8200,
 * 4.2). Refused: a list that can't be walked to its end.
 */
struct option_list {
    struct bytes rest;
    uint8_t pad, size;
    bool bad;
};

static bool option_next(struct option_list *list, uint8_t *kind)
{
    uint8_t length = list->size;
    if (!bytes_u8(list->rest, 0, kind))
        return false;
    size_t whole = 1;
    if (*kind != list->pad) {
        list->bad = !bytes_u8(list->rest, 1, &length) || length < list->size;
        whole = 2 + (size_t)length - list->size;
    }
    list->bad = list->bad || whole > list->rest.len;
    list->rest = bytes_part(list->rest, whole, list->rest.len);
    return !list->bad;
}

static bool check_ipv4_options(struct bytes options, struct err *err)
{
    struct option_list list = {.rest = options, .pad = 1, .size = 2};
    uint8_t kind;
    while (list.rest.len && list.rest.at[0] != 0 && option_next(&list, &kind))
        if ((kind & 0x7f) == LSRR || (kind & 0x7f) == SSRR)
            return refuse(err, "a source route option (LSRR, SSRR) can lead out of loopback: "
                               "leave it out");
    if (list.bad)
        return refuse(err, "its IPv4 options can't be read to their end: "
                           "give each its true length");
    return true;
}

static bool check_ipv4(struct bytes packet, struct err *err)
{
    uint8_t first, protocol;
    uint16_t fragment;
    if (packet.len < IPV4_MIN || !bytes_u8(packet, 0, &first) ||
        !bytes_u8(packet, IPV4_PROTOCOL, &protocol) ||
        !bytes_u16(packet, IPV4_FRAGMENT, &fragment))
        return refuse(err, "the IPv4 header is cut short: it takes at least 20 bytes");
    size_t size = (size_t)(first & 15) * 4;
    if (size < IPV4_MIN || size > packet.len)
        return refuse(err, "its IPv4 header length is below 20 bytes or past the end: "
                           "set ip.hdr_len to what is there");
    if (!check_address(AF_INET, "source", packet.at + IPV4_SRC, err) ||
        !check_address(AF_INET, "destination", packet.at + IPV4_DST, err) ||
        !check_ipv4_options(bytes_part(packet, IPV4_MIN, size - IPV4_MIN), err))
        return false;
    if (protocol != IPPROTO_ICMP)
        return true;
    /* A later fragment carries no type. The kernel drops fragments that overlap. */
    size_t shown = fragment & IPV4_OFFSET_MASK ? 0 : packet.len;
    return check_icmp(AF_INET, bytes_part(packet, size, shown), err);
}

static bool check_ipv6_options(struct bytes options, struct err *err)
{
    struct option_list list = {.rest = options};
    uint8_t kind;
    while (option_next(&list, &kind))
        if (kind == HOME_ADDRESS)
            return refuse(err, "a home address option would be answered elsewhere: leave it out");
    if (list.bad)
        return refuse(err, "its IPv6 options can't be read to their end: "
                           "give each its true length");
    return true;
}

static bool refuse_next(uint8_t next, struct err *err)
{
    return err_set(err, STATUS_GUARD, "not sent: IPv6 next header %u can't be checked: TCP (6), "
                   "UDP (17), ICMPv6 (58), fragment (44), hop-by-hop (0) and destination "
                   "options (60) go", next);
}

/* What the chain of headers ends in; `rest` is what follows, possibly nothing. */
static bool check_ipv6_upper(uint8_t next, struct bytes rest, struct err *err)
{
    if (next == IPPROTO_TCP || next == IPPROTO_UDP)
        return true;
    if (next == IPPROTO_ICMPV6)
        return check_icmp(AF_INET6, rest, err);
    return refuse_next(next, err);
}

/*
 * Walks the extension headers (RFC 8200, 4.1), each of at least 8 bytes. The whole chain
 * must stand in the first fragment (RFC 7112), so a later one is data of the upper layer
 * that it names, without an ICMPv6 type; a fragment header inside another is refused.
 */
static bool check_ipv6_chain(uint8_t next, struct bytes rest, struct err *err)
{
    bool fragment = false;
    while (next == IPPROTO_HOPOPTS || next == IPPROTO_DSTOPTS || next == IPPROTO_FRAGMENT) {
        uint8_t after, units;
        uint16_t offset;
        if (!bytes_u8(rest, 0, &after) || !bytes_u8(rest, 1, &units))
            return refuse(err, "an IPv6 extension header is cut short: it takes 8 bytes or more");
        size_t size = next == IPPROTO_FRAGMENT ? IPV6_FRAGMENT_SIZE : ((size_t)units + 1) * 8;
        if (size > rest.len || !bytes_u16(rest, 2, &offset))
            return refuse(err, "an IPv6 extension header ends past the packet: set its length "
                               "to what is there");
        if (next != IPPROTO_FRAGMENT && !check_ipv6_options(bytes_part(rest, 2, size - 2), err))
            return false;
        if (next == IPPROTO_FRAGMENT && fragment)
            return refuse(err, "it has two IPv6 fragment headers: one is all that can be checked");
        fragment = fragment || next == IPPROTO_FRAGMENT;
        if (next == IPPROTO_FRAGMENT && offset >> 3)
            return check_ipv6_upper(after, (struct bytes){rest.at, 0}, err);
        rest = bytes_part(rest, size, rest.len);
        next = after;
    }
    return check_ipv6_upper(next, rest, err);
}

static bool check_ipv6(struct bytes packet, struct err *err)
{
    uint8_t next;
    if (packet.len < IPV6_SIZE || !bytes_u8(packet, IPV6_NEXT, &next))
        return refuse(err, "the IPv6 header is cut short: it takes 40 bytes");
    return check_address(AF_INET6, "source", packet.at + IPV6_SRC, err) &&
           check_address(AF_INET6, "destination", packet.at + IPV6_DST, err) &&
           check_ipv6_chain(next, bytes_part(packet, IPV6_SIZE, packet.len), err);
}

bool guard_check(struct bytes packet, struct sockaddr_storage *to, socklen_t *to_len,
                 struct err *err)
{
    uint8_t first;
    if (!bytes_u8(packet, 0, &first))
        return refuse(err, "the packet is empty");
    unsigned version = first >> 4;
    if (version != 4 && version != 6)
        return err_set(err, STATUS_GUARD, "not sent: IP version %u is neither 4 nor 6: "
                       "where it would go can't be checked", version);
    if (!(version == 4 ? check_ipv4(packet, err) : check_ipv6(packet, err)))
        return false;
    if (version == 4)
        socket_address(AF_INET, packet.at + IPV4_DST, to);
    else
        socket_address(AF_INET6, packet.at + IPV6_DST, to);
    *to_len = version == 4 ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    return true;
}

/* The kernel drops a packet whose version is not the link header's type (ip_rcv, ip6_rcv_core). */
bool guard_check_exact(struct bytes packet, int family, struct err *err)
{
    if (!sandbox_here())
        return err_set(err, STATUS_USAGE, "--exact works in the sandbox only: add -S");
    return family == AF_INET6 ? check_ipv6(packet, err) : check_ipv4(packet, err);
}

/* --- the target, as the user typed it -------------------------------------- */

/* What to do about a target that is no address for inet_pton. */
static const char *target_hint(const char *text)
{
    if (strchr(text, '%'))
        return "has a zone, which loopback does not need: write ::1";
    if (strchr(text, ':'))
        return "is not an IPv6 address: write ::1";
    if (*text >= '0' && *text <= '9' && text[strspn(text, "0123456789abcdefABCDEFxX.")] == '\0')
        return "is read differently by different programs: write all four numbers, "
               "in decimal, as in 127.0.0.1";
    return "is not an address, and names are not looked up, as the question could leave "
           "this machine: write 127.0.0.1, ::1 or localhost";
}

/* Says of the target, made safe to print, what is wrong with it. */
static bool refuse_target(const char *text, enum status status, const char *hint, struct err *err)
{
    enum { SHOWN = 64 };
    struct text shown = TEXT_EMPTY;
    size_t len = strlen(text);
    text_escape(&shown, (struct bytes){(const uint8_t *)text, len < SHOWN ? len : SHOWN});
    if (len > SHOWN)
        text_put(&shown, "...");
    err_set(err, status, "%s %s", text_string(&shown), hint);
    text_free(&shown);
    return false;
}

bool guard_target(const char *text, int family, struct sockaddr_storage *to, struct err *err)
{
    if (strcmp(text, "localhost") == 0)
        text = family == AF_INET6 ? "::1" : "127.0.0.1";
    if (*text == '\0')
        return err_set(err, STATUS_GUARD, "the target is empty: write 127.0.0.1, ::1 or localhost");
    struct in6_addr addr;
    int is = inet_pton(AF_INET, text, &addr) == 1 ? AF_INET
           : inet_pton(AF_INET6, text, &addr) == 1 ? AF_INET6 : AF_UNSPEC;
    if (is == AF_UNSPEC)
        return refuse_target(text, STATUS_GUARD, target_hint(text), err);
    if (is == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&addr))
        return refuse_target(text, STATUS_GUARD,
                             "is IPv4 inside IPv6: write the IPv4 address, 127.0.0.1", err);
    if (!loopback(is, addr.s6_addr))
        return refuse_target(text, STATUS_GUARD, "is not a loopback address: loopcraft sends to "
                             "127.0.0.0/8 and ::1 only", err);
    if (family != AF_UNSPEC && family != is)
        return refuse_target(text, STATUS_USAGE, is == AF_INET
                             ? "is IPv4, and IPv6 was asked for: leave one of the two out"
                             : "is IPv6, and IPv4 was asked for: leave one of the two out", err);
    socket_address(is, addr.s6_addr, to);
    return true;
}
