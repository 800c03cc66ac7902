/* salvo.c: one round of probes. */
#include "salvo.h"

#include "caller.h"

#include <loopcraft/clock.h>
#include <loopcraft/wire.h>

/* The probes of a slice, in one batch. Returns how many packets. */
static size_t lay(const struct salvo *v, const uint16_t *ports, size_t count,
                  uint8_t (*packets)[MOULD_MOST], struct bytes *batch)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (v->again)
            mould_cast_reset(v->mould, ports[i], packets[n++]);
        if (v->mould->kind != PROBE_CONNECT) /* the kernel makes those itself */
            mould_cast(v->mould, ports[i], packets[n++]);
    }
    for (size_t i = 0; i < n; i++)
        batch[i] = (struct bytes){packets[i], v->mould->len};
    return n;
}

/* The kernel has sent one after the other, from `from` to `to`. */
static void mark(const struct salvo *v, const uint16_t *ports, size_t count, int64_t from,
                 int64_t to)
{
    for (size_t i = 0; i < count; i++) {
        int64_t at = from + (to - from) * (int64_t)i / (int64_t)count;
        atomic_store_explicit(&v->marks[ports[i]].sent_ns, at, memory_order_relaxed);
    }
}

bool salvo_fire(struct salvo *v, bool *over, struct err *err)
{
    uint8_t packets[SEND_BATCH_MOST][MOULD_MOST];
    struct bytes batch[SEND_BATCH_MOST];
    size_t most = v->again ? SEND_BATCH_MOST / 2 : SEND_BATCH_MOST;
    size_t slice = v->slice < most ? v->slice : most, from = atomic_fetch_add(&v->next, slice);
    *over = from >= v->count;
    if (*over)
        return true;
    const uint16_t *ports = v->ports + from;
    size_t count = v->count - from < slice ? v->count - from : slice;
    size_t packet_count = lay(v, ports, count, packets, batch);
    unsigned withheld = 0;
    bool calls = v->mould->kind == PROBE_CONNECT;
    for (size_t i = 0; i < count; i++) /* before an answer can be there */
        atomic_fetch_add_explicit(&v->marks[ports[i]].tries, 1, memory_order_relaxed);
    int64_t start = clock_wall();
    bool sent = send_batch(v->sender, batch, packet_count, &withheld, err) &&
                (!calls || caller_connect(v->mould, ports, count, err));
    mark(v, ports, count, start, clock_wall());
    atomic_fetch_add(&v->sent, (unsigned)(packet_count + (calls ? count : 0)) - withheld);
    atomic_fetch_add(&v->withheld, withheld);
    return sent;
}

static void *help(void *context)
{
    struct salvo *v = context;
    bool over = false;
    while (!over && !atomic_load(&v->failed))
        if (!salvo_fire(v, &over, &v->helper_err))
            atomic_store(&v->failed, true);
    return NULL;
}

void salvo_help(struct salvo *v)
{
    v->helped = pthread_create(&v->helper, NULL, help, v) == 0;
}

bool salvo_end(struct salvo *v, struct err *err)
{
    if (!v->helped)
        return true;
    atomic_store(&v->next, v->count); /* nothing more for it to begin */
    pthread_join(v->helper, NULL);
    v->helped = false;
    if (atomic_load(&v->failed))
        *err = v->helper_err;
    return !atomic_load(&v->failed);
}
