/* privilege.c: opens all that needs privilege, in one place, and gives privilege up. */
#include "live.h"

#include <loopcraft/caps.h>
#include <loopcraft/ruleset.h>
#include <loopcraft/sockets.h>

#include <unistd.h>

bool privilege_drop(struct err *err)
{
    return caps_drop_all(err);
}

/*
 * The capture first: the kernel has it stand after an RCU grace period of some 10 ms, and after two
 * if something that RCU frees, a socket for one, was closed while it waited.
 */
static bool wire_open_parts(struct wire *wire, const struct wants *wants, struct err *err)
{
    if (wants->capture && !(wire->capture = capture_open(wants->profile, wants->buffer, err)))
        return false;
    if (!(wire->sockets = sockets_open(err)))
        return false;
    if (wants->reserve &&
        (wire->port_fd = port_reserve(wants, wire->sockets, &wire->port, err)) < 0)
        return false;
    if (wants->send && !(wire->sender = sender_open(wants->family, wants->exact, err)))
        return false;
    if (wants->shield && !(wire->shield = shield_open(wants->family, wire->port, err)))
        return false;
    if (wants->witness)
        wire->witness = witness_open();
    return true;
}

bool wire_open(struct wire *wire, const struct wants *wants, struct err *err)
{
    *wire = (struct wire){.port = wants->port, .port_fd = -1};
    if (wire_open_parts(wire, wants, err) && (wants->keep || privilege_drop(err)))
        return true;
    wire_close(wire);
    return false;
}

void wire_release_port(struct wire *wire)
{
    if (wire->port_fd >= 0)
        close(wire->port_fd);
    wire->port_fd = -1;
}

/*
 * The capture first, for the same reason as above; the shield after the sender, and the port after
 * the shield: until then no reset can be drawn.
 */
void wire_close(struct wire *wire)
{
    capture_close(wire->capture);
    sender_close(wire->sender);
    ruleset_free(wire->shield);
    witness_close(wire->witness);
    wire_release_port(wire);
    sockets_close(wire->sockets);
    *wire = (struct wire){.port_fd = -1};
}
