/*
 * targets.h: what all probes share: several ports, each on its way to a verdict.
 */
#ifndef LOOPCRAFT_PROBE_TARGETS_H
#define LOOPCRAFT_PROBE_TARGETS_H

#include <loopcraft/probe.h>

enum { PROBE_TRIES = 3 };

/* One port, or one echo request, on its way. */
struct target {
    uint16_t port; /* of an echo: its sequence number */
    unsigned tries;
    int64_t due;                 /* clock_now() when it is tried again, or given up */
    int64_t sent_ns;             /* time stamp of its latest probe as captured; 0: not seen yet */
    int64_t rtt_ns;              /* below 0: none */
    uint32_t seq, ack;           /* of its segment */
    uint16_t ident;              /* of its echo request */
    const struct ruling *ruling; /* NULL: still open */
    struct text evidence;
    struct testimony *testimony; /* the kernel's, owned; NULL: it was not asked */
    unsigned answers;            /* packets about it that came back */
    int fd, error;      /* connect: the socket; errno, -1 while under way */
    uint16_t local;     /* connect: its source port */
    struct reply heard; /* connect: an ICMP error that the socket has taken no notice of yet */
};

struct target *targets_new(const struct ports *ports); /* aborts without memory; targets_free() */
void targets_free(struct target *targets, size_t count);

/* How many have no ruling yet; the earliest due time of these in *due. */
size_t targets_open(const struct target *targets, size_t count, int64_t *due);

/* Rules on a target, once, by the table. time_ns: the reply's time stamp. False: no row fits. */
bool target_rule(struct target *target, enum probe_kind probe, int family,
                 const struct reply *reply);

/* With a witness: the testimony about a target begins. addr: the target's, printable. */
void target_question(struct target *t, struct exchange *x, uint8_t proto, const char *addr);

/* The evidence gets what the kernel has to say. */
void target_testify(struct target *t);

/* Tells a verdict for each target that has one, and fills in states. proto: "tcp", "udp". */
bool targets_tell(struct exchange *x, const char *proto, struct target *targets, size_t count,
                  const char *addr, const char **states, struct err *err);

/*
 * Tells one verdict for all, of the address and without a port, and fills in the first state: what
 * the first echo that was answered says, else the first that was not. Its round trip is the mean.
 */
bool targets_tell_as_one(struct exchange *x, const char *proto, struct target *targets,
                         size_t count, const char *addr, const char **states, struct err *err);

#endif
