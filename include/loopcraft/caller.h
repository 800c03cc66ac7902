/*
 * caller.h: who is behind sudo.
 */
#ifndef LOOPCRAFT_CALLER_H
#define LOOPCRAFT_CALLER_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * The ids of sudo's caller, from SUDO_UID and SUDO_GID. False when this process is not
 * root, or not by sudo, or its caller was root too: then there is nobody else to be.
 */
bool caller_ids(uid_t *uid, gid_t *gid);

#endif
