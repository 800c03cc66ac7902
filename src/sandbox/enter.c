/* enter.c: the ways into the sandbox. */
#include "enter.h"

#include "firewall.h"
#include "join.h"
#include "namespace.h"

#include <unistd.h>

static bool enter_inside(const struct guest *command, struct init *init, struct err *err)
{
    struct init_wants wants = {.anchor = -1, .command = command};
    return !command || init_start(init, &wants, err);
}

/* The command dies with the sandbox it is in, whose init is the anchor, and with us. */
static bool enter_joined(const struct guest *command, int anchor, struct init *init,
                         struct err *err)
{
    if (command && anchor < 0)
        return err_system(err, "can't watch over the sandbox that is running (pidfd_open)");
    struct init_wants wants = {.pidns = true, .anchor = anchor, .command = command};
    bool done = !command || init_start(init, &wants, err);
    if (anchor >= 0)
        close(anchor);
    return done;
}

static bool enter_new(const struct guest *command, bool joinable, struct init *init,
                      struct err *err)
{
    struct init_wants wants = {.pidns = true,
                               .services = true,
                               .joinable = joinable,
                               .anchor = -1,
                               .command = command};
    return namespace_make(err) && firewall_load(err) && init_start(init, &wants, err);
}

static bool enter_as(const struct guest *command, bool own, bool joinable,
                     enum sandbox_entry *entry, struct init *init, struct err *err)
{
    int anchor;
    *init = INIT_NONE;
    *entry = SANDBOX_INSIDE_ALREADY;
    if (sandbox_here())
        return enter_inside(command, init, err);
    *entry = SANDBOX_JOINED;
    if (!own && join_running(&anchor))
        return enter_joined(command, anchor, init, err);
    *entry = SANDBOX_MADE;
    return enter_new(command, joinable, init, err);
}

bool enter(const struct guest *command, bool own, enum sandbox_entry *entry, struct init *init,
           struct err *err)
{
    return enter_as(command, own, command != NULL, entry, init, err);
}

bool sandbox_enter(enum sandbox_entry *entry, struct err *err)
{
    struct init init; /* it ends with this process, whose lifeline stays open until then */
    return enter(NULL, false, entry, &init, err);
}

bool sandbox_enter_joinable(enum sandbox_entry *entry, struct err *err)
{
    struct init init; /* likewise */
    return enter_as(NULL, false, true, entry, &init, err);
}
