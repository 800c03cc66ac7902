/*
 * options.h: a list of TCP or IP options, from tcpdump's words to bytes, by the tables.
 */
#ifndef LOOPCRAFT_PACKET_OPTIONS_H
#define LOOPCRAFT_PACKET_OPTIONS_H

#include <loopcraft/record.h>

/*
 * Reads "mss:1460,nop,nop,ts:1:0" in that order. An option's word is its record's; the values
 * behind it go to its rows in their order, and to its repeated elements. A number alone is a
 * kind nobody knows, with its bytes in hex: "254:beef". Appends the bytes, not padded.
 */
bool options_read(struct text *out, const struct record *record, const char *list, struct err *err);

#endif
