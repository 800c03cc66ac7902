/* child.c: how a child process of this floor begins, and how it says that it did. */
#include "child.h"

#include <loopcraft/caller.h>
#include <loopcraft/caps.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void child_signals(void)
{
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Closes all descriptors above 2 but these. */
static void child_close(int *const keep[], size_t count)
{
    unsigned from = 3;
    for (;;) {
        unsigned next = ~0u; /* the lowest to keep that is not below `from` */
        for (size_t i = 0; i < count; i++)
            if (*keep[i] >= (int)from && (unsigned)*keep[i] < next)
                next = (unsigned)*keep[i];
        if (next > from)
            close_range(from, next - 1, 0);
        if (next == ~0u)
            return;
        from = next + 1;
    }
}

void child_settle(int *const keep[], size_t count)
{
    child_signals();
    (void)!chdir("/");                 /* so as not to keep a file system busy */
    for (size_t i = 0; i < count; i++) /* a parent without standard files has others there */
        if (*keep[i] >= 0 && *keep[i] <= 2)
            *keep[i] = fcntl(*keep[i], F_DUPFD_CLOEXEC, 3);
    child_close(keep, count);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; null >= 0 && fd < 3; fd++)
        dup2(null, fd);
    if (null > 2)
        close(null);
}

bool child_humble(struct err *err)
{
    uid_t uid;
    gid_t gid;
    if (caller_ids(&uid, &gid) &&
        (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0))
        return err_system(err, "a server can't take the ids of sudo's caller");
    return caps_drop_all(err);
}

void child_bind(const char *name)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    prctl(PR_SET_NAME, name, 0, 0, 0);
}

bool report_open(struct report *report, struct err *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_system(err, "can't make a pipe");
    *report = (struct report){ends[0], ends[1]};
    return true;
}

void report_send(struct report *report, const struct err *err)
{
    struct err what;
    memset(&what, 0, sizeof what); /* its padding too, since all of it is written */
    if (err) {
        what.status = err->status;
        snprintf(what.message, sizeof what.message, "%s", err->message);
    }
    /* Whole or not at all: it is shorter than PIPE_BUF (pipe(7)). */
    if (write(report->write, &what, sizeof what) != (ssize_t)sizeof what)
        _exit(STATUS_SYSTEM);
    close(report->write);
    report->write = -1;
}

/* Did it report, into *what? Else the pipe ended without. */
static bool report_read(struct report *report, struct err *what)
{
    close(report->write); /* so that a child's death is the end of the pipe */
    ssize_t got;
    do
        got = read(report->read, what, sizeof *what);
    while (got < 0 && errno == EINTR);
    close(report->read);
    *report = (struct report){-1, -1};
    return got == (ssize_t)sizeof *what;
}

bool report_wait(struct report *report, struct err *err)
{
    struct err what;
    if (!report_read(report, &what))
        return err_set(err, STATUS_SYSTEM,
                       "the process for the services ended as it began; "
                       "is there memory, and room for processes (ulimit -u)?");
    if (what.status != STATUS_DONE)
        *err = what;
    return what.status == STATUS_DONE;
}

bool report_exec(struct report *report, struct err *err)
{
    return !report_read(report, err);
}
