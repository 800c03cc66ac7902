/*
 * ports.h: the one grammar of ports: 80  ssh  80,443,8000-8100  127.0.0.1:8080  [::1]:8080
 */
#ifndef LOOPCRAFT_CMD_PORTS_H
#define LOOPCRAFT_CMD_PORTS_H

#include <loopcraft/probe.h>

/*
 * Appends a word's ports to the list, each port once. An address in front of it is copied to `addr`
 * (48 bytes, "" before); two that differ are refused. STATUS_USAGE for what is no port.
 */
bool ports_read(struct ports *ports, const char *word, const char *proto, char *addr,
                struct err *err);
/* Appends a number, unless it is there. */
void ports_add(struct ports *ports, uint16_t port);
void ports_free(struct ports *ports);

#endif
