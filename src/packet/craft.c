/*
 * craft.c: from a recipe to finished bytes.
 *
 * libnet's builders lay the headers; the table then sets every asked value in the finished
 * bytes once more. For what the builder was told that changes nothing; for what it can't be
 * told (reserved bits, a false length) it is the only way. LINUX-FACTS has libnet's traps.
 */
#include <loopcraft/craft.h>

#include <loopcraft/proto.h>
#include <loopcraft/sums.h>

#include <libnet.h>
#include <string.h>

/* The asked value of a row, or what it is when nobody asked. */
static uint64_t value(const struct recipe *recipe, const char *name, uint64_t otherwise)
{
    const struct asked *asked = recipe_asked(recipe, name);
    return asked ? recipe_number(recipe, asked) : otherwise;
}

static struct bytes text_bytes(const struct text *text)
{
    return (struct bytes){(const uint8_t *)text->at, text->len};
}

/* Not const: libnet_build_icmpv6_echo only reads it, and does not say so. */
static uint8_t *payload_of(const struct recipe *recipe)
{
    return recipe->data.len ? (uint8_t *)recipe->data.at : NULL;
}

/* --- builders: from the inside out, as libnet wants them ---------------------- */

static bool build_tcp(libnet_t *l, const struct recipe *recipe)
{
    uint8_t options[40] = {0};
    uint32_t len = (uint32_t)recipe->options.len, padded = (len + 3) & ~3u;
    if (len) {
        memcpy(options, recipe->options.at, len);
        if (libnet_build_tcp_options(options, padded, l, 0) < 0)
            return false;
    }
    uint32_t data = (uint32_t)recipe->data.len;
    return libnet_build_tcp(
               (uint16_t)value(recipe, "tcp.srcport", 0), (uint16_t)value(recipe, "tcp.dstport", 0),
               (uint32_t)value(recipe, "tcp.seq_raw", 0), (uint32_t)value(recipe, "tcp.ack_raw", 0),
               (uint8_t)value(recipe, "tcp.flags", 0),
               (uint16_t)value(recipe, "tcp.window_size_value", 64240), 0,
               (uint16_t)value(recipe, "tcp.urgent_pointer", 0),
               (uint16_t)(LIBNET_TCP_H + padded + data), payload_of(recipe), data, l, 0) >= 0;
}

static bool build_udp(libnet_t *l, const struct recipe *recipe)
{
    uint32_t data = (uint32_t)recipe->data.len;
    return libnet_build_udp(
               (uint16_t)value(recipe, "udp.srcport", 0), (uint16_t)value(recipe, "udp.dstport", 0),
               (uint16_t)(LIBNET_UDP_H + data), 0, payload_of(recipe), data, l, 0) >= 0;
}

/* Eight bytes of header serve every type; what differs from an echo is set by the table. */
static bool build_icmp(libnet_t *l, const struct recipe *recipe)
{
    return libnet_build_icmpv4_echo((uint8_t)value(recipe, "icmp.type", ICMP_ECHO),
                                    (uint8_t)value(recipe, "icmp.code", 0), 0,
                                    (uint16_t)value(recipe, "icmp.ident", 0),
                                    (uint16_t)value(recipe, "icmp.seq", 0), payload_of(recipe),
                                    (uint32_t)recipe->data.len, l, 0) >= 0;
}

static bool build_icmpv6(libnet_t *l, const struct recipe *recipe)
{
    return libnet_build_icmpv6_echo((uint8_t)value(recipe, "icmpv6.type", ICMP6_ECHO_REQUEST),
                                    (uint8_t)value(recipe, "icmpv6.code", 0), 0,
                                    (uint16_t)value(recipe, "icmpv6.echo.identifier", 0),
                                    (uint16_t)value(recipe, "icmpv6.echo.sequence_number", 0),
                                    payload_of(recipe), (uint32_t)recipe->data.len, l, 0) >= 0;
}

static const struct builder {
    const struct record *proto;
    bool (*build)(libnet_t *l, const struct recipe *recipe);
    uint16_t header; /* bytes, without options */
} builders[] = {
    {&proto_tcp, build_tcp, LIBNET_TCP_H},
    {&proto_udp, build_udp, LIBNET_UDP_H},
    {&proto_icmp, build_icmp, LIBNET_ICMPV4_ECHO_H},
    {&proto_icmpv6, build_icmpv6, LIBNET_ICMPV6_ECHO_H},
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
    uint64_t fragment = value(recipe, "ip.flags", 0) << 13 | value(recipe, "ip.frag_offset", 0);
    return libnet_build_ipv4((uint16_t)(LIBNET_IPV4_H + carried),
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

static bool build(struct crafted *crafted, const struct recipe *recipe, struct err *err)
{
    const struct builder *builder = builders;
    while (builder->proto != recipe->proto)
        builder++;
    size_t carried = builder->header + ((recipe->options.len + 3) & ~(size_t)3) + recipe->data.len;
    if (carried + recipe->ip->size > 65535)
        return err_set(err, STATUS_USAGE, "data: %zu bytes do not fit into one packet; at most %zu",
                       recipe->data.len, recipe->data.len - (carried + recipe->ip->size - 65535));
    char why[LIBNET_ERRBUF_SIZE];
    libnet_t *l = libnet_init(LIBNET_NONE, NULL, why);
    if (!l)
        return err_set(err, STATUS_SYSTEM, "libnet: %s", why);
    uint8_t *packet = NULL;
    uint32_t len = 0;
    bool good = builder->build(l, recipe) &&
                (recipe->ip == &proto_ipv6 ? build_ipv6(l, recipe, (uint16_t)carried)
                                           : build_ipv4(l, recipe, (uint16_t)carried)) &&
                libnet_pblock_coalesce(l, &packet, &len) >= 0;
    if (good) {
        text_put_n(&crafted->bytes, (const char *)packet, len);
        text_put_n(&crafted->builders, (const char *)packet, len);
        libnet_adv_free_packet(l, packet);
    } else {
        err_set(err, STATUS_SYSTEM, "libnet: %s", libnet_geterror(l));
    }
    libnet_destroy(l);
    return good;
}

/* --- the table's turn ------------------------------------------------------------ */

/* Where the row's record starts in the packet; 0 for IP. */
static size_t start_of(const struct recipe *recipe, const struct record *record)
{
    if (record == recipe->ip)
        return 0;
    return recipe->ip->size + (record == recipe->proto ? 0u : recipe->proto->size);
}

/* The number in a row of the transport's fixed part, as it is now; a record without it: 0. */
static uint64_t number_now(const struct crafted *crafted, const struct recipe *recipe,
                           enum role role)
{
    const struct field *row = record_role(recipe->proto, role);
    uint64_t number = 0;
    if (row)
        bytes_number(text_bytes(&crafted->bytes), recipe->ip->size * 8u + row->bit, row->bits,
                     &number);
    return number;
}

/* The row as the chosen case has it: by the type, then by the code. Another may not know it. */
static const struct field *row_of(const struct recipe *recipe, const struct asked *asked,
                                  const struct crafted *crafted, struct err *err)
{
    if (asked->record == recipe->ip || asked->record == recipe->proto)
        return asked->field;
    enum role selector = ROLE_CASE;
    const struct record *record = recipe->proto;
    while (record && record->cases) {
        const struct branch *chosen = branch_find(record->cases,
                                                  number_now(crafted, recipe, selector));
        record = chosen ? chosen->record : record->other;
        const struct field *row = record ? record_field(record, asked->field->name) : NULL;
        if (row)
            return row;
        selector = ROLE_CODE;
    }
    err_set(err, STATUS_USAGE, "%s: there is no such field in a message of type %u, code %u",
            asked->field->name, (unsigned)number_now(crafted, recipe, ROLE_CASE),
            (unsigned)number_now(crafted, recipe, ROLE_CODE));
    return NULL;
}

static bool set_value(struct crafted *crafted, const struct recipe *recipe,
                      const struct asked *asked, struct err *err)
{
    const struct field *row = row_of(recipe, asked, crafted, err);
    if (!row)
        return false;
    uint8_t *packet = (uint8_t *)crafted->bytes.at;
    size_t bit = start_of(recipe, asked->record) * 8 + row->bit, len = crafted->bytes.len;
    if (row->bits > 0 && row->bits < 64 && recipe_number(recipe, asked) >> row->bits)
        return err_set(err, STATUS_USAGE, "%s: too large for its %u bits in this message",
                       row->name, row->bits);
    if (row->bits > 0 && row->bits <= 64 &&
        bytes_set_number(packet, len, bit, row->bits, recipe_number(recipe, asked)))
        return true;
    if (row->bits == 0 || bit / 8 + asked->len > len)
        return err_set(err, STATUS_USAGE, "%s: the packet has no room for it", row->name);
    memcpy(packet + bit / 8, recipe->values.at + asked->at, asked->len);
    return true;
}

/* Groups (tcp.flags) first: a row inside (tcp.flags.ece) counts whichever was asked for first. */
static bool set_values(struct crafted *crafted, const struct recipe *recipe, bool groups,
                       struct err *err)
{
    for (size_t i = 0; i < recipe->count; i++)
        if ((recipe->asked[i].field->role == ROLE_GROUP) == groups &&
            !set_value(crafted, recipe, &recipe->asked[i], err))
            return false;
    return true;
}

/* What the checksum runs over, as a receiver reads the lengths: a false one that can be counts. */
static struct bytes summed(struct bytes packet, const struct record *record, size_t start)
{
    bool header = record->sum == SUM_HEADER;
    const struct field *row = record_role(record, header ? ROLE_HEADER_LENGTH : ROLE_LENGTH);
    struct bytes rest = bytes_part(packet, start, packet.len);
    uint64_t said = 0;
    if (row && bytes_number(rest, row->bit, row->bits, &said))
        said = field_shown(row, said);
    if (said < record->size || said > rest.len)
        said = header ? record->size : rest.len;
    return bytes_part(rest, 0, (size_t)said);
}

/* Puts in the checksum that fits the bytes as they are now. */
static void set_sum(struct crafted *crafted, const struct recipe *recipe,
                    const struct record *record)
{
    const struct field *row = record_role(record, ROLE_CHECKSUM);
    if (!row || recipe_asked(recipe, row->name))
        return;
    struct bytes packet = text_bytes(&crafted->bytes), none = {0};
    const struct field *source = record_role(recipe->ip, ROLE_SOURCE);
    const struct field *destination = record_role(recipe->ip, ROLE_DESTINATION);
    size_t start = start_of(recipe, record);
    struct bytes message = summed(packet, record, start);
    bool header = record->sum == SUM_HEADER || record->sum == SUM_MESSAGE;
    uint16_t sum = sum_expected(
        record, message, row->bit / 8,
        header ? none : bytes_part(packet, source->bit / 8, source->bits / 8),
        header ? none : bytes_part(packet, destination->bit / 8, destination->bits / 8));
    bytes_set_number((uint8_t *)crafted->bytes.at, packet.len, start * 8 + row->bit, row->bits,
                     sum);
}

bool craft(struct crafted *crafted, const struct recipe *recipe, struct err *err)
{
    text_clear(&crafted->bytes);
    text_clear(&crafted->builders);
    if (!build(crafted, recipe, err))
        return false;
    if (!set_values(crafted, recipe, true, err) || !set_values(crafted, recipe, false, err))
        return false;
    set_sum(crafted, recipe, recipe->proto);
    set_sum(crafted, recipe, recipe->ip);
    return true;
}

struct bytes crafted_bytes(const struct crafted *crafted)
{
    return text_bytes(&crafted->bytes);
}

void crafted_free(struct crafted *crafted)
{
    text_free(&crafted->bytes);
    text_free(&crafted->builders);
}
