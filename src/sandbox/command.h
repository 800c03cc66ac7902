/*
 * command.h: a command in the sandbox: what it needs from the process that asks for it.
 */
#ifndef SANDBOX_COMMAND_H
#define SANDBOX_COMMAND_H

#include "child.h"
#include "terminal.h"

#include <signal.h>

struct guest {
    char *const *argv; /* NULL: the user's shell */
    bool leads;        /* talks with the user, and may start shells: has the terminal, terminal_lead() */
    struct terminal terminal;
    sigset_t mask;     /* signals as they were, for the command to have */
    struct sigaction interrupt, quit;
};

/*
 * From here to command_end() the terminal's signals are for the command alone, and SIGTERM
 * and SIGHUP, which are to be passed on, come from the signalfd(2) that this returns.
 */
bool command_begin(struct guest *command, char *const argv[], int *signals, struct err *err);
void command_end(struct guest *command, int signals);

/*
 * Becomes the command. `boxed`: this process is new in a PID namespace, and gets a /proc of
 * its own and no more privilege than the sandbox gives. It dies with `parent`. Reports only
 * when it can't.
 */
_Noreturn void command_exec(const struct guest *command, bool boxed, pid_t parent,
                            struct report *report);

#endif
