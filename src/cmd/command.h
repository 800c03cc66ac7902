/*
 * command.h: what a command is. One file each, with one const struct; commands.c lists them.
 */
#ifndef LOOPCRAFT_CMD_COMMAND_H
#define LOOPCRAFT_CMD_COMMAND_H

#include "options.h"

struct command {
    const char *name;
    const char *arguments;      /* "PORTS [WORD...]" */
    const char *summary;        /* one line, for the list of commands */
    const char *help;           /* a paragraph or two, and examples */
    const enum option *options; /* those it takes, ended by OPTION_COUNT */
    bool runs_rest;             /* what follows `--` is a command to run, no words */
    /* Runs it on line->words (without its name); returns the exit status, *err filled in unless it
       is STATUS_DONE or STATUS_NO, or has been told already (interrupted). */
    int (*run)(const struct line *line, struct err *err);
};

/* All of them, in the order of the help; ends with NULL. */
extern const struct command *const commands[];

extern const struct command command_handshake;
extern const struct command command_syn;
extern const struct command command_connect;
extern const struct command command_udp;
extern const struct command command_ping;
extern const struct command command_send;
extern const struct command command_scan;
extern const struct command command_dump;
extern const struct command command_diff;
extern const struct command command_resolve;
extern const struct command command_watch;
extern const struct command command_fields;
extern const struct command command_audit;
extern const struct command command_explain;
extern const struct command command_lab;
extern const struct command command_sandbox;

/* Shared between files of this floor: the options of every command that prints. */
#define OPTIONS_OUTPUT \
    OPTION_WRITE, OPTION_JSON, OPTION_VERBOSE, OPTION_QUIET, OPTION_COLOR, OPTION_ASCII
#define OPTIONS_LIVE OPTION_SANDBOX, OPTION_HOST, OPTION_IPV4, OPTION_IPV6, OPTION_TO

#endif
