/*
 * ask.h: what the two loops over targets share: ask.c, all side by side, and ask_witnessed.c.
 */
#ifndef LOOPCRAFT_PROBE_ASK_H
#define LOOPCRAFT_PROBE_ASK_H

#include "manner.h"

/* Sends the target's probe, or sends it again, and sets when an answer is due. */
bool ask_send(const struct asking *a, struct target *t, struct err *err);

/* Tells of a packet; an answer gives its target a verdict. */
bool ask_take(struct asking *a, const struct reply *r, struct err *err);

/* The verdict of a target that was tried often enough. */
void ask_silence(const struct asking *a, struct target *t);

enum probe_result ask_witnessed(struct asking *a, struct err *err);

#endif
