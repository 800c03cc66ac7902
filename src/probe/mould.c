/* mould.c: the probes of a sweep, and which of them a reply answers. */
#include "mould.h"

#include "manner.h"

#include <loopcraft/checksum.h>
#include <loopcraft/proto.h>

#include <netinet/in.h>
#include <string.h>

enum {
    DESTINATION = 2, /* of TCP and UDP (RFC 768) */
    TCP_SEQ = 4,
    TCP_ACKED = 8,
    TCP_FLAGS = 13,
    TCP_SUM = 16, /* RFC 9293, 3.1 */
    UDP_SUM = 6,
    UDP_DATA = 8,
    IPV4_SOURCE = 12,
    IPV6_SOURCE = 8
};

/* connect()'s packets are the kernel's, and a SYN like ours. */
static const struct manner *manner(enum probe_kind kind)
{
    return manner_of(kind == PROBE_CONNECT ? PROBE_SYN : kind);
}

static uint32_t token(const struct mould *m, uint16_t port)
{
    return m->seen ? m->seen[port] : (uint32_t)siphash(&m->key, port);
}

/* --- making --------------------------------------------------------------------------- */

static bool lay(struct mould *m, struct recipe *recipe, struct err *err)
{
    struct crafted crafted = {0};
    bool made = craft(&crafted, recipe, err);
    struct bytes bytes = crafted_bytes(&crafted);
    if (made && bytes.len > sizeof m->bytes)
        made = err_set(err, STATUS_USAGE, "a probe of %zu bytes: a sweep's have at most %zu",
                       bytes.len, sizeof m->bytes);
    if (made) {
        struct frame frame = {.linktype = LINKTYPE_RAW, .bytes = bytes};
        struct dissection d = {0};
        dissect(&d, &frame);
        m->len = bytes.len;
        memcpy(m->bytes, bytes.at, bytes.len);
        m->header = node_pos(dissection_layer(&d, recipe->proto));
        dissection_free(&d);
    }
    crafted_free(&crafted);
    return made;
}

bool mould_make(struct mould *m, enum probe_kind kind, const struct recipe *words, int family,
                uint16_t source, struct err *err)
{
    static const uint8_t letters[TOKEN_LETTERS] = {0};
    bool udp = kind == PROBE_UDP;
    *m = (struct mould){
        .key = siphash_random_key(), .kind = kind, .family = family, .source = source};
    struct recipe recipe = *words;
    recipe.values = recipe.data = TEXT_EMPTY;
    text_put_n(&recipe.values, text_string((struct text *)&words->values), words->values.len);
    recipe_default(&recipe, udp ? "udp.srcport" : "tcp.srcport", source);
    if (udp)
        recipe_data(&recipe, (struct bytes){letters, sizeof letters}, ORIGIN_LOOPCRAFT);
    else
        recipe_default(&recipe, "tcp.flags", manner(kind)->flags);
    if (family == AF_INET) /* the kernel looks one up for each packet where there is none */
        recipe_default(&recipe, "ip.id", siphash(&m->key, UINT64_MAX) % 65535 + 1);
    bool made = lay(m, &recipe, err);
    text_free(&recipe.values);
    text_free(&recipe.data);
    return made;
}

/* --- casting -------------------------------------------------------------------------- */

/* A probe being set, and its checksum so far. */
struct cast {
    uint8_t *header; /* TCP's or UDP's */
    uint16_t sum;
};

static uint16_t get(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static void put(uint8_t *at, uint16_t number)
{
    at[0] = (uint8_t)(number >> 8);
    at[1] = (uint8_t)number;
}

static void set(struct cast *cast, size_t at, uint16_t number)
{
    cast->sum = checksum_update(cast->sum, get(cast->header + at), number);
    put(cast->header + at, number);
}

static void set_long(struct cast *cast, size_t at, uint32_t number)
{
    set(cast, at, (uint16_t)(number >> 16));
    set(cast, at + 2, (uint16_t)number);
}

static struct cast begin(const struct mould *m, uint8_t *packet, size_t sum_at)
{
    memcpy(packet, m->bytes, m->len);
    return (struct cast){packet + m->header, get(packet + m->header + sum_at)};
}

/* The token as letters, a to p: to be seen in a capture, harmless in a log. */
static void spell(uint8_t *letters, uint32_t token)
{
    for (unsigned i = 0; i < TOKEN_LETTERS; i++)
        letters[i] = (uint8_t)('a' + (token >> 4 * i & 15));
}

static void cast_udp(const struct mould *m, uint16_t port, uint8_t *packet)
{
    struct cast cast = begin(m, packet, UDP_SUM);
    uint8_t letters[TOKEN_LETTERS];
    spell(letters, token(m, port));
    set(&cast, DESTINATION, port);
    for (size_t i = 0; i < TOKEN_LETTERS; i += 2)
        set(&cast, UDP_DATA + i, get(letters + i));
    put(cast.header + UDP_SUM, cast.sum ? cast.sum : 0xffff); /* 0 would say: none (RFC 768) */
}

void mould_cast(const struct mould *m, uint16_t port, uint8_t *packet)
{
    if (m->kind == PROBE_UDP) {
        cast_udp(m, port, packet);
        return;
    }
    struct cast cast = begin(m, packet, TCP_SUM);
    uint32_t number = token(m, port);
    set(&cast, DESTINATION, port);
    set_long(&cast, TCP_SEQ, number);
    if (m->kind == PROBE_ACK)
        set_long(&cast, TCP_ACKED, number);
    put(cast.header + TCP_SUM, cast.sum);
}

void mould_cast_reset(const struct mould *m, uint16_t port, uint8_t *packet)
{
    struct cast cast = begin(m, packet, TCP_SUM);
    uint8_t offset = cast.header[TCP_FLAGS - 1];
    set(&cast, DESTINATION, port);
    set(&cast, TCP_FLAGS - 1, (uint16_t)(offset << 8 | TCP_RST));
    set_long(&cast, TCP_SEQ,
             token(m, port) + 1); /* exactly what it waits for (RFC 9293, 3.10.7.4) */
    put(cast.header + TCP_SUM, cast.sum);
}

/* --- matching ------------------------------------------------------------------------- */

struct bytes mould_source(const struct mould *m)
{
    bool six = m->family == AF_INET6;
    return (struct bytes){m->bytes + (six ? IPV6_SOURCE : IPV4_SOURCE), six ? 16 : 4};
}

struct bytes mould_target(const struct mould *m)
{
    struct bytes source = mould_source(m);
    return (struct bytes){source.at + source.len, source.len};
}

/* Does this datagram, or its beginning, carry the letters of the port's token? */
static bool spelled(const struct mould *m, uint16_t port, struct bytes data)
{
    uint8_t letters[TOKEN_LETTERS];
    spell(letters, token(m, port));
    return data.len >= sizeof letters && memcmp(data.at, letters, sizeof letters) == 0;
}

/* An error that quotes no data quotes the checksum, and the token is in that (RFC 792: 8 bytes). */
static bool summed(const struct mould *m, uint16_t port, uint16_t sum)
{
    uint8_t packet[MOULD_MOST];
    mould_cast(m, port, packet);
    return get(packet + m->header + UDP_SUM) == sum;
}

void mould_see(const struct mould *m, const struct reply *r)
{
    if (m->seen && r->protocol == IPPROTO_TCP && r->kind == REPLY_TCP && r->from == m->source &&
        (r->flags & TCP_SYN))
        m->seen[r->to] = r->seq;
}

uint16_t mould_answered(const struct mould *m, const struct reply *r, bool *bare)
{
    bool quoted = r->kind == REPLY_ICMP_ERROR, udp = m->kind == PROBE_UDP;
    uint16_t ours = quoted ? r->from : r->to, port = quoted ? r->to : r->from;
    *bare = false;
    if (ours != m->source || !port || r->protocol != (udp ? IPPROTO_UDP : IPPROTO_TCP))
        return 0;
    if (udp && quoted)
        return spelled(m, port, r->data) || (!r->data.len && summed(m, port, (uint16_t)r->seq))
                   ? port
                   : 0;
    if (udp && port == ours)
        return 0; /* our own probe of our own port, seen on its way */
    if (udp) {
        *bare = !spelled(m, port, r->data);
        return port;
    }
    uint32_t number = token(m, port);
    if (quoted)
        return r->seq == number ? port : 0;
    if (r->kind != REPLY_SYN_ACK && r->kind != REPLY_RST)
        return 0;
    bool ours_back =
        m->kind == PROBE_ACK /* its RST starts where our ACK points (RFC 9293, 3.10.7.1) */
            ? r->seq == number
            : r->ack == number + manner(m->kind)->counts;
    return ours_back ? port : 0;
}
