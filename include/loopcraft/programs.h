/*
 * programs.h: which programs are usual for which services, and which belong on no port.
 *
 * A table of names. A name proves nothing: any program can be called nginx. What the table can tell
 * is what is odd: a shell that holds a port, a mail server's port held by something else.
 */
#ifndef LOOPCRAFT_PROGRAMS_H
#define LOOPCRAFT_PROGRAMS_H

#include <loopcraft/advice.h>

enum program_kind {
    PROGRAM_SERVER,      /* of some services */
    PROGRAM_ANY,         /* stands in for others: may hold any port */
    PROGRAM_INTERPRETER, /* runs scripts: what they serve can't be told from its name */
    PROGRAM_TOOL,        /* makes a server of anything */
    PROGRAM_SHELL        /* serves nobody */
};

struct program {
    const char *name;     /* of its file; a version behind it is left out: "python" */
    uint8_t kind;         /* enum program_kind */
    const char *services; /* names of advice rows, spaces between; or NULL */
};

/* Ends with name NULL. */
extern const struct program programs[];

/* The row of a program by its file's name: "python3.11" is "python". NULL: not known here. */
const struct program *program_find(const char *name);

/* How well a program and a port go together. */
enum fit {
    FIT_UNKNOWN, /* nothing to go by: no service is known for the port */
    FIT_USUAL,
    FIT_SCRIPT,   /* an interpreter, and not of the web: ask which script */
    FIT_STRANGER, /* a program that is not known here, on a port with a known service */
    FIT_OTHER,    /* a program that is known for other services */
    FIT_TOOL,
    FIT_SHELL
};

/* advice: the port's row, or NULL. */
enum fit program_fit(const char *name, const struct advice *advice);

#endif
