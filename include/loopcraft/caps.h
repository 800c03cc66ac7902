/*
 * caps.h: the capabilities of this thread (capabilities(7)), without libcap.
 *
 * To be used while the process has one thread: the kernel keeps capabilities for each.
 */
#ifndef LOOPCRAFT_CAPS_H
#define LOOPCRAFT_CAPS_H

#include <loopcraft/err.h>

#include <stddef.h>

/* Is CAP_... of <linux/capability.h> in the effective set, in this user namespace? */
bool caps_effective(int cap);

/*
 * Gives up every capability for good: ambient, inheritable, permitted and effective sets
 * empty, and no_new_privs, so that no exec brings one back, not even root's.
 */
bool caps_drop_all(struct err *err);

/*
 * Keeps these alone, through exec too (the ambient set), so that the programs that are run
 * have them without being root. They must be permitted now.
 */
bool caps_keep_ambient(const int *caps, size_t count, struct err *err);

#endif
