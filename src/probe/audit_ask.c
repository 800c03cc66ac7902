/* audit_ask.c: the second witness: a handmade SYN, or datagram, to each port. */
#include "audit_rows.h"

#include <loopcraft/clock.h>
#include <loopcraft/signals.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- open ---------------------------------------------------------------------------- */

static bool way_needed(const struct audit *audit, size_t way)
{
    for (size_t i = 0; i < audit->count; i++)
        for (size_t k = 0; k < audit->rows[i].ask_count; k++)
            if (audit->rows[i].proto == way_proto(way) &&
                audit->rows[i].asks[k].family == way_family(way))
                return audit->wants.handmade;
    return false;
}

/* Verdicts are all that is wanted of the packets: they go to nobody. */
static const struct sinks no_sinks;

static bool open_way(struct audit *audit, size_t way, struct err *err)
{
    struct wants wants = {.family = way_family(way),
                          .send = true,
                          .capture = true,
                          .reserve = true,
                          .datagram = way_proto(way) == IPPROTO_UDP,
                          .keep = true};
    if (!exchange_open(&audit->exchanges[way], &wants, &no_sinks, err))
        return false;
    audit->opened[way] = true;
    audit->exchanges[way].tries = wants.datagram ? 1 : 0; /* polite: no second datagram */
    return true;
}

bool audit_open(struct audit *audit, struct err *err)
{
    for (size_t way = 0; way < AUDIT_WAYS; way++)
        if (way_needed(audit, way) && !open_way(audit, way, err))
            return false;
    if (!privilege_drop(err))
        return false;
    audit->signal_fd = signals_open();
    return audit->signal_fd >= 0 || err_system(err, "can't watch for signals");
}

/* --- what is heard ---------------------------------------------------------------------- */

/* A sink that keeps verdicts: their texts are constants of the table of rulings. */
struct listener {
    struct sink sink; /* first */
    struct audit *audit;
    uint8_t proto;
};

static bool hear(struct sink *sink, const struct event *event, struct err *err)
{
    struct listener *l = (struct listener *)sink;
    const struct verdict *verdict = &event->verdict;
    (void)err;
    for (size_t i = 0; event->kind == EVENT_VERDICT && i < l->audit->count; i++) {
        struct audit_row *row = &l->audit->rows[i];
        for (size_t k = 0; k < row->ask_count; k++) {
            struct audit_ask *ask = &row->asks[k];
            if (row->proto != l->proto || row->port != verdict->port ||
                strcmp(ask->addr, verdict->addr) != 0)
                continue;
            ask->state = verdict->state;
            ask->reason = verdict->reason;
        }
    }
    return true;
}

/* --- ask ---------------------------------------------------------------------------------- */

/* The ports that are still to be asked at this address, each marked. */
static void take_ports(struct audit *audit, uint8_t proto, const char *addr, struct ports *ports)
{
    ports->each = calloc(audit->count, sizeof *ports->each);
    if (!ports->each)
        abort();
    for (size_t i = 0; i < audit->count; i++)
        for (size_t k = 0; k < audit->rows[i].ask_count; k++) {
            struct audit_ask *ask = &audit->rows[i].asks[k];
            if (audit->rows[i].proto != proto || strcmp(ask->addr, addr) != 0)
                continue;
            ask->tried = true;
            ports->each[ports->count++] = audit->rows[i].port;
        }
}

static enum probe_result ask_address(struct audit *audit, size_t way, const char *addr,
                                     struct err *err)
{
    bool udp = way_proto(way) == IPPROTO_UDP;
    struct ports ports = {0};
    struct recipe recipe;
    char word[80];
    take_ports(audit, way_proto(way), addr, &ports);
    const char **states = calloc(ports.count, sizeof *states);
    if (!states)
        abort();
    snprintf(word, sizeof word, "%s=%s", way_family(way) == AF_INET6 ? "ipv6.dst" : "ip.dst", addr);
    enum probe_result result = PROBE_FAILED;
    if (recipe_begin(&recipe, udp ? "udp" : "tcp", way_family(way), err)) {
        if (recipe_word(&recipe, word, ORIGIN_LOOPCRAFT, err))
            result = probe_ask(&audit->exchanges[way], udp ? PROBE_UDP : PROBE_SYN, &recipe, addr,
                               &ports, states, err);
        recipe_free(&recipe);
    }
    free(states);
    free(ports.each);
    return result;
}

static enum probe_result ask_way(struct audit *audit, size_t way, struct err *err)
{
    struct listener listener = {.sink = {.event = hear, .without = WITHOUT_TITLE | WITHOUT_DETAIL},
                                .audit = audit,
                                .proto = way_proto(way)};
    struct sinks sinks = {.each = {&listener.sink}, .count = 1};
    enum probe_result result = PROBE_DONE;
    audit->exchanges[way].sinks = &sinks;
    for (size_t i = 0; i < audit->count && result == PROBE_DONE; i++)
        for (size_t k = 0; k < audit->rows[i].ask_count && result == PROBE_DONE; k++) {
            const struct audit_ask *ask = &audit->rows[i].asks[k];
            if (audit->rows[i].proto == way_proto(way) && ask->family == way_family(way) &&
                !ask->tried)
                result = ask_address(audit, way, ask->addr, err);
        }
    audit->exchanges[way].sinks = &no_sinks;
    if (result == PROBE_INTERRUPTED)
        audit->signal = audit->exchanges[way].signal;
    return result;
}

/* By hand first: a server for one connection alone is used up by connect(). */
enum probe_result audit_ask(struct audit *audit, struct err *err)
{
    enum probe_result result = PROBE_DONE;
    for (size_t way = 0; way < AUDIT_WAYS && result == PROBE_DONE; way++)
        if (audit->opened[way])
            result = ask_way(audit, way, err);
    return result == PROBE_DONE ? audit_call(audit, err) : result;
}
