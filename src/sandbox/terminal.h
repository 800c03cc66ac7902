/*
 * terminal.h: who has the terminal while a command runs in the sandbox.
 */
#ifndef SANDBOX_TERMINAL_H
#define SANDBOX_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

struct terminal {
    int fd;       /* the controlling terminal, or -1 */
    pid_t ours;   /* our process group when it had the terminal at the start, else 0 */
    pid_t theirs; /* the command's, when it leads one and has the terminal, else 0 */
};

void terminal_open(struct terminal *t);
/* Gives the terminal back to our process group if it had it, and closes. */
void terminal_close(struct terminal *t);

/*
 * In the user's shell, or a lab, before its exec: makes it a process group that has the terminal.
 * In a PID namespace a shell can't name the group it came from, and dash fails at its end when it
 * wants to give the terminal back to that. Not for other commands, nor unless we talk with
 * the user directly: a pipeline or script must stay one group.
 */
void terminal_lead(const struct terminal *t);

/* Outside, after that: notes which group it is. */
void terminal_led(struct terminal *t);

/*
 * The command was stopped. If it leads a group (bash's `suspend`), this process stops too, so
 * that the shell outside notices; true when that one has said `fg` or `bg`, and the command
 * shall go on. Else the terminal has stopped us both, and the shell outside sees to it.
 */
bool terminal_suspend(const struct terminal *t);

#endif
