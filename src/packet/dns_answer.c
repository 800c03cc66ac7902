/* dns_answer.c: a DNS server's answer: is it one to our question, and what does it say? */
#include <loopcraft/dns.h>

#include <loopcraft/format.h>
#include <loopcraft/proto.h>
#include <loopcraft/walk.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum { RCODE = 15 }; /* the reply code's bits of the flags (RFC 1035, 4.1.1) */

/* A number of the header, by its row; 0 when the message ends before it. */
static uint64_t header_number(struct bytes message, const char *name)
{
    const struct field *row = record_field(&proto_dns, name);
    uint64_t number = 0;
    bytes_number(message, row->bit, row->bits, &number);
    return number;
}

/* --- is it ours? -------------------------------------------------------------------- */

/* Letters of names have no case (RFC 1035, 2.3.3); lengths, types and classes are no letters. */
static bool same_question(struct bytes a, struct bytes b)
{
    for (size_t i = 0; i < a.len; i++)
        if (i >= b.len || tolower(a.at[i]) != tolower(b.at[i]))
            return false;
    return true;
}

bool dns_answers(struct bytes query, struct bytes message, const char **why)
{
    bool failed = header_number(message, "dns.flags") & RCODE;
    uint64_t questions = header_number(message, "dns.count.queries");
    *why = NULL;
    if (message.len < proto_dns.size)
        *why = "it is too short for a DNS message";
    else if (header_number(message, "dns.id") != header_number(query, "dns.id"))
        *why = "it has another identifier than our question";
    else if (!header_number(message, "dns.flags.response"))
        *why = "it is a question itself";
    else if (header_number(message, "dns.flags.opcode") != header_number(query, "dns.flags.opcode"))
        *why = "it answers another kind of message";
    else if (questions == 0 && failed)
        return true; /* a server that can't read a question can't repeat it */
    else if (questions != 1 || !same_question(bytes_part(query, proto_dns.size, query.len),
                                              bytes_part(message, proto_dns.size, message.len)))
        *why = "it repeats another question than ours";
    return !*why;
}

bool dns_truncated(struct bytes message)
{
    return header_number(message, "dns.flags.truncated");
}

/* --- records -------------------------------------------------------------------------- */

static bool is_leaf(const struct node *node)
{
    return node->kind == NODE_FIELD || node->kind == NODE_BYTES;
}

static void put_leaf(struct text *out, const struct dissection *d, const struct node *node)
{
    bool quoted = node->field && node->field->format == &format_string;
    if (node->field && node->field->role == ROLE_BODY_LENGTH)
        return;
    if (out->len)
        text_char(out, ' ');
    text_put(out, quoted ? "\"" : "");
    node_say(out, d, node);
    text_put(out, quoted ? "\"" : "");
}

/* An address, where the record is one. */
static void take_address(struct dns_record *record, const struct dissection *d,
                         const struct node *node)
{
    struct bytes raw = node_raw(d, node);
    if (record->type == DNS_A && raw.len == 4)
        record->family = AF_INET;
    else if (record->type == DNS_AAAA && raw.len == 16)
        record->family = AF_INET6;
    else
        return;
    memcpy(record->addr, raw.at, raw.len);
}

/* The rows of one record: its name, type, class, TTL, length; all leaves behind are its data. */
static void read_record(struct dns_record *record, const struct dissection *d, size_t from,
                        size_t to)
{
    bool data = false, named = false;
    for (size_t i = from; i < to; i++) {
        const struct node *node = &d->nodes[i];
        const char *name = node->field ? node->field->name : NULL;
        if (!is_leaf(node))
            continue;
        if (data) {
            put_leaf(&record->data, d, node);
            take_address(record, d, node);
        } else if (!named) {
            node_say(&record->name, d, node);
            named = true;
        } else if (name && strcmp(name, "dns.resp.type") == 0) {
            record->type = (uint16_t)node_number(d, node);
        } else if (name && strcmp(name, "dns.resp.ttl") == 0) {
            record->ttl = (uint32_t)node_number(d, node);
        }
        data = data || (name && strcmp(name, "dns.resp.len") == 0);
    }
}

/* The list that an area of the message is: 0 to 3; below 0: it is none. */
static int section_of(const struct node *node)
{
    for (int i = 0; node->kind == NODE_GROUP && proto_dns.lists[i].element; i++)
        if (node->field == &proto_dns.lists[i].area)
            return i;
    return -1;
}

static bool is_record(const struct node *node)
{
    return node->kind == NODE_RECORD && node->record == proto_dns.lists[1].element;
}

/* The tables show so what is no name, as tshark does (dns_name.c). */
static bool is_no_name(struct text *text)
{
    static const char mark[] = "<Name ";
    return strncmp(text_string(text), mark, sizeof mark - 1) == 0;
}

static void read_records(struct dns_answer *answer, const struct dissection *d)
{
    unsigned section = 0;
    for (size_t i = 0; i < d->count; i++) {
        int area = section_of(&d->nodes[i]);
        if (area >= 0)
            section = (unsigned)area;
        if (d->nodes[i].fault && !answer->bad)
            answer->bad = d->nodes[i].why ? d->nodes[i].why : "it ends too early";
        if (!is_record(&d->nodes[i]))
            continue;
        size_t end = i + 1;
        while (end < d->count && !is_record(&d->nodes[end]) && section_of(&d->nodes[end]) < 0)
            end++;
        struct dns_record *record = &answer->records[answer->count++];
        record->section = section;
        read_record(record, d, i + 1, end);
        if (is_no_name(&record->name) || is_no_name(&record->data))
            answer->bad = "a name in it points at itself, or is too long";
    }
}

void dns_answer_read(struct dns_answer *answer, struct bytes message)
{
    struct dissection d = {0};
    size_t most = 0;
    *answer = (struct dns_answer){.rcode = header_number(message, "dns.flags") & RCODE};
    walk(&d, &proto_dns, message, message.len);
    for (size_t i = 0; i < d.count; i++)
        most += is_record(&d.nodes[i]);
    answer->records = calloc(most + 1, sizeof *answer->records);
    if (!answer->records)
        abort();
    const struct node *asked = node_find(&d, 0, "dns.qry.name");
    if (asked)
        node_say(&answer->name, &d, asked);
    read_records(answer, &d);
    dissection_free(&d);
}

void dns_answer_free(struct dns_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++) {
        text_free(&answer->records[i].name);
        text_free(&answer->records[i].data);
    }
    free(answer->records);
    text_free(&answer->name);
    *answer = (struct dns_answer){0};
}

/* --- from alias to name ------------------------------------------------------------------ */

/* The records of a name among the answers, of this type; appended to the list. */
static size_t take_named(const struct dns_answer *answer, const char *name, uint16_t type,
                         const struct dns_record **list, size_t count)
{
    size_t taken = 0;
    for (size_t i = 0; i < answer->count && count + taken < answer->count; i++) {
        struct dns_record *record = &answer->records[i];
        if (record->section == 1 && (record->type == type || type == DNS_ANY) &&
            strcasecmp(text_string(&record->name), name) == 0)
            list[count + taken++] = record;
    }
    return taken;
}

/* A circle of aliases ends when there are as many as there are records. */
size_t dns_answer_follow(const struct dns_answer *answer, uint16_t type,
                         const struct dns_record **list, size_t *found)
{
    struct text copy = answer->name;
    const char *name = text_string(&copy);
    size_t count = 0;
    while ((*found = take_named(answer, name, type, list, count)) == 0) {
        size_t aliases = take_named(answer, name, DNS_CNAME, list, count);
        if (!aliases)
            return count;
        struct dns_record *alias = (struct dns_record *)list[count++];
        name = text_string(&alias->data);
    }
    return count + *found;
}
