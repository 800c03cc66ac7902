/*
 * namespace.h: the sandbox's namespaces around this process.
 */
#ifndef SANDBOX_NAMESPACE_H
#define SANDBOX_NAMESPACE_H

#include <loopcraft/err.h>

#include <stddef.h>

/* What commands in the sandbox may do: capabilities that end at its network namespace. */
extern const int namespace_caps[];
extern const size_t namespace_cap_count;

/* Moves this process into a new network namespace, with a user namespace around it unless it
   has privilege enough, and brings its lo up. */
bool namespace_make(struct err *err);

/* Writes a setting below /proc; errno says why not. */
bool namespace_set(const char *path, const char *text);

/*
 * Is lo the only interface that is up here? (A kernel with tunnel modules puts their
 * fallback devices, sit0 and its like, down, into every new network namespace.)
 */
bool namespace_lo_only(void);

#endif
