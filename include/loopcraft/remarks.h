/*
 * remarks.h: what fields mean in this packet, collected while it is understood.
 */
#ifndef LOOPCRAFT_REMARKS_H
#define LOOPCRAFT_REMARKS_H

#include <loopcraft/event.h>
#include <loopcraft/node.h>
#include <loopcraft/sums.h>

enum { REMARKS_MOST = 16 };

/* Owns its texts; the later of two remarks on one field is not kept. */
struct remarks {
    struct remark each[REMARKS_MOST];
    struct text texts[REMARKS_MOST]; /* of those that are no constants */
    size_t count;
};

void remarks_free(struct remarks *remarks);
void remarks_clear(struct remarks *remarks); /* the buffers are kept */

/* A remark that is always the same: plain ASCII of our own, for ever at this address. */
void remarks_say(struct remarks *remarks, const struct field *field, const char *constant);

/* A remark for the caller to write: an empty text; NULL when there is one, or no room. */
struct text *remarks_write(struct remarks *remarks, const struct field *field);

/* Remarks on the row of a record by its name. */
void remarks_add(struct remarks *remarks, const struct record *record, const char *name,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Remarks on every checksum of the frame: full, partial, zero, wrong (sums.h). */
void remarks_add_sums(struct remarks *remarks, const struct dissection *d);

/* Likewise, of these places alone. */
void remarks_add_places(struct remarks *remarks, const struct dissection *d,
                        const struct sum_place *places, size_t count);

/* The remarks for an event; valid until the next change. */
const struct remark *remarks_list(struct remarks *remarks);

#endif
