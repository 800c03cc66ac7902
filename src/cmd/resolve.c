/* resolve.c: names to addresses, and back; services to ports, and back. */
#include "command.h"

#include "resolve.h"

#include <loopcraft/addresses.h>
#include <loopcraft/dns.h>
#include <loopcraft/glossary.h>
#include <loopcraft/sandbox.h>
#include <loopcraft/version.h>

#include <arpa/inet.h>
#include <string.h>

/* --- telling ---------------------------------------------------------------------- */

bool resolve_tell(struct resolve *r, const struct found *found, struct err *err)
{
    struct event event = {.kind = EVENT_ANSWER};
    event.answer = (struct answer_event){.name = found->name,
                                         .kind = found->kind,
                                         .data = found->data,
                                         .ttl = found->ttl,
                                         .means = found->means ? found->means : "",
                                         .source = found->source};
    if (found->family) {
        unsigned bits = (unsigned)(address_size(found->family) * 8);
        const struct block *block = block_find(found->family, found->addr, bits);
        event.answer.class = block->name;
        event.answer.reaches = reach_name(block->reach);
        if (!found->means)
            event.answer.means = block->means;
    }
    r->found++;
    return sinks_event(r->sinks, &event, err);
}

bool resolve_miss(struct resolve *r, const char *name, const char *kind, const char *failure,
                  const char *means, const char *source, struct err *err)
{
    const struct word *word = glossary_find("failure", failure);
    struct event event = {.kind = EVENT_ANSWER};
    event.answer = (struct answer_event){.name = name,
                                         .kind = kind,
                                         .ttl = -1,
                                         .means = means  ? means
                                                  : word ? word->means
                                                         : "",
                                         .source = source,
                                         .failure = failure};
    r->missed++;
    return sinks_event(r->sinks, &event, err);
}

bool resolve_sum_up(struct resolve *r, struct summary_event summary, struct err *err)
{
    struct text text = TEXT_EMPTY;
    struct event event = {.kind = EVENT_SUMMARY, .summary = summary};
    text_format(&text, "%u found", r->found);
    if (r->missed)
        text_format(&text, ", %u not found", r->missed);
    event.summary.text = text_string(&text);
    bool good = sinks_event(r->sinks, &event, err);
    text_free(&text);
    return good;
}

/* --- without a server of the user's --------------------------------------------------- */

/* Where it happens; of the system's resolver, before it is asked, what it may do. */
static bool tell_start(const struct resolve *r, struct err *err)
{
    struct event event = {.kind = EVENT_START};
    event.start = (struct start_event){
        .command = "resolve",
        .version = LOOPCRAFT_VERSION,
        .world = sandbox_here() ? "sandbox" : "host",
        .place = !r->name     ? "this machine's own name and addresses: nobody is asked"
                 : r->offline ? "the hosts file alone: nobody else is asked"
                              : "the system's resolver, an ordinary library call: it may ask a "
                                "server elsewhere (--offline asks the hosts file alone)"};
    return sinks_event(r->sinks, &event, err);
}

static bool ask_all(struct resolve *r, struct err *err)
{
    return tell_start(r, err) && (r->name ? resolve_system(r, err) : resolve_host(r, err)) &&
           (!r->service || resolve_service(r, err)) &&
           resolve_sum_up(r, (struct summary_event){0}, err);
}

static int ask_system(struct resolve *r, const struct line *line, struct err *err)
{
    struct sinks sinks = {0};
    r->sinks = &sinks;
    if (!privilege_drop(err) || !sinks_open(&sinks, line, false, true, err))
        return err->status;
    bool good = ask_all(r, err);
    if (!sinks_end(&sinks, !good, err) || !good)
        return err->status;
    return r->no ? STATUS_NO : STATUS_DONE;
}

/* --- the command line ------------------------------------------------------------------ */

static bool read_words(struct resolve *r, const struct line *line, struct err *err)
{
    r->server = line->options[OPTION_SERVER];
    for (size_t i = 0; i < line->word_count; i++) {
        const char *word = line->words[i];
        if (word[0] == '@' && r->server)
            return err_set(err, STATUS_USAGE, "two servers: one is asked at a time");
        if (word[0] == '@')
            r->server = word + 1;
        else if (!r->name)
            r->name = word;
        else if (!r->service)
            r->service = word;
        else
            return err_set(err, STATUS_USAGE,
                           "more than a name and a service: loopcraft resolve NAME SERVICE");
    }
    return true;
}

/* Options that say how a server is asked by hand, or how the system is. */
static bool options_agree(const struct resolve *r, const struct line *line, struct err *err)
{
    static const enum option by_hand[] = {OPTION_SANDBOX, OPTION_HOST, OPTION_WRITE, OPTION_VIEW,
                                          OPTION_EXPLAIN_CHECKSUM};
    if (!r->name && (r->server || line->options[OPTION_TYPE] || r->offline))
        return err_set(err, STATUS_USAGE, "which name? for example: loopcraft resolve localhost");
    if (r->server && r->offline)
        return err_set(err, STATUS_USAGE,
                       "--offline asks the hosts file, and no server: leave one out");
    for (size_t i = 0; i < sizeof by_hand / sizeof by_hand[0] && !r->server; i++)
        if (line->options[by_hand[i]])
            return err_set(err, STATUS_USAGE,
                           "--%s is for packets made by hand: add --server ADDR, on loopback",
                           option_name(by_hand[i]));
    return true;
}

static bool read_name(struct resolve *r, const struct line *line, struct err *err)
{
    const char *type = line->options[OPTION_TYPE];
    if (!r->name)
        return true;
    r->family = inet_pton(AF_INET, r->name, r->addr) == 1    ? AF_INET
                : inet_pton(AF_INET6, r->name, r->addr) == 1 ? AF_INET6
                                                             : 0;
    text_escape(&r->safe, (struct bytes){(const uint8_t *)r->name, strlen(r->name)});
    r->typed = type != NULL;
    if (!r->family && !dns_name_check(r->name, err))
        return false;
    if (!type || !dns_type_read(type, &r->type, err))
        return !type;
    if (!r->server && r->type != DNS_A && r->type != DNS_AAAA)
        return err_set(
            err, STATUS_USAGE,
            "the system's resolver is asked for addresses: --type takes A or AAAA there; "
            "a server (--server ADDR) is asked for all types");
    return true;
}

static int run(const struct line *line, struct err *err)
{
    struct resolve r = {.offline = line->options[OPTION_OFFLINE] != NULL};
    bool good = read_words(&r, line, err) && options_agree(&r, line, err) &&
                read_name(&r, line, err);
    int status = !good      ? err->status
                 : r.server ? resolve_server(&r, line, err)
                            : ask_system(&r, line, err);
    text_free(&r.safe);
    return status;
}

static const enum option options[] = {
    OPTION_SERVER, OPTION_TYPE,    OPTION_OFFLINE,          OPTION_SANDBOX, OPTION_HOST,
    OPTION_VIEW,   OPTIONS_OUTPUT, OPTION_EXPLAIN_CHECKSUM, OPTION_COUNT};

const struct command command_resolve = {
    .name = "resolve",
    .arguments = "[NAME [SERVICE]]",
    .summary = "a name to its addresses, a service to its port, and back",
    .help =
        "Without a name: this machine's own name and addresses. With one: its IPv4 and IPv6 "
        "addresses, and\n"
        "what kind of address each is; of an address, its name. The system's resolver is asked, "
        "which may\n"
        "ask a server elsewhere; --offline asks the hosts file alone. SERVICE is a name (ssh) or a "
        "port (22).\n"
        "Exit 1 when the name, or the service, has nothing.\n\n"
        "  loopcraft resolve\n"
        "  loopcraft resolve localhost ssh\n"
        "  loopcraft resolve --offline localhost 53\n\n"
        "With --server, or @ADDR, a DNS server on loopback is asked by a query made by hand: every "
        "byte of it\n"
        "and of the answer is shown. It is asked again when nothing comes, and over TCP when the "
        "answer does\n"
        "not fit a datagram; there the kernel makes the connection. Without --type it is asked for "
        "A and AAAA.\n\n"
        "  loopcraft resolve www.example.com @127.0.0.53\n"
        "  loopcraft -S resolve www.test --server '[::1]:5353' --type MX\n",
    .options = options,
    .run = run,
};
