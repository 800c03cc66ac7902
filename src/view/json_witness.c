/* json_witness.c: the kernel's testimony, as the value of a verdict's "witness". */
#include "json_witness.h"

#include <loopcraft/witness.h>

#include <arpa/inet.h>
#include <inttypes.h>

/* Those that moved, by as much in each repetition; with `agreed` false the others, by name. */
static void put_counters(struct text *out, const struct testimony *t, bool agreed)
{
    const char *between = "";
    text_char(out, '[');
    for (size_t i = 0; i < t->counter_count; i++) {
        const struct counted *counted = &t->counters[i];
        if (counted->agreed != agreed || (agreed && !counted->by))
            continue;
        text_put(out, between);
        between = ",";
        if (agreed)
            text_put(out, "{\"name\":");
        text_json_string(out, counted->name);
        if (agreed)
            text_format(out, ",\"by\":%" PRId64 "}", counted->by);
    }
    text_char(out, ']');
}

static void put_drops(struct text *out, const struct testimony *t)
{
    text_char(out, '[');
    for (size_t i = 0; i < t->drop_count; i++) {
        text_put(out, i ? "," : "");
        text_json_string(out, t->drops[i]);
    }
    text_char(out, ']');
}

/* A queue before the first exchange and after the last; null where the socket was not there. */
static void put_queue(struct text *out, const char *key, bool there, uint32_t queue)
{
    text_format(out, ",\"%s\":", key);
    if (there)
        text_number(out, queue);
    else
        text_put(out, "null");
}

static void put_sockets(struct text *out, const struct testimony *t)
{
    text_char(out, '[');
    for (size_t i = 0; i < t->socket_count; i++) {
        const struct seen_socket *seen = &t->sockets[i];
        char addr[INET6_ADDRSTRLEN] = "";
        inet_ntop(seen->now.family, seen->now.addr, addr, sizeof addr);
        text_put(out, i ? ",{\"state\":" : "{\"state\":");
        text_json_string(out, seen_socket_state(t, seen));
        text_put(out, ",\"addr\":");
        text_json_string(out, addr);
        text_format(out, ",\"port\":%u,\"peer_port\":%u", seen->now.port, seen->now.peer_port);
        put_queue(out, "receive_queue_before", seen->before, seen->queue_before);
        put_queue(out, "receive_queue", seen->after, seen->now.receive_queue);
        text_format(out, ",\"send_queue\":%u}", seen->now.send_queue);
    }
    text_char(out, ']');
}

void put_witness(struct text *out, const struct testimony *t)
{
    text_format(out, ",\"witness\":{\"exchanges\":%u,\"counters\":", t->exchanges);
    put_counters(out, t, true);
    text_put(out, ",\"disagreed\":");
    put_counters(out, t, false);
    text_put(out, ",\"drops\":");
    put_drops(out, t);
    text_format(out, ",\"drops_agreed\":%s,\"sockets\":", t->drops_differ ? "false" : "true");
    put_sockets(out, t);
    text_put(out, ",\"unavailable\":");
    if (*t->unavailable)
        text_json_string(out, t->unavailable);
    else
        text_put(out, "null");
    text_char(out, '}');
}
