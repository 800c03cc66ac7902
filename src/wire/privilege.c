/* privilege.c: opens all that needs privilege, in one place, and gives privilege up. */
#include "live.h"

#include <loopcraft/caps.h>

#include <pthread.h>
#include <unistd.h>

bool privilege_drop(struct err *err)
{
    return caps_drop_all(err);
}

/* What a thread of its own opens; it has ended before privilege goes. */
struct opening {
    const struct wants *wants;
    struct wire *wire;
    struct err err;
    bool good, apart;
    pthread_t thread;
};

static void *open_way_out(void *context)
{
    struct opening *o = context;
    const struct wants *wants = o->wants;
    o->good = (!wants->reserve ||
               (o->wire->port_fd = port_reserve(wants, &o->wire->port, &o->err)) >= 0) &&
              (!wants->send ||
               (o->wire->sender = sender_open(wants->family, wants->exact, &o->err)));
    return NULL;
}

/*
 * libnet makes 6,529 calls to open its socket, and the kernel thinks for some 14 ms before a
 * capture stands: both at once. Nobody has the socket before both are there.
 */
static void opening_start(struct opening *o, struct wire *wire, const struct wants *wants)
{
    *o = (struct opening){.wants = wants, .wire = wire};
    o->apart = wants->send && wants->capture &&
               pthread_create(&o->thread, NULL, open_way_out, o) == 0;
}

static bool opening_end(struct opening *o, struct err *err)
{
    if (o->apart)
        pthread_join(o->thread, NULL);
    else
        open_way_out(o);
    if (!o->good)
        *err = o->err;
    return o->good;
}

static bool wire_open_parts(struct wire *wire, const struct wants *wants, struct err *err)
{
    struct opening opening;
    struct err unused;
    opening_start(&opening, wire, wants);
    if (wants->capture)
        wire->capture = capture_open(wants->profile, wants->buffer, err);
    bool captures = !wants->capture || wire->capture;
    if (!opening_end(&opening, captures ? err : &unused) || !captures)
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

/* The shield goes last but for the port: until then no reset can be drawn. */
void wire_close(struct wire *wire)
{
    sender_close(wire->sender);
    capture_close(wire->capture);
    shield_close(wire->shield);
    witness_close(wire->witness);
    wire_release_port(wire);
    *wire = (struct wire){.port_fd = -1};
}
