/* build.c: libnet's builders lay the headers, in memory. LINUX-FACTS has their traps. */
#include "build.h"

#include <loopcraft/proto.h>

#include <libnet.h>
#include <string.h>

/* The asked value of a row, or what it is when nobody asked. */
static uint64_t value(const struct recipe *recipe, const char *name, uint64_t otherwise)
{
    const struct asked *asked = recipe_asked(recipe, name);
    return asked ? recipe_number(recipe, asked) : otherwise;
}

/* Bytes of the message that the chosen type and code make (ICMP), behind the first eight of it. */
static size_t room_of(const struct recipe *recipe)
{
    const struct record *record = recipe->proto;
    enum role selector = ROLE_CASE;
    uint64_t otherwise = record == &proto_icmp ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
    enum { LAID = 4 }; /* of a case: libnet's header has these (RFC 792, RFC 4443, 2.1) */
    while (record && record->cases) {
        uint64_t number = value(recipe, record_role(recipe->proto, selector)->name, otherwise);
        const struct branch *chosen = branch_find(record->cases, number);
        record = chosen ? chosen->record : record->other;
        selector = ROLE_CODE;
        otherwise = 0;
    }
    return record && record != recipe->proto && record->size > LAID ? (size_t)record->size - LAID : 0;
}

/* What stands behind the header: that room, then the data. */
struct body {
    uint8_t *at; /* not const: some builders only read it, and do not say so; NULL: nothing */
    uint32_t len;
};

/* --- builders: from the inside out, as libnet wants them ---------------------- */

static bool build_tcp(libnet_t *l, const struct recipe *recipe, struct body body)
{
    uint8_t options[40] = {0};
    uint32_t len = (uint32_t)recipe->options.len, padded = (len + 3) & ~3u;
    if (len) {
        memcpy(options, recipe->options.at, len);
        if (libnet_build_tcp_options(options, padded, l, 0) < 0)
            return false;
    }
    return libnet_build_tcp(
               (uint16_t)value(recipe, "tcp.srcport", 0), (uint16_t)value(recipe, "tcp.dstport", 0),
               (uint32_t)value(recipe, "tcp.seq_raw", 0), (uint32_t)value(recipe, "tcp.ack_raw", 0),
               (uint8_t)value(recipe, "tcp.flags", 0),
               (uint16_t)value(recipe, "tcp.window_size_value", 64240), 0,
               (uint16_t)value(recipe, "tcp.urgent_pointer", 0),
               (uint16_t)(LIBNET_TCP_H + padded + body.len), body.at, body.len, l, 0) >= 0;
}

static bool build_udp(libnet_t *l, const struct recipe *recipe, struct body body)
{
    return libnet_build_udp((uint16_t)value(recipe, "udp.srcport", 0),
                            (uint16_t)value(recipe, "udp.dstport", 0),
                            (uint16_t)(LIBNET_UDP_H + body.len), 0, body.at, body.len, l, 0) >= 0;
}

/* Eight bytes of header serve every type; what differs from an echo is set by the table. */
static bool build_icmp(libnet_t *l, const struct recipe *recipe, struct body body)
{
    return libnet_build_icmpv4_echo(
               (uint8_t)value(recipe, "icmp.type", ICMP_ECHO),
               (uint8_t)value(recipe, "icmp.code", 0), 0, (uint16_t)value(recipe, "icmp.ident", 0),
               (uint16_t)value(recipe, "icmp.seq", 0), body.at, body.len, l, 0) >= 0;
}

static bool build_icmpv6(libnet_t *l, const struct recipe *recipe, struct body body)
{
    return libnet_build_icmpv6_echo((uint8_t)value(recipe, "icmpv6.type", ICMP6_ECHO_REQUEST),
                                    (uint8_t)value(recipe, "icmpv6.code", 0), 0,
                                    (uint16_t)value(recipe, "icmpv6.echo.identifier", 0),
                                    (uint16_t)value(recipe, "icmpv6.echo.sequence_number", 0),
                                    body.at, body.len, l, 0) >= 0;
}

static bool build_data(libnet_t *l, const struct recipe *recipe, struct body body)
{
    (void)recipe;
    return !body.len || libnet_build_data(body.at, body.len, l, 0) >= 0;
}

static const struct builder {
    const struct record *proto;
    bool (*build)(libnet_t *l, const struct recipe *recipe, struct body body);
    uint16_t header; /* bytes, without options */
} builders[] = {
    {&proto_tcp, build_tcp, LIBNET_TCP_H},
    {&proto_udp, build_udp, LIBNET_UDP_H},
    {&proto_icmp, build_icmp, LIBNET_ICMPV4_ECHO_H},
    {&proto_icmpv6, build_icmpv6, LIBNET_ICMPV6_ECHO_H},
    {&proto_opaque, build_data, 0},
};

/* An address that was asked for, else 127.0.0.1 or ::1. */
static void address_of(const struct recipe *recipe, const char *name, uint8_t *address, size_t len)
{
    const struct asked *asked = recipe_asked(recipe, name);
    memset(address, 0, len);
    if (asked && asked->len == len)
        memcpy(address, recipe->values.at + asked->at, len);
    else if (len == 4)
        address[0] = 127, address[3] = 1;
    else
        address[15] = 1;
}

static bool build_ipv4(libnet_t *l, const struct recipe *recipe, uint16_t carried)
{
    uint32_t source, destination; /* in network order, as libnet wants them */
    address_of(recipe, "ip.src", (uint8_t *)&source, sizeof source);
    address_of(recipe, "ip.dst", (uint8_t *)&destination, sizeof destination);
    uint8_t options[40] = {0};
    uint16_t padded = (uint16_t)(recipe_ip_size(recipe) - LIBNET_IPV4_H);
    if (padded) {
        memcpy(options, recipe->ip_options.at, recipe->ip_options.len);
        if (libnet_build_ipv4_options(options, padded, l, 0) < 0)
            return false;
    }
    uint64_t fragment = value(recipe, "ip.flags", 0) << 13 | value(recipe, "ip.frag_offset", 0);
    return libnet_build_ipv4((uint16_t)(LIBNET_IPV4_H + padded + carried),
                             (uint8_t)value(recipe, "ip.dsfield", 0),
                             (uint16_t)value(recipe, "ip.id", 0), (uint16_t)fragment,
                             (uint8_t)value(recipe, "ip.ttl", 64),
                             (uint8_t)value(recipe, "ip.proto", recipe->proto->protocol), 0, source,
                             destination, NULL, 0, l, 0) >= 0;
}

static bool build_ipv6(libnet_t *l, const struct recipe *recipe, uint16_t carried)
{
    struct libnet_in6_addr source, destination;
    address_of(recipe, "ipv6.src", (uint8_t *)&source, sizeof source);
    address_of(recipe, "ipv6.dst", (uint8_t *)&destination, sizeof destination);
    return libnet_build_ipv6((uint8_t)value(recipe, "ipv6.tclass", 0), 0, carried,
                             (uint8_t)value(recipe, "ipv6.nxt", recipe->proto->protocol),
                             (uint8_t)value(recipe, "ipv6.hlim", 64), source, destination, NULL, 0,
                             l, 0) >= 0;
}

/* All blocks, and the packet that they make; not to be freed before l is. */
static bool lay(libnet_t *l, struct crafted *crafted, const struct recipe *recipe,
                const struct builder *builder, struct body body, uint16_t carried)
{
    uint8_t *packet = NULL;
    uint32_t len = 0;
    if (!builder->build(l, recipe, body) ||
        !(recipe->ip == &proto_ipv6 ? build_ipv6(l, recipe, carried)
                                    : build_ipv4(l, recipe, carried)) ||
        libnet_pblock_coalesce(l, &packet, &len) < 0)
        return false;
    text_put_n(&crafted->bytes, (const char *)packet, len);
    text_put_n(&crafted->builders, (const char *)packet, len);
    libnet_adv_free_packet(l, packet);
    return true;
}

bool build(struct crafted *crafted, const struct recipe *recipe, struct err *err)
{
    enum { PACKET_MOST = 65535 };
    const struct builder *builder = builders;
    while (builder->proto != recipe->proto)
        builder++;
    size_t room = room_of(recipe), padded = (recipe->options.len + 3) & ~(size_t)3;
    size_t headers = recipe_ip_size(recipe) + builder->header + padded + room;
    if (headers + recipe->data.len > PACKET_MOST)
        return err_set(err, STATUS_USAGE, "data: %zu bytes do not fit into one packet; at most %zu",
                       recipe->data.len, PACKET_MOST - headers);
    char why[LIBNET_ERRBUF_SIZE];
    libnet_t *l = libnet_init(LIBNET_NONE, NULL, why);
    if (!l)
        return err_set(err, STATUS_SYSTEM, "libnet: %s", why);
    struct text text = TEXT_EMPTY;
    memset(text_room(&text, room), 0, room);
    text_grew(&text, room);
    text_put_n(&text, recipe->data.at, recipe->data.len);
    struct body body = {text.len ? (uint8_t *)text.at : NULL, (uint32_t)text.len};
    size_t carried = builder->header + padded + text.len;
    bool good = lay(l, crafted, recipe, builder, body, (uint16_t)carried) ||
                err_set(err, STATUS_SYSTEM, "libnet: %s", libnet_geterror(l));
    text_free(&text);
    libnet_destroy(l);
    return good;
}
