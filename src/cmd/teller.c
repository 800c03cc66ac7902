/* teller.c: from a frame to an event. */
#include "teller.h"

#include <string.h>

void teller_understand(struct teller *t, struct told *told)
{
    summarise_without(&told->summary, &told->dissection, t->without);
    remarks_clear(&told->remarks);
    remarks_add_sums(&told->remarks, &told->dissection);
}

void told_keep(struct told *told)
{
    struct frame *frame = &told->frame;
    struct text *copy = &told->copy;
    text_clear(copy);
    text_put_n(copy, (const char *)frame->bytes.at, frame->bytes.len);
    if (frame->comment)
        text_put(copy, frame->comment);
    frame->bytes.at = (const uint8_t *)copy->at;
    frame->comment = frame->comment ? copy->at + frame->bytes.len : NULL;
    told->dissection.bytes = frame->bytes;
}

bool told_tell(struct told *told, const struct sinks *sinks, struct err *err)
{
    struct event event = {.kind = EVENT_PACKET};
    event.packet = (struct packet_event){
        .frame = told->frame,
        .dissection = &told->dissection,
        .title = text_string(&told->summary.title),
        .detail = text_string(&told->summary.detail),
        .from = told->summary.from,
        .to = told->summary.to,
        .note = "",
        .remarks = remarks_list(&told->remarks),
        .remark_count = told->remarks.count,
        .since_ns = told->since_ns,
    };
    return sinks_event(sinks, &event, err);
}

void told_free(struct told *told)
{
    dissection_free(&told->dissection);
    summary_free(&told->summary);
    remarks_free(&told->remarks);
    text_free(&told->copy);
}
