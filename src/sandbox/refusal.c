/* refusal.c: what it means when the system refuses a step to the sandbox. */
#include "refusal.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

static const char *const step_names[] = {
    [STEP_UNSHARE_USER] = "making a user and a network namespace",
    [STEP_UNSHARE_NET] = "making a network namespace",
    [STEP_MAP] = "mapping your ids into the user namespace (/proc/self/uid_map)",
    [STEP_LO] = "bringing lo up in the network namespace",
    [STEP_INIT] = "making a PID namespace",
};

struct refusal {
    enum sandbox_step step;
    int number;      /* errno; 0: any other */
    const char *why; /* the likely cause, and the way out */
};

static const struct refusal refusals[] = {
    {STEP_UNSHARE_USER, ENOSPC,
     "user.max_user_namespaces (or user.max_net_namespaces) is 0 or used up; look with `sysctl "
     "user.max_user_namespaces` and raise it as root, or use sudo"},
    {STEP_UNSHARE_USER, EPERM,
     "probably a container's seccomp profile (start it with --security-opt seccomp=unconfined, or "
     "use a VM) or kernel.unprivileged_userns_clone=0 (set it to 1 as root, or use sudo)"},
    {STEP_UNSHARE_USER, 0,
     "is the kernel built with CONFIG_USER_NS and CONFIG_NET_NS? If not, a VM has one that is"},
    {STEP_UNSHARE_NET, ENOSPC,
     "user.max_net_namespaces is 0 or used up; look with `sysctl user.max_net_namespaces` and "
     "raise it"},
    {STEP_UNSHARE_NET, EPERM,
     "probably a container's seccomp profile; start it with --security-opt seccomp=unconfined, or "
     "use a VM"},
    {STEP_UNSHARE_NET, 0, "is the kernel built with CONFIG_NET_NS?"},
    {STEP_MAP, EPERM,
     "probably AppArmor, as on Ubuntu 24.04; `sudo make install` adds the profile that allows it, "
     "or use sudo"},
    {STEP_MAP, EACCES,
     "probably AppArmor, as on Ubuntu 24.04; `sudo make install` adds the profile that allows it, "
     "or use sudo"},
    {STEP_MAP, 0, "is /proc mounted, and writable?"},
    {STEP_LO, 0,
     "probably AppArmor or another security module; `sudo make install` adds AppArmor's profile, "
     "or use sudo"},
    {STEP_INIT, ENOSPC, "user.max_pid_namespaces is 0 or used up; raise it as root with sysctl -w"},
    {STEP_INIT, EAGAIN, "too many processes; look with `ulimit -u`, and end some"},
    {STEP_INIT, 0,
     "probably a container's seccomp profile; start it with --security-opt seccomp=unconfined, or "
     "use a VM"},
};

bool refusal(struct err *err, enum sandbox_step step)
{
    int number = errno;
    const char *why = "";
    size_t count = sizeof refusals / sizeof *refusals;
    for (size_t i = count; i-- > 0;) /* backwards: the exact errno stands before "any other" */
        if (refusals[i].step == step && (refusals[i].number == number || !refusals[i].number))
            why = refusals[i].why;
    return err_set(err, STATUS_SYSTEM, "can't open the sandbox: %s is refused (%s): %s",
                   step_names[step], strerror(number), why);
}
