/* keep.c: a sweep's packets for a capture file. */
#include "keep.h"

#include "reply.h"

bool keep_packet(struct keep *k, struct exchange *x, const struct sinks *sinks,
                 const struct frame *frame, const struct ruling *ruling, struct err *err)
{
    struct reply reply;
    dissect(&k->dissection, frame);
    summarise(&k->summary, &k->dissection);
    reply_read(&reply, &k->dissection);
    bool ours = reply.kind != REPLY_ICMP_ERROR && reply.from == x->wire.port;
    text_clear(&k->note);
    if (ruling)
        text_format(&k->note, "Port %u is %s. %s.",
                    reply.kind == REPLY_ICMP_ERROR ? reply.to : reply.from, ruling->state,
                    ruling->evidence);
    struct event event = {.kind = EVENT_PACKET};
    event.packet = (struct packet_event){.frame = *frame,
                                         .dissection = &k->dissection,
                                         .title = text_string(&k->summary.title),
                                         .detail = text_string(&k->summary.detail),
                                         .from = k->summary.from,
                                         .to = k->summary.to,
                                         .note = text_string(&k->note),
                                         .since_ns = -1};
    event.packet.frame.direction = ours ? DIRECTION_SENT : DIRECTION_RECEIVED;
    return sinks_event(sinks, &event, err);
}

void keep_free(struct keep *k)
{
    dissection_free(&k->dissection);
    summary_free(&k->summary);
    text_free(&k->note);
}
