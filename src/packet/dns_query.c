/* dns_query.c: a question to a DNS server. Only names take code; the rest is set by rows. */
#include <loopcraft/dns.h>

#include <loopcraft/nearest.h>
#include <loopcraft/proto.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum { LABEL_MOST = 63, NAME_MOST = 255 }; /* RFC 1035, 2.3.4; the name as it is on the wire */

/* --- names ----------------------------------------------------------------------- */

static bool refuse(const char *name, const char *why, struct err *err)
{
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)name, strnlen(name, 80)});
    err_set(err, STATUS_USAGE, "\"%s\": %s", text_string(&safe), why);
    text_free(&safe);
    return false;
}

/* One byte of a label, as it was typed; moves on behind it. Below 0: an escape that is none. */
static int take_byte(const char **at)
{
    const char *from = *at;
    if (from[0] != '\\') {
        *at += 1;
        return (unsigned char)from[0];
    }
    if (strspn(from + 1, "0123456789") >= 3) {
        int value = (from[1] - '0') * 100 + (from[2] - '0') * 10 + from[3] - '0';
        *at += 4;
        return value < 256 ? value : -1;
    }
    *at += 2;
    return from[1] && (unsigned char)from[1] < 0x80 ? from[1] : -1;
}

/* One label, up to its dot or the end; why not, or NULL. */
static const char *take_label(struct text *wire, const char **at)
{
    size_t start = wire->len;
    text_char(wire, 0);
    while (**at && **at != '.') {
        if ((unsigned char)**at >= 0x80)
            return "DNS names are ASCII: write it in its xn-- form (`idn2 NAME` prints it)";
        int byte = take_byte(at);
        if (byte < 0)
            return "a backslash stands before a dot, a backslash or three digits up to 255";
        text_char(wire, (char)byte);
    }
    size_t len = wire->len - start - 1;
    if (len == 0)
        return "an empty label: a name is words with single dots between them";
    if (len > LABEL_MOST)
        return "a label of more than 63 bytes (RFC 1035, 2.3.4)";
    wire->at[start] = (char)len;
    return NULL;
}

static bool put_name(struct text *wire, const char *name, struct err *err)
{
    const char *at = name;
    size_t start = wire->len;
    if (strcmp(name, ".") == 0)
        at++;
    else if (!*name)
        return refuse(name, "no name", err);
    while (*at) {
        const char *why = take_label(wire, &at);
        if (!why && wire->len - start + 1 > NAME_MOST)
            why = "a name of more than 255 bytes (RFC 1035, 2.3.4)";
        if (why)
            return refuse(name, why, err);
        at += *at == '.';
    }
    text_char(wire, 0);
    return true;
}

bool dns_name_check(const char *name, struct err *err)
{
    struct text wire = TEXT_EMPTY;
    bool good = put_name(&wire, name, err);
    text_free(&wire);
    return good;
}

/* RFC 1035, 3.5; RFC 3596, 2.5. */
void dns_reverse_name(struct text *out, int family, const uint8_t *addr)
{
    if (family == AF_INET) {
        text_format(out, "%u.%u.%u.%u.in-addr.arpa", addr[3], addr[2], addr[1], addr[0]);
        return;
    }
    for (size_t i = 16; i-- > 0;)
        text_format(out, "%x.%x.", addr[i] & 15u, addr[i] >> 4);
    text_put(out, "ip6.arpa");
}

/* --- types ------------------------------------------------------------------------ */

/* The parts of a question: its name, then its type and class. */
static const struct record *question_part(unsigned part)
{
    return proto_dns.lists[0].element->parts[part];
}

static const struct term *types(void)
{
    return record_field(question_part(1), "dns.qry.type")->terms;
}

static bool unknown_type(const char *word, struct err *err)
{
    struct nearest nearest = nearest_to(word);
    struct text names = TEXT_EMPTY;
    for (const struct term *term = types(); term->name; term++)
        nearest_try(&nearest, term->name);
    text_put(&names, "no type of record: write A, AAAA, MX, TXT ... or TYPE257");
    if (nearest.best[0].name)
        text_put(&names, "; did you mean ");
    nearest_put(&names, &nearest);
    refuse(word, text_string(&names), err);
    text_free(&names);
    return false;
}

bool dns_type_read(const char *word, uint16_t *type, struct err *err)
{
    static const char other[] = "TYPE";
    unsigned long number = 0;
    const char *digits = strncasecmp(word, other, 4) == 0 ? word + 4 : "";
    if (*digits && strlen(digits) <= 5 && strspn(digits, "0123456789") == strlen(digits))
        number = strtoul(digits, NULL, 10);
    for (const struct term *term = types(); term->name && !number; term++)
        if (strcasecmp(term->name, word) == 0)
            number = term->number;
    if (number == 0 || number > UINT16_MAX)
        return unknown_type(word, err);
    if (number == DNS_OPT || (number >= 249 && number <= 254)) /* RFC 6895, 3.1: meta types */
        return refuse(word,
                      "no type to ask for in a datagram: it belongs to the exchange itself, "
                      "or a whole zone is its answer",
                      err);
    *type = (uint16_t)number;
    return true;
}

void dns_type_name(struct text *out, uint16_t type)
{
    const struct term *term = term_find(types(), type);
    if (term)
        text_put(out, term->name);
    else
        text_format(out, "TYPE%u", type);
}

const char *dns_type_means(uint16_t type)
{
    const struct term *term = term_find(types(), type);
    return term ? term->means : NULL;
}

/* --- the message -------------------------------------------------------------------- */

/* Appends a record of fixed rows, all 0 but these; the list ends with name NULL. */
struct setting {
    const char *name;
    uint64_t number;
};

static void put_rows(struct text *out, const struct record *record, const struct setting *set)
{
    size_t start = out->len;
    for (size_t i = 0; i < record->size; i++)
        text_char(out, 0);
    for (; set->name; set++) {
        const struct field *row = record_field(record, set->name);
        bytes_set_number((uint8_t *)out->at + start, record->size, row->bit, row->bits,
                         set->number);
    }
}

bool dns_query(struct text *message, const char *name, uint16_t type, uint16_t id, struct err *err)
{
    const struct setting header[] = {
        {"dns.id", id}, {"dns.flags.recdesired", 1}, {"dns.count.queries", 1}, {NULL, 0}};
    const struct setting asked[] = {{"dns.qry.type", type}, {"dns.qry.class", 1}, {NULL, 0}};
    put_rows(message, &proto_dns, header);
    if (!put_name(message, name, err))
        return false;
    put_rows(message, question_part(1), asked);
    return true;
}

void dns_port_set(struct dns_port *at, uint16_t port)
{
    *at = (struct dns_port){
        .datagram = {{port, &proto_dns, NULL}},
        .stream = {{port, &proto_dns_stream, NULL}},
        .decode = {{&proto_udp, at->datagram}, {&proto_tcp, at->stream}},
    };
}
