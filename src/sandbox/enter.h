/*
 * enter.h: into the sandbox, with or without a command.
 */
#ifndef SANDBOX_ENTER_H
#define SANDBOX_ENTER_H

#include "init.h"

#include <loopcraft/sandbox.h>

/*
 * Moves this process into a sandbox: the one that it is in already, else the running one (unless
 * it shall be its own), else one that is made. With a command, one that is made may be joined, and
 * the command runs in a PID namespace that ends with this process and with the sandbox, whichever
 * is first. *init may be INIT_NONE.
 */
bool enter(const struct guest *command, bool own, enum sandbox_entry *entry, struct init *init,
           struct err *err);

#endif
