/* init.c: the first process of the sandbox's PID namespace. */
#include "init.h"

#include "beacon.h"
#include "refusal.h"
#include "services.h"

#include <loopcraft/caps.h>

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What init waits for. The end of one of the first two ends it, and with it the namespace. */
enum { WAIT_LIFELINE, WAIT_ANCHOR, WAIT_CHILDREN, WAIT_BEACON, WAITS };

struct inside {
    const struct init_wants *wants;
    int waits[WAITS];
    pid_t services, command; /* its own children; 0: none. All others are orphans */
};

/* --- inside: the beginning --------------------------------------------------- */

static _Noreturn void inside_serve(struct report *report)
{
    setsid(); /* the terminal's Ctrl-C is not for it */
    child_settle((int *const[]){&report->write}, 1);
    struct services services;
    struct err err;
    services_start(&services);
    if (services_open(&services, &err))
        services_run(&services, -1, report);
    report_send(report, &err);
    _exit(STATUS_SYSTEM);
}

/* Starts the services in a process of their own. */
static bool inside_services(struct inside *in, struct err *err)
{
    struct report report;
    if (!beacon_open(&in->waits[WAIT_BEACON], err) || !report_open(&report, err))
        return false;
    in->services = fork();
    if (in->services < 0)
        return err_system(err, "can't open the sandbox: no process for its services");
    if (in->services == 0)
        inside_serve(&report);
    return report_wait(&report, err);
}

/* Starts the command, still in the caller's process group and with its standard files. */
static bool inside_command(struct inside *in, struct err *err)
{
    struct report report;
    if (!report_open(&report, err))
        return false;
    pid_t parent = getpid();
    in->command = fork();
    if (in->command < 0)
        return err_system(err, "can't start the command");
    if (in->command == 0)
        command_exec(in->wants->command, in->wants->pidns, parent, &report);
    return report_exec(&report, err);
}

/* SIGCHLD as a descriptor. */
static bool inside_children(struct inside *in, struct err *err)
{
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    in->waits[WAIT_CHILDREN] = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    return in->waits[WAIT_CHILDREN] >= 0 || err_system(err, "can't make a descriptor for signals");
}

static bool inside_begin(struct inside *in, struct report *report, struct err *err)
{
    signal(SIGCHLD, SIG_DFL); /* ignored, there would be no status to tell */
    if ((in->wants->services && !inside_services(in, err)) ||
        (in->wants->command && !inside_command(in, err)))
        return false;
    /* Of the session still, so that the command has a parent there and can be stopped. */
    setpgid(0, 0);
    int *const keep[] = {&in->waits[WAIT_LIFELINE], &in->waits[WAIT_ANCHOR],
                         &in->waits[WAIT_BEACON], &report->write};
    child_settle(keep, sizeof keep / sizeof *keep);
    if (!inside_children(in, err) || !caps_drop_all(err))
        return false;
    child_bind(in->wants->joinable ? INIT_JOINABLE : "loopcraft-init");
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); /* so that its user may enter its namespaces, setns(2) */
    return true;
}

/* --- inside: the loop -------------------------------------------------------- */

/* A signal for the command; the lifeline's end is ours. */
static void inside_told(const struct inside *in)
{
    int number;
    if (recv(in->waits[WAIT_LIFELINE], &number, sizeof number, 0) != (ssize_t)sizeof number)
        _exit(STATUS_DONE);
    if (in->command > 0)
        kill(number == SIGCONT ? -getpgid(in->command) : in->command, number);
}

/* Reaps orphans, tells of the command; without its services a sandbox is none, and ends. */
static void inside_reap(struct inside *in)
{
    struct signalfd_siginfo info;
    while (read(in->waits[WAIT_CHILDREN], &info, sizeof info) > 0)
        ;
    int how;
    for (pid_t pid; (pid = waitpid(-1, &how, WNOHANG | WUNTRACED)) > 0;) {
        if (pid == in->services && !WIFSTOPPED(how))
            _exit(STATUS_DONE);
        if (pid != in->command)
            continue;
        send(in->waits[WAIT_LIFELINE], &how, sizeof how, MSG_NOSIGNAL);
        if (!WIFSTOPPED(how))
            in->command = 0;
    }
}

static _Noreturn void inside_main(const struct init_wants *wants, int lifeline,
                                  struct report *report)
{
    struct inside in = {.wants = wants, .waits = {lifeline, wants->anchor, -1, -1}};
    struct err err;
    if (!inside_begin(&in, report, &err)) {
        report_send(report, &err);
        _exit(STATUS_SYSTEM);
    }
    report_send(report, NULL);
    inside_reap(&in); /* who ended before SIGCHLD was blocked */
    for (;;) {
        struct pollfd polls[WAITS];
        for (int i = 0; i < WAITS; i++)
            polls[i] = (struct pollfd){.fd = in.waits[i], .events = POLLIN};
        int ready = poll(polls, WAITS, -1);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready < 0 || polls[WAIT_ANCHOR].revents)
            _exit(STATUS_DONE);
        if (polls[WAIT_LIFELINE].revents)
            inside_told(&in);
        if (polls[WAIT_CHILDREN].revents)
            inside_reap(&in);
        if (polls[WAIT_BEACON].revents)
            beacon_greet(in.waits[WAIT_BEACON]);
    }
}

/* --- outside ------------------------------------------------------------------ */

bool init_start(struct init *init, const struct init_wants *wants, struct err *err)
{
    int ends[2];
    struct report report;
    *init = INIT_NONE;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return err_system(err, "can't make a pair of sockets");
    if (!report_open(&report, err))
        return false;
    /*
     * clone(2) for this one child: unshare(CLONE_NEWPID) would put all later children of
     * this process there, and forbid it threads.
     */
    long flags = SIGCHLD | (wants->pidns ? CLONE_NEWPID : 0);
    pid_t pid = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, 0L);
    if (pid < 0)
        return refusal(err, STEP_INIT);
    if (pid == 0) {
        close(ends[0]); /* the one that must be the only one */
        inside_main(wants, ends[1], &report);
    }
    close(ends[1]);
    *init = (struct init){pid, ends[0]};
    if (report_wait(&report, err))
        return true;
    init_end(init);
    return false;
}

void init_end(struct init *init)
{
    if (init->pid == 0)
        return;
    close(init->lifeline);
    kill(init->pid, SIGKILL);
    while (waitpid(init->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    *init = INIT_NONE;
}
