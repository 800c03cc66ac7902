/*
 * craft.h: from a recipe to finished bytes, by libnet's builders, in memory, without privilege.
 */
#ifndef LOOPCRAFT_CRAFT_H
#define LOOPCRAFT_CRAFT_H

#include <loopcraft/node.h>
#include <loopcraft/recipe.h>

struct crafted {
    struct text bytes;   /* the packet, from its IP header on */
    struct text builders; /* the same as libnet's builders left it */
};

/*
 * Builds the packet (libnet 1.1.6, LIBNET_NONE and libnet_pblock_coalesce), then sets what was
 * asked and builders can't say: reserved bits, false lengths, wrong checksums. A checksum
 * that was not asked for fits the finished bytes. STATUS_USAGE when the packet can't be.
 */
bool craft(struct crafted *crafted, const struct recipe *recipe, struct err *err);
struct bytes crafted_bytes(const struct crafted *crafted); /* the finished packet, borrowed */
void crafted_free(struct crafted *crafted);

/*
 * Who set each node of a captured packet that was sent: appends one byte, enum origin, a node.
 * Compares what was asked, what libnet built, what was sent, and what was captured. Appends
 * nothing when the capture was cut short.
 */
void provenance(struct text *origins, const struct dissection *captured, const struct crafted *crafted,
                const struct recipe *recipe);

#endif
