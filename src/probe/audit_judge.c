/* audit_judge.c: what is to be thought of a port. */
#include "audit_judge.h"

#include <loopcraft/addresses.h>
#include <loopcraft/programs.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>

const char *concern_name(enum concern concern)
{
    static const char *const names[] = {
        [CONCERN_PROGRAM] = "program",
        [CONCERN_UNSEEN] = "unseen",
        [CONCERN_PLAINTEXT] = "exposed-plaintext",
        [CONCERN_UNKNOWN] = "exposed-unknown",
        [CONCERN_ENCRYPTED] = "exposed-encrypted",
        [CONCERN_LOOPBACK] = "loopback",
        [CONCERN_CLOSED] = "closed",
    };
    return names[concern];
}

/* --- the witnesses --------------------------------------------------------------------- */

static bool is(const char *word, const char *other)
{
    return word && strcmp(word, other) == 0;
}

static bool connected(const struct audit_ask *ask)
{
    return is(ask->called, "connected");
}

/* Somebody answers there, whichever witness says so. */
static bool answers(const struct audit_ask *ask)
{
    return connected(ask) || is(ask->state, "open");
}

/* A port's state at one address: by hand, else as connect() found it. */
static const char *state_of(const struct audit_ask *ask)
{
    if (ask->state || !ask->called)
        return ask->state;
    return connected(ask) ? "open" : is(ask->called, "ECONNREFUSED") ? "closed" : "filtered";
}

bool witnesses_differ(const struct audit_row *row)
{
    for (size_t i = 0; i < row->ask_count; i++) {
        const struct audit_ask *ask = &row->asks[i];
        const char *state = state_of(ask);
        bool heard = answers(ask) || is(state, "open|filtered"); /* UDP is mostly silent */
        if (state && (heard != row->seen ||
                      (ask->state && ask->called && is(ask->state, "open") != connected(ask))))
            return true;
    }
    return false;
}

/* The best that was heard: a port that is open at one of its addresses is open. */
static const char *best_state(const struct audit_row *row)
{
    static const char *const order[] = {"open", "open|filtered", "filtered", "closed"};
    for (size_t k = 0; k < sizeof order / sizeof order[0]; k++)
        for (size_t i = 0; i < row->ask_count; i++)
            if (is(state_of(&row->asks[i]), order[k]))
                return order[k];
    return NULL;
}

/* Findings are sentences without the last full stop. */
static struct text *next(struct text *finding)
{
    text_put(finding, finding->len ? ". " : "");
    return finding;
}

/* Silence, though its socket is there: a full queue is seen, a firewall only likely. */
static void put_silence(struct text *finding, const struct audit_row *row, const char *addr)
{
    if (row->full)
        text_format(next(finding),
                    "It listens, but its queue is full (waiting: %u, backlog: %u): the kernel "
                    "drops what comes to %s until the program takes some of them",
                    row->socket.receive_queue, row->socket.send_queue, addr);
    else
        text_format(next(finding),
                    "It %s, but at %s there is no answer (no-response): most likely a firewall "
                    "stands before it and drops what comes",
                    row->proto == IPPROTO_TCP ? "listens" : "has its socket", addr);
}

static void differ_seen(struct text *finding, const struct audit_row *row,
                        const struct audit_ask *ask)
{
    bool tcp = row->proto == IPPROTO_TCP;
    const char *state = state_of(ask);
    if (!state || is(state, "open|filtered"))
        return;
    if (row->gone) {
        text_put(next(finding), "Its socket was there, and is gone: a server for one connection, "
                                "or it has just ended");
        return;
    }
    if (ask->state && ask->called && is(ask->state, "open") != connected(ask)) {
        text_format(next(finding),
                    "At %s a handmade %s finds it %s (%s), and connect() gets %s: something treats "
                    "the two differently, or the server's queue is full",
                    ask->addr, tcp ? "SYN" : "datagram", ask->state, ask->reason, ask->called);
        return;
    }
    const char *why = ask->reason ? ask->reason : ask->called;
    if (is(why, "no-response"))
        put_silence(finding, row, ask->addr);
    else if (is(state, "filtered"))
        text_format(
            next(finding),
            "It %s, but what is sent to %s does not arrive (%s): a firewall stands before it",
            tcp ? "listens" : "has its socket", ask->addr, why);
    else if (is(state, "closed"))
        text_format(
            next(finding), "It %s, but at %s a refusal comes (%s): a firewall refuses in its name",
            tcp ? "listens" : "has its socket", ask->addr, why);
}

static void differ_unseen(struct text *finding, const struct audit_row *row)
{
    struct text where = TEXT_EMPTY;
    for (size_t i = 0; i < row->ask_count; i++)
        if (answers(&row->asks[i]))
            text_format(&where, "%s%s", where.len ? " and " : "", row->asks[i].addr);
    if (where.len && row->came)
        text_format(finding, "Its socket was opened while we looked: look again");
    else if (where.len)
        text_format(finding,
                    "It answers at %s, and no socket is in sight: a firewall rule forwards it "
                    "(redirect, NAT), or a program in another network namespace has it",
                    text_string(&where));
    text_free(&where);
}

/* --- exposure ---------------------------------------------------------------------------- */

static void put_binding(struct judgement *j, const struct socket_info *socket)
{
    char name[IF_NAMESIZE] = "", addr[INET6_ADDRSTRLEN] = "";
    const struct block *block = block_find(socket->family, socket->addr,
                                           socket->family == AF_INET6 ? 128 : 32);
    bool any = bound_to_any(socket), six = socket->family == AF_INET6;
    inet_ntop(socket->family, socket->addr, addr, sizeof addr);
    if (socket->interface && !if_indextoname(socket->interface, name))
        strcpy(name, "?");
    bool lo = strcmp(name, "lo") == 0;
    j->exposure = lo || (!any && block->reach == REACH_HOST) ? "loopback"
                  : socket->interface                        ? "one interface"
                  : any                                      ? "every interface"
                                                             : "one address";
    text_format(&j->binding, "bound to %s, ", addr);
    if (any)
        text_format(&j->binding, "every address of %s",
                    !six              ? "IPv4"
                    : socket->v6_only ? "IPv6 alone"
                                      : "IPv6, and of IPv4 as well");
    else
        text_format(&j->binding, "%s (%s)", block->name, reach_name(block->reach));
    if (*name)
        text_format(&j->binding, ", on the interface %s alone", name);
}

/* --- encryption ---------------------------------------------------------------------------- */

static void see_encryption(struct judgement *j, const struct audit_row *row)
{
    const struct advice *advice = row->advice;
    bool either = advice &&
                  (advice->secrecy == SECRECY_UPGRADABLE || advice->secrecy == SECRECY_VARIES);
    bool ssh = row->banner_len >= 4 && memcmp(row->banner, "SSH-", 4) == 0; /* RFC 4253, 4.2 */
    j->encryption = advice ? secrecy_name(advice->secrecy) : NULL;
    j->observed = row->tls || ssh || (row->banner_len && !either);
    if (row->tls || ssh)
        j->encryption = secrecy_name(SECRECY_ENCRYPTED);
    else if (j->observed)
        j->encryption = secrecy_name(SECRECY_PLAINTEXT);
    if (j->observed && !row->tls && !ssh && advice && advice->secrecy == SECRECY_ENCRYPTED)
        text_format(next(&j->finding), "What it says is plaintext, where %s is usually encrypted",
                    advice->name);
}

/* --- programs -------------------------------------------------------------------------------- */

/* Says what is odd about who holds it; true when it does not belong there. */
static bool see_program(struct judgement *j, const struct audit_row *row)
{
    const struct holder *holder = row->holder;
    if (!holder || !holder->pid)
        return false;
    holder_program(holder, &j->program);
    const char *service = row->advice ? row->advice->name : "";
    enum fit fit = program_fit(text_string(&j->program), row->advice);
    static const char *const words[] = {
        [FIT_SHELL] = "A shell holds the port: no shell serves anybody by itself. Find out who "
                      "started it",
        [FIT_TOOL] = "Its program makes a server of anything: only its command line tells of what",
        [FIT_OTHER] = "Its program is known, but not for",
        [FIT_STRANGER] = "Its program is not known here as one for",
        [FIT_SCRIPT] = "A script holds the port: nothing shows that it is",
        [FIT_USUAL] = NULL,
    };
    if (words[fit])
        text_put(next(&j->finding), words[fit]);
    if (fit == FIT_OTHER || fit == FIT_STRANGER || fit == FIT_SCRIPT)
        text_format(&j->finding, " %s", service);
    if (holder_deleted(holder))
        text_put(next(&j->finding), "Its program's file was removed or replaced since it started");
    return words[fit] != NULL;
}

/* --- all together ------------------------------------------------------------------------------
 */

static enum concern concern_of(const struct judgement *j, const struct audit_row *row, bool odd)
{
    bool heard = false;
    for (size_t i = 0; i < row->ask_count; i++)
        heard = heard || answers(&row->asks[i]);
    if (odd)
        return CONCERN_PROGRAM;
    if (!row->seen)
        return heard ? CONCERN_UNSEEN : CONCERN_CLOSED;
    if (is(j->exposure, "loopback"))
        return CONCERN_LOOPBACK;
    if (!j->encryption)
        return CONCERN_UNKNOWN;
    return is(j->encryption, "encrypted") ? CONCERN_ENCRYPTED : CONCERN_PLAINTEXT;
}

struct judgement judge(const struct audit_row *row)
{
    struct judgement j = {.state = best_state(row)};
    if (row->seen)
        put_binding(&j, &row->socket);
    bool odd = see_program(&j, row);
    if (row->seen)
        for (size_t i = 0; i < row->ask_count && !(row->gone && i); i++)
            differ_seen(&j.finding, row, &row->asks[i]);
    else
        differ_unseen(&j.finding, row);
    see_encryption(&j, row);
    j.concern = concern_of(&j, row, odd);
    return j;
}

void judgement_free(struct judgement *j)
{
    text_free(&j->binding);
    text_free(&j->program);
    text_free(&j->finding);
}
