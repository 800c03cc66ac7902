/*
 * counters.h: the counters of this network namespace, as nstat(8) names them.
 */
#ifndef LOOPCRAFT_KERNEL_COUNTERS_H
#define LOOPCRAFT_KERNEL_COUNTERS_H

#include <loopcraft/bytes.h>
#include <loopcraft/witness.h>

enum {
    COUNTERS_MOST = 1024, /* Linux 6.18 has about 450 */
    COUNTERS_FILES = 3
};

struct counter {
    char name[WITNESS_NAME];
    uint64_t value; /* a negative one (TcpMaxConn) as the kernel's 64 bits */
};

/* One reading of them all. */
struct counters {
    struct counter each[COUNTERS_MOST];
    size_t count;
};

/* The open files; -1: could not be opened. */
struct counter_files {
    int fd[COUNTERS_FILES];
};

/* False when none but snmp6 (a kernel without IPv6 has none) could be opened. */
bool counter_files_open(struct counter_files *files);
void counter_files_close(struct counter_files *files);

/* Reads them again, from their beginning; false when one can't be read. */
bool counter_files_read(const struct counter_files *files, struct counters *counters);

/* /proc/net/snmp and netstat: a line of names, a line of numbers, both with the same prefix. */
void counters_parse_table(struct counters *counters, struct bytes text);

/* /proc/net/snmp6: a name and a number a line. */
void counters_parse_list(struct counters *counters, struct bytes text);

/* The counter of that name; NULL: there is none. `at`: where it stood last time, to look first. */
const struct counter *counters_find(const struct counters *counters, const char *name, size_t at);

/* A row of the tables of what means something (known.c). */
struct known {
    const char *name, *means;
};
extern const struct known known_counters[]; /* ends with name NULL */

#endif
