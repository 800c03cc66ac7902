/* join.c: finding the user's running sandbox in /proc, and entering its namespaces. */
#include "join.h"

#include "init.h"

#include <loopcraft/sandbox.h>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Is the process of /proc/PID one of this user's, with the name of an init that may be joined? */
static bool join_candidate(int proc, const char *pid)
{
    struct stat who;
    if (fstatat(proc, pid, &who, 0) != 0 || who.st_uid != geteuid())
        return false;
    char path[300], name[32] = "";
    snprintf(path, sizeof path, "%s/comm", pid);
    int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t len = read(fd, name, sizeof name - 1);
    close(fd);
    return len > 0 && strcmp(name, INIT_JOINABLE "\n") == 0;
}

/* Is a namespace ("net", "user") of that process another one than ours? */
static bool join_differs(int proc, const char *pid, const char *kind)
{
    char theirs[300], ours[32];
    snprintf(theirs, sizeof theirs, "%s/ns/%s", pid, kind);
    snprintf(ours, sizeof ours, "self/ns/%s", kind);
    struct stat a, b;
    return fstatat(proc, theirs, &a, 0) == 0 && fstatat(proc, ours, &b, 0) == 0 &&
           (a.st_ino != b.st_ino || a.st_dev != b.st_dev);
}

/*
 * Enters the network namespace of /proc/PID, and its user namespace if it has one of its own.
 * The pidfd is taken before looking: while it says "alive", the number still means the same
 * process.
 */
static bool join_try(int proc, const char *pid, int *pidfd)
{
    if (!join_candidate(proc, pid))
        return false;
    *pidfd = (int)syscall(SYS_pidfd_open, atoi(pid), 0);
    if (*pidfd < 0)
        return false;
    int kinds = join_differs(proc, pid, "user") ? CLONE_NEWUSER | CLONE_NEWNET : CLONE_NEWNET;
    if (join_candidate(proc, pid) && join_differs(proc, pid, "net") &&
        poll(&(struct pollfd){.fd = *pidfd, .events = POLLIN}, 1, 0) == 0 &&
        setns(*pidfd, kinds) == 0 && sandbox_here())
        return true;
    close(*pidfd);
    return false;
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
