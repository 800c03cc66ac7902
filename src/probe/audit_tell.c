/* audit_tell.c: tells what was found out, the worst first. */
#include "audit_judge.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* --- the order ---------------------------------------------------------------------- */

struct told {
    struct audit_row *row;
    struct judgement judgement;
};

/* By concern, then by port, protocol and address. */
static int by_concern(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    const struct audit_row *m = x->row, *n = y->row;
    if (x->judgement.concern != y->judgement.concern)
        return x->judgement.concern < y->judgement.concern ? -1 : 1;
    if (m->port != n->port)
        return m->port < n->port ? -1 : 1;
    if (m->proto != n->proto)
        return m->proto < n->proto ? -1 : 1;
    if (m->socket.family != n->socket.family)
        return m->socket.family < n->socket.family ? -1 : 1;
    return memcmp(m->socket.addr, n->socket.addr, sizeof m->socket.addr);
}

/* --- one port ------------------------------------------------------------------------- */

static const char *why_unknown(const struct audit *audit, const struct audit_row *row)
{
    if (!row->seen || (row->holder && row->holder->pid))
        return NULL;
    return audit->processes.closed ? "no process that may be looked into holds it"
           : audit->processes.cut  ? "not found among the first million open files"
                                   : "no process holds it: the kernel itself, or one out of sight";
}

static void put_user(struct text *out, const struct audit_row *row)
{
    if (row->seen && !user_name(row->socket.uid, out))
        text_format(out, "uid %u", row->socket.uid);
}

static bool tell_row(const struct audit *audit, struct told *told, const struct sinks *sinks,
                     struct err *err)
{
    struct audit_row *row = told->row;
    struct judgement *j = &told->judgement;
    const struct holder *holder = row->holder && row->holder->pid ? row->holder : NULL;
    struct text banner = TEXT_EMPTY, user = TEXT_EMPTY;
    char bound[INET6_ADDRSTRLEN] = "";
    inet_ntop(row->socket.family, row->socket.addr, bound, sizeof bound);
    text_put_n(&banner, row->banner, strnlen(row->banner, row->banner_len));
    put_user(&user, row);
    struct event event = {.kind = EVENT_PORT};
    event.port = (struct port_event){
        .proto = row->proto == IPPROTO_UDP ? "udp" : "tcp",
        .port = row->port,
        .concern = concern_name(j->concern),
        .state = j->state,
        .bound = row->seen ? bound : NULL,
        .exposure = j->exposure,
        .binding = text_string(&j->binding),
        .service = row->advice ? row->advice->name : NULL,
        .purpose = row->advice ? row->advice->purpose : NULL,
        .encryption = j->encryption,
        .observed = j->observed,
        .banner = row->banner_len ? text_string(&banner) : NULL,
        .user = row->seen ? text_string(&user) : NULL,
        .pid = holder ? holder->pid : 0,
        .pids_more = holder ? holder->more : 0,
        .program = holder ? text_string(&j->program) : NULL,
        .command = holder ? holder->command : NULL,
        .unknown = why_unknown(audit, row),
        .asked_count = row->ask_count,
        .unasked = row->ask_count ? NULL : row->unasked,
        .finding = j->finding.len ? text_string(&j->finding) : NULL,
        .advice = row->advice ? row->advice->advice
                              : "nothing is known of this port: ask whoever runs it what it is for",
        .instead = row->advice ? row->advice->instead : NULL,
    };
    for (size_t i = 0; i < row->ask_count; i++)
        event.port.asked[i] = (struct port_asked){row->asks[i].addr, row->asks[i].state,
                                                  row->asks[i].reason, row->asks[i].called};
    bool good = sinks_event(sinks, &event, err);
    text_free(&banner);
    text_free(&user);
    return good;
}

/* --- what was left out -------------------------------------------------------------------- */

static bool tell_note(const struct sinks *sinks, const char *note, struct err *err)
{
    struct event event = {.kind = EVENT_NOTE, .note = note};
    return sinks_event(sinks, &event, err);
}

bool audit_tell_limits(const struct audit *audit, const struct sinks *sinks, struct err *err)
{
    int only = audit->wants.family;
    bool blind = false, hidden = false;
    for (size_t i = 0; i < audit->count; i++)
        hidden = hidden || (why_unknown(audit, &audit->rows[i]) && audit->processes.closed);
    for (size_t way = 0; way < AUDIT_WAYS; way++)
        blind = blind || audit->blind[way];
    const struct {
        bool when;
        const char *note;
    } notes[] = {
        {!audit->wants.handmade,
         "Left out without privilege: handmade probes, and with them all of UDP but its sockets; "
         "connect() alone asks. With sudo, or -S in the sandbox, they are made."},
        {hidden,
         "Left out without privilege: who holds sockets of processes that may not be looked into. "
         "Whose a socket is, the kernel tells all the same."},
        {blind, "Left out: the kernel does not tell all of its sockets (inet_diag, udp_diag)."},
        {audit->cut, "Left out: there are more than 4096 sockets."},
        {audit->processes.cut, "Left out: there are more than a million open files; holders of "
                               "sockets were looked for among these."},
        {only != AF_INET && !audit->six, "Left out: IPv6, for ::1 is not to be had here."},
        {only != AF_INET6 && !audit->four, "Left out: IPv4, for 127.0.0.1 is not to be had here."},
    };
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++)
        if (notes[i].when && !tell_note(sinks, notes[i].note, err))
            return false;
    return true;
}

/* --- the summary -------------------------------------------------------------------------- */

/* What is counted: ports, however many sockets they have. */
static bool in_use(const struct told *told)
{
    return told->judgement.concern != CONCERN_CLOSED;
}
static bool is_closed(const struct told *told)
{
    return !in_use(told);
}
static bool is_odd(const struct told *told)
{
    return told->judgement.finding.len > 0;
}
static bool is_exposed(const struct told *told)
{
    const char *exposure = told->judgement.exposure;
    return exposure && strcmp(exposure, "loopback") != 0;
}

static unsigned count_ports(const struct told *told, size_t count,
                            bool (*counts)(const struct told *told))
{
    unsigned ports = 0;
    for (size_t i = 0; i < count; i++) {
        bool again = !counts(&told[i]);
        for (size_t k = 0; k < i && !again; k++)
            again = told[k].row->port == told[i].row->port &&
                    told[k].row->proto == told[i].row->proto && counts(&told[k]);
        ports += !again;
    }
    return ports;
}

static bool tell_summary(const struct audit *audit, const struct told *told, size_t count,
                         const struct sinks *sinks, bool partial, struct err *err)
{
    unsigned counts[CONCERN_CLOSED + 1] = {0};
    struct text text = TEXT_EMPTY;
    for (size_t i = 0; i < count; i++)
        counts[told[i].judgement.concern]++;
    unsigned used = count_ports(told, count, in_use);
    text_format(&text, "%u %s in use: %u with something odd, %u bound to more than loopback", used,
                used == 1 ? "port" : "ports", count_ports(told, count, is_odd),
                count_ports(told, count, is_exposed));
    if (counts[CONCERN_CLOSED])
        text_format(&text, "; nothing on %u others that were asked",
                    count_ports(told, count, is_closed));
    struct event event = {.kind = EVENT_SUMMARY};
    event.summary = (struct summary_event){.text = text_string(&text), .partial = partial};
    for (size_t way = 0; way < AUDIT_WAYS; way++) {
        if (!audit->opened[way])
            continue;
        const struct exchange *x = &audit->exchanges[way];
        event.summary.sent += x->sent_count;
        event.summary.received += x->received_count;
        event.summary.dropped += capture_dropped(x->wire.capture);
    }
    for (size_t i = 0, at = 0; i <= CONCERN_CLOSED; i++)
        if (counts[i]) {
            event.summary.states[at].state = concern_name((enum concern)i);
            event.summary.states[at++].count = counts[i];
        }
    bool good = sinks_event(sinks, &event, err);
    text_free(&text);
    return good;
}

/*
 * Is the row worth a line? One without a socket is not if it was interrupted before it was asked,
 * nor where nothing is and the port has a socket elsewhere.
 */
static bool is_worth_it(const struct audit *audit, const struct told *told)
{
    const struct audit_row *row = told->row;
    if (told->judgement.concern != CONCERN_CLOSED)
        return true;
    if (!told->judgement.state)
        return false;
    for (size_t i = 0; i < audit->count; i++)
        if (audit->rows[i].seen && audit->rows[i].port == row->port &&
            audit->rows[i].proto == row->proto)
            return false;
    return true;
}

bool audit_tell(struct audit *audit, const struct sinks *sinks, bool partial, struct err *err)
{
    struct told *told = calloc(audit->count ? audit->count : 1, sizeof *told);
    if (!told)
        abort();
    size_t count = 0;
    for (size_t i = 0; i < audit->count; i++) {
        struct audit_row *row = &audit->rows[i];
        if (witnesses_differ(row))
            audit_look_again(audit, row);
        told[count] = (struct told){row, judge(row)};
        if (is_worth_it(audit, &told[count]))
            count++;
        else
            judgement_free(&told[count].judgement);
    }
    qsort(told, count, sizeof *told, by_concern);
    bool good = true;
    for (size_t i = 0; i < count && good; i++)
        good = tell_row(audit, &told[i], sinks, err);
    good = good && tell_summary(audit, told, count, sinks, partial, err);
    for (size_t i = 0; i < count; i++)
        judgement_free(&told[i].judgement);
    free(told);
    return good;
}
