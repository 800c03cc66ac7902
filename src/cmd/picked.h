/*
 * picked.h: only some fields' values, for scripts.
 */
#ifndef LOOPCRAFT_CMD_PICKED_H
#define LOOPCRAFT_CMD_PICKED_H

#include <loopcraft/event.h>

#include <stdio.h>

/*
 * A sink that writes a line a packet: the values of each name (commas between the names), tabs
 * between names and commas between values, as `tshark -T fields -e` does; nothing for a field that
 * is not there. NULL and STATUS_USAGE for a name that no table has.
 */
struct sink *picked_sink(FILE *out, bool live, const char *names, struct err *err);

#endif
