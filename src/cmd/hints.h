/* hints.h: what a word was meant to be that `explain` does not know. */
#ifndef LOOPCRAFT_CMD_HINTS_H
#define LOOPCRAFT_CMD_HINTS_H

/* What is wrong with a word of its shape, or NULL: a constant. */
const char *hint_for(const char *word);

#endif
