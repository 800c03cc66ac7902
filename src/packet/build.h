/*
 * build.h: libnet's part of crafting.
 */
#ifndef LOOPCRAFT_PACKET_BUILD_H
#define LOOPCRAFT_PACKET_BUILD_H

#include <loopcraft/craft.h>

/*
 * Lays the packet as libnet's builders do, into crafted->bytes and crafted->builders. What the
 * chosen message has behind its first eight bytes is room of zeros, in front of the data.
 */
bool build(struct crafted *crafted, const struct recipe *recipe, struct err *err);

#endif
