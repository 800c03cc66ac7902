/* terminal.c: job control around a command in another PID namespace, tcsetpgrp(3). */
#include "terminal.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

void terminal_open(struct terminal *t)
{
    t->fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    t->theirs = 0;
    t->ours = t->fd >= 0 && tcgetpgrp(t->fd) == getpgrp() ? getpgrp() : 0;
}

/* A process in the background may do this only with SIGTTOU blocked. */
static void terminal_give(const struct terminal *t, pid_t group)
{
    sigset_t block, before;
    sigemptyset(&block);
    sigaddset(&block, SIGTTOU);
    sigprocmask(SIG_BLOCK, &block, &before);
    tcsetpgrp(t->fd, group);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

void terminal_close(struct terminal *t)
{
    if (t->ours)
        terminal_give(t, t->ours);
    if (t->fd >= 0)
        close(t->fd);
}

void terminal_lead(const struct terminal *t)
{
    if (t->ours && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && setpgid(0, 0) == 0)
        terminal_give(t, getpgrp());
}

void terminal_led(struct terminal *t)
{
    pid_t group = t->ours ? tcgetpgrp(t->fd) : 0;
    t->theirs = group > 0 && group != t->ours ? group : 0;
}

bool terminal_suspend(const struct terminal *t)
{
    if (!t->theirs)
        return false;
    if (tcgetpgrp(t->fd) == t->theirs)
        terminal_give(t, t->ours);
    kill(getpid(), SIGSTOP);
    if (tcgetpgrp(t->fd) == t->ours)
        terminal_give(t, t->theirs);
    return true;
}
