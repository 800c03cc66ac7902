/* join.c: finding the user's running sandbox in /proc, and entering its namespaces. */
#include "join.h"

#include "init.h"

#include <loopcraft/sandbox.h>

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * A process is looked at through a descriptor of its folder in /proc: once it has ended
 * nothing is found there any more, whoever gets its number then.
 */

/* Is this process one of this user's, with the name of an init that may be joined? */
static bool join_candidate(int process)
{
    struct stat who;
    if (fstat(process, &who) != 0 || who.st_uid != geteuid())
        return false;
    char name[32] = "";
    int fd = openat(process, "comm", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t len = read(fd, name, sizeof name - 1);
    close(fd);
    return len > 0 && strcmp(name, INIT_JOINABLE "\n") == 0;
}

/* Enters a namespace ("ns/net") of that process; true as well when it is ours already. */
static bool join_namespace(int process, const char *path, bool *ours)
{
    struct stat a, b;
    int self = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int fd = openat(process, path, O_RDONLY | O_CLOEXEC);
    bool known = fd >= 0 && fstat(fd, &a) == 0 && fstatat(self, path, &b, 0) == 0;
    *ours = known && a.st_ino == b.st_ino && a.st_dev == b.st_dev;
    bool done = known && (*ours || setns(fd, 0) == 0);
    if (fd >= 0)
        close(fd);
    if (self >= 0)
        close(self);
    return done;
}

/* Root's sandbox has no user namespace of its own; in our network namespace it is none to join. */
static bool join_enter(int process)
{
    bool ours;
    return join_namespace(process, "ns/user", &ours) && join_namespace(process, "ns/net", &ours) &&
           !ours && sandbox_here();
}

static bool join_try(int proc, const char *pid, int *pidfd)
{
    int process = openat(proc, pid, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (process < 0)
        return false;
    bool joined = join_candidate(process) && join_enter(process);
    if (joined) {
        *pidfd = (int)syscall(SYS_pidfd_open, atoi(pid), 0);
        joined = join_candidate(process); /* still: then the pidfd is of the same process */
        if (!joined && *pidfd >= 0)
            close(*pidfd);
    }
    close(process);
    return joined;
}

bool join_running(int *pidfd)
{
    DIR *list = opendir("/proc");
    if (!list)
        return false;
    bool joined = false;
    for (struct dirent *each; !joined && (each = readdir(list));)
        if (each->d_name[0] >= '1' && each->d_name[0] <= '9')
            joined = join_try(dirfd(list), each->d_name, pidfd);
    closedir(list);
    return joined;
}
