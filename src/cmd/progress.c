/* progress.c: how far a sweep is, on the terminal. */
#include "progress.h"

#include <loopcraft/clock.h>

#include <stdio.h>
#include <unistd.h>

struct progress progress_on(const struct line *line)
{
    return (struct progress){.on = isatty(STDERR_FILENO) && !line->options[OPTION_QUIET] &&
                                   !line->options[OPTION_JSON]};
}

void progress_show(void *context, const struct sweep_progress *now)
{
    struct progress *progress = context;
    double seconds = (double)now->ns / (double)CLOCK_SECOND;
    size_t left = now->all - now->done;
    fprintf(stderr, "\r%zu of %zu ports known, %zu to go, %.0f packets a second ", now->done,
            now->all, left, seconds > 0 ? now->sent / seconds : 0);
    if (now->done && left)
        fprintf(stderr, "(%.0f s left) ", seconds * (double)left / (double)now->done);
    fputs("\x1b[K", stderr); /* to the line's end: what was longer before goes */
    fflush(stderr);
    progress->shown = true;
}

void progress_clear(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\x1b[K", stderr);
    progress->shown = false;
}
