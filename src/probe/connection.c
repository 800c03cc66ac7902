/* connection.c: our end of a handmade TCP connection. */
#include "connection.h"

#include <loopcraft/clock.h>
#include <loopcraft/probe.h>
#include <loopcraft/proto.h>

#include <sys/socket.h>

bool seq_before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

/* RFC 9293, 3.3.2, read off what has been sent and received. */
const char *connection_state(const struct connection *c)
{
    if (c->reset || c->unreachable || !c->syn_sent)
        return "CLOSED";
    if (!c->synced)
        return "SYN-SENT";
    if (c->fin_sent && c->fin_acked && c->their_fin)
        return c->they_closed_first ? "CLOSED" : "TIME-WAIT";
    if (c->fin_sent && c->their_fin)
        return c->they_closed_first ? "LAST-ACK" : "CLOSING";
    if (c->fin_sent)
        return c->fin_acked ? "FIN-WAIT-2" : "FIN-WAIT-1";
    return c->their_fin ? "CLOSE-WAIT" : "ESTABLISHED";
}

/* --- send ------------------------------------------------------------------------ */

/* What the user asked of IP holds for every packet; the rest of the words shape the SYN. */
static void copy_words(struct recipe *recipe, const struct recipe *words, bool syn)
{
    for (size_t i = 0; i < words->count; i++) {
        struct asked asked = words->asked[i];
        if (!syn && asked.record != words->ip)
            continue;
        const char *value = words->values.at + asked.at;
        asked.at = recipe->values.len;
        text_put_n(&recipe->values, value, asked.len);
        recipe->asked[recipe->count++] = asked;
    }
    if (!syn)
        return;
    recipe->options_origin = words->options_origin;
    text_put_n(&recipe->options, words->options.at ? words->options.at : "", words->options.len);
    recipe_data(recipe, (struct bytes){(uint8_t *)words->data.at, words->data.len},
                words->data_origin);
}

bool connection_send(struct connection *c, uint16_t flags, struct bytes data, struct text *note,
                     struct remarks *remarks, const char *title, struct err *err)
{
    struct recipe recipe;
    if (!recipe_begin(&recipe, "tcp", c->x->family, err))
        return false;
    copy_words(&recipe, c->words, flags & TCP_SYN);
    recipe_default(&recipe, "tcp.srcport", c->x->wire.port);
    recipe_default(&recipe, "tcp.dstport", c->port);
    recipe_default(&recipe, "tcp.flags", flags);
    recipe_default(&recipe, "tcp.seq_raw", c->nxt);
    recipe_default(&recipe, "tcp.ack_raw", flags & TCP_ACK ? c->rcv : 0);
    if (data.len)
        recipe_data(&recipe, data, ORIGIN_YOU);
    c->nxt += (uint32_t)recipe.data.len + !!(flags & TCP_SYN) + !!(flags & TCP_FIN);
    c->syn_sent = c->syn_sent || flags & TCP_SYN;
    c->fin_sent = c->fin_sent || flags & TCP_FIN;
    c->reset = c->reset || flags & TCP_RST;
    struct stage stage = {.title = title, .ours = connection_state(c)};
    bool good = exchange_send(c->x, &recipe, note, remarks, title ? &stage : NULL, err);
    recipe_free(&recipe);
    return good;
}

/* One ACK for all that has come in together (RFC 9293, 3.8.6.3 lets a receiver wait a little). */
static bool send_ack(struct connection *c, struct err *err)
{
    struct text note = TEXT_EMPTY;
    uint32_t from = c->rcv - (uint32_t)c->due_data - c->due_fin;
    if (c->due_data && c->due_fin)
        text_format(&note, "%u + %zu bytes + 1 for FIN = %u: we have it all.", from, c->due_data,
                    c->rcv);
    else if (c->due_data)
        text_format(&note, "%u + %zu byte%s = %u: the next byte that we expect.", from, c->due_data,
                    c->due_data == 1 ? "" : "s", c->rcv);
    else if (c->due_fin)
        text_format(&note, "Their FIN counts as one: %u + 1 = %u.", from, c->rcv);
    else
        text_format(&note, "Once more: we still expect %u.", c->rcv);
    c->ack_due = c->due_fin = false;
    c->due_data = 0;
    bool good = connection_send(c, TCP_ACK, (struct bytes){0}, &note, NULL, "ACK sent", err);
    text_free(&note);
    return good;
}

/* --- receive ------------------------------------------------------------------------ */

static void take_options(struct connection *c)
{
    const struct node *mss = node_find(&c->x->dissection, 0, "tcp.options.mss_val");
    c->mss = mss ? (uint16_t)node_number(&c->x->dissection, mss) : 536;
    if (c->mss < 64)
        c->mss = 64; /* a tiny one would only make the story long */
}

static void take_syn_ack(struct connection *c, const struct reply *r)
{
    struct exchange *x = c->x;
    if (r->ack != c->nxt) {
        text_format(&x->note,
                    "It acknowledges %u, but our next number is %u: not an answer to our SYN.",
                    r->ack, c->nxt);
        return;
    }
    remarks_add(&x->remarks, &proto_tcp, "tcp.ack_raw", "your %u + 1: SYN counts as one", c->iss);
    if (c->synced) {
        c->ack_due = true;
        x->stage.title = "SYN-ACK received again";
        text_put(&x->note,
                 "The same SYN-ACK again: our ACK has not reached the server, or was not sent.");
        return;
    }
    remarks_add(&x->remarks, &proto_tcp, "tcp.seq_raw", "the server's own first number");
    text_format(
        &x->note,
        "The server agrees, and asks back: its numbers start at %u. It acknowledges %u = %u + 1.",
        r->seq, r->ack, c->iss);
    take_options(c);
    c->irs = r->seq;
    c->rcv = r->seq + 1;
    c->una = r->ack;
    c->window = r->window;
    c->synced = true;
    x->stage.title = "SYN-ACK received";
}

static void take_ack(struct connection *c, const struct reply *r)
{
    c->window = r->window;
    if (!(r->flags & TCP_ACK) || !seq_before(c->una, r->ack) || seq_before(c->nxt, r->ack))
        return;
    uint32_t from = c->una, more = r->ack - c->una;
    bool fin = c->fin_sent && r->ack == c->nxt;
    if (fin && more == 1)
        text_format(&c->x->note, "Our FIN is acknowledged: %u = %u + 1. ", r->ack, from);
    else if (fin)
        text_format(&c->x->note, "All acknowledged: %u + %u bytes + 1 for FIN = %u. ", from,
                    more - 1, r->ack);
    else
        text_format(&c->x->note, "%u byte%s acknowledged: %u + %u = %u. ", more,
                    more == 1 ? "" : "s", from, more, r->ack);
    if (fin)
        remarks_add(&c->x->remarks, &proto_tcp, "tcp.ack_raw", "your %u + 1: FIN counts as one",
                    c->nxt - 1);
    else
        remarks_add(&c->x->remarks, &proto_tcp, "tcp.ack_raw",
                    "your %u + %u: all up to here has arrived", from, more);
    c->una = r->ack;
    c->fin_acked = c->fin_acked || fin;
}

/* Takes in data and FIN that are next in order, and notes that they want an ACK. */
static void take_data(struct connection *c, const struct reply *r)
{
    struct text *note = &c->x->note;
    size_t len = r->data.len, before = c->received;
    uint32_t end = r->seq + (uint32_t)len;
    if (!len && !(r->flags & TCP_FIN))
        return;
    c->ack_due = true;
    if (seq_before(c->rcv, r->seq)) {
        text_format(note, "It starts at %u, but we expect %u: something before it is missing. ",
                    r->seq, c->rcv);
        return;
    }
    if (seq_before(c->rcv, end)) {
        uint32_t taken = end - c->rcv;
        text_format(note, "%u byte%s of data, numbers %u to %u. ", taken, taken == 1 ? "" : "s",
                    c->rcv, end - 1);
        c->rcv = end;
        c->received += taken;
        c->due_data += taken;
        c->x->stage.title = "data received";
    }
    if (r->flags & TCP_FIN && end == c->rcv && !c->their_fin) {
        text_format(note,
                    "FIN: the server has nothing more to say; FIN counts as one, so %u + 1 = %u.",
                    end, end + 1);
        c->rcv++;
        c->their_fin = c->due_fin = true;
        c->they_closed_first = !c->fin_sent;
        c->x->stage.title = "FIN received";
    } else if (c->received == before) {
        text_put(note, "We have had this before: our ACK was late or lost.");
    }
}

static void take_reset(struct connection *c, const struct reply *r)
{
    struct text *note = &c->x->note;
    c->reset = true;
    if (r->from == c->x->wire.port) {
        c->kernel_reset = true;
        text_put(note,
                 "Our own kernel sends this: it has no socket for the answer, so it resets what it "
                 "does not know. The handmade connection is dead.");
    } else if (!c->synced) {
        text_put(note, "RST instead of SYN-ACK: nobody listens there (or a firewall says so).");
    } else {
        text_put(note, "The server resets the connection: it is over at once, in both directions.");
    }
    c->x->stage.title = c->kernel_reset ? "RST sent by the kernel" : "RST received";
}

/* Is it a packet of this conversation? An ICMP error is, when it quotes ours. */
static bool concerns(const struct connection *c, const struct reply *r)
{
    uint16_t ours = c->x->wire.port;
    if (r->kind == REPLY_ICMP_ERROR || (r->kind == REPLY_RST && r->from == ours))
        return r->from == ours && r->to == c->port;
    return r->kind != REPLY_OTHER && r->from == c->port && r->to == ours;
}

static bool receive(struct connection *c, const struct reply *r, struct err *err)
{
    if (!concerns(c, r))
        return true;
    c->heard = clock_now();
    if (r->kind == REPLY_ICMP_ERROR) {
        c->unreachable = true;
        c->refusal = ruling_find(PROBE_SYN, c->x->family, r)->evidence;
        text_format(&c->x->note, "It quotes our packet. %s.", c->refusal);
        c->x->stage.title = "ICMP error received";
    } else if (r->kind == REPLY_RST) {
        take_reset(c, r);
    } else if (r->kind == REPLY_SYN_ACK) {
        take_syn_ack(c, r);
    } else {
        c->x->stage.title = "ACK received";
        take_ack(c, r);
        take_data(c, r);
        if (!c->x->note.len)
            text_put(&c->x->note, "Nothing new: the server repeats what it has.");
    }
    c->x->stage.ours = connection_state(c);
    return exchange_tell(c->x, err);
}

enum await connection_await(struct connection *c, bool (*done)(const struct connection *c),
                            int64_t deadline, struct err *err)
{
    for (;;) {
        bool over = c->reset || c->unreachable || done(c),
             answer = c->ack_due && !c->silent && !c->reset;
        if (over && !answer)
            return AWAIT_DONE;
        struct reply reply;
        switch (exchange_next(c->x, answer ? clock_now() : deadline, &reply, err)) {
        case EXCHANGE_TIMEOUT:
            if (!answer)
                return AWAIT_LATE;
            if (!send_ack(c, err))
                return AWAIT_FAILED;
            continue;
        case EXCHANGE_SIGNAL: return AWAIT_SIGNAL;
        case EXCHANGE_FAILED: return AWAIT_FAILED;
        case EXCHANGE_REPLY: break;
        }
        if (!reply.ours && !receive(c, &reply, err))
            return AWAIT_FAILED;
    }
}
