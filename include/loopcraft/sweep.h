/*
 * sweep.h: very many ports at once: no packet is shown, each port gets its verdict.
 *
 * Every port is asked in rounds, in a new random order each, until the expected number of ports
 * that would be called silent though they are not is below a hundredth in the whole sweep, by the
 * loss that is measured on the way. Answers are matched by what only we can know (a keyed hash in
 * the probe's numbers), so that no stranger's packet makes a verdict.
 */
#ifndef LOOPCRAFT_SWEEP_H
#define LOOPCRAFT_SWEEP_H

#include <loopcraft/probe.h>

enum {
    SWEEP_PORTS = 65536,
    SWEEP_FEW = 20 /* so few ports are told one by one, whatever their state */
};

/* What a sweep found out of a port. */
struct finding {
    const struct ruling *ruling; /* NULL: nothing yet */
    int64_t rtt_ns;              /* from the last probe to the answer; below 0: not known */
    unsigned tries;              /* probes sent */
    bool bare;                   /* the answer shows nothing of ours but the pair of ports */
};

/* How far it is. */
struct sweep_progress {
    size_t done, all; /* ports */
    unsigned sent;    /* packets, */
    int64_t ns;       /* in so many nanoseconds */
};

struct sweep_plan {
    enum probe_kind kind;
    const char *addr; /* the target, printable */
    const struct recipe *words;
    const struct ports *ports;
    bool every;               /* tell each port, whatever its state */
    unsigned rate;            /* packets a second at most; 0: as fast as it goes */
    const struct sinks *kept; /* are told every packet; NULL: nobody */
    void (*progress)(void *context, const struct sweep_progress *progress); /* or NULL */
    void *context;
};

/* What is to be said of the sweep as a whole. */
struct sweep_result {
    struct finding *found; /* SWEEP_PORTS, by port; the caller's */
    unsigned withheld;     /* probes that a firewall of this machine kept from being sent */
    double wrong;          /* expected number of ports called silent that are not */
};

/*
 * Sweeps. The exchange needs a sender, a capture of a sweep's profile and a reserved port. Nothing
 * is told but to plan->kept; x counts what is sent and received. An interrupted sweep has no ruling
 * on the ports that were silent so far.
 */
enum probe_result probe_sweep(struct exchange *x, const struct sweep_plan *plan,
                              struct sweep_result *result, struct err *err);

/*
 * Tells a verdict for each port that is not in the commonest state (of a few ports, for each), and
 * a line that says which were left out. states[i] as in probe_ask().
 */
bool sweep_tell(struct exchange *x, const struct sweep_plan *plan,
                const struct sweep_result *result, const char **states, struct err *err);

#endif
