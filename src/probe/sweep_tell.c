/* sweep_tell.c: what a sweep found out, told: what is special about some ports, and the rest in a
 * line. */
#include <loopcraft/sweep.h>

#include <loopcraft/services.h>

#include <stdlib.h>
#include <string.h>

/* How many ports came to the same row of the table of verdicts. */
struct tally {
    const struct ruling *ruling;
    unsigned count;
};

enum { TALLIES_MOST = 64 }; /* more than the table has rows */

static size_t count_rulings(const struct sweep_plan *plan, const struct finding *found,
                            struct tally *tallies)
{
    size_t n = 0;
    for (size_t i = 0; i < plan->ports->count; i++) {
        const struct ruling *ruling = found[plan->ports->each[i]].ruling;
        size_t k = 0;
        while (k < n && tallies[k].ruling != ruling)
            k++;
        if (!ruling || k == TALLIES_MOST)
            continue;
        if (k == n)
            tallies[n++] = (struct tally){ruling, 0};
        tallies[k].count++;
    }
    return n;
}

static unsigned count_state(const struct tally *tallies, size_t n, const char *state)
{
    unsigned count = 0;
    for (size_t i = 0; i < n; i++)
        if (strcmp(tallies[i].ruling->state, state) == 0)
            count += tallies[i].count;
    return count;
}

static const char *commonest(const struct tally *tallies, size_t n)
{
    const char *state = "";
    unsigned most = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned count = count_state(tallies, n, tallies[i].ruling->state);
        if (count > most) {
            most = count;
            state = tallies[i].ruling->state;
        }
    }
    return state;
}

/* "Not listed: 65532 closed ports (reset)", with the counts where there is more than one reason. */
static bool tell_rest(struct exchange *x, const struct tally *tallies, size_t n, const char *state,
                      struct err *err)
{
    struct text reasons = TEXT_EMPTY;
    unsigned all = count_state(tallies, n, state);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(tallies[i].ruling->state, state) != 0)
            continue;
        text_put(&reasons, reasons.len ? ", " : "");
        if (tallies[i].count < all)
            text_format(&reasons, "%u ", tallies[i].count);
        text_put(&reasons, tallies[i].ruling->reason);
    }
    bool told = exchange_note(x, err, "Not listed: %u %s port%s (%s).", all, state,
                              all == 1 ? "" : "s", text_string(&reasons));
    text_free(&reasons);
    return told;
}

static bool tell_port(struct exchange *x, const struct sweep_plan *plan, uint16_t port,
                      const struct finding *found, struct service_list **services, struct err *err)
{
    if (!*services) /* reading them takes a moment: only where one is told */
        *services = service_list_open();
    struct text evidence = TEXT_EMPTY;
    const char *proto = plan->kind == PROBE_UDP ? "udp" : "tcp";
    text_put(&evidence, found->ruling->evidence);
    if (found->bare)
        text_put(&evidence, "; only its two ports say that it answers us");
    struct event event = {.kind = EVENT_VERDICT};
    event.verdict = (struct verdict){.proto = proto,
                                     .addr = plan->addr,
                                     .port = port,
                                     .service = service_list_name(*services, port, proto),
                                     .state = found->ruling->state,
                                     .reason = found->ruling->reason,
                                     .tries = found->tries,
                                     .rtt_ns = found->rtt_ns,
                                     .evidence = text_string(&evidence)};
    bool told = sinks_event(x->sinks, &event, err);
    text_free(&evidence);
    return told;
}

static bool tell_doubts(struct exchange *x, const struct sweep_result *result, struct err *err)
{
    if (result->withheld &&
        !exchange_note(x, err,
                       "A firewall of this machine kept %u probes from being sent (see nft "
                       "list ruleset): their ports look silent.",
                       result->withheld))
        return false;
    return result->wrong < 0.01 ||
           exchange_note(x, err,
                         "So many packets are lost here that about %.*f of the silent ports "
                         "may have answered: ask again, or slower (--rate).",
                         result->wrong < 10 ? 2 : 0, result->wrong);
}

bool sweep_tell(struct exchange *x, const struct sweep_plan *plan,
                const struct sweep_result *result, const char **states, struct err *err)
{
    struct tally tallies[TALLIES_MOST];
    size_t n = count_rulings(plan, result->found, tallies);
    bool every = plan->every || plan->ports->count <= SWEEP_FEW;
    const char *rest = every ? "" : commonest(tallies, n);
    struct service_list *services = NULL;
    bool told = true;
    for (size_t i = 0; i < plan->ports->count && told; i++) {
        uint16_t port = plan->ports->each[i];
        const struct ruling *ruling = result->found[port].ruling;
        states[i] = ruling ? ruling->state : NULL;
        if (ruling && strcmp(ruling->state, rest) != 0)
            told = tell_port(x, plan, port, &result->found[port], &services, err);
    }
    service_list_close(services);
    return told && (!*rest || tell_rest(x, tallies, n, rest, err)) && tell_doubts(x, result, err);
}
