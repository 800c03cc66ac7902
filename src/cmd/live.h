/*
 * live.h: what the commands share that send or capture: where, to whom, from which end.
 *
 *     live_target()  reads and checks the command line; nothing is opened yet
 *     live_open()    host or sandbox, sinks, wire; tells the start
 *     live_close()   ends the sinks, closes all, and gives the exit status
 */
#ifndef LOOPCRAFT_CMD_LIVE_H
#define LOOPCRAFT_CMD_LIVE_H

#include "sinks.h"

#include <loopcraft/exchange.h>
#include <loopcraft/probe.h>

struct live {
    int family;
    char addr[48]; /* the target, printable */
    enum where where;
    struct world world;
    struct sinks sinks;
    struct exchange exchange;
    bool opened;          /* the exchange is */
    struct recipe recipe; /* the words with an =, and the destination */
    size_t words;         /* how many words with an = there were */
    struct ports ports;
};

/*
 * Reads ports of `proto` ("tcp", "udp") and recipe words, -p, --to, -4 and -6, -S and --host. A
 * target that is not loopback is STATUS_GUARD. ports_most: how many the command takes; "icmp" has
 * no ports, and a word without an = is the target.
 */
bool live_target(struct live *live, const struct line *line, const char *proto, size_t ports_most,
                 struct err *err);

/* Its parts: where and to whom (port_addr: an address in front of a port, or ""); one recipe word.
 */
bool live_place(struct live *live, const struct line *line, const char *port_addr, struct err *err);
bool live_where(const struct line *line, enum where *where, struct err *err);
bool live_word(struct live *live, const char *word, struct err *err);

/* The addresses that words asked for are loopback: STATUS_GUARD if not. */
bool live_addresses(const struct recipe *recipe, struct err *err);

/* --data TEXT, and what is sent when neither that nor data= was given. */
bool live_data(struct live *live, const struct line *line, const char *otherwise, struct err *err);

/* Enters the world that was asked for, and drops nothing yet: the command may start a server. */
bool live_world(struct live *live, struct err *err);

bool live_open(struct live *live, const struct line *line, const char *command,
               const struct wants *wants, struct err *err);

/* status: what the command itself came to; the result is that, or what ending the output came to.
 */
int live_close(struct live *live, int status, struct err *err);

/* --expect STATE: is it a state at all? */
bool expect_read(const struct line *line, struct err *err);

/* STATUS_DONE, or STATUS_NO when a state differs from what --expect says. */
int expect_judge(const struct line *line, const char *const *states, size_t count);

/* The status of an interrupted command: 128 + signal. */
int live_interrupted(const struct live *live);

/* On the host: says of each closed port that the sandbox has a practice server on, where it lives.
 */
bool live_sandbox_hint(struct live *live, const char *const *states, struct err *err);

#endif
