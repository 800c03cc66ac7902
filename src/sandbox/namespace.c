/* namespace.c: unshare(2), the id maps (user_namespaces(7)), and lo. */
#include "namespace.h"

#include "refusal.h"

#include <loopcraft/caps.h>

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

const int namespace_caps[] = {CAP_NET_ADMIN, CAP_NET_RAW, CAP_NET_BIND_SERVICE};
const size_t namespace_cap_count = sizeof namespace_caps / sizeof *namespace_caps;

/* Can this process make a network namespace and act in it without a user namespace? */
static bool namespace_privileged(void)
{
    for (size_t i = 0; i < namespace_cap_count; i++)
        if (!caps_effective(namespace_caps[i]))
            return false;
    return caps_effective(CAP_SYS_ADMIN);
}

/* Closes fd, and leaves errno as it was for the message. */
static bool closed(int fd, bool done)
{
    int number = errno;
    close(fd);
    errno = number;
    return done;
}

bool namespace_set(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    return closed(fd, write(fd, text, strlen(text)) == (ssize_t)strlen(text));
}

/* Each id to itself, so that files and tools see the user they know. */
static bool map_ids(uid_t uid, gid_t gid)
{
    char users[32], groups[32];
    snprintf(users, sizeof users, "%u %u 1\n", uid, uid);
    snprintf(groups, sizeof groups, "%u %u 1\n", gid, gid);
    /* Without privilege, gid_map needs setgroups(2) denied first: user_namespaces(7). */
    return namespace_set("/proc/self/setgroups", "deny") &&
           namespace_set("/proc/self/uid_map", users) && namespace_set("/proc/self/gid_map", groups);
}

static bool lo_up(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    struct ifreq lo = {.ifr_name = "lo"};
    bool done = ioctl(fd, SIOCGIFFLAGS, &lo) == 0;
    lo.ifr_flags |= IFF_UP;
    return closed(fd, done && ioctl(fd, SIOCSIFFLAGS, &lo) == 0);
}

bool namespace_make(struct err *err)
{
    uid_t uid = geteuid();
    gid_t gid = getegid();
    if (namespace_privileged()) {
        if (unshare(CLONE_NEWNET) != 0)
            return refusal(err, STEP_UNSHARE_NET);
    } else {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
            return refusal(err, STEP_UNSHARE_USER);
        if (!map_ids(uid, gid))
            return refusal(err, STEP_MAP);
    }
    return lo_up() || refusal(err, STEP_LO);
}

bool namespace_lo_only(void)
{
    struct ifaddrs *list;
    if (getifaddrs(&list) != 0)
        return false;
    bool only = true;
    for (const struct ifaddrs *i = list; i; i = i->ifa_next)
        if ((i->ifa_flags & IFF_UP) && !(i->ifa_flags & IFF_LOOPBACK))
            only = false;
    freeifaddrs(list);
    return only;
}
