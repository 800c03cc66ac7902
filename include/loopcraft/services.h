/*
 * services.h: names of ports: the program's own table, with the system's services database
 * (/etc/services, services(5)) beside it. No network is asked.
 */
#ifndef LOOPCRAFT_SERVICES_H
#define LOOPCRAFT_SERVICES_H

#include <loopcraft/text.h>

#include <stdbool.h>
#include <stdint.h>

/* The port of a service: "ssh" is 22. proto "tcp" or "udp". False when nobody knows the name. */
bool service_port(const char *name, const char *proto, uint16_t *port);

/* Appends the names that the system's database has for a port: "http www". False: it has none. */
bool service_names(uint16_t port, const char *proto, struct text *names);

/*
 * What a number means as a port, by its class (RFC 6335, 6) and by the program's own table:
 * "ssh: a well-known port". A constant, plain ASCII.
 */
const char *service_words(uint16_t port);

struct service_list;

/* The names of all ports, read once: for those who ask for many. */
struct service_list *service_list_open(void);
void service_list_close(struct service_list *services);

/* The service of a port: 22 of "tcp" is "ssh"; "" when it has no name. Valid until service_list_close(). */
const char *service_list_name(const struct service_list *services, uint16_t port, const char *proto);

#endif
