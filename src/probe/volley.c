/* volley.c: one packet, sent once or many times. */
#include <loopcraft/volley.h>

#include "answer.h"

#include <loopcraft/clock.h>
#include <loopcraft/proto.h>

#include <string.h>

enum {
    QUIET_MS = 200,       /* on lo an answer takes a millisecond at most */
    LONGEST_MS = 3000,    /* however much keeps coming */
    OUTSTANDING_MOST = 32 /* sent, and not seen by the capture yet: more would fill its buffer */
};

/* --- what nobody asked for ---------------------------------------------------------- */

static bool any_flag(const struct recipe *recipe)
{
    static const char group[] = "tcp.flags";
    for (size_t i = 0; i < recipe->count; i++)
        if (strncmp(recipe->asked[i].field->name, group, sizeof group - 1) == 0)
            return true;
    return false;
}

/* Types whose first two bytes of body are an identifier (RFC 792; RFC 4443, 4.1). */
static bool has_ident(const struct recipe *recipe)
{
    const struct asked *type = recipe_asked(recipe, record_role(recipe->proto, ROLE_CASE)->name);
    uint64_t number = type ? recipe_number(recipe, type) : 0;
    return recipe->proto == &proto_icmp ? number == 8 || number == 13 : number == 128;
}

void volley_fill(struct recipe *recipe, uint16_t port)
{
    const struct record *proto = recipe->proto;
    const struct field *source = record_role(proto, ROLE_SOURCE);
    if (source)
        recipe_default(recipe, source->name, port);
    if (proto == &proto_tcp) {
        if (!any_flag(recipe))
            recipe_default(recipe, "tcp.flags", TCP_SYN);
        recipe_default(recipe, "tcp.seq_raw", exchange_random());
    }
    if (proto == &proto_icmp || proto == &proto_icmpv6) {
        bool six = proto == &proto_icmpv6;
        recipe_default(recipe, six ? "icmpv6.type" : "icmp.type", six ? 128 : 8);
        if (has_ident(recipe)) {
            recipe_default(recipe, six ? "icmpv6.echo.identifier" : "icmp.ident",
                           exchange_random() & 0xffff);
            recipe_default(recipe, six ? "icmpv6.echo.sequence_number" : "icmp.seq", 1);
        }
    }
}

/* On an IPv4 raw socket the kernel has the last word on these (raw(7), IP_HDRINCL). */
void volley_warn(struct text *note, const struct recipe *recipe)
{
    static const char *const kernels[] = {"ip.len", "ip.checksum", "ip.id"};
    size_t before = note->len;
    for (size_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++) {
        const struct asked *asked = recipe_asked(recipe, kernels[i]);
        bool id = i == 2; /* one that is not 0 stays */
        if (asked && asked->origin == ORIGIN_YOU && (!id || recipe_number(recipe, asked) == 0))
            text_format(note, "%s%s",
                        note->len > before ? ", " : "The kernel sets these itself: ", kernels[i]);
    }
    if (note->len > before)
        text_put(note, ". With --exact, in the sandbox, they go as you asked. ");
}

/* --- sending, and looking -------------------------------------------------------------- */

struct flight {
    struct exchange *x;
    const struct volley *volley;
    struct volley_count *count;
    struct question question;
    unsigned long outstanding;
    const char *reason; /* nmap's word for the latest answer; NULL: it has none */
    int64_t next, last_sent, last_heard; /* clock_now() */
};

static bool send_one(struct flight *f, struct err *err)
{
    struct text note = TEXT_EMPTY;
    if (f->volley->count > 1)
        text_format(&note, "The packet, %lu of %lu. ", f->count->sent + 1, f->volley->count);
    if (!f->volley->exact)
        volley_warn(&note, f->volley->words);
    bool good = exchange_send(f->x, f->volley->words, &note, NULL, NULL, err);
    text_free(&note);
    if (!good)
        return false;
    f->count->sent++;
    f->outstanding++;
    f->last_sent = f->last_heard = clock_now();
    f->next += f->volley->gap_ns;
    if (f->next < f->last_sent - CLOCK_SECOND) /* too slow for that rate: no making up for hours */
        f->next = f->last_sent;
    return true;
}

static const char *reason_of(const struct flight *f, const struct reply *reply)
{
    const struct record *proto = f->volley->words->proto;
    enum probe_kind kind = proto == &proto_tcp   ? PROBE_SYN
                           : proto == &proto_udp ? PROBE_UDP
                                                 : PROBE_ECHO;
    const struct ruling *ruling = ruling_find(kind, f->x->family, reply);
    return ruling ? ruling->reason : NULL;
}

static bool take(struct flight *f, const struct reply *reply, struct err *err)
{
    if (reply->ours) {
        f->outstanding -= f->outstanding > 0;
        return true;
    }
    switch (answer_read(f->x, &f->question, reply)) {
    case ANSWER_NONE: return true;
    case ANSWER_BACK:
        f->count->answers++;
        f->reason = reason_of(f, reply);
        break;
    case ANSWER_KERNEL:
        f->count->kernel++;
        f->x->frame.direction = DIRECTION_SENT;
        break;
    }
    f->last_heard = clock_now();
    return exchange_tell(f->x, err);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Until when nothing but looking is to be done; our own packets are waited for in any case. */
static int64_t look_until(const struct flight *f)
{
    const int64_t quiet = QUIET_MS * (int64_t)CLOCK_MS;
    if (f->count->sent < f->volley->count)
        return f->outstanding < OUTSTANDING_MOST ? f->next : f->last_sent + quiet;
    int64_t own = f->outstanding ? f->last_sent + quiet : f->last_sent;
    int64_t end = f->volley->wait_ns < 0 ? earlier(f->last_heard + quiet,
                                                   f->last_sent + LONGEST_MS * (int64_t)CLOCK_MS)
                                         : f->last_sent + f->volley->wait_ns;
    return end > own ? end : own;
}

static enum probe_result fly(struct flight *f, struct err *err)
{
    f->next = clock_now();
    for (;;) {
        int64_t now = clock_now(), until;
        bool more = f->count->sent < f->volley->count;
        if (more && now >= f->next && f->outstanding < OUTSTANDING_MOST && !send_one(f, err))
            return PROBE_FAILED;
        until = look_until(f);
        if (!more && now >= until)
            return PROBE_DONE;
        struct reply reply;
        switch (exchange_next(f->x, until, &reply, err)) {
        case EXCHANGE_SIGNAL: return PROBE_INTERRUPTED;
        case EXCHANGE_FAILED: return PROBE_FAILED;
        case EXCHANGE_TIMEOUT:
            if (f->outstanding >= OUTSTANDING_MOST)
                f->outstanding = 0; /* the capture lost them: they are waited for no longer */
            break;
        case EXCHANGE_REPLY:
            if (!take(f, &reply, err))
                return PROBE_FAILED;
        }
    }
}

/* --- the kernel as witness ------------------------------------------------------------------- */

static void begin(struct exchange *x, const struct recipe *words, struct testimony *t)
{
    const struct record *proto = words->proto;
    const struct field *row = record_role(proto, ROLE_DESTINATION);
    const struct asked *asked = row ? recipe_asked(words, row->name) : NULL;
    exchange_watch_server(x, words, asked ? (uint16_t)recipe_number(words, asked) : 0);
    testimony_begin(t, x->family, proto ? proto->protocol : 0, x->server.addr, x->server.port);
}

static bool testify(struct flight *f, const struct testimony *t, struct err *err)
{
    struct text means = TEXT_EMPTY;
    struct event event = {.kind = EVENT_WITNESS};
    const char *reason = f->count->answers ? f->reason : "no-response";
    if (reason)
        witness_say(t, reason, &means);
    event.witness = (struct witness_event){.testimony = t, .means = text_string(&means)};
    bool good = sinks_event(f->x->sinks, &event, err);
    text_free(&means);
    return good;
}

/* It watches once: what was asked for is sent, and no more. */
static enum probe_result fly_witnessed(struct flight *f, struct err *err)
{
    struct witness *witness = f->x->wire.witness;
    struct testimony t;
    begin(f->x, f->volley->words, &t);
    witness_before(witness, &t);
    enum probe_result result = fly(f, err);
    witness_after(witness, &t, (unsigned)f->count->sent);
    return result == PROBE_FAILED || testify(f, &t, err) ? result : PROBE_FAILED;
}

enum probe_result volley_run(struct exchange *x, const struct volley *volley,
                             struct volley_count *count, struct err *err)
{
    struct recipe filled = recipe_copy(volley->words);
    struct crafted crafted = {0};
    struct flight flight = {.x = x, .volley = volley, .count = count};
    enum probe_result result = PROBE_FAILED;
    *count = (struct volley_count){0};
    recipe_fill(&filled);
    if (craft(&crafted, &filled, err)) {
        flight.question = question_of(&filled, &crafted);
        result = x->wire.witness ? fly_witnessed(&flight, err) : fly(&flight, err);
    }
    crafted_free(&crafted);
    recipe_free(&filled);
    return result;
}
