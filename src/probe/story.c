/* story.c: how the story of a handmade connection goes on after a wait. */
#include "story.h"

#include <loopcraft/clock.h>

enum handshake_result story_judge(struct story *s, enum await await)
{
    struct connection *c = &s->c;
    if (await == AWAIT_FAILED)
        return HANDSHAKE_FAILED;
    if (await == AWAIT_SIGNAL)
        return HANDSHAKE_INTERRUPTED;
    if (c->kernel_reset)
        text_put(s->told, "The kernel reset the connection that it knew nothing of.");
    else if (c->reset && !c->synced)
        text_put(s->told, "Refused: a reset came instead of SYN-ACK. Nobody listens there, or a "
                          "firewall forges the reset.");
    else if (c->reset)
        text_put(s->told, "The server reset the connection.");
    else if (c->unreachable)
        text_format(s->told, "Refused: %s.", c->refusal);
    if (c->reset && !c->synced)
        return HANDSHAKE_CLOSED;
    return c->reset || c->unreachable ? HANDSHAKE_REFUSED : HANDSHAKE_DONE;
}

enum handshake_result story_insist(struct story *s, bool (*send)(struct story *s, unsigned try),
                                   bool (*done)(const struct connection *c), const char *what)
{
    int64_t wait = STORY_FIRST_WAIT_MS * (int64_t)CLOCK_MS;
    for (unsigned try = 0; try < STORY_TRIES; try++, wait *= 2) {
        if (!send(s, try))
            return HANDSHAKE_FAILED;
        enum await await = connection_await(&s->c, done, clock_now() + wait, s->err);
        if (await != AWAIT_LATE)
            return story_judge(s, await);
    }
    text_format(s->told, "No answer to our %s, sent %d times.", what, STORY_TRIES);
    return HANDSHAKE_UNANSWERED;
}
