/*
 * filter_words.h: keeps names out of capture filters.
 */
#ifndef WIRE_FILTER_WORDS_H
#define WIRE_FILTER_WORDS_H

#include <loopcraft/err.h>

/*
 * libpcap looks up the names of hosts and networks that a filter mentions, by DNS if need be: a
 * packet that leaves the machine. Fails with STATUS_USAGE for a word that it might look up: one
 * that is no keyword of pcap-filter(7), no number, no address, and no name of a port or protocol
 * in a place where there is one (those are looked up in files).
 */
bool filter_words_check(const char *expression, struct err *err);

#endif
