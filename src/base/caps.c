/* caps.c: capget(2), capset(2) and the ambient set. */
#include <loopcraft/caps.h>

#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The sets are 64 bits wide, in two halves: version 3 of the interface. */
struct caps_sets {
    struct __user_cap_data_struct half[_LINUX_CAPABILITY_U32S_3];
};

static struct __user_cap_header_struct caps_header(void)
{
    return (struct __user_cap_header_struct){.version = _LINUX_CAPABILITY_VERSION_3};
}

static bool caps_set(const struct caps_sets *sets)
{
    struct __user_cap_header_struct header = caps_header();
    return syscall(SYS_capset, &header, sets->half) == 0;
}

bool caps_effective(int cap)
{
    struct __user_cap_header_struct header = caps_header();
    struct caps_sets sets = {0};
    if (syscall(SYS_capget, &header, sets.half) != 0 || !cap_valid(cap))
        return false;
    return sets.half[CAP_TO_INDEX(cap)].effective & CAP_TO_MASK(cap);
}

bool caps_drop_all(struct err *err)
{
    /* no_new_privs also keeps exec from giving uid 0 its capabilities back. */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 ||
        !caps_set(&(struct caps_sets){0}))
        return err_system(err, "can't give up privilege");
    return true;
}

bool caps_keep_ambient(const int *caps, size_t count, struct err *err)
{
    struct caps_sets sets = {0};
    for (size_t i = 0; i < count; i++) {
        uint32_t mask = CAP_TO_MASK(caps[i]);
        struct __user_cap_data_struct *half = &sets.half[CAP_TO_INDEX(caps[i])];
        half->effective |= mask;
        half->permitted |= mask;
        half->inheritable |= mask;
    }
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 || !caps_set(&sets))
        return err_system(err, "can't give up privilege but for the sandbox's");
    for (size_t i = 0; i < count; i++)
        if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, caps[i], 0, 0) != 0)
            return err_system(err, "can't keep the sandbox's capabilities");
    return true;
}
