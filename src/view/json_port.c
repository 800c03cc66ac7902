/* json_port.c: a port of this machine, as `audit` tells it; README.md, "Audit", has the keys. */
#include "json_port.h"

#include "json_members.h"

static void put_asked(struct text *out, const struct port_event *port)
{
    put_key(out, "asked");
    text_char(out, '[');
    for (size_t i = 0; i < port->asked_count; i++) {
        const struct port_asked *asked = &port->asked[i];
        text_put(out, i ? ",{\"addr\":" : "{\"addr\":");
        text_json_string(out, asked->addr);
        put_string(out, "handmade", asked->state);
        put_string(out, "reason", asked->reason);
        put_string(out, "connect", asked->called);
        text_char(out, '}');
    }
    text_char(out, ']');
}

void put_port_json(struct text *out, const struct port_event *port)
{
    put_string(out, "proto", port->proto);
    put_number(out, "port", port->port);
    put_string(out, "concern", port->concern);
    put_string(out, "state", port->state);
    put_string(out, "bound", port->bound);
    put_string(out, "exposure", port->exposure);
    put_string(out, "service", port->service);
    put_string(out, "purpose", port->purpose);
    put_string(out, "encryption", port->encryption);
    put_flag(out, "observed", port->observed);
    put_string(out, "banner", port->banner);
    put_string(out, "user", port->user);
    put_known(out, "pid", port->pid > 0, (uint64_t)port->pid);
    put_number(out, "pids_more", port->pids_more);
    put_string(out, "program", port->program);
    put_string(out, "command_line", port->command);
    put_string(out, "unknown", port->unknown);
    put_asked(out, port);
    put_string(out, "unasked", port->unasked);
    put_string(out, "finding", port->finding);
    put_string(out, "advice", port->advice);
    put_string(out, "instead", port->instead);
}
