/* ladder.c: the exchange between two ends, as it is remembered; ladder_draw.c draws it. */
#include "ladder.h"

#include "pieces.h"

#include <stdio.h>
#include <stdlib.h>

struct ladder *ladder_new(bool by_sender)
{
    struct ladder *ladder = calloc(1, sizeof *ladder);
    if (!ladder) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    ladder->by_sender = by_sender;
    return ladder;
}

void ladder_free(struct ladder *ladder)
{
    free(ladder);
}

/* --- remembering ------------------------------------------------------------------ */

/* A copy that is safe to print, cut between characters. */
static void copy(char *to, size_t size, const char *from)
{
    struct text safe = TEXT_EMPTY;
    put_told(&safe, from ? from : "");
    size_t len = safe.len < size ? safe.len : size - 1;
    while (len && len < safe.len && ((uint8_t)safe.at[len] & 0xc0) == 0x80)
        len--;
    memcpy(to, text_string(&safe), len);
    to[len] = '\0';
    text_free(&safe);
}

static bool same_end(const struct end *a, const struct end *b)
{
    return strcmp(a->addr, b->addr) == 0 && strcmp(a->port, b->port) == 0;
}

/* The rung of the packet that this one answers, or NULL. */
static const struct rung *answered(const struct ladder *ladder, const struct packet_event *packet)
{
    for (size_t i = 0; packet->answered && i < ladder->count; i++)
        if (ladder->rungs[i].packet && ladder->rungs[i].number == packet->answered)
            return &ladder->rungs[i];
    return NULL;
}

/*
 * Where nobody says who sent it: against what it answers, as the other packets of its
 * conversation, else as a first one. On lo, ends without a port have one name.
 */
static bool goes_right(const struct ladder *ladder, const struct packet_event *packet)
{
    if (!ladder->by_sender && packet->frame.direction != DIRECTION_UNKNOWN)
        return packet->frame.direction == DIRECTION_SENT;
    const struct rung *question = answered(ladder, packet);
    if (question)
        return !question->rightward;
    for (size_t i = 0; i < ladder->count && !same_end(&packet->from, &packet->to); i++) {
        const struct rung *rung = &ladder->rungs[i];
        if (rung->packet && same_end(&rung->from, &packet->from) &&
            same_end(&rung->to, &packet->to))
            return rung->rightward;
        if (rung->packet && same_end(&rung->from, &packet->to) &&
            same_end(&rung->to, &packet->from))
            return !rung->rightward;
    }
    const struct rung *first = &ladder->rungs[0];
    return !ladder->count || strcmp(packet->to.addr, first->from.addr) != 0 ||
           strcmp(packet->from.addr, first->from.addr) == 0;
}

static struct rung *add_rung(struct ladder *ladder)
{
    if (ladder->count == RUNGS_MOST) {
        ladder->left_out++;
        return NULL;
    }
    return &ladder->rungs[ladder->count++];
}

void ladder_packet(struct ladder *ladder, const struct packet_event *packet)
{
    if (!ladder->count && packet->frame.direction == DIRECTION_SENT)
        ladder->by_sender = false; /* that is our end */
    bool rightward = goes_right(ladder, packet);
    struct rung *rung = add_rung(ladder);
    if (!rung)
        return;
    rung->packet = true;
    rung->rightward = rightward;
    rung->number = packet->frame.number;
    rung->since_ns = packet->since_ns;
    rung->from = packet->from;
    rung->to = packet->to;
    copy(rung->title, sizeof rung->title, packet->title);
    copy(rung->detail, sizeof rung->detail, packet->detail);
    ladder->known = ladder->known ||
                    (!ladder->by_sender && packet->frame.direction != DIRECTION_UNKNOWN);
}

void ladder_step(struct ladder *ladder, const struct step_event *step)
{
    struct rung *last = ladder->count && !ladder->left_out ? &ladder->rungs[ladder->count - 1]
                                                           : NULL;
    if (!last && !ladder->left_out)
        last = add_rung(ladder);
    if (!last)
        return;
    copy(last->ours, sizeof last->ours, step->ours);
    copy(last->theirs, sizeof last->theirs, step->theirs);
}
