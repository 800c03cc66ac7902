/*
 * refuse.c: runs a command on a system that refuses one step to the sandbox.
 *
 *     refuse unshare-eperm CMD...    unshare(2) of a user or network namespace: EPERM, as under a
 *                                    container's seccomp profile
 *     refuse unshare-enospc CMD...   the same: ENOSPC, as with user.max_user_namespaces=0
 *     refuse uid-map CMD...          unshare(2) works, writing uid_map gets EPERM, as under
 *                                    Ubuntu's AppArmor
 *     refuse clone-eperm CMD...      clone(2) of a PID namespace: EPERM
 *
 * As root or as an ordinary user; the exit status is CMD's, or 2 when this can't be done here.
 * All but uid-map are a seccomp filter. uid-map is the kernel's own refusal: CMD runs as root
 * of a user namespace but without CAP_SYS_ADMIN and CAP_SETFCAP, so that it needs a user
 * namespace of its own, and may not map uid 0 into that (user_namespaces(7), Linux 5.12).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* From now on, this system call with one of these bits in its first argument fails. */
static bool refuse_call(long number, unsigned bits, int error)
{
    /* The low half of a 64-bit argument: all flags in question fit in it. */
    unsigned flags = offsetof(struct seccomp_data, args[0]) +
                     (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4u : 0u);
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, flags),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0)
        close(fd);
    return done;
}

/* Root of a user namespace, unless root already. */
static bool become_root(void)
{
    char users[32], groups[32];
    snprintf(users, sizeof users, "0 %u 1\n", geteuid());
    snprintf(groups, sizeof groups, "0 %u 1\n", getegid());
    return geteuid() == 0 ||
           (unshare(CLONE_NEWUSER) == 0 && write_file("/proc/self/setgroups", "deny") &&
            write_file("/proc/self/uid_map", users) && write_file("/proc/self/gid_map", groups));
}

static bool refuse_unshare_eperm(void)
{
    return refuse_call(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNET, EPERM);
}

static bool refuse_unshare_enospc(void)
{
    return refuse_call(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNET, ENOSPC);
}

static bool refuse_clone_eperm(void)
{
    return refuse_call(SYS_clone, CLONE_NEWPID, EPERM);
}

/* Exec gives root what the bounding set leaves: capabilities(7). */
static bool refuse_uid_map(void)
{
    return become_root() && prctl(PR_CAPBSET_DROP, CAP_SETFCAP, 0, 0, 0) == 0 &&
           prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN, 0, 0, 0) == 0;
}

static const struct refusal {
    const char *name;
    bool (*refuse)(void);
} refusals[] = {
    {"unshare-eperm", refuse_unshare_eperm},
    {"unshare-enospc", refuse_unshare_enospc},
    {"uid-map", refuse_uid_map},
    {"clone-eperm", refuse_clone_eperm},
};

int main(int argc, char *argv[])
{
    for (size_t i = 0; argc > 2 && i < sizeof refusals / sizeof *refusals; i++) {
        if (strcmp(argv[1], refusals[i].name) != 0)
            continue;
        if (!refusals[i].refuse()) {
            fprintf(stderr, "refuse: %s can't be simulated here: %s\n", argv[1], strerror(errno));
            return 2;
        }
        execvp(argv[2], argv + 2);
        fprintf(stderr, "refuse: %s: %s\n", argv[2], strerror(errno));
        return 2;
    }
    fputs("usage: refuse unshare-eperm|unshare-enospc|uid-map|clone-eperm CMD...\n", stderr);
    return 2;
}
