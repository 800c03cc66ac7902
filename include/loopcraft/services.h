/*
 * services.h: names of ports: the program's own table, with the system's services database
 * (/etc/services, services(5)) beside it.
 */
#ifndef LOOPCRAFT_SERVICES_H
#define LOOPCRAFT_SERVICES_H

#include <stdbool.h>
#include <stdint.h>

/* The port of a service: "ssh" is 22. proto "tcp" or "udp". False when nobody knows the name. */
bool service_port(const char *name, const char *proto, uint16_t *port);

/*
 * What a number means as a port, by its class (RFC 6335, 6) and by the program's own table:
 * "ssh: a well-known port". A constant, plain ASCII.
 */
const char *service_words(uint16_t port);

#endif
