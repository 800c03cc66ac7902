/* command.c: a command in the sandbox: signals, privilege, /proc, exec. */
#include "command.h"

#include "namespace.h"
#include "shell.h"

#include <loopcraft/caps.h>
#include <loopcraft/text.h>

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* --- in the process that asks ----------------------------------------------- */

bool command_begin(struct guest *command, char *const argv[], int *signals, struct err *err)
{
    *command = (struct guest){.argv = argv};
    sigset_t passed_on;
    sigemptyset(&passed_on);
    sigaddset(&passed_on, SIGTERM);
    sigaddset(&passed_on, SIGHUP);
    *signals = signalfd(-1, &passed_on, SFD_CLOEXEC);
    if (*signals < 0)
        return err_system(err, "can't make a descriptor for signals");
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &ignore, &command->interrupt);
    sigaction(SIGQUIT, &ignore, &command->quit);
    sigprocmask(SIG_BLOCK, &passed_on, &command->mask);
    terminal_open(&command->terminal);
    return true;
}

static void command_signals_back(const struct guest *command)
{
    sigaction(SIGINT, &command->interrupt, NULL);
    sigaction(SIGQUIT, &command->quit, NULL);
    sigprocmask(SIG_SETMASK, &command->mask, NULL);
}

void command_end(struct guest *command, int signals)
{
    command_signals_back(command);
    terminal_close(&command->terminal);
    close(signals);
}

/* --- in the command's process ------------------------------------------------ */

/* A /proc of the PID namespace, so that ps shows the sandbox. Containers may refuse: then not. */
static void command_mount_proc(void)
{
    if (unshare(CLONE_NEWNS) == 0 && mount("none", "/", "none", MS_REC | MS_SLAVE, NULL) == 0)
        (void)mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

/* As a shell says it: 127 when there is no such command, 126 when it can't be run. */
static void command_failed(const char *name, int number, struct err *err)
{
    /* Searching PATH, EACCES may mean no more than a folder on it that is closed: exec(3). */
    bool missing = number != EACCES || !strchr(name, '/');
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)name, strlen(name)});
    err_set(err, (enum status)(missing ? 127 : 126), "can't run %.200s: %s", text_string(&safe),
            missing ? "no such command; is it installed, and spelt right?"
                    : "permission denied; is it a program, and executable?");
    text_free(&safe);
}

_Noreturn void command_exec(const struct guest *command, bool boxed, pid_t parent,
                            struct report *report)
{
    struct err err;
    if (command->leads)
        terminal_lead(&command->terminal);
    command_signals_back(command);
    signal(SIGPIPE, SIG_DFL); /* main ignores it; a shell's pipelines must not */
    if (boxed)
        command_mount_proc();
    if (boxed && geteuid() != 0 &&
        !caps_keep_ambient(namespace_caps, namespace_cap_count, &err)) {
        report_send(report, &err);
        _exit(STATUS_SYSTEM);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent)
        _exit(STATUS_SYSTEM); /* it was dead already */
    setenv("LOOPCRAFT_SANDBOX", "1", 1); /* for prompts; nothing here trusts it */
    struct shell shell;
    char *const *argv = command->argv;
    if (!argv) {
        shell_command(&shell);
        argv = shell.argv;
    }
    execvp(argv[0], argv);
    command_failed(argv[0], errno, &err);
    report_send(report, &err);
    _exit(127);
}
