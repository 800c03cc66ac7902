/*
 * print.h: text that a command prints as a whole: help, lists.
 */
#ifndef LOOPCRAFT_CMD_PRINT_H
#define LOOPCRAFT_CMD_PRINT_H

#include <loopcraft/err.h>
#include <loopcraft/text.h>

/* Writes the text to standard output, frees it, and returns the exit status. */
int print_text(struct text *text, struct err *err);

#endif
