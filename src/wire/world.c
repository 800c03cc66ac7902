/* world.c: where it happens: the host's lo, or a sandbox's. */
#include <loopcraft/wire.h>

#include <loopcraft/caps.h>
#include <loopcraft/sandbox.h>

#include <linux/capability.h>
#include <stdio.h>

static bool privileged(void)
{
    return caps_effective(CAP_NET_RAW) && caps_effective(CAP_NET_ADMIN);
}

static void world_set(struct world *world, bool sandbox, const char *place)
{
    world->sandbox = sandbox;
    world->privileged = privileged();
    snprintf(world->place, sizeof world->place, "%s", place);
}

static bool world_enter_sandbox(struct world *world, bool joinable, struct err *err)
{
    static const char *const places[] = {
        [SANDBOX_INSIDE_ALREADY] = "sandbox: the one you are in; nothing can leave it",
        [SANDBOX_JOINED] = "sandbox: joined the one you have running; nothing can leave it",
        [SANDBOX_MADE] = "sandbox: a private loopback for this command; nothing can leave it",
    };
    static const char open_place[] =
        "sandbox: a private loopback, joined by what you run with -S; nothing can leave it";
    enum sandbox_entry entry;
    if (!(joinable ? sandbox_enter_joinable : sandbox_enter)(&entry, err))
        return false;
    world_set(world, true, joinable && entry == SANDBOX_MADE ? open_place : places[entry]);
    return true;
}

static bool enter(enum where where, struct world *world, bool joinable, struct err *err)
{
    bool here = sandbox_here();
    if (where == WHERE_HOST && here)
        return err_set(err, STATUS_SYSTEM, "--host can't be reached from inside the sandbox: "
                       "leave it first (exit), or leave out --host");
    if (where == WHERE_HOST && !privileged())
        return err_set(err, STATUS_SYSTEM, "no privilege to send and capture on the host's lo: "
                       "run it with sudo, or leave out --host to use the sandbox");
    if (here || where == WHERE_SANDBOX || (where != WHERE_ANYWAY && !privileged()))
        return world_enter_sandbox(world, joinable, err);
    world_set(world, false, privileged() ? "host: this machine's real loopback (lo)"
                                         : "host: this machine, without privilege");
    return true;
}

bool world_enter(enum where where, struct world *world, struct err *err)
{
    return enter(where, world, false, err);
}

bool world_enter_joinable(enum where where, struct world *world, struct err *err)
{
    return enter(where, world, true, err);
}
