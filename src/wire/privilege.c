/* privilege.c: opens all that needs privilege, in one place, and gives privilege up. */
#include "live.h"

#include <loopcraft/caps.h>

#include <pthread.h>
#include <unistd.h>

bool privilege_drop(struct err *err)
{
    return caps_drop_all(err);
}

/* A sender that is being opened by a thread of its own, which has ended before privilege goes. */
struct opening {
    const struct wants *wants;
    struct sender *sender;
    struct err err;
    bool apart;
    pthread_t thread;
};

static void *open_sender(void *context)
{
    struct opening *o = context;
    o->sender = sender_open(o->wants->family, o->wants->exact, &o->err);
    return NULL;
}

/*
 * libnet makes 6,529 calls to open its socket, and the kernel thinks for some 14 ms before a capture
 * stands: both at once. Nobody has the socket before both are there.
 */
static void opening_start(struct opening *o, const struct wants *wants)
{
    *o = (struct opening){.wants = wants};
    o->apart = wants->send && wants->capture &&
               pthread_create(&o->thread, NULL, open_sender, o) == 0;
}

static bool opening_end(struct opening *o, struct wire *wire, struct err *err)
{
    if (o->apart)
        pthread_join(o->thread, NULL);
    else if (o->wants->send)
        open_sender(o);
    wire->sender = o->sender;
    if (o->wants->send && !o->sender)
        *err = o->err;
    return !o->wants->send || o->sender;
}

/* What has to stand before anything is sent. */
static bool wire_open_others(struct wire *wire, const struct wants *wants, struct err *err)
{
    if (wants->capture && !(wire->capture = capture_open(wants->profile, wants->buffer, err)))
        return false;
    if (wants->shield && !(wire->shield = shield_open(wants->family, wire->port, err)))
        return false;
    if (wants->witness)
        wire->witness = witness_open();
    return true;
}

static bool wire_open_parts(struct wire *wire, const struct wants *wants, struct err *err)
{
    struct opening opening;
    struct err unused;
    if (wants->reserve && (wire->port_fd = port_reserve(wants, &wire->port, err)) < 0)
        return false;
    opening_start(&opening, wants);
    bool others = wire_open_others(wire, wants, err);
    return opening_end(&opening, wire, others ? err : &unused) && others;
}

bool wire_open(struct wire *wire, const struct wants *wants, struct err *err)
{
    *wire = (struct wire){.port = wants->port, .port_fd = -1};
    if (wire_open_parts(wire, wants, err) && privilege_drop(err))
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
