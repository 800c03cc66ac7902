/* exchange.c: the base of every probe. */
#include <loopcraft/exchange.h>

#include "reply.h"
#include "sent.h"

#include <loopcraft/clock.h>
#include <loopcraft/signals.h>
#include <loopcraft/sockets.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- open and close ------------------------------------------------------------ */

/* Only what has to do with our port; ICMP is sorted out by what it quotes. */
static bool only_ours(struct exchange *x, struct err *err)
{
    char filter[64];
    snprintf(filter, sizeof filter, "tcp port %u or udp port %u or icmp or icmp6", x->wire.port,
             x->wire.port);
    return !x->wire.port || capture_filter(x->wire.capture, filter, err);
}

bool exchange_open(struct exchange *x, const struct wants *wants, const struct sinks *sinks,
                   struct err *err)
{
    *x = (struct exchange){.sinks = sinks, .family = wants->family, .signal_fd = -1};
    if (!wire_open(&x->wire, wants, err))
        return false;
    x->context = context_new();
    x->signal_fd = signals_open();
    if (x->signal_fd < 0)
        err_system(err, "can't watch for signals");
    else if (only_ours(x, err))
        return true;
    exchange_close(x);
    return false;
}

void exchange_close(struct exchange *x)
{
    while (x->pending) {
        struct sent *next = x->pending->next;
        sent_free(x->pending);
        x->pending = next;
    }
    wire_close(&x->wire);
    if (x->signal_fd >= 0)
        close(x->signal_fd);
    dissection_free(&x->dissection);
    summary_free(&x->summary);
    remarks_free(&x->remarks);
    context_free(x->context);
    text_free(&x->origins);
    text_free(&x->note);
    text_free(&x->stage.means);
}

/* --- send ------------------------------------------------------------------------ */

bool exchange_send(struct exchange *x, const struct recipe *recipe, struct text *note,
                   struct remarks *remarks, struct stage *stage, struct err *err)
{
    struct sent *sent = sent_new(recipe, note, remarks, stage);
    if (!craft(&sent->crafted, &sent->recipe, err) ||
        !send_packet(x->wire.sender, crafted_bytes(&sent->crafted), err)) {
        sent_free(sent);
        return false;
    }
    struct sent **last = &x->pending;
    while (*last)
        last = &(*last)->next;
    *last = sent;
    return true;
}

/* --- receive ---------------------------------------------------------------------- */

/* An address of the recipe, or the loopback address that craft fills in. */
static void copy_address(uint8_t *to, const struct recipe *words, const char *name, int family)
{
    const struct asked *asked = recipe_asked(words, name);
    if (asked)
        memcpy(to, words->values.at + asked->at, asked->len);
    else if (family == AF_INET6)
        to[15] = 1;
    else
        to[0] = 127, to[3] = 1;
}

void exchange_watch_server(struct exchange *x, const struct recipe *words, uint16_t port)
{
    bool six = x->family == AF_INET6;
    x->server = (struct socket_pair){.family = x->family, .port = port, .peer_port = x->wire.port};
    copy_address(x->server.addr, words, six ? "ipv6.dst" : "ip.dst", x->family);
    copy_address(x->server.peer_addr, words, six ? "ipv6.src" : "ip.src", x->family);
}

const char *exchange_server_state(struct exchange *x)
{
    if (!x->server.port)
        return "";
    const char *state = sockets_server_state(x->wire.sockets, &x->server);
    bool listener = strcmp(state, "LISTEN") == 0;
    if (listener && x->server_connected)
        return "CLOSED"; /* its own socket is gone; what is left is the one that listens */
    x->server_connected = x->server_connected || (*state && !listener);
    return state;
}

/* Notes are put together from sentences, each with a space behind it. */
static const char *trimmed(struct text *note)
{
    while (note->len && note->at[note->len - 1] == ' ')
        note->at[--note->len] = '\0';
    return text_string(note);
}

bool exchange_tell(struct exchange *x, struct err *err)
{
    struct bytes built = {0};
    const char *theirs = x->stage.title ? exchange_server_state(x)
                                        : ""; /* before the time that printing takes */
    context_packet(x->context, &x->frame, &x->dissection, &x->remarks);
    remarks_add_sums(&x->remarks, &x->dissection);
    struct event event = {.kind = EVENT_PACKET};
    event.packet = (struct packet_event){
        .frame = x->frame,
        .dissection = &x->dissection,
        .title = text_string(&x->summary.title),
        .detail = text_string(&x->summary.detail),
        .from = x->summary.from,
        .to = x->summary.to,
        .note = trimmed(&x->note),
        .remarks = remarks_list(&x->remarks),
        .remark_count = x->remarks.count,
        .origins = x->origins.len ? (const uint8_t *)x->origins.at : NULL,
        .since_ns = x->last_ns ? x->frame.time_ns - x->last_ns : -1,
    };
    if (x->built) {
        built = crafted_bytes(x->built);
        event.packet.built = &built;
    }
    x->last_ns = x->frame.time_ns;
    if (x->frame.direction == DIRECTION_SENT)
        x->sent_count++;
    else
        x->received_count++;
    if (!sinks_event(x->sinks, &event, err))
        return false;
    if (!x->stage.title)
        return true;
    struct event step = {.kind = EVENT_STEP};
    step.step = (struct step_event){.title = x->stage.title,
                                    .ours = x->stage.ours,
                                    .theirs = theirs,
                                    .means = text_string(&x->stage.means)};
    return sinks_event(x->sinks, &step, err);
}

/* A packet of ours as the capture saw it: told with what was said when it was sent. */
static bool tell_sent(struct exchange *x, struct sent *sent, struct err *err)
{
    x->frame.direction = DIRECTION_SENT;
    provenance(&x->origins, &x->dissection, &sent->crafted, &sent->recipe);
    x->built = &sent->crafted;
    struct text note = x->note;
    struct remarks remarks = x->remarks;
    struct stage stage = x->stage;
    x->note = sent->note;
    x->remarks = sent->remarks;
    x->stage = sent->stage;
    sent->note = note;
    sent->remarks = remarks;
    sent->stage = stage;
    bool good = exchange_tell(x, err);
    x->built = NULL;
    sent_free(sent);
    return good;
}

enum exchange_result exchange_read_signal(struct exchange *x)
{
    x->signal = signals_read(x->signal_fd);
    return EXCHANGE_SIGNAL;
}

enum exchange_result exchange_next(struct exchange *x, int64_t deadline, struct reply *reply,
                                   struct err *err)
{
    switch (capture_next(x->wire.capture, deadline, x->signal_fd, &x->frame, err)) {
    case CAPTURE_TIMEOUT: return EXCHANGE_TIMEOUT;
    case CAPTURE_OTHER: return exchange_read_signal(x);
    case CAPTURE_FAILED: return EXCHANGE_FAILED;
    case CAPTURE_FRAME: break;
    }
    dissect(&x->dissection, &x->frame);
    summarise(&x->summary, &x->dissection);
    reply_read(reply, &x->dissection);
    reply->time_ns = x->frame.time_ns;
    text_clear(&x->note);
    text_clear(&x->origins);
    remarks_clear(&x->remarks);
    x->stage.title = NULL;
    text_clear(&x->stage.means);
    struct sent *sent = sent_take(&x->pending, x->frame.bytes, &x->dissection);
    reply->ours = sent != NULL;
    bool from_here = reply->kind != REPLY_ICMP_ERROR && reply->kind != REPLY_OTHER &&
                     x->wire.port &&
                     reply->from == x->wire.port; /* the kernel's own word in our name */
    x->frame.direction = sent || from_here ? DIRECTION_SENT : DIRECTION_RECEIVED;
    return !sent || tell_sent(x, sent, err) ? EXCHANGE_REPLY : EXCHANGE_FAILED;
}

bool exchange_settle(struct exchange *x, struct err *err)
{
    int64_t deadline = clock_now() + 200 * CLOCK_MS;
    struct reply reply;
    while (x->pending) {
        enum exchange_result result = exchange_next(x, deadline, &reply, err);
        if (result == EXCHANGE_FAILED)
            return false;
        bool related = reply.kind != REPLY_OTHER && x->wire.port &&
                       (reply.from == x->wire.port || reply.to == x->wire.port);
        if (result == EXCHANGE_REPLY && !reply.ours && related && !exchange_tell(x, err))
            return false;
        if (result == EXCHANGE_TIMEOUT)
            break;
    }
    return true;
}

bool exchange_note(struct exchange *x, struct err *err, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    struct event event = {.kind = EVENT_NOTE, .note = line};
    return sinks_event(x->sinks, &event, err);
}

uint32_t exchange_random(void)
{
    uint32_t number = 0;
    while (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
        ;
    return number;
}
