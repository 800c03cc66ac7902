/* json_port.h: a port of this machine as JSON. */
#ifndef VIEW_JSON_PORT_H
#define VIEW_JSON_PORT_H

#include <loopcraft/event.h>
#include <loopcraft/text.h>

/* Members of an object that has its type already. */
void put_port_json(struct text *out, const struct port_event *port);

#endif
