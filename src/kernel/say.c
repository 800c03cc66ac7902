/* say.c: the testimony in sentences. */
#include "sayings.h"

#include <loopcraft/witness.h>

#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* --- which row ------------------------------------------------------------------------- */

static const char *counter_of(const struct testimony *t, const struct condition *c)
{
    return t->family == AF_INET6 ? c->v6 : c->v4;
}

static const struct counted *find(const struct testimony *t, const char *name)
{
    for (size_t i = 0; i < t->counter_count; i++)
        if (strcmp(t->counters[i].name, name) == 0)
            return &t->counters[i];
    return NULL;
}

static bool holds(const struct testimony *t, const struct condition *c)
{
    if (!c->moved)
        return true;
    const struct counted *counted = find(t, counter_of(t, c));
    return counted && counted->agreed && counted->by == (c->moved == EACH ? (int64_t)t->sent : 0);
}

/* A word of a list of words. */
static bool among(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = words; len && (at = strstr(at, word)); at += len)
        if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    return false;
}

static bool is_about(const struct saying *s, const struct testimony *t, const char *reason)
{
    uint8_t proto = t->proto == IPPROTO_ICMPV6 ? IPPROTO_ICMP : t->proto;
    return (s->proto == proto || s->proto == IPPROTO_RAW) && among(s->reasons, reason) &&
           !(s->handmade && t->by_kernel);
}

static const struct saying *find_saying(const struct testimony *t, const char *reason)
{
    for (const struct saying *s = sayings; s->proto; s++)
        if (is_about(s, t, reason) && holds(t, &s->conditions[0]) && holds(t, &s->conditions[1]))
            return s;
    return NULL;
}

/* A counter that a row of this answer's would go by, and that other traffic moved too. */
static const struct counted *find_disturbed(const struct testimony *t, const char *reason)
{
    for (const struct saying *s = sayings; s->proto; s++)
        for (size_t i = 0; i < 2 && is_about(s, t, reason); i++) {
            const struct condition *c = &s->conditions[i];
            const struct counted *counted = c->moved ? find(t, counter_of(t, c)) : NULL;
            bool explained = counted && counted->agreed &&
                             (counted->by == 0 || counted->by == (int64_t)t->sent);
            if (counted && !explained)
                return counted;
        }
    return NULL;
}

/* --- sentences ----------------------------------------------------------------------------- */

static void next_sentence(struct text *out)
{
    if (out->len)
        text_put(out, "; ");
}

static void put_by(struct text *out, const char *name, int64_t by)
{
    text_format(out, "%s %+" PRId64, name, by);
}

static void say_counters(const struct testimony *t, const struct saying *s, const char *reason,
                         struct text *out)
{
    if (s) {
        next_sentence(out);
        text_format(out, "%s (", s->counted);
        for (size_t i = 0; i < 2 && s->conditions[i].moved; i++) {
            text_put(out, i ? ", " : "");
            put_by(out, counter_of(t, &s->conditions[i]),
                   s->conditions[i].moved == EACH ? (int64_t)t->sent : 0);
        }
        text_format(out, "): %s", s->so);
        if (t->exchanges < 2)
            text_put(out, ", unless it was other traffic: it was watched once");
        return;
    }
    const struct counted *other = t->uneven ? NULL : find_disturbed(t, reason);
    if (!other)
        return;
    next_sentence(out);
    text_put(out, "the kernel's counters are no evidence here: ");
    put_by(out, other->name, other->by);
    text_put(out, other->agreed ? " is more than our packets explain, so there is other traffic"
                                : ", and a repetition did not agree: there is other traffic");
}

/* Of an answer with words of its own (a SYN-ACK) the drops are not the question's. */
static void say_drop(const struct testimony *t, const struct saying *s, const char *reason,
                     struct text *out)
{
    bool silence = strcmp(reason, "no-response") == 0;
    if (among("syn-ack udp-response echo-reply time-exceeded", reason) || !t->drop_count)
        return;
    next_sentence(out);
    if (t->drops_differ) {
        text_put(out,
                 "the kernel's reasons for drops are no evidence here: a repetition had others");
        return;
    }
    const char *means = drop_means(t->drops[0]);
    text_format(out, "%sthe kernel dropped %s: %s", silence ? "silence, because " : "",
                s && s->answered ? "the answer"
                : silence        ? "it"
                                 : "what was sent",
                t->drops[0]);
    if (means)
        text_format(out, " (%s)", means);
}

/* What the table of sockets knows about silence: it is asked, not guessed from the wire. */
static void say_sockets(const struct testimony *t, const char *reason, struct text *out)
{
    if (strcmp(reason, "no-response") != 0 || !t->port || t->sockets_unknown ||
        (t->proto != IPPROTO_TCP && t->proto != IPPROTO_UDP))
        return;
    bool udp = t->proto == IPPROTO_UDP, there = false;
    uint32_t unread = 0, unread_before = 0;
    for (size_t i = 0; i < t->socket_count; i++) {
        const struct seen_socket *seen = &t->sockets[i];
        bool listens = strcmp(socket_state_name(seen->now.state), "LISTEN") == 0;
        if (!seen->before || !seen->after || !(udp || listens))
            continue;
        there = true;
        unread += seen->now.receive_queue;
        unread_before += seen->queue_before;
    }
    next_sentence(out);
    if (udp && there && unread > unread_before)
        text_format(out, "a program has the port, and has left what came unread (%u bytes wait)",
                    unread);
    else
        text_format(out, "the kernel has %s socket at this port",
                    !there ? "no"
                    : udp  ? "a program's"
                           : "a listening");
}

void witness_say(const struct testimony *t, const char *reason, struct text *out)
{
    struct text said = TEXT_EMPTY;
    if (!t->exchanges)
        return;
    const struct saying *s = t->uneven ? NULL : find_saying(t, reason);
    say_drop(t, s, reason, &said);
    say_counters(t, s, reason, &said);
    say_sockets(t, reason, &said);
    text_put(out, text_string(&said));
    text_free(&said);
}

/* --- the testimony itself ------------------------------------------------------------------- */

const char *seen_socket_state(const struct testimony *t, const struct seen_socket *seen)
{
    const char *state = socket_state_name(seen->now.state);
    return t->proto == IPPROTO_UDP && strcmp(state, "CLOSED") == 0 ? "BOUND" : state;
}

static void list_socket(const struct testimony *t, const struct seen_socket *seen, struct text *out)
{
    const struct socket_info *now = &seen->now;
    const char *state = seen_socket_state(t, seen);
    text_put(out, state);
    if (strcmp(state, "LISTEN") == 0)
        text_format(out, " (%u of %u waiting)", now->receive_queue, now->send_queue);
    else if (now->receive_queue || seen->queue_before)
        text_format(out, " (%u bytes unread, %u before)", now->receive_queue, seen->queue_before);
    if (!seen->after)
        text_put(out, " before");
    else if (!seen->before)
        text_put(out, " after");
}

void witness_list(const struct testimony *t, struct text *out)
{
    const char *between = "";
    for (size_t i = 0; i < t->counter_count; i++) {
        const struct counted *counted = &t->counters[i];
        if (!counted->by || !counter_means(counted->name))
            continue;
        text_put(out, between);
        put_by(out, counted->name, counted->by);
        text_put(out, counted->agreed ? "" : " (not again)");
        between = ", ";
    }
    between = out->len ? "; " : "";
    for (size_t i = 0; i < t->drop_count; i++) {
        text_format(out, "%s%s", i ? ", " : between, i ? "" : "dropped: ");
        text_put(out, t->drops[i]);
    }
    between = out->len ? "; " : "";
    for (size_t i = 0; i < t->socket_count; i++) {
        text_put(out, i ? ", " : between);
        list_socket(t, &t->sockets[i], out);
    }
    if (t->more)
        text_put(out, "; and more");
}
