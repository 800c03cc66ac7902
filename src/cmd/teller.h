/*
 * teller.h: from a frame to the event that sinks are told, with what is kept from packet to packet,
 * so that nothing is allocated for each.
 */
#ifndef LOOPCRAFT_CMD_TELLER_H
#define LOOPCRAFT_CMD_TELLER_H

#include <loopcraft/dissect.h>
#include <loopcraft/event.h>
#include <loopcraft/remarks.h>

struct teller {
    const struct sinks *sinks;
    struct dissection dissection; /* of the frame at hand */
    struct summary summary;
    struct remarks remarks;
};

/* Tells of the frame that was dissected last; since_ns as in struct packet_event. */
bool teller_tell(struct teller *teller, const struct frame *frame, int64_t since_ns,
                 struct err *err);

void teller_free(struct teller *teller);

#endif
