/*
 * test_processes.c: who holds a socket, told of sockets of our own; and the table
 * of programs.
 */
#include <loopcraft/processes.h>
#include <loopcraft/programs.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static uint32_t inode_of(int fd)
{
    struct stat status;
    assert_int_equal(fstat(fd, &status), 0);
    return (uint32_t)status.st_ino;
}

static void must_be_called(const struct holder *holder, const char *name)
{
    struct text program = TEXT_EMPTY;
    holder_program(holder, &program);
    assert_string_equal(text_string(&program), name);
    text_free(&program);
}

/* Two of our own, one that nobody has, one asked for twice; one open under two numbers. */
static void our_own_sockets(void **state)
{
    (void)state;
    int a = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int b = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0), again = dup(b);
    uint32_t x = inode_of(a), y = inode_of(b);
    struct holder holders[] = {{.inode = y}, {.inode = UINT32_MAX}, {.inode = x}, {.inode = y}};
    struct processes_seen seen;
    processes_find(holders, 4, &seen);
    assert_true(seen.opened >= 1 && !seen.cut);
    assert_int_equal(holders[3].inode, UINT32_MAX); /* sorted */
    assert_int_equal(holders[3].pid, 0);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(holders[i].pid, getpid());
        assert_int_equal(holders[i].more, 0);
        must_be_called(&holders[i], "test_processes");
        assert_non_null(strstr(holders[i].command, "test_processes"));
    }
    close(a);
    close(b);
    close(again);
    processes_find(holders, 0, &seen); /* nobody was asked for */
    processes_find(NULL, 0, &seen);
}

/* A child that has our socket as well and a name of its own; the parent speaks for both. */
static void a_child_has_it_too(void **state)
{
    (void)state;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), pipes[2];
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        char byte;
        close(pipes[1]);
        _exit(read(pipes[0], &byte, 1) != 0);
    }
    struct holder holder = {.inode = inode_of(fd)};
    struct processes_seen seen;
    processes_find(&holder, 1, &seen);
    bool init = getpid() == 1; /* it holds what it handed on: it speaks for a socket last */
    assert_int_equal(holder.pid, getpid() < child && !init ? getpid() : child);
    assert_int_equal(holder.more, 1);
    close(pipes[1]);
    close(pipes[0]);
    waitpid(child, NULL, 0);
    close(fd);
}

/* A hostile name is kept as it is, for a sink to escape; the program is called by its file. */
static void a_hostile_name(void **state)
{
    (void)state;
    static const char name[] = "\x1b[2J\n|`<b>\xff";
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct holder holder = {.inode = inode_of(fd)};
    struct processes_seen seen;
    prctl(PR_SET_NAME, name, 0, 0, 0);
    processes_find(&holder, 1, &seen);
    prctl(PR_SET_NAME, "test_processes", 0, 0, 0);
    assert_int_equal(holder.pid, getpid());
    assert_string_equal(holder.name, name);
    must_be_called(&holder, "test_processes");
    holder.path[0] = '\0';
    must_be_called(&holder, name);
    close(fd);
}

static void a_file_that_is_gone(void **state)
{
    (void)state;
    struct holder holder = {.path = "/usr/sbin/nginx (deleted)"};
    assert_true(holder_deleted(&holder));
    must_be_called(&holder, "nginx");
    strcpy(holder.path, "/usr/sbin/nginx");
    assert_false(holder_deleted(&holder));
    strcpy(holder.path, " (deleted)");
    assert_false(holder_deleted(&holder));
    strcpy(holder.path, "/");
    must_be_called(&holder, "");
}

static void users(void **state)
{
    (void)state;
    struct text name = TEXT_EMPTY;
    assert_true(user_name(0, &name));
    assert_string_equal(text_string(&name), "root");
    text_clear(&name);
    assert_false(user_name(4000000123u, &name));
    assert_int_equal(name.len, 0);
    text_free(&name);
}

/* --- programs --------------------------------------------------------------------------- */

/* Each service that the table names is a row of the table of services. */
static void the_table_of_programs_fits_that_of_services(void **state)
{
    (void)state;
    for (const struct program *p = programs; p->name; p++) {
        char services[400] = "", *rest = services;
        assert_ptr_equal(program_find(p->name), p); /* once */
        snprintf(services, sizeof services, "%s", p->services ? p->services : "");
        for (char *name; (name = strsep(&rest, " "));) {
            const struct advice *row = NULL;
            while (*name && (row = advice_next(row)) && strcmp(row->name, name) != 0)
                ;
            if (*name && !row)
                fail_msg("%s: no service is called %s", p->name, name);
        }
    }
}

static void must_fit(const char *name, uint16_t port, enum fit fit)
{
    if (program_fit(name, advice_find(port, OVER_TCP)) != fit)
        fail_msg("%s on %u", name, port);
}

static void who_belongs_where(void **state)
{
    (void)state;
    must_fit("sshd", 22, FIT_USUAL);
    must_fit("nginx", 443, FIT_USUAL);
    must_fit("systemd", 22, FIT_USUAL);
    must_fit("exim4", 25, FIT_USUAL); /* a version behind the name */
    must_fit("python3.11", 8000, FIT_USUAL);
    must_fit("python3.11", 22, FIT_SCRIPT);
    must_fit("bash", 443, FIT_SHELL);
    must_fit("bash", 49999, FIT_SHELL);
    must_fit("ncat", 49999, FIT_TOOL);
    must_fit("nginx", 22, FIT_OTHER);
    must_fit("nginx", 49999, FIT_UNKNOWN);
    must_fit("wibble", 5432, FIT_STRANGER);
    must_fit("wibble", 49999, FIT_UNKNOWN);
    must_fit("", 22, FIT_STRANGER);
    must_fit("3.11", 49999, FIT_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_sockets),
        cmocka_unit_test(a_child_has_it_too),
        cmocka_unit_test(a_hostile_name),
        cmocka_unit_test(a_file_that_is_gone),
        cmocka_unit_test(users),
        cmocka_unit_test(the_table_of_programs_fits_that_of_services),
        cmocka_unit_test(who_belongs_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
