/*
 * relay.c: batches of packets in a ring, filled here and told by a thread.
 *
 * The batch to be filled is number `handed`, the one to be told number `told`; of these two only
 * changes are announced, under the lock. A batch belongs to who has its number.
 */
#include "relay.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

/* A batch is long against the handing over, and all of them are short against a dump's memory. */
enum { BATCHES = 4, PACKETS = 64, BATCH_BYTES = 256 * 1024 };

/* A packet larger than most gives its memory back. */
enum { LARGE_BYTES = 4 * 1024, LARGE_NODES = 256 };

struct batch {
    struct told each[PACKETS];
    size_t count, bytes; /* what the packets take */
};

struct relay {
    const struct sinks *sinks;
    bool at_once; /* no thread */
    struct batch batches[BATCHES];
    pthread_t thread;
    bool running;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    uint64_t handed, told; /* batches */
    bool over;             /* no more of them will come */
    bool failed;           /* a sink did; err says why */
    struct err err;
};

static struct batch *batch_of(struct relay *relay, uint64_t number)
{
    return &relay->batches[number % BATCHES];
}

static bool batch_full(const struct batch *batch)
{
    return batch->count == PACKETS || batch->bytes >= BATCH_BYTES;
}

static bool batch_tell(struct batch *batch, const struct sinks *sinks, struct err *err)
{
    for (size_t i = 0; i < batch->count; i++)
        if (!told_tell(&batch->each[i], sinks, err))
            return false;
    return true;
}

static void batch_clear(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct told *told = &batch->each[i];
        if (told->copy.cap > LARGE_BYTES || told->dissection.cap > LARGE_NODES) {
            told_free(told);
            *told = (struct told){0};
        }
    }
    batch->count = batch->bytes = 0;
}

/* --- the thread ------------------------------------------------------------------- */

/* Takes the batch that was told last for done; false when there is none to be told after it. */
static bool wait_for_batch(struct relay *relay, bool told, bool good, const struct err *err)
{
    pthread_mutex_lock(&relay->lock);
    relay->told += told;
    if (!good) {
        relay->failed = true;
        relay->err = *err;
    }
    pthread_cond_signal(&relay->changed);
    while (good && relay->told == relay->handed && !relay->over)
        pthread_cond_wait(&relay->changed, &relay->lock);
    bool more = good && relay->told < relay->handed;
    pthread_mutex_unlock(&relay->lock);
    return more;
}

static void *tell_batches(void *argument)
{
    struct relay *relay = argument;
    struct err err = {0};
    bool good = true;
    for (uint64_t number = 0; wait_for_batch(relay, number > 0, good, &err); number++)
        good = batch_tell(batch_of(relay, number), relay->sinks, &err);
    return NULL;
}

/* --- handing over ----------------------------------------------------------------- */

static bool refuse(const struct relay *relay, struct err *err)
{
    *err = relay->err;
    return false;
}

/* Announces the batch that was filled, and waits for one to fill. */
static bool announce(struct relay *relay, bool over, struct err *err)
{
    pthread_mutex_lock(&relay->lock);
    relay->handed += batch_of(relay, relay->handed)->count > 0;
    relay->over = over;
    pthread_cond_signal(&relay->changed);
    while (!over && !relay->failed && relay->handed - relay->told == BATCHES)
        pthread_cond_wait(&relay->changed, &relay->lock);
    bool failed = relay->failed;
    pthread_mutex_unlock(&relay->lock);
    return !failed || refuse(relay, err);
}

/* Without a thread: what was filled is told here. */
static bool tell_here(struct relay *relay, struct err *err)
{
    struct batch *batch = batch_of(relay, relay->handed);
    if (!relay->failed && !batch_tell(batch, relay->sinks, &relay->err))
        relay->failed = true;
    batch_clear(batch);
    return !relay->failed || refuse(relay, err);
}

/* The first time there is more to tell than one batch, a thread begins to. */
static bool hand_over(struct relay *relay, struct err *err)
{
    if (!relay->running && !relay->at_once)
        relay->running = pthread_create(&relay->thread, NULL, tell_batches, relay) == 0;
    relay->at_once = !relay->running;
    if (!relay->running)
        return tell_here(relay, err);
    if (!announce(relay, false, err))
        return false;
    batch_clear(batch_of(relay, relay->handed));
    return true;
}

/* All packets are understood by one thread. */
static struct told *told_place(struct relay *relay, struct told *told)
{
    dissection_share(&told->dissection, &relay->batches[0].each[0].dissection);
    return told;
}

struct told *relay_place(struct relay *relay, struct err *err)
{
    struct batch *batch = batch_of(relay, relay->handed);
    if (batch_full(batch)) {
        if (!hand_over(relay, err))
            return NULL;
        batch = batch_of(relay, relay->handed);
    }
    return told_place(relay, &batch->each[batch->count]);
}

bool relay_hand(struct relay *relay, struct err *err)
{
    struct batch *batch = batch_of(relay, relay->handed);
    struct told *told = &batch->each[batch->count++];
    if (relay->at_once)
        return tell_here(relay, err);
    told_keep(told);
    batch->bytes += told->copy.len + told->dissection.count * sizeof *told->dissection.nodes;
    return true;
}

/* The thread ends once all is told, or a sink failed. */
bool relay_finish(struct relay *relay, struct err *err)
{
    if (!relay->running)
        return tell_here(relay, err);
    announce(relay, true, err);
    pthread_join(relay->thread, NULL);
    relay->running = false;
    return !relay->failed || refuse(relay, err);
}

/* --- opening and closing ------------------------------------------------------------ */

static bool one_processor(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) < 2;
}

struct relay *relay_open(const struct sinks *sinks, bool live)
{
    struct relay *relay = calloc(1, sizeof *relay);
    if (!relay) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    relay->sinks = sinks;
    relay->at_once = live || one_processor();
    pthread_mutex_init(&relay->lock, NULL);
    pthread_cond_init(&relay->changed, NULL);
    return relay;
}

void relay_close(struct relay *relay)
{
    if (!relay)
        return;
    struct err ignored;
    if (relay->running)
        relay_finish(relay, &ignored);
    for (size_t i = 0; i < BATCHES; i++)
        for (size_t k = 0; k < PACKETS; k++)
            told_free(&relay->batches[i].each[k]);
    pthread_mutex_destroy(&relay->lock);
    pthread_cond_destroy(&relay->changed);
    free(relay);
}
