/*
 * err.h: how a function says that it failed, and the program's exit statuses.
 *
 * A function that can fail returns bool (true: done) and takes a struct err
 * of its caller's as its last parameter. On failure it has filled that in with
 * one line: what was wrong, and what to do about it. Nobody prints but main.
 */
#ifndef LOOPCRAFT_ERR_H
#define LOOPCRAFT_ERR_H

#include <stdbool.h>

/* The exit statuses that scripts rely on. */
enum status {
    STATUS_DONE = 0,    /* done */
    STATUS_NO = 1,      /* done, and the answer is no */
    STATUS_USAGE = 2,   /* bad usage, bad input, an input file missing or unreadable */
    STATUS_GUARD = 3,   /* a target not proved loopback */
    STATUS_SYSTEM = 4,  /* the system refused or failed: privilege, sandbox, output */
    STATUS_SIGNAL = 128 /* interrupted: plus the number of the signal */
};

struct err {
    int status;         /* enum status: what the program exits with because of it */
    bool quiet;         /* nothing to print: the reader of our output went away */
    char message[512];  /* one line, no newline, foreign bytes already escaped */
};

/* Fills in *err and returns false, so that a caller can `return err_set(...)`. */
bool err_set(struct err *err, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, with ": " and the meaning of errno at the end. */
bool err_system(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
