/*
 * story.h: what the parts of a handmade connection's story share: waiting, and trying again.
 */
#ifndef LOOPCRAFT_PROBE_STORY_H
#define LOOPCRAFT_PROBE_STORY_H

#include "connection.h"

#include <loopcraft/handshake.h>

enum {
    STORY_FIRST_WAIT_MS = 200, /* for an answer; doubled with each try */
    STORY_TRIES = 4
};

struct story {
    struct connection c;
    const struct handshake *how;
    struct text *told; /* how it ended, a sentence */
    struct err *err;
};

/*
 * How the story goes on after a wait: HANDSHAKE_DONE means on with the next part; else *told has
 * the reason. AWAIT_LATE is for the caller to judge.
 */
enum handshake_result story_judge(struct story *s, enum await await);

/*
 * Sends something again and again, each time waiting twice as long, until done(c) or the tries
 * are used up. send() is told which try it is; `what` names it for people.
 */
enum handshake_result story_insist(struct story *s, bool (*send)(struct story *s, unsigned try),
                                   bool (*done)(const struct connection *c), const char *what);

#endif
