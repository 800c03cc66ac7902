/* witness.c: before, after, and once more: what moved, what was dropped, what the sockets are in.
 */
#include "counters.h"
#include "drops.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

struct witness {
    struct counter_files files;
    bool counts; /* the files can be read */
    struct counters before, after;
    struct drops *drops;     /* NULL: can't be had */
    struct sockets *sockets; /* likewise */
    char unavailable[256];
};

/* --- open and close ------------------------------------------------------------------ */

static void add_reason(char *out, size_t size, const char *reason)
{
    size_t len = strlen(out);
    if (*reason && len < size)
        snprintf(out + len, size - len, "%s%s", len ? "; " : "", reason);
}

struct witness *witness_open(void)
{
    char why[160] = "";
    struct err err;
    struct witness *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    w->counts = counter_files_open(&w->files) && counter_files_read(&w->files, &w->before);
    if (!w->counts)
        add_reason(w->unavailable, sizeof w->unavailable,
                   "the kernel's counters can't be read (/proc/net/snmp)");
    w->drops = drops_open(why, sizeof why);
    add_reason(w->unavailable, sizeof w->unavailable, why);
    w->sockets = sockets_open(&err);
    if (!w->sockets)
        add_reason(w->unavailable, sizeof w->unavailable, err.message);
    return w;
}

void witness_close(struct witness *w)
{
    if (!w)
        return;
    counter_files_close(&w->files);
    drops_close(w->drops);
    sockets_close(w->sockets);
    free(w);
}

const char *witness_unavailable(const struct witness *w)
{
    return w->unavailable;
}

/* --- sockets ----------------------------------------------------------------------------- */

struct look {
    struct testimony *t;
    bool after;
};

/* Would a packet to the target meet a socket that is bound to this address? */
static bool serves(const struct testimony *t, const struct socket_info *info)
{
    static const uint8_t any[16], mapped[12] = {[10] = 0xff, [11] = 0xff}; /* RFC 4291, 2.5.5.2 */
    if (info->family == AF_INET6 && t->family == AF_INET)
        return (!info->v6_only && memcmp(info->addr, any, sizeof any) == 0) ||
               (memcmp(info->addr, mapped, sizeof mapped) == 0 &&
                memcmp(info->addr + sizeof mapped, t->addr, 4) == 0);
    size_t len = t->family == AF_INET6 ? 16 : 4;
    return info->family == t->family &&
           (memcmp(info->addr, any, len) == 0 || memcmp(info->addr, t->addr, len) == 0);
}

static bool same_socket(const struct socket_info *a, const struct socket_info *b)
{
    return a->family == b->family && a->peer_port == b->peer_port && a->inode == b->inode &&
           memcmp(a->addr, b->addr, sizeof a->addr) == 0 &&
           memcmp(a->peer_addr, b->peer_addr, sizeof a->peer_addr) == 0;
}

static bool see_socket(void *context, const struct socket_info *info)
{
    struct look *look = context;
    struct testimony *t = look->t;
    size_t i = 0;
    if (!serves(t, info))
        return true;
    while (i < t->socket_count && !same_socket(&t->sockets[i].now, info))
        i++;
    if (i == WITNESS_SOCKETS) {
        t->more = true;
        return true;
    }
    if (i == t->socket_count)
        t->sockets[t->socket_count++] = (struct seen_socket){0};
    struct seen_socket *seen = &t->sockets[i];
    seen->now = *info;
    if (look->after)
        seen->after = true;
    else
        seen->before = true, seen->queue_before = info->receive_queue;
    return true;
}

static void see_sockets(struct witness *w, struct testimony *t, bool after)
{
    struct look look = {t, after};
    struct err err;
    bool has = t->proto == IPPROTO_TCP || t->proto == IPPROTO_UDP;
    if (!w->sockets || !t->port || !has)
        return;
    for (size_t i = 0; after && i < t->socket_count; i++)
        t->sockets[i].after = false;
    bool good = sockets_each(w->sockets, AF_INET6, t->proto, t->port, 0, see_socket, &look, &err);
    if (t->family == AF_INET)
        good = sockets_each(w->sockets, AF_INET, t->proto, t->port, 0, see_socket, &look, &err);
    if (!good && !t->sockets_unknown)
        add_reason(t->unavailable, sizeof t->unavailable, err.message);
    t->sockets_unknown = t->sockets_unknown || !good;
}

/* --- counters ----------------------------------------------------------------------------- */

static struct counted *find_counted(struct testimony *t, const char *name)
{
    for (size_t i = 0; i < t->counter_count; i++)
        if (strcmp(t->counters[i].name, name) == 0)
            return &t->counters[i];
    return NULL;
}

/* One counter's part in this exchange; `again`: others were watched before. */
static void count(struct testimony *t, const char *name, int64_t by, bool again)
{
    struct counted *counted = find_counted(t, name);
    if (counted) {
        counted->agreed = counted->agreed && counted->by == by;
        return;
    }
    if (t->counter_count == WITNESS_COUNTERS) {
        t->more = true;
        return;
    }
    counted = &t->counters[t->counter_count++];
    *counted = (struct counted){.by = by, .agreed = !again};
    snprintf(counted->name, sizeof counted->name, "%s", name);
}

static void count_all(struct witness *w, struct testimony *t)
{
    bool again = t->exchanges > 0;
    /* What means something first, moved or not, so that there is always room for it. */
    for (const struct known *known = known_counters; known->name && !again; known++)
        if (counters_find(&w->after, known->name, 0))
            count(t, known->name, 0, false);
    for (size_t i = 0; i < w->after.count; i++) {
        const struct counter *now = &w->after.each[i];
        const struct counter *then = counters_find(&w->before, now->name, i);
        int64_t by = (int64_t)(now->value - (then ? then->value : 0));
        struct counted *counted = find_counted(t, now->name);
        if (counted && !again)
            counted->by = by;
        else if (counted || by)
            count(t, now->name, by, again);
    }
}

/* --- before and after ------------------------------------------------------------------------ */

void testimony_begin(struct testimony *t, int family, uint8_t proto, const uint8_t *addr,
                     uint16_t port)
{
    *t = (struct testimony){.family = family, .proto = proto, .port = port};
    memcpy(t->addr, addr, family == AF_INET6 ? 16 : 4);
}

void testimony_forget(struct testimony *t)
{
    t->exchanges = 0;
    t->counter_count = t->drop_count = 0;
    t->uneven = t->drops_differ = false;
}

void witness_before(struct witness *w, struct testimony *t)
{
    if (!t->asked) {
        t->asked = true;
        add_reason(t->unavailable, sizeof t->unavailable, w->unavailable);
        t->sockets_unknown = !w->sockets;
        see_sockets(w, t, false);
    }
    if (w->drops)
        drops_skip(w->drops);
    w->counts = w->counts && counter_files_read(&w->files, &w->before);
}

static void read_drops(struct witness *w, struct testimony *t)
{
    char names[WITNESS_DROPS][WITNESS_NAME] = {{0}};
    size_t drops = drops_read(w->drops, names, &t->more);
    if (!t->exchanges) {
        memcpy(t->drops, names, sizeof names);
        t->drop_count = drops;
    } else if (drops != t->drop_count || memcmp(t->drops, names, sizeof names) != 0) {
        t->drops_differ = true;
    }
}

void witness_after(struct witness *w, struct testimony *t, unsigned sent)
{
    if (w->drops)
        read_drops(w, t);
    if (w->counts && counter_files_read(&w->files, &w->after))
        count_all(w, t);
    see_sockets(w, t, true);
    if (t->exchanges && t->sent != sent)
        t->uneven = true;
    t->sent = t->exchanges ? t->sent : sent;
    t->exchanges++;
}
