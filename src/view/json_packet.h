/*
 * json_packet.h: a packet as a JSON object, the same names and offsets as tshark -T pdml.
 */
#ifndef VIEW_JSON_PACKET_H
#define VIEW_JSON_PACKET_H

#include "vocabulary.h"

#include <loopcraft/event.h>
#include <loopcraft/text.h>

void put_packet_json(struct text *out, struct vocabulary *vocabulary,
                     const struct packet_event *packet);

#endif
