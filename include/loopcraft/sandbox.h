/*
 * sandbox.h: a private, loopback-only network namespace, its firewall and its services.
 *
 * Entered in-process, before the process has opened any socket or thread. An ordinary
 * user gets a user namespace around it; root a network namespace alone. Nothing can
 * leave it: there is no interface but lo. Nothing of it survives: services and commands
 * live in a PID namespace whose init dies with the process that made it.
 */
#ifndef LOOPCRAFT_SANDBOX_H
#define LOOPCRAFT_SANDBOX_H

#include <loopcraft/err.h>
#include <loopcraft/text.h>

#include <stdint.h>
#include <sys/types.h>

/* What listens behind a port of the sandbox. */
enum sandbox_service {
    SERVICE_NONE,   /* nobody */
    SERVICE_HTTP,   /* a small HTTP server */
    SERVICE_ECHO,   /* UDP: sends back what it gets, capped, never longer than the question */
    SERVICE_SILENT  /* UDP: bound, never answers */
};

/* What the sandbox's firewall does with what is sent to a port. */
enum sandbox_rule {
    RULE_PASS,
    RULE_DROP,
    RULE_REJECT_ADMIN, /* ICMP 3/13, ICMPv6 1/1 */
    RULE_REJECT_RESET  /* a TCP reset */
};

/* One row of the table from which the list, the services and the firewall are made. */
struct sandbox_port {
    const char *proto; /* "tcp", "udp" */
    uint16_t port;
    enum sandbox_service service;
    enum sandbox_rule rule;
    const char *state; /* what a probe says: "open", "filtered" ... */
    const char *what;  /* "a small HTTP server" */
};

/* The table; it ends with proto NULL. */
extern const struct sandbox_port sandbox_ports[];

/* The row of a port, or NULL. */
const struct sandbox_port *sandbox_port_find(const char *proto, uint16_t port);

/* What `sandbox --list` prints; as JSON one {"type":"port",...} a line. */
void sandbox_list(struct text *out, bool json);

/*
 * Is this process in a namespace that this program made? Checked each time from the
 * system, never remembered: no interface but lo is up here, and a sandbox's init of the
 * same user (or root) answers on its abstract socket, which only this namespace sees.
 */
bool sandbox_here(void);

/* How this process came into the sandbox. */
enum sandbox_entry { SANDBOX_INSIDE_ALREADY, SANDBOX_JOINED, SANDBOX_MADE };

/*
 * In the sandbox: lets the kernel take IPv4 packets that were put on lo's link (they have a source
 * of its own, which elsewhere makes them martians). Needs the sandbox's CAP_NET_ADMIN.
 */
bool sandbox_open_link(struct err *err);

/*
 * Moves this process into the user's running sandbox if there is one, else into one of
 * its own, and returns when its services answer. On failure the message names the step,
 * the likely cause and the way out, and the process must end (it may be half inside).
 */
bool sandbox_enter(enum sandbox_entry *entry, struct err *err);

/* The same; one of its own can be joined as long as this process runs. */
bool sandbox_enter_joinable(enum sandbox_entry *entry, struct err *err);

/*
 * Opens the sandbox (or joins the running one) and runs a command in it, the user's shell when argv
 * is NULL, until it ends. own: a lab, which joins none, and like the shell has the terminal as a
 * process group of its own. Who is inside one already stays there. *status is what to exit with (128 + signal when it was
 * killed). The command keeps the user's ids and gets the capabilities CAP_NET_ADMIN,
 * CAP_NET_RAW and CAP_NET_BIND_SERVICE, which reach no further than the sandbox.
 */
bool sandbox_run(char *const argv[], bool own, int *status, struct err *err);

/* A small HTTP server of one's own. */
struct server {
    uint16_t port; /* host order */
    pid_t child;   /* 0: there is none */
    int lifeline;  /* the server ends when this descriptor is closed, so with this process too */
};

/*
 * Starts one on 127.0.0.1 or ::1 (family AF_INET, AF_INET6), at a port that the kernel
 * chooses, in a child without privilege that ends with this process, kill -9 included. To be
 * started before privilege is given up: under sudo it takes the ids of sudo's caller.
 */
bool server_start(int family, struct server *server, struct err *err);
void server_stop(struct server *server);

#endif
