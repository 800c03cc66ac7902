/* caller.c: who is behind sudo. */
#include <loopcraft/caller.h>

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

/* Reads a decimal id; (uid_t)-1 means "no change" to the kernel and is none. */
static bool caller_id(const char *name, uint32_t *id)
{
    const char *text = getenv(name);
    if (!text || *text < '0' || *text > '9')
        return false;
    char *end;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (errno || *end || number >= UINT32_MAX)
        return false;
    *id = (uint32_t)number;
    return true;
}

bool caller_ids(uid_t *uid, gid_t *gid)
{
    return geteuid() == 0 && caller_id("SUDO_UID", uid) && caller_id("SUDO_GID", gid) && *uid != 0;
}
