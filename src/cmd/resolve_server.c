/* resolve_server.c: a DNS server on loopback is asked, by a query made by hand. */
#include "resolve.h"

#include "ports.h"

#include <loopcraft/lookup.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DNS_PORT = 53 };

enum { QUESTIONS_MOST = 2 }; /* A and AAAA */

/* A question, and what came of it. */
struct inquiry {
    uint16_t type;
    struct looked_up found;
    struct dns_answer answer; /* if there is one */
};

struct asking {
    struct resolve *r;
    struct live live;
    struct dns_port at;  /* what the capture takes for DNS */
    uint16_t port;       /* the server's */
    struct text source;  /* "127.0.0.1:53" */
    struct text reverse; /* the name of an address's name */
    struct inquiry each[QUESTIONS_MOST];
    size_t count;
};

static void put_free(struct inquiry *q)
{
    looked_up_free(&q->found);
    dns_answer_free(&q->answer);
}

static bool same_text(const struct text *a, const struct text *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->at, b->at, a->len) == 0);
}

/* --- the command line ------------------------------------------------------------------ */

/* "127.0.0.1", "::1", "[::1]", each with or without a port; whether it is loopback the guard says.
 */
static bool read_server(struct asking *a, const struct line *line, struct err *err)
{
    char addr[48] = "";
    const char *word = a->r->server, *colon = strchr(word, ':');
    size_t len = strlen(word);
    bool brackets = word[0] == '[', whole = brackets && word[len - 1] == ']';
    bool port = brackets ? !whole : colon && colon == strrchr(word, ':');
    a->port = DNS_PORT;
    if (port) {
        if (!ports_read(&a->live.ports, word, "udp", addr, err))
            return false;
        if (a->live.ports.count != 1)
            return err_set(err, STATUS_USAGE,
                           "one port: a server is asked at 53, or where you say");
        a->port = a->live.ports.each[0];
    } else if (len - 2 * whole < sizeof addr) {
        memcpy(addr, word + whole, len - 2 * whole);
    }
    if (!*addr)
        return err_set(err, STATUS_GUARD,
                       "the server: no address; write @127.0.0.1, @127.0.0.1:5353 "
                       "or @[::1]:5353");
    return live_place(&a->live, line, addr, err);
}

static bool set_recipe(struct asking *a, struct err *err)
{
    struct live *live = &a->live;
    struct text word = TEXT_EMPTY;
    bool six = live->family == AF_INET6;
    if (!recipe_begin(&live->recipe, "udp", live->family, err))
        return false;
    text_format(&word, "%s.dst=%s", live->recipe.ip->name, live->addr);
    text_format(&a->source, six ? "[%s]:%u" : "%s:%u", live->addr, a->port);
    bool good = recipe_word(&live->recipe, text_string(&word), ORIGIN_YOU, err);
    text_free(&word);
    return good;
}

/* --- what the answer says ---------------------------------------------------------------- */

static bool miss(struct asking *a, uint16_t type, const char *failure, const char *means,
                 struct err *err)
{
    struct text kind = TEXT_EMPTY;
    dns_type_name(&kind, type);
    bool good = resolve_miss(a->r, text_string(&a->r->safe), text_string(&kind), failure, means,
                             text_string(&a->source), err);
    text_free(&kind);
    return good;
}

static bool tell_record(struct asking *a, const struct dns_record *record, struct err *err)
{
    struct text kind = TEXT_EMPTY, name = record->name, data = record->data; /* borrowed */
    dns_type_name(&kind, record->type);
    bool good = resolve_tell(
        a->r,
        &(struct found){.name = text_string(&name),
                        .kind = text_string(&kind),
                        .data = text_string(&data),
                        .means = record->family ? NULL : dns_type_means(record->type),
                        .ttl = record->ttl,
                        .source = text_string(&a->source),
                        .family = record->family,
                        .addr = record->addr},
        err);
    text_free(&kind);
    return good;
}

/* A reply code that is no success; the answer may have aliases all the same. */
static bool tell_rcode(struct asking *a, const struct inquiry *q, struct err *err)
{
    static const struct {
        uint16_t rcode;
        const char *name;
    } names[] = {
        {DNS_FORMERR, "FORMERR"}, {DNS_SERVFAIL, "SERVFAIL"}, {DNS_NXDOMAIN, "NXDOMAIN"},
        {DNS_NOTIMP, "NOTIMP"},   {DNS_REFUSED, "REFUSED"},
    };
    /* dnsmasq's --address does so (RFC 2308, 2.1: that is wrong). */
    static const char contrary[] = "the server says that there is no such name at all, though it "
                                   "has just told something of it";
    bool torn = q->answer.rcode == DNS_NXDOMAIN && a->r->found;
    char other[16];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].rcode == q->answer.rcode)
            return miss(a, q->type, names[i].name, torn ? contrary : NULL, err);
    snprintf(other, sizeof other, "RCODE%u", q->answer.rcode);
    return miss(a, q->type, other, "the server says that it failed", err);
}

/* Did the answer to the question before have this alias too? */
static bool told_already(const struct asking *a, const struct inquiry *q,
                         const struct dns_record *alias)
{
    const struct dns_answer *before = &a->each[0].answer;
    for (size_t i = 0; q != &a->each[0] && !before->bad && i < before->count; i++)
        if (before->records[i].type == DNS_CNAME && before->records[i].section == 1 &&
            same_text(&before->records[i].name, &alias->name) &&
            same_text(&before->records[i].data, &alias->data))
            return true;
    return false;
}

static bool tell_records(struct asking *a, const struct inquiry *q, struct err *err)
{
    const struct dns_answer *answer = &q->answer;
    const struct dns_record **list = calloc(answer->count + 1, sizeof(struct dns_record *));
    size_t found = 0;
    bool good = true;
    if (!list)
        abort();
    size_t count = dns_answer_follow(answer, q->type, list, &found);
    for (size_t i = 0; good && i < count; i++) {
        bool alias = i < count - found; /* on the way, and no answer yet */
        if (alias && told_already(a, q, list[i]))
            continue;
        good = tell_record(a, list[i], err);
        a->r->found -= alias;
    }
    free(list);
    if (good && answer->rcode)
        return tell_rcode(a, q, err);
    return good && (found || miss(a, q->type, "NODATA", NULL, err));
}

static bool tell_answer(struct asking *a, struct inquiry *q, struct err *err)
{
    if (q->found.failure)
        return miss(a, q->type, q->found.failure, text_string(&q->found.means), err);
    if (q->answer.bad)
        return miss(a, q->type, "malformed", q->answer.bad, err);
    return tell_records(a, q, err);
}

static bool tell_answers(struct asking *a, struct err *err)
{
    for (size_t i = 0; i < a->count; i++)
        if (!tell_answer(a, &a->each[i], err))
            return false;
    a->r->no = a->r->found == 0;
    return true;
}

/* --- asking ------------------------------------------------------------------------------- */

static enum probe_result ask(struct asking *a, const char *name, uint16_t type, struct err *err)
{
    struct text query = TEXT_EMPTY, asks = TEXT_EMPTY;
    struct inquiry q = {.type = type};
    enum probe_result result = PROBE_FAILED;
    dns_type_name(&asks, type);
    text_put(&asks, " of ");
    text_escape(&asks, (struct bytes){(const uint8_t *)name, strlen(name)});
    if (dns_query(&query, name, type, (uint16_t)exchange_random(), err)) {
        const struct lookup lookup = {
            .words = &a->live.recipe,
            .addr = a->live.addr,
            .port = a->port,
            .query = {(const uint8_t *)query.at, query.len},
            .asks = text_string(&asks),
        };
        result = lookup_ask(&a->live.exchange, &lookup, &q.found, err);
    }
    if (q.found.message.len)
        dns_answer_read(&q.answer,
                        (struct bytes){(const uint8_t *)q.found.message.at, q.found.message.len});
    if (result == PROBE_DONE)
        a->each[a->count++] = q;
    else
        put_free(&q);
    text_free(&query);
    text_free(&asks);
    return result;
}

/* There is no use in asking on: no server, or no such name, of any type (RFC 8020, 2). */
static bool is_over(const struct asking *a)
{
    const struct inquiry *last = a->count ? &a->each[a->count - 1] : NULL;
    return last && (last->found.failure || last->answer.rcode == DNS_NXDOMAIN);
}

/* Its addresses, or what --type says; of an address, its name. */
static enum probe_result ask_types(struct asking *a, struct err *err)
{
    struct resolve *r = a->r;
    bool one = r->typed || r->family;
    const uint16_t types[QUESTIONS_MOST] = {r->typed    ? r->type
                                            : r->family ? DNS_PTR
                                                        : DNS_A,
                                            DNS_AAAA};
    const char *name = r->name;
    if (r->family && types[0] == DNS_PTR) {
        dns_reverse_name(&a->reverse, r->family, r->addr);
        name = text_string(&a->reverse);
    }
    enum probe_result result = PROBE_DONE;
    for (size_t i = 0; result == PROBE_DONE && !is_over(a) && i < (one ? 1 : QUESTIONS_MOST); i++)
        result = ask(a, name, types[i], err);
    return result;
}

static int ask_open(struct asking *a, struct err *err)
{
    struct exchange *x = &a->live.exchange;
    a->r->sinks = &a->live.sinks;
    enum probe_result result = ask_types(a, err);
    bool partial = result == PROBE_INTERRUPTED;
    if (result == PROBE_FAILED || !tell_answers(a, err) ||
        (a->r->service && !partial && !resolve_service(a->r, err)))
        return err->status;
    struct summary_event summary = {.partial = partial,
                                    .sent = x->sent_count,
                                    .received = x->received_count,
                                    .dropped = capture_dropped(x->wire.capture)};
    if (!resolve_sum_up(a->r, summary, err))
        return err->status;
    return partial ? live_interrupted(&a->live) : a->r->no ? STATUS_NO : STATUS_DONE;
}

int resolve_server(struct resolve *r, const struct line *line, struct err *err)
{
    const struct wants wants = {.send = true, .capture = true, .reserve = true};
    struct asking a = {.r = r};
    bool good = read_server(&a, line, err) && set_recipe(&a, err) && live_world(&a.live, err) &&
                live_open(&a.live, line, "resolve", &wants, err) &&
                lookup_begin(&a.live.exchange, &a.at, a.port, err);
    int status = live_close(&a.live, good ? ask_open(&a, err) : err->status, err);
    for (size_t i = 0; i < a.count; i++)
        put_free(&a.each[i]);
    text_free(&a.source);
    text_free(&a.reverse);
    return status;
}
