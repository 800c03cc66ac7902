/*
 * catalog.h: every field that the tables know.
 */
#ifndef LOOPCRAFT_CATALOG_H
#define LOOPCRAFT_CATALOG_H

#include <loopcraft/event.h>
#include <loopcraft/nearest.h>
#include <loopcraft/record.h>

struct catalog {
    struct field_event *each; /* owned; what they point to is constant */
    size_t count, cap;
    struct text words; /* the protocols' */
};

/*
 * All named records that can be reached from a link type, each followed by its fields, by protocol
 * in the order of the tables. Rows that several options share (kind, length) stand with the first.
 */
void catalog_open(struct catalog *catalog);
void catalog_free(struct catalog *catalog);

/* Is it the name of a field or of a record, or of a group of them ("tcp.options", "tcp")? */
bool catalog_knows(const struct catalog *catalog, const char *name);

/* Is the name this one, or does it stand below it: "tcp.flags.syn" below "tcp.flags"? */
bool name_below(const char *name, const char *group);

/* The name of an entry, or NULL. */
const char *catalog_name(const struct field_event *entry);

/* Tries all names. */
void catalog_nearest(const struct catalog *catalog, struct nearest *nearest);

#endif
