/* teller.c: from a frame to an event. */
#include "teller.h"

#include <string.h>

void teller_open(struct teller *t)
{
    *t = (struct teller){.context = context_new(), .outlines = outlines_new()};
}

void teller_close(struct teller *t)
{
    context_free(t->context);
    outlines_free(t->outlines);
}

void teller_understand(struct teller *t, struct told *told, bool shown)
{
    remarks_clear(&told->remarks);
    context_packet(t->context, &told->frame, &told->dissection, shown ? &told->remarks : NULL);
    if (!shown)
        return;
    text_clear(&told->note);
    text_put(&told->note, context_note(t->context));
    told->answered = context_answered(t->context);
    const struct dissection *d = &told->dissection;
    const struct outline *outline = outline_of(t->outlines, d);
    summarise_rows(&told->summary, d, &outline->rows, t->without);
    if (!(t->without & WITHOUT_TITLE) && !dissect_knows(told->frame.linktype)) {
        text_clear(&told->summary.title);
        text_format(&told->summary.title, "link type %d: not known, shown as bytes",
                    told->frame.linktype);
    }
    remarks_add_places(&told->remarks, d, outline->sums, outline->sum_count);
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
        .note = text_string(&told->note),
        .answered = told->answered,
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
    text_free(&told->note);
    text_free(&told->copy);
}
