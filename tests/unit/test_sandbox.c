/*
 * test_sandbox.c: the sandbox's table, its firewall and services as a client meets them, the
 * ways into it, and that nothing of it is left.
 *
 * Each test that enters runs in a child of its own: entering is for good. What a child finds
 * wrong it says on stderr, and it ends with 1.
 */
#include "../../src/sandbox/beacon.h"
#include "../../src/sandbox/firewall.h"
#include "../../src/sandbox/namespace.h"

#include <loopcraft/caps.h>
#include <loopcraft/sandbox.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { TEST_SKIPS = 77, TEST_PATIENCE_MS = 5000 };

/* --- children ---------------------------------------------------------------- */

static void must(bool fact, const char *what)
{
    if (fact)
        return;
    fprintf(stderr, "not so: %s (errno: %s)\n", what, strerror(errno));
    _exit(1);
}

static void may_enter(enum sandbox_entry *entry)
{
    struct err err;
    if (sandbox_enter(entry, &err))
        return;
    fprintf(stderr, "%s\n", err.message);
    _exit(TEST_SKIPS);
}

/* Runs story() in a child; skips when the system refuses a sandbox. */
static void in_child(void (*story)(void))
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        story();
        _exit(0);
    }
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    if (WEXITSTATUS(how) == TEST_SKIPS) {
        print_message("[  SKIPPED ] this system refuses a sandbox (see the line above)\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(how), 0);
}

/* Does a descriptor become readable, or end, in time? */
static bool readable(int fd, int ms)
{
    return poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, ms) == 1;
}

/* --- the client's side ------------------------------------------------------- */

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t loopback(union address *to, int family, uint16_t port)
{
    *to = (union address){.v6 = {0}};
    if (family == AF_INET)
        to->v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port),
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    else
        to->v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port),
                                       .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    return family == AF_INET ? sizeof to->v4 : sizeof to->v6;
}

/* A connected socket of this type, from `from` (0: any port); on failure -1 and errno. */
static int client(int family, int type, uint16_t from, uint16_t port)
{
    union address here, there;
    socklen_t len = loopback(&here, family, from);
    loopback(&there, family, port);
    int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    must(fd >= 0 && bind(fd, &here.any, len) == 0, "a client's socket");
    int error = 0;
    socklen_t size = sizeof error;
    if (connect(fd, &there.any, len) != 0)
        error = errno;
    if (error == EINPROGRESS) {
        struct pollfd wait = {.fd = fd, .events = POLLOUT};
        error = ETIMEDOUT;
        if (poll(&wait, 1, 200) == 1) /* for drop, the one port of which nothing comes */
            must(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0, "SO_ERROR");
    }
    errno = error;
    return error ? (close(fd), errno = error, -1) : fd;
}

static bool refused(int family, uint16_t port, int number)
{
    return client(family, SOCK_STREAM, 0, port) < 0 && errno == number;
}

/* All that comes until the server's FIN; how many bytes, 0 at the end of `answer`. */
static size_t read_all(int fd, char *answer, size_t room)
{
    size_t len = 0;
    ssize_t got;
    do {
        must(readable(fd, TEST_PATIENCE_MS), "an answer in time");
        got = recv(fd, answer + len, room - 1 - len, 0);
        must(got >= 0, "an answer, not a reset");
        len += (size_t)got;
    } while (got > 0);
    answer[len] = '\0';
    return len;
}

/* --- the table --------------------------------------------------------------- */

static void table_finds_rows(void **state)
{
    (void)state;
    assert_ptr_equal(sandbox_port_find("tcp", 8080), &sandbox_ports[0]);
    assert_int_equal(sandbox_port_find("udp", 9003)->rule, RULE_REJECT_ADMIN);
    assert_null(sandbox_port_find("udp", 8080));
    assert_null(sandbox_port_find("tcp", 0));
}

static void list_is_aligned(void **state)
{
    (void)state;
    struct text list = TEXT_EMPTY;
    sandbox_list(&list, false);
    const char *at = text_string(&list);
    assert_non_null(strstr(at, "\ntcp 8080  open           a small HTTP server\n"));
    assert_non_null(strstr(at, "\nudp 9002  open|filtered  a server that never answers\n"));
    text_free(&list);
}

static void list_is_json(void **state)
{
    (void)state;
    struct text list = TEXT_EMPTY;
    sandbox_list(&list, true);
    static const char first[] = "{\"type\":\"port\",\"proto\":\"tcp\",\"port\":8080,\"state\":\"open\","
                                "\"what\":\"a small HTTP server\"}\n";
    assert_memory_equal(text_string(&list), first, sizeof first - 1);
    text_free(&list);
}

static void firewall_comes_from_the_table(void **state)
{
    (void)state;
    struct text rules = TEXT_EMPTY;
    firewall_text(&rules);
    const char *at = text_string(&rules);
    assert_non_null(strstr(at, "iif lo tcp dport 8082 drop\n"));
    assert_non_null(strstr(at, "iif lo tcp dport 8084 reject with tcp reset\n"));
    assert_non_null(strstr(at, "iif lo udp dport 9003 reject with icmpx type admin-prohibited\n"));
    assert_null(strstr(at, "8080"));
    text_free(&rules);
}

/* --- inside ------------------------------------------------------------------ */

static void story_enter(void)
{
    enum sandbox_entry entry;
    must(!sandbox_here(), "tests start outside a sandbox");
    may_enter(&entry);
    must(entry == SANDBOX_MADE || entry == SANDBOX_JOINED, "made, or joined the user's running one");
    must(sandbox_here(), "sandbox_here() inside");
    must(namespace_lo_only(), "lo alone is up");
    must(sandbox_enter(&entry, &(struct err){0}) && entry == SANDBOX_INSIDE_ALREADY, "inside already");
    must(caps_drop_all(&(struct err){0}) && sandbox_here(), "sandbox_here() without privilege");
}

static void enters(void **state)
{
    (void)state;
    in_child(story_enter);
    assert_false(sandbox_here());
}

/* As an ordinary program sees them: connect(2). */
static void story_ports(void)
{
    enum sandbox_entry entry;
    may_enter(&entry);
    for (int i = 0; i < 2; i++) {
        int family = i ? AF_INET6 : AF_INET;
        must(client(family, SOCK_STREAM, 0, 8080) >= 0, "8080 is open");
        must(refused(family, 8081, ECONNREFUSED), "8081 is closed");
        must(refused(family, 8082, ETIMEDOUT), "8082 is dropped");
        /* ICMP 3/13 is EHOSTUNREACH (icmp_err_convert), ICMPv6 1/1 EACCES (icmpv6_err_convert) */
        must(refused(family, 8083, i ? EACCES : EHOSTUNREACH), "8083 is admin-prohibited");
        must(refused(family, 8084, ECONNREFUSED), "8084 is reset");
    }
}

static void ports_are_as_listed(void **state)
{
    (void)state;
    in_child(story_ports);
}

/* What is sent, and does the server answer before the client's FIN? */
static void ask(int family, uint16_t port, const char *request, size_t len, bool fin)
{
    char answer[1024];
    int fd = client(family, SOCK_STREAM, 0, port);
    must(fd >= 0, "a connection to the HTTP server");
    for (size_t sent = 0; sent < len;) {
        ssize_t put = send(fd, request + sent, len - sent, MSG_NOSIGNAL);
        must(put > 0 || errno == EAGAIN, "sending the request");
        if (put > 0)
            sent += (size_t)put;
        else
            must(poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, TEST_PATIENCE_MS) == 1,
                 "the server reads on");
    }
    if (fin)
        must(shutdown(fd, SHUT_WR) == 0, "the client's FIN");
    size_t got = read_all(fd, answer, sizeof answer);
    const char *body = strstr(answer, "\r\n\r\n"), *length = strstr(answer, "Content-Length: ");
    must(strncmp(answer, "HTTP/1.0 200 OK\r\n", 17) == 0 && body && length, "an HTTP answer");
    must(strtoul(length + 16, NULL, 10) == got - (size_t)(body + 4 - answer), "Content-Length");
    close(fd);
}

static void story_http(void)
{
    static char huge[1 << 20];
    memset(huge, 'x', sizeof huge);
    enum sandbox_entry entry;
    may_enter(&entry);
    static const char get[] = "GET / HTTP/1.0\r\n\r\n", bare[] = "HEAD\n\n", binary[] = "\0\xff\r\r\n\n";
    for (int i = 0; i < 2; i++) {
        int family = i ? AF_INET6 : AF_INET;
        ask(family, 8080, get, sizeof get - 1, false);
        ask(family, 8080, bare, sizeof bare - 1, false);
        ask(family, 8080, binary, sizeof binary - 1, false);
        ask(family, 8080, "hi", 2, true);
        ask(family, 8080, huge, sizeof huge, false);
    }
    /* A hundred that say nothing keep nobody out; the oldest make room. */
    for (int i = 0; i < 100; i++)
        must(client(AF_INET, SOCK_STREAM, 0, 8080) >= 0, "an idle connection");
    ask(AF_INET, 8080, get, sizeof get - 1, false);
}

static void http_answers_whatever_is_asked(void **state)
{
    (void)state;
    in_child(story_http);
}

static void story_echo(void)
{
    enum sandbox_entry entry;
    may_enter(&entry);
    uint8_t out[1000], in[1500];
    for (size_t i = 0; i < sizeof out; i++)
        out[i] = (uint8_t)i;
    for (int i = 0; i < 2; i++) {
        int family = i ? AF_INET6 : AF_INET;
        int fd = client(family, SOCK_DGRAM, 0, 9000);
        static const struct { size_t sent, echoed; } sizes[] = {{0, 0}, {1, 1}, {512, 512}, {1000, 512}};
        for (size_t n = 0; n < 4; n++) {
            must(send(fd, out, sizes[n].sent, 0) >= 0 && readable(fd, TEST_PATIENCE_MS), "an echo");
            must(recv(fd, in, sizeof in, 0) == (ssize_t)sizes[n].echoed, "capped, never longer");
            must(memcmp(in, out, sizes[n].echoed) == 0, "the bytes that were sent");
        }
        /* From the port of another service nothing comes back: no two echoes talk for ever. */
        int trap = client(family, SOCK_DGRAM, 9004, 9000);
        must(send(trap, "x", 1, 0) == 1, "a datagram from a port without service");
        fd = client(family, SOCK_DGRAM, 0, 9001);
        must(send(fd, "x", 1, 0) == 1 && readable(fd, TEST_PATIENCE_MS) &&
             recv(fd, in, 1, 0) < 0 && errno == ECONNREFUSED, "9001 is closed");
        fd = client(family, SOCK_DGRAM, 0, 9002);
        must(send(fd, "x", 1, 0) == 1 && !readable(fd, 50), "9002 is silent");
    }
}

static void udp_ports_are_as_listed(void **state)
{
    (void)state;
    in_child(story_echo);
}

/* --- sandbox_run() ----------------------------------------------------------- */

/* Runs sh -c SCRIPT in the sandbox; its output goes to a pipe, whose reading end is given. */
static pid_t run_script(const char *script, int *out)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        struct err err = {0};
        int status = 0;
        char *argv[] = {"sh", "-c", (char *)(uintptr_t)script, NULL};
        if (!sandbox_run(argv, &status, &err))
            fprintf(stderr, "%s\n", err.message);
        _exit(err.status == STATUS_SYSTEM ? TEST_SKIPS : err.status ? (int)err.status : status);
    }
    close(ends[1]);
    *out = ends[0];
    return child;
}

static void script_ends_with(pid_t child, int out, int status)
{
    int how;
    close(out);
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    if (WEXITSTATUS(how) == TEST_SKIPS) {
        print_message("[  SKIPPED ] this system refuses a sandbox (see the line above)\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(how), status);
}

static void run_passes_the_status_on(void **state)
{
    (void)state;
    int out;
    pid_t child = run_script("exit 7", &out);
    script_ends_with(child, out, 7);
    child = run_script("kill -TERM $$", &out);
    script_ends_with(child, out, 128 + SIGTERM);
}

static void story_missing(void)
{
    enum sandbox_entry entry;
    may_enter(&entry); /* so as to skip where there is none; running works inside too */
    struct err err;
    int status;
    must(!sandbox_run((char *[]){"no-such\x1b-command", NULL}, &status, &err), "no such command");
    must((int)err.status == 127 && strstr(err.message, "no-such\\x1b-command"), "127, one safe line");
    must(!sandbox_run((char *[]){"/etc/passwd", NULL}, &status, &err), "not a program");
    must((int)err.status == 126, "126");
}

static void missing_command_is_127(void **state)
{
    (void)state;
    in_child(story_missing);
}

/* One line of what a script says; "" when its output ends first. */
static void read_line(int fd, char *line, size_t room)
{
    size_t len = 0;
    char c;
    while (len < room - 1 && readable(fd, TEST_PATIENCE_MS) && read(fd, &c, 1) == 1 && c != '\n')
        line[len++] = c;
    line[len] = '\0';
}

/* Who still holds the writing end of the pipe lives; its end means that nobody does. */
static bool all_gone(int out)
{
    char line[64];
    read_line(out, line, sizeof line);
    return line[0] == '\0' && readable(out, TEST_PATIENCE_MS) && read(out, line, 1) == 0;
}

static void nothing_outlives_the_command(void **state)
{
    (void)state;
    int out;
    char line[64];
    pid_t child = run_script("setsid sh -c 'setsid sleep 1000 & sleep 1000' & echo ready", &out);
    read_line(out, line, sizeof line);
    bool gone = all_gone(out);
    script_ends_with(child, out, 0);
    assert_string_equal(line, "ready");
    assert_true(gone);
}

static void nothing_outlives_kill_9(void **state)
{
    (void)state;
    int out, how;
    char line[64];
    pid_t child = run_script("setsid sh -c 'setsid sleep 1000 & sleep 1000' & echo ready; sleep 1000",
                             &out);
    read_line(out, line, sizeof line);
    if (strcmp(line, "ready") != 0)
        script_ends_with(child, out, 0); /* skips, or fails */
    kill(child, SIGKILL);
    bool gone = all_gone(out);
    close(out);
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(gone);
}

static void term_is_passed_on(void **state)
{
    (void)state;
    int out;
    char line[64];
    pid_t child = run_script("trap 'echo trapped; exit 9' TERM; echo ready; "
                             "while :; do sleep 1000 & wait; done", &out);
    read_line(out, line, sizeof line);
    kill(child, SIGTERM);
    if (strcmp(line, "ready") == 0)
        read_line(out, line, sizeof line);
    script_ends_with(child, out, 9);
    assert_string_equal(line, "trapped");
}

static void story_caps(void)
{
    must(caps_effective(CAP_NET_RAW) && caps_effective(CAP_NET_ADMIN), "the sandbox's capabilities");
    must(geteuid() == 0 || !caps_effective(CAP_SYS_ADMIN), "and no other for an ordinary user");
}

/* The running sandbox is joined by the same user, and what joined dies with it. */
static void story_join(void)
{
    enum sandbox_entry entry;
    must(sandbox_enter(&entry, &(struct err){0}) && entry == SANDBOX_JOINED, "joined");
    must(sandbox_here() && caps_effective(CAP_NET_ADMIN), "inside, with privilege");
}

static void running_sandbox_is_joined(void **state)
{
    (void)state;
    int out, joined;
    char line[64];
    pid_t child = run_script("readlink /proc/self/ns/net; sleep 1000", &out);
    read_line(out, line, sizeof line);
    if (strncmp(line, "net:", 4) != 0)
        script_ends_with(child, out, 0); /* skips, or fails */
    in_child(story_join);
    pid_t other = run_script("readlink /proc/self/ns/net; setsid sleep 1000 & sleep 1000", &joined);
    char second[64];
    read_line(joined, second, sizeof second);
    kill(child, SIGTERM);
    bool gone = all_gone(joined);
    script_ends_with(child, out, 128 + SIGTERM);
    script_ends_with(other, joined, 128 + SIGKILL);
    assert_string_equal(line, second);
    assert_true(gone);
}

/* The init of a one-shot's private sandbox ends with it, kill -9 included. */
static void private_sandbox_dies_with_its_maker(void **state)
{
    (void)state;
    int ends[2], how, pidfd = -1;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct ucred who = {0};
        enum sandbox_entry entry;
        may_enter(&entry);
        must(entry == SANDBOX_MADE && beacon_answers(&who), "the beacon answers");
        must(write(ends[1], &who.pid, sizeof who.pid) == sizeof who.pid, "telling its pid");
        pause();
    }
    close(ends[1]);
    pid_t init = 0;
    bool begun = read(ends[0], &init, sizeof init) == sizeof init;
    if (begun)
        pidfd = (int)syscall(SYS_pidfd_open, init, 0);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &how, 0), child);
    close(ends[0]);
    if (!begun) {
        print_message("[  SKIPPED ] no private sandbox here: refused, or one is running\n");
        skip();
    }
    assert_true(pidfd >= 0 && readable(pidfd, TEST_PATIENCE_MS));
    close(pidfd);
}

/* --- the server of one's own ------------------------------------------------- */

static void story_server(void)
{
    enum sandbox_entry entry;
    may_enter(&entry);
    for (int i = 0; i < 2; i++) {
        int family = i ? AF_INET6 : AF_INET;
        struct server server;
        must(server_start(family, &server, &(struct err){0}) && server.port, "a server starts");
        ask(family, server.port, "GET / HTTP/1.1\r\n\r\n", 18, false);
        ask(family, server.port, "GET / HTTP/1.1\r\n\r\n", 18, false);
        pid_t child = server.child;
        server_stop(&server);
        must(kill(child, 0) != 0 && errno == ESRCH, "it is gone");
        must(refused(family, server.port, ECONNREFUSED) || !server.port, "nobody listens");
    }
}

static void server_answers_and_stops(void **state)
{
    (void)state;
    in_child(story_server);
}

/* Under sudo the server has the caller's ids, and dies with a parent that may not signal it. */
static void server_dies_with_its_parent(void **state)
{
    (void)state;
    int ends[2], how;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct server server;
        enum sandbox_entry entry;
        may_enter(&entry);
        if (geteuid() == 0)
            must(setenv("SUDO_UID", "65534", 1) == 0 && setenv("SUDO_GID", "65534", 1) == 0, "sudo");
        must(server_start(AF_INET, &server, &(struct err){0}), "a server starts");
        must(caps_drop_all(&(struct err){0}), "no privilege");
        must(geteuid() != 0 || (kill(server.child, 0) != 0 && errno == EPERM), "not root's any more");
        must(write(ends[1], &server.child, sizeof server.child) > 0, "telling its pid");
        pause();
    }
    close(ends[1]);
    pid_t server = 0;
    bool begun = read(ends[0], &server, sizeof server) == sizeof server;
    int pidfd = begun ? (int)syscall(SYS_pidfd_open, server, 0) : -1;
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &how, 0), child);
    close(ends[0]);
    if (!begun && WIFEXITED(how) && WEXITSTATUS(how) == TEST_SKIPS)
        skip();
    assert_true(begun && readable(pidfd, TEST_PATIENCE_MS));
    close(pidfd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_finds_rows),
        cmocka_unit_test(list_is_aligned),
        cmocka_unit_test(list_is_json),
        cmocka_unit_test(firewall_comes_from_the_table),
        cmocka_unit_test(enters),
        cmocka_unit_test(ports_are_as_listed),
        cmocka_unit_test(http_answers_whatever_is_asked),
        cmocka_unit_test(udp_ports_are_as_listed),
        cmocka_unit_test(run_passes_the_status_on),
        cmocka_unit_test(missing_command_is_127),
        cmocka_unit_test(nothing_outlives_the_command),
        cmocka_unit_test(nothing_outlives_kill_9),
        cmocka_unit_test(term_is_passed_on),
        cmocka_unit_test(running_sandbox_is_joined),
        cmocka_unit_test(private_sandbox_dies_with_its_maker),
        cmocka_unit_test(server_answers_and_stops),
        cmocka_unit_test(server_dies_with_its_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
