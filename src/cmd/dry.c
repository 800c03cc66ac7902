/* dry.c: --dry-run: a packet is shown, and not sent. */
#include "dry.h"

#include <loopcraft/craft.h>
#include <loopcraft/dissect.h>
#include <loopcraft/proto.h>
#include <loopcraft/remarks.h>
#include <loopcraft/version.h>

#include <time.h>

static bool tell_start(const char *command, const struct sinks *sinks, struct err *err)
{
    struct event event = {.kind = EVENT_START};
    event.start = (struct start_event){.command = command,
                                       .version = LOOPCRAFT_VERSION,
                                       .world = "nowhere",
                                       .place = "dry run: the packet is made, and nothing is sent"};
    return sinks_event(sinks, &event, err);
}

static bool tell_end(const struct sinks *sinks, struct err *err)
{
    struct event event = {.kind = EVENT_SUMMARY};
    event.summary = (struct summary_event){.text = "Nothing was sent."};
    return sinks_event(sinks, &event, err);
}

/* As lo would carry it: Ethernet's header with zero addresses. */
static void put_frame(struct text *frame, const struct recipe *recipe, struct bytes packet)
{
    text_put_n(frame, "\0\0\0\0\0\0\0\0\0\0\0", 12);
    text_put_n(frame, recipe->ip == &proto_ipv6 ? "\x86\xdd" : "\x08\x00", 2);
    text_put_n(frame, (const char *)packet.at, packet.len);
}

static bool tell_packet(const struct recipe *recipe, const struct crafted *crafted,
                        const char *note, const struct sinks *sinks, struct err *err)
{
    struct dissection d = {0};
    struct summary summary = {0};
    struct remarks remarks = {0};
    struct text bytes = TEXT_EMPTY, origins = TEXT_EMPTY;
    struct bytes built = crafted_bytes(crafted);
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    put_frame(&bytes, recipe, built);
    struct frame frame = {.number = 1,
                          .time_ns = now.tv_sec * INT64_C(1000000000) + now.tv_nsec,
                          .linktype = LINKTYPE_ETHERNET,
                          .len = (uint32_t)bytes.len,
                          .bytes = {(const uint8_t *)bytes.at, bytes.len}};
    dissect(&d, &frame);
    summarise(&summary, &d);
    provenance(&origins, &d, crafted, recipe);
    remarks_add_sums(&remarks, &d);
    struct event event = {.kind = EVENT_PACKET};
    event.packet = (struct packet_event){.frame = frame,
                                         .dissection = &d,
                                         .title = text_string(&summary.title),
                                         .detail = text_string(&summary.detail),
                                         .from = summary.from,
                                         .to = summary.to,
                                         .note = note,
                                         .remarks = remarks_list(&remarks),
                                         .remark_count = remarks.count,
                                         .origins = (const uint8_t *)origins.at,
                                         .built = &built,
                                         .since_ns = -1};
    bool good = sinks_event(sinks, &event, err);
    dissection_free(&d);
    summary_free(&summary);
    remarks_free(&remarks);
    text_free(&bytes);
    text_free(&origins);
    return good;
}

bool dry_run(const struct recipe *recipe, const char *command, const char *note,
             const struct sinks *sinks, struct err *err)
{
    struct recipe filled = recipe_copy(recipe);
    struct crafted crafted = {0};
    recipe_fill(&filled);
    bool good = craft(&crafted, &filled, err) && tell_start(command, sinks, err) &&
                tell_packet(&filled, &crafted, note, sinks, err) && tell_end(sinks, err);
    crafted_free(&crafted);
    recipe_free(&filled);
    return good;
}
