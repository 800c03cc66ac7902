/* schedule.c: how often, how long. */
#include "schedule.h"

#include <loopcraft/clock.h>

enum {
    ROUNDS_LEAST = 2,
    ROUNDS_MOST = 64,
    WAIT_MS = 10, /* blocks of the capture come a millisecond late, or four (HZ=250) */
    LAST_WAIT_MS = 50,
    PROGRAM_WAIT_MS = 200,
    WAIT_MOST_MS = 1000,
    RTT_TIMES = 8 /* what is later still is taken too, while the sweep goes on */
};

static const double wrong_most = 0.01;

void schedule_answer(struct schedule *s, unsigned tries)
{
    s->answered++;
    s->lost += tries - 1;
}

/* lost + 3 sqrt(lost), taken from above without a root: 3 sqrt(x) <= x / 8 + 18 for every x. */
static double loss(const struct schedule *s)
{
    enum { MARGIN = 18, PRIOR = 72 };
    double lost = (double)s->lost * 9 / 8 + MARGIN;
    double all = (double)(s->answered + s->lost) + PRIOR;
    return lost < all ? lost / all : 1;
}

double schedule_wrong(const struct schedule *s)
{
    double each = 1, p = loss(s);
    for (unsigned i = 0; i < s->rounds; i++)
        each *= p;
    return each * (double)s->ports;
}

bool schedule_enough(const struct schedule *s)
{
    if (s->rounds < ROUNDS_LEAST)
        return false;
    return s->rounds >= ROUNDS_MOST || schedule_wrong(s) < wrong_most;
}

int64_t schedule_wait(const struct schedule *s, bool last)
{
    int64_t least = (!last ? WAIT_MS : s->programs ? PROGRAM_WAIT_MS : LAST_WAIT_MS);
    int64_t wait = s->rtt_ns * RTT_TIMES, most = WAIT_MOST_MS * (int64_t)CLOCK_MS;
    least *= CLOCK_MS;
    return wait < least ? least : wait > most ? most : wait;
}
