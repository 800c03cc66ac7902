/* live.c: what the commands share that send or capture. */
#include "live.h"

#include "ports.h"

#include <loopcraft/guard.h>
#include <loopcraft/proto.h>
#include <loopcraft/sandbox.h>
#include <loopcraft/version.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* --- the command line ------------------------------------------------------------ */

/* -4, -6 and an address in front of the ports or behind --to must agree. */
static bool read_family(struct live *live, const struct line *line, const char *port_addr,
                        struct err *err)
{
    const char *to = line->options[OPTION_TO];
    if (to && *port_addr && strcmp(to, port_addr) != 0)
        return err_set(err, STATUS_USAGE, "--to and the ports name two different addresses");
    if (line->options[OPTION_IPV4] && line->options[OPTION_IPV6])
        return err_set(err, STATUS_USAGE, "-4 and -6 contradict each other");
    int family = line->options[OPTION_IPV6]   ? AF_INET6
                 : line->options[OPTION_IPV4] ? AF_INET
                                              : AF_UNSPEC;
    const char *addr = to ? to : *port_addr ? port_addr : family == AF_INET6 ? "::1" : "127.0.0.1";
    struct sockaddr_storage target;
    if (!guard_target(addr, family, &target, err))
        return false;
    live->family = target.ss_family;
    const void *bytes = live->family == AF_INET6
                            ? (void *)&((struct sockaddr_in6 *)&target)->sin6_addr
                            : (void *)&((struct sockaddr_in *)&target)->sin_addr;
    inet_ntop(live->family, bytes, live->addr, sizeof live->addr);
    return true;
}

/* The source port that was asked for, or NULL; ICMP has none. */
static const struct asked *source_port(const struct recipe *recipe)
{
    const struct field *row = record_role(recipe->proto, ROLE_SOURCE);
    return row ? recipe_asked(recipe, row->name) : NULL;
}

/* What the command says itself can't be said by a word as well. */
static bool words_fit(const struct recipe *recipe, struct err *err)
{
    static const char other_types[] = "echo requests are sent here; `loopcraft send icmp` sends "
                                      "what you like, though on the host "
                                      "the guard lets echo and timestamp pass alone";
    static const struct {
        const char *name, *instead;
    } taken[] = {
        {"tcp.dstport", "the port stands without a name: 8080"},
        {"udp.dstport", "the port stands without a name: 9000"},
        {"tcp.flags", "the command sets the flags"},
        {"tcp.flags.syn", "the command sets the flags"},
        {"tcp.flags.ack", "the command sets the flags"},
        {"tcp.flags.fin", "the command sets the flags"},
        {"tcp.flags.reset", "the command sets the flags"},
        {"ip.dst", "use --to ADDR"},
        {"ipv6.dst", "use --to ADDR"},
        {"icmp.type", other_types},
        {"icmp.code", other_types},
        {"icmpv6.type", other_types},
        {"icmpv6.code", other_types},
    };
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        if (recipe_asked(recipe, taken[i].name))
            return err_set(err, STATUS_USAGE, "%s can't be set here: %s", taken[i].name,
                           taken[i].instead);
    const struct asked *source = source_port(recipe);
    if (source && recipe_number(recipe, source) == 0)
        return err_set(err, STATUS_USAGE,
                       "%s=0: no port to reserve; leave it out, and one from 61000 to 61999 is "
                       "chosen",
                       source->field->name);
    return true;
}

/* The recipe's destination, as the words' own syntax has it. */
static bool set_destination(struct live *live, struct err *err)
{
    char word[64];
    snprintf(word, sizeof word, "%s=%s", live->family == AF_INET6 ? "ipv6.dst" : "ip.dst",
             live->addr);
    return recipe_word(&live->recipe, word, ORIGIN_LOOPCRAFT, err);
}

bool live_where(const struct line *line, enum where *where, struct err *err)
{
    *where = line->options[OPTION_HOST]      ? WHERE_HOST
             : line->options[OPTION_SANDBOX] ? WHERE_SANDBOX
                                             : WHERE_DEFAULT;
    if (line->options[OPTION_HOST] && line->options[OPTION_SANDBOX])
        return err_set(err, STATUS_USAGE, "-S and --host contradict each other");
    return true;
}

bool live_place(struct live *live, const struct line *line, const char *port_addr, struct err *err)
{
    return live_where(line, &live->where, err) && read_family(live, line, port_addr, err);
}

bool live_word(struct live *live, const char *word, struct err *err)
{
    live->words++;
    return recipe_word(&live->recipe, word, ORIGIN_YOU, err);
}

/* What was asked for an address must be loopback, before anything is opened. */
bool live_addresses(const struct recipe *recipe, struct err *err)
{
    static const enum role ends[] = {ROLE_SOURCE, ROLE_DESTINATION};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const struct asked *asked = recipe_asked(recipe, record_role(recipe->ip, ends[i])->name);
        char text[INET6_ADDRSTRLEN] = "";
        struct sockaddr_storage address;
        int family = recipe->ip == &proto_ipv6 ? AF_INET6 : AF_INET;
        if (asked && (!inet_ntop(family, recipe->values.at + asked->at, text, sizeof text) ||
                      !guard_target(text, family, &address, err)))
            return false;
    }
    return true;
}

/* The words with an = are the recipe's, the others are ports. */
static bool read_ports(struct live *live, const struct line *line, const char *proto, char *addr,
                       struct err *err)
{
    const char *given = line->options[OPTION_PORTS];
    if (given && !ports_read(&live->ports, given, proto, addr, err))
        return false;
    for (size_t i = 0; i < line->word_count; i++)
        if (!strchr(line->words[i], '=') &&
            !ports_read(&live->ports, line->words[i], proto, addr, err))
            return false;
    return true;
}

/* Where there are no ports: the address, as ping(8) takes it. Too long for one: the guard's to say.
 */
static bool read_address(const struct line *line, char *addr, size_t size, struct err *err)
{
    for (size_t i = 0; i < line->word_count; i++) {
        const char *word = line->words[i];
        if (strchr(word, '='))
            continue;
        if (*addr)
            return err_set(err, STATUS_USAGE, "two targets: a command goes to one");
        if (!*word || strlen(word) >= size)
            return err_set(err, STATUS_GUARD,
                           "a target that is no address: write 127.0.0.1, ::1 or localhost");
        strcpy(addr, word);
    }
    return true;
}

bool live_target(struct live *live, const struct line *line, const char *proto, size_t ports_most,
                 struct err *err)
{
    char addr[48] = "";
    *live = (struct live){0};
    bool ports = strcmp(proto, "icmp") != 0;
    if (!(ports ? read_ports(live, line, proto, addr, err)
                : read_address(line, addr, sizeof addr, err)))
        return false;
    if (live->ports.count > ports_most)
        return err_set(err, STATUS_USAGE, "%zu ports: at most %zu here; `loopcraft scan` takes all",
                       live->ports.count, ports_most);
    if (!live_place(live, line, addr, err) ||
        !recipe_begin(&live->recipe, proto, live->family, err))
        return false;
    for (size_t i = 0; i < line->word_count; i++)
        if (strchr(line->words[i], '=') && !live_word(live, line->words[i], err))
            return false;
    return words_fit(&live->recipe, err) && live_addresses(&live->recipe, err) &&
           set_destination(live, err);
}

bool live_data(struct live *live, const struct line *line, const char *otherwise, struct err *err)
{
    struct recipe *recipe = &live->recipe;
    const char *given = line->options[OPTION_DATA];
    if (given && recipe->data_origin)
        return err_set(err, STATUS_USAGE, "data= and --data say the same: give one of them");
    if (!given) {
        recipe_data(recipe, (struct bytes){(const uint8_t *)otherwise, strlen(otherwise)},
                    ORIGIN_LOOPCRAFT);
        return true;
    }
    recipe->data_origin = ORIGIN_YOU;
    return recipe_text(&recipe->data, given, err);
}

/* --- open and close ---------------------------------------------------------------- */

bool live_world(struct live *live, struct err *err)
{
    return world_enter(live->where, &live->world, err);
}

/*
 * Our end, as it was asked for. Answers to a datagram go to the address that it came from: there
 * the port must be held. What is not loopback is left for the guard to refuse.
 */
static void our_end(const struct live *live, struct wants *wants)
{
    const struct recipe *recipe = &live->recipe;
    const struct asked *port = source_port(recipe), *addr = recipe_asked(recipe, "ip.src");
    wants->family = live->family;
    wants->datagram = recipe->proto == &proto_udp;
    if (port)
        wants->port = (uint16_t)recipe_number(recipe, port);
    if (addr && wants->datagram && recipe->values.at[addr->at] == 127)
        memcpy(&wants->source, recipe->values.at + addr->at, sizeof wants->source);
}

/* What the witness can't be asked, once, before anything is. */
static bool tell_witness(struct live *live, struct err *err)
{
    struct witness *witness = live->exchange.wire.witness;
    const char *missing = witness ? witness_unavailable(witness) : "";
    return !*missing || exchange_note(&live->exchange, err, "Not to be had of the kernel: %s.", missing);
}

bool live_open(struct live *live, const struct line *line, const char *command,
               const struct wants *wants, struct err *err)
{
    if (!sinks_open(&live->sinks, line, true, true, err))
        return false;
    struct wants all = *wants;
    our_end(live, &all);
    all.witness = line->options[OPTION_WITNESS] != NULL;
    if (!exchange_open(&live->exchange, &all, &live->sinks, err))
        return false;
    live->opened = true;
    struct event event = {.kind = EVENT_START};
    event.start = (struct start_event){.command = command,
                                       .version = LOOPCRAFT_VERSION,
                                       .place = live->world.place,
                                       .world = live->world.sandbox ? "sandbox" : "host"};
    return sinks_event(&live->sinks, &event, err) && tell_witness(live, err);
}

int live_close(struct live *live, int status, struct err *err)
{
    bool failed = status != STATUS_DONE && status != STATUS_NO && err->message[0];
    if (!sinks_end(&live->sinks, failed, err) && !failed)
        status = err->status;
    if (live->opened)
        exchange_close(&live->exchange);
    recipe_free(&live->recipe);
    ports_free(&live->ports);
    return status;
}

int live_interrupted(const struct live *live)
{
    return STATUS_SIGNAL + live->exchange.signal;
}

/* --- expectations and hints ------------------------------------------------------------ */

static const char *const states_known[] = {"open", "closed", "filtered", "open|filtered",
                                           "unfiltered"};

bool expect_read(const struct line *line, struct err *err)
{
    const char *expect = line->options[OPTION_EXPECT];
    for (size_t i = 0; expect && i < sizeof states_known / sizeof states_known[0]; i++)
        if (strcmp(expect, states_known[i]) == 0)
            return true;
    return !expect || err_set(err, STATUS_USAGE,
                              "--expect takes open, closed, filtered, open|filtered or unfiltered");
}

int expect_judge(const struct line *line, const char *const *states, size_t count)
{
    const char *expect = line->options[OPTION_EXPECT];
    for (size_t i = 0; expect && i < count; i++)
        if (!states[i] || strcmp(states[i], expect) != 0)
            return STATUS_NO;
    return STATUS_DONE;
}

bool live_sandbox_hint(struct live *live, const char *const *states, struct err *err)
{
    for (size_t i = 0; i < live->ports.count && !live->world.sandbox; i++) {
        const struct sandbox_port *practice = sandbox_port_find(live->recipe.proto->name,
                                                                live->ports.each[i]);
        bool elsewhere = practice && states[i] && strcmp(states[i], "closed") == 0 &&
                         strcmp(practice->state, "closed") != 0;
        if (elsewhere &&
            !exchange_note(&live->exchange, err,
                           "Port %u is closed on this host; the practice server lives in the "
                           "sandbox: add -S.",
                           live->ports.each[i]))
            return false;
    }
    return true;
}
