/*
 * filter.h: Wireshark's display filter (wireshark-filter(4)), read by the tables.
 *
 *     tcp.port == 8080 and tcp.flags.syn == 1
 *     ip.addr in {127.0.0.2, 127.1.0.0/16} or tcp.payload contains "GET"
 *     !(tcp.flags & 0x04) && tcp[13] == 2
 *
 * It selects the packets that tshark 4.0 does; there `!=` means that all values differ.
 * Not understood: matches, functions, arithmetic, field references, the layer operator.
 */
#ifndef LOOPCRAFT_FILTER_H
#define LOOPCRAFT_FILTER_H

#include <loopcraft/err.h>
#include <loopcraft/finder.h>

struct filter;

/* Reads an expression; an empty one selects all. NULL and STATUS_USAGE on failure. */
struct filter *filter_compile(const char *expression, struct err *err);
void filter_free(struct filter *filter);

/* Does it select this packet? Takes no memory but for the longest text value seen. */
bool filter_match(struct filter *filter, const struct scene *scene);

#endif
