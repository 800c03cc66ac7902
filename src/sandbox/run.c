/* run.c: the `sandbox` command: waiting for what runs inside. */
#include "enter.h"

#include <errno.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void run_tell(const struct init *init, int number)
{
    send(init->lifeline, &number, sizeof number, MSG_NOSIGNAL);
}

/* What init says of the command: true when it has ended, with what to exit with. */
static bool run_ended(const struct init *init, const struct guest *command, int *status)
{
    int how;
    *status = STATUS_SIGNAL + SIGKILL; /* without a word: the sandbox has ended, and all in it */
    if (recv(init->lifeline, &how, sizeof how, 0) != (ssize_t)sizeof how)
        return true;
    if (WIFSTOPPED(how)) {
        if (terminal_suspend(&command->terminal))
            run_tell(init, SIGCONT);
        return false;
    }
    *status = WIFEXITED(how) ? WEXITSTATUS(how) : STATUS_SIGNAL + WTERMSIG(how);
    return true;
}

/* Waits for the command's end, passing on the signals that are meant for it. */
static int run_wait(const struct init *init, const struct guest *command, int signals)
{
    struct pollfd polls[] = {{.fd = init->lifeline, .events = POLLIN},
                             {.fd = signals, .events = POLLIN}};
    for (;;) {
        int ready = poll(polls, 2, -1);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready < 0)
            return STATUS_SYSTEM;
        struct signalfd_siginfo info;
        if (polls[1].revents && read(signals, &info, sizeof info) == (ssize_t)sizeof info)
            run_tell(init, (int)info.ssi_signo);
        int status;
        if (polls[0].revents && run_ended(init, command, &status))
            return status;
    }
}

bool sandbox_run(char *const argv[], bool own, int *status, struct err *err)
{
    struct guest command;
    int signals;
    if (!command_begin(&command, argv, &signals, err))
        return false;
    command.leads = !argv || own;
    enum sandbox_entry entry;
    struct init init;
    bool ran = enter(&command, own, &entry, &init, err);
    if (ran) {
        terminal_led(&command.terminal);
        *status = run_wait(&init, &command, signals);
        init_end(&init);
    }
    command_end(&command, signals);
    return ran;
}
