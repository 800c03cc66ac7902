/*
 * child.h: a test's body in a child process, for what can't be undone: privilege given up,
 * a namespace entered. A failed cmocka assertion would go on with the next test there, so
 * the child has its own.
 */
#ifndef LOOPCRAFT_TEST_CHILD_H
#define LOOPCRAFT_TEST_CHILD_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child: says what was expected, with `got` if that helps, and ends it. */
static inline void check(bool right, const char *expected, const char *got)
{
    if (right)
        return;
    printf("expected: %s; got: %s\n", expected, got);
    exit(1);
}

/* Runs body() in a child; true when it came to its end. exit(), so that leaks are looked for. */
static inline bool child_run(void (*body)(void))
{
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        body();
        exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

#endif
