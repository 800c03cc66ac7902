/*
 * typed.h: a command line as it is typed behind the program's name: spaces part its words, and
 * an underscore stands for an empty one.
 */
#ifndef LOOPCRAFT_TESTS_TYPED_H
#define LOOPCRAFT_TESTS_TYPED_H

#include "../../src/cmd/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Owned by the caller: free(). The line borrows from it. */
struct typed {
    char copy[512];
    char *argv[64];
    struct line line;
    struct err err;
    bool good; /* line_read() took it */
};

static inline struct typed *type(const char *words)
{
    struct typed *typed = calloc(1, sizeof *typed);
    assert_non_null(typed);
    assert_true(strlen(words) < sizeof typed->copy);
    char *rest = strcpy(typed->copy, words);
    size_t count = 0;
    typed->argv[count++] = (char *)"loopcraft";
    while (rest && *rest) {
        char *word = strsep(&rest, " ");
        typed->argv[count++] = strcmp(word, "_") == 0 ? (char *)"" : word;
    }
    typed->good = line_read(&typed->line, typed->argv, &typed->err);
    return typed;
}

#endif
