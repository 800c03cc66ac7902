/* test_sandbox_life.c: what runs in the sandbox, who joins it, and that nothing of it is left. */
#include "../../src/sandbox/beacon.h"
#include "sandbox_client.h"

#include <loopcraft/caps.h>

#include <linux/capability.h>
#include <signal.h>
#include <sys/syscall.h>

/* --- sandbox_run() ----------------------------------------------------------- */

/* Runs sh -c SCRIPT in the sandbox; its output goes to a pipe, whose reading end is given. */
static pid_t run_script_as(bool own, const char *script, int *out)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = child_begin();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        struct err err = {0};
        int status = 0;
        char *argv[] = {"sh", "-c", (char *)(uintptr_t)script, NULL};
        if (!sandbox_run(argv, own, &status, &err))
            fprintf(stderr, "%s\n", err.message);
        _exit(err.status == STATUS_SYSTEM ? TEST_SKIPS : err.status ? (int)err.status : status);
    }
    close(ends[1]);
    *out = ends[0];
    return child;
}

static pid_t run_script(const char *script, int *out)
{
    return run_script_as(false, script, out);
}

static void script_ends_with(pid_t child, int out, int status)
{
    close(out);
    ends_with(child, status);
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
    must(!sandbox_run((char *[]){"no-such\x1b-command", NULL}, false, &status, &err),
         "no such command");
    must((int)err.status == 127 && strstr(err.message, "no-such\\x1b-command"), "127, escaped");
    must(!sandbox_run((char *[]){"/etc/passwd", NULL}, false, &status, &err), "not a program");
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
    pid_t child = run_script("setsid sh -c 'setsid sleep 1000 & sleep 1000' & echo ready; "
                             "sleep 1000",
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
                             "while :; do sleep 1000 & wait; done",
                             &out);
    read_line(out, line, sizeof line);
    kill(child, SIGTERM);
    if (strcmp(line, "ready") == 0)
        read_line(out, line, sizeof line);
    script_ends_with(child, out, 9);
    assert_string_equal(line, "trapped");
}

static void command_has_the_sandbox_s_capabilities(void **state)
{
    (void)state;
    int out;
    char line[64];
    pid_t child = run_script("sed -n 's/^CapEff:\t*//p' /proc/self/status", &out);
    read_line(out, line, sizeof line);
    script_ends_with(child, out, 0);
    unsigned long long caps = strtoull(line, NULL, 16), wanted = 0;
    static const int names[] = {CAP_NET_ADMIN, CAP_NET_RAW, CAP_NET_BIND_SERVICE};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        wanted |= 1ULL << names[i];
    assert_true((caps & wanted) == wanted);
    assert_true(geteuid() == 0 || caps == wanted);
}

static void story_join(void)
{
    enum sandbox_entry entry;
    must(sandbox_enter(&entry, &(struct err){0}) && entry == SANDBOX_JOINED, "joined");
    must(sandbox_here() && caps_effective(CAP_NET_ADMIN), "inside, with privilege");
}

static void story_alone(void)
{
    enum sandbox_entry entry;
    may_enter(&entry);
    must(entry == SANDBOX_MADE, "no sandbox of this user runs beside the tests: end it");
}

/* Another command joins the running sandbox, and dies with it. */
static void running_sandbox_is_joined(void **state)
{
    (void)state;
    int out, joined;
    char first[64], second[64];
    in_child(story_alone);
    pid_t child = run_script("readlink /proc/self/ns/net; sleep 1000", &out);
    read_line(out, first, sizeof first);
    pid_t one_shot = child_story(story_join);
    pid_t other = run_script("readlink /proc/self/ns/net; setsid sleep 1000 & sleep 1000", &joined);
    read_line(joined, second, sizeof second);
    ends_with(one_shot, 0);
    kill(child, SIGTERM);
    bool gone = all_gone(joined);
    script_ends_with(child, out, 128 + SIGTERM);
    script_ends_with(other, joined, 128 + SIGKILL);
    assert_memory_equal(first, "net:", 4);
    assert_string_equal(first, second);
    assert_true(gone);
}

/* A lab's is its own, whatever runs beside it. */
static void running_sandbox_is_not_joined_by_who_wants_its_own(void **state)
{
    (void)state;
    int out, apart;
    char first[64], second[64];
    in_child(story_alone);
    pid_t child = run_script("readlink /proc/self/ns/net; sleep 1000", &out);
    read_line(out, first, sizeof first);
    pid_t other = run_script_as(true, "readlink /proc/self/ns/net", &apart);
    read_line(apart, second, sizeof second);
    script_ends_with(other, apart, 0);
    kill(child, SIGTERM);
    script_ends_with(child, out, 128 + SIGTERM);
    assert_memory_equal(first, "net:", 4);
    assert_memory_equal(second, "net:", 4);
    assert_string_not_equal(first, second);
}

/* The init of a one-shot's private sandbox ends with it, kill -9 included. */
static void private_sandbox_dies_with_its_maker(void **state)
{
    (void)state;
    int ends[2], how, pidfd = -1;
    assert_int_equal(pipe(ends), 0);
    pid_t child = child_begin();
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
        struct server before = server;
        server_stop(&server);
        must(kill(before.child, 0) != 0 && errno == ESRCH, "it is gone");
        must(refused(family, before.port, ECONNREFUSED, TEST_PATIENCE_MS), "nobody listens");
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
    pid_t child = child_begin();
    if (child == 0) {
        struct server server;
        enum sandbox_entry entry;
        may_enter(&entry);
        if (geteuid() == 0)
            must(!setenv("SUDO_UID", "65534", 1) && !setenv("SUDO_GID", "65534", 1), "as by sudo");
        must(server_start(AF_INET, &server, &(struct err){0}), "a server starts");
        must(caps_drop_all(&(struct err){0}), "no privilege");
        must(geteuid() != 0 || (kill(server.child, 0) != 0 && errno == EPERM), "not root's now");
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
    alarm(60); /* what waits for a process that does not end, ends here, and so do its children */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_passes_the_status_on),
        cmocka_unit_test(missing_command_is_127),
        cmocka_unit_test(nothing_outlives_the_command),
        cmocka_unit_test(nothing_outlives_kill_9),
        cmocka_unit_test(term_is_passed_on),
        cmocka_unit_test(command_has_the_sandbox_s_capabilities),
        cmocka_unit_test(running_sandbox_is_joined),
        cmocka_unit_test(running_sandbox_is_not_joined_by_who_wants_its_own),
        cmocka_unit_test(private_sandbox_dies_with_its_maker),
        cmocka_unit_test(server_answers_and_stops),
        cmocka_unit_test(server_dies_with_its_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
