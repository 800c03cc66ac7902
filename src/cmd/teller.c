/* teller.c: from a frame to an event. */
#include "teller.h"

bool teller_tell(struct teller *t, const struct frame *frame, int64_t since_ns, struct err *err)
{
    summarise_without(&t->summary, &t->dissection, sinks_without(t->sinks));
    remarks_clear(&t->remarks);
    remarks_add_sums(&t->remarks, &t->dissection);
    struct event event = {.kind = EVENT_PACKET};
    event.packet = (struct packet_event){
        .frame = *frame,
        .dissection = &t->dissection,
        .title = text_string(&t->summary.title),
        .detail = text_string(&t->summary.detail),
        .from = t->summary.from,
        .to = t->summary.to,
        .note = "",
        .remarks = remarks_list(&t->remarks),
        .remark_count = t->remarks.count,
        .since_ns = since_ns,
    };
    return sinks_event(t->sinks, &event, err);
}

void teller_free(struct teller *t)
{
    dissection_free(&t->dissection);
    summary_free(&t->summary);
    remarks_free(&t->remarks);
}
