/*
 * lookup.c: one question to a DNS server, in a datagram made by hand.
 *
 * What comes back is taken for the answer only if all fits that can: both addresses and ports, the
 * identifier, the question (RFC 5452, 9.1). Whatever else comes is shown, with the reason.
 */
#include "lookup_parts.h"

#include <loopcraft/clock.h>

#include <string.h>
#include <sys/socket.h>

/* For an answer, each time: a server that has to ask others may need a while (RFC 1035, 4.2.1). */
static const unsigned waits_ms[] = {500, 1000, 2000};
enum { TRIES = sizeof waits_ms / sizeof waits_ms[0] };

void lookup_failed(struct looked_up *found, const char *failure, const char *means)
{
    found->failure = failure;
    text_clear(&found->message);
    text_clear(&found->means);
    text_put(&found->means, means);
}

bool lookup_begin(struct exchange *x, struct dns_port *at, uint16_t port, struct err *err)
{
    struct text filter = TEXT_EMPTY;
    text_format(&filter, "udp port %u or tcp port %u or icmp or icmp6", x->wire.port, port);
    bool good = capture_filter(x->wire.capture, text_string(&filter), err);
    text_free(&filter);
    dns_port_set(at, port);
    x->dissection.decode = at->decode;
    return good;
}

static bool send_query(struct exchange *x, const struct lookup *l, unsigned attempt,
                       struct err *err)
{
    struct recipe recipe = recipe_copy(l->words);
    struct text note = TEXT_EMPTY;
    recipe_default(&recipe, "udp.srcport", x->wire.port);
    recipe_default(&recipe, "udp.dstport", l->port);
    recipe_data(&recipe, l->query, ORIGIN_LOOPCRAFT);
    if (attempt == 0)
        text_format(&note, "Asks for %s. The answer must have the same identifier and question.",
                    l->asks);
    else
        text_format(&note, "No answer in %u ms: the same question again, try %u of %d.",
                    waits_ms[attempt - 1], attempt + 1, TRIES);
    bool good = exchange_send(x, &recipe, &note, NULL, NULL, err);
    text_free(&note);
    recipe_free(&recipe);
    return good;
}

/* --- what comes back ------------------------------------------------------------------ */

/* Why it is not the answer, or NULL. */
static const char *misfit(const struct exchange *x, const struct lookup *l, const struct reply *r)
{
    const char *why;
    if (r->from != l->port)
        return "it comes from another port than the one that was asked";
    if (strcmp(x->summary.from.addr, l->addr) != 0)
        return "it comes from another address than the one that was asked";
    dns_answers(l->query, r->data, &why);
    return why;
}

static bool take_error(struct exchange *x, const struct lookup *l, const struct reply *r,
                       struct looked_up *found, struct err *err)
{
    const struct ruling *ruling = ruling_find(PROBE_UDP, x->family, r);
    if (ruling) {
        lookup_failed(found, ruling->reason, ruling->evidence);
        text_format(&x->note, "No server is to be had at port %u: %s.", l->port, ruling->evidence);
    }
    return exchange_tell(x, err);
}

static bool take(struct exchange *x, const struct lookup *l, const struct reply *r,
                 struct looked_up *found, struct err *err)
{
    if (r->kind == REPLY_ICMP_ERROR && r->protocol == IPPROTO_UDP && r->from == x->wire.port &&
        r->to == l->port)
        return take_error(x, l, r, found, err);
    if (r->kind != REPLY_UDP || r->to != x->wire.port)
        return true; /* somebody else's */
    const char *why = misfit(x, l, r);
    if (why) {
        text_format(&x->note, "Not taken for the answer: %s.", why);
        return exchange_tell(x, err);
    }
    text_put_n(&found->message, (const char *)r->data.at, r->data.len);
    text_put(&x->note, "The answer: the same identifier and question, from the address and port "
                       "that were asked.");
    if (dns_truncated(r->data))
        text_put(&x->note, " It is cut short (TC), so the question is put again over TCP.");
    return exchange_tell(x, err);
}

/* Until the answer, an error, or the time is up. */
static enum probe_result await_answer(struct exchange *x, const struct lookup *l, int64_t until,
                                      struct looked_up *found, struct err *err)
{
    while (!found->message.len && !found->failure) {
        struct reply reply;
        switch (exchange_next(x, until, &reply, err)) {
        case EXCHANGE_SIGNAL: return PROBE_INTERRUPTED;
        case EXCHANGE_FAILED: return PROBE_FAILED;
        case EXCHANGE_TIMEOUT: return PROBE_DONE;
        case EXCHANGE_REPLY:
            if (!reply.ours && !take(x, l, &reply, found, err))
                return PROBE_FAILED;
        }
    }
    return PROBE_DONE;
}

enum probe_result lookup_ask(struct exchange *x, const struct lookup *l, struct looked_up *found,
                             struct err *err)
{
    enum probe_result result = PROBE_DONE;
    *found = (struct looked_up){0};
    while (result == PROBE_DONE && !found->message.len && !found->failure && found->tries < TRIES) {
        int64_t wait = waits_ms[found->tries] * (int64_t)CLOCK_MS;
        if (!send_query(x, l, found->tries++, err))
            return PROBE_FAILED;
        result = await_answer(x, l, clock_now() + wait, found, err);
    }
    if (result != PROBE_DONE)
        return result;
    if (!found->message.len && !found->failure)
        lookup_failed(
            found, "no-response",
            "three questions, and no answer: a firewall drops them, the server is busy, or "
            "what listens there is no DNS server");
    struct bytes message = {(const uint8_t *)found->message.at, found->message.len};
    return dns_truncated(message) ? lookup_stream(x, l, found, err) : PROBE_DONE;
}

void looked_up_free(struct looked_up *found)
{
    text_free(&found->message);
    text_free(&found->means);
    *found = (struct looked_up){0};
}
