/* event.c: one event to several sinks. */
#include <loopcraft/event.h>

bool sinks_event(const struct sinks *sinks, const struct event *event, struct err *err)
{
    for (size_t i = 0; i < sinks->count; i++)
        if (!sinks->each[i]->event(sinks->each[i], event, err))
            return false;
    return true;
}

bool sinks_flush(const struct sinks *sinks, struct err *err)
{
    for (size_t i = 0; i < sinks->count; i++)
        if (sinks->each[i]->flush && !sinks->each[i]->flush(sinks->each[i], err))
            return false;
    return true;
}

unsigned sinks_without(const struct sinks *sinks)
{
    unsigned without = WITHOUT_TITLE | WITHOUT_DETAIL;
    for (size_t i = 0; i < sinks->count; i++)
        without &= sinks->each[i]->without;
    return without;
}
