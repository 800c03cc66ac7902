/* crew.c: the second thread, and the two halves of a batch. */
#include "crew.h"

#include "teller.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

/* A half is long against the handing over, and its text short against the memory of a dump. */
enum { PACKETS = 128, BYTES = 64 * 1024 };

struct kept {
    struct frame frame;      /* bytes, comment: filled in when it is told */
    size_t at, len, comment; /* in the half's bytes; comment 0: none */
    int64_t since_ns;
};

/* Packets in order, and who tells of them. */
struct half {
    struct teller teller;
    struct kept each[PACKETS];
    size_t count;
    struct text bytes;
    bool good;      /* all were told */
    struct err err; /* else why */
};

struct crew {
    struct half first, second; /* the second half is the thread's, into a twin of the sink */
    struct sinks twins;
    pthread_t thread;
    sem_t begin, done;
    bool running, leave;
};

static void half_tell(struct half *half)
{
    half->good = true;
    for (size_t i = 0; i < half->count && half->good; i++) {
        struct kept *kept = &half->each[i];
        const char *bytes = text_string(&half->bytes);
        kept->frame.bytes = (struct bytes){(const uint8_t *)bytes + kept->at, kept->len};
        kept->frame.comment = kept->comment ? bytes + kept->comment : NULL;
        dissect(&half->teller.dissection, &kept->frame);
        half->good = teller_tell(&half->teller, &kept->frame, kept->since_ns, &half->err);
    }
    half->count = 0;
    text_clear(&half->bytes);
}

static bool half_full(const struct half *half)
{
    return half->count == PACKETS || half->bytes.len >= BYTES;
}

static void half_add(struct half *half, const struct frame *frame, int64_t since_ns)
{
    struct kept *kept = &half->each[half->count++];
    *kept = (struct kept){.frame = *frame, .len = frame->bytes.len, .since_ns = since_ns};
    text_char(&half->bytes, '\0'); /* so that no comment stands at 0 */
    kept->at = half->bytes.len;
    text_put_n(&half->bytes, (const char *)frame->bytes.at, frame->bytes.len);
    if (!frame->comment)
        return;
    kept->comment = half->bytes.len;
    text_put_n(&half->bytes, frame->comment, strlen(frame->comment) + 1);
}

static void half_free(struct half *half)
{
    teller_free(&half->teller);
    text_free(&half->bytes);
}

/* --- the thread ------------------------------------------------------------------- */

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0 && errno == EINTR)
        ;
}

static void *run(void *argument)
{
    struct crew *crew = argument;
    for (;;) {
        wait_for(&crew->begin);
        if (crew->leave)
            return NULL;
        half_tell(&crew->second);
        sem_post(&crew->done);
    }
}

/* Started when there is something to do for it. Without it the twin is told here. */
static void second_begin(struct crew *crew)
{
    if (!crew->running)
        crew->running = pthread_create(&crew->thread, NULL, run, crew) == 0;
    if (crew->running)
        sem_post(&crew->begin);
}

static void second_end(struct crew *crew)
{
    if (crew->running)
        wait_for(&crew->done);
    else
        half_tell(&crew->second);
}

/* --- both ------------------------------------------------------------------------- */

bool crew_flush(struct crew *crew, struct err *err)
{
    struct half *first = &crew->first, *second = &crew->second;
    bool two = second->count > 0;
    if (two)
        second_begin(crew);
    half_tell(first);
    if (two)
        second_end(crew);
    struct half *bad = !first->good ? first : two && !second->good ? second : NULL;
    if (bad) {
        *err = bad->err;
        return false;
    }
    struct sink *sink = first->teller.sinks->each[0];
    return !two || sink->adopt(sink, crew->twins.each[0], err);
}

bool crew_tell(struct crew *crew, const struct frame *frame, int64_t since_ns, struct err *err)
{
    if (!half_full(&crew->first)) {
        half_add(&crew->first, frame, since_ns);
        return true;
    }
    half_add(&crew->second, frame, since_ns);
    return !half_full(&crew->second) || crew_flush(crew, err);
}

static bool two_processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 1;
}

struct crew *crew_open(const struct sinks *sinks)
{
    if (sinks->count != 1 || !sinks->each[0]->twin || !two_processors())
        return NULL;
    struct crew *crew = calloc(1, sizeof *crew);
    if (!crew)
        return NULL;
    crew->twins = (struct sinks){{sinks->each[0]->twin(sinks->each[0])}, 1};
    crew->first.teller.sinks = sinks;
    crew->second.teller.sinks = &crew->twins;
    sem_init(&crew->begin, 0, 0);
    sem_init(&crew->done, 0, 0);
    return crew;
}

void crew_close(struct crew *crew)
{
    if (!crew)
        return;
    crew->leave = true;
    sem_post(&crew->begin);
    if (crew->running)
        pthread_join(crew->thread, NULL);
    struct err ignored = {0}; /* a twin writes nothing */
    crew->twins.each[0]->end(crew->twins.each[0], &ignored);
    half_free(&crew->first);
    half_free(&crew->second);
    sem_destroy(&crew->begin);
    sem_destroy(&crew->done);
    free(crew);
}
