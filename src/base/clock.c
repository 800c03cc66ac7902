/* clock.c: time in nanoseconds. */
#include <loopcraft/clock.h>

#include <time.h>

static int64_t clock_read(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return t.tv_sec * CLOCK_SECOND + t.tv_nsec;
}

int64_t clock_now(void)
{
    return clock_read(CLOCK_MONOTONIC);
}

int64_t clock_wall(void)
{
    return clock_read(CLOCK_REALTIME);
}
