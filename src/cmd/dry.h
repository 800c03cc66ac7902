/*
 * dry.h: --dry-run: a packet is shown, and not sent.
 */
#ifndef LOOPCRAFT_CMD_DRY_H
#define LOOPCRAFT_CMD_DRY_H

#include <loopcraft/event.h>
#include <loopcraft/recipe.h>

/* Tells the packet of a recipe as it would go. Opens no socket, and needs no privilege. */
bool dry_run(const struct recipe *recipe, const char *command, const char *note,
             const struct sinks *sinks, struct err *err);

#endif
