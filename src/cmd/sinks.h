/*
 * sinks.h: the sinks that a command line asks for.
 */
#ifndef LOOPCRAFT_CMD_SINKS_H
#define LOOPCRAFT_CMD_SINKS_H

#include "options.h"

#include <loopcraft/event.h>

/* Do the options go together? sinks_open() asks too. */
bool sinks_fit(const struct line *line, struct err *err);

/*
 * The dump or JSON on standard output (neither when -w - has it), and the pcapng writer for -w.
 * `ladder`: the exchange is drawn at the end; `live`: each event is shown at once.
 */
bool sinks_open(struct sinks *sinks, const struct line *line, bool ladder, bool live,
                struct err *err);

/*
 * Of many packets, all but the first are kept from people's view: files and programs get all. To be
 * called after sinks_open().
 */
void sinks_show(struct sinks *sinks, const struct line *line, unsigned long packets);

/* Is `output` (or NULL) another file than the one that is read? Writing what is being read would
 * destroy it before it was read: STATUS_USAGE. */
bool file_apart(const char *path, const char *output, struct err *err);

/* Ends all sinks, also when the run failed; the first error is kept in *err unless `failed`. */
bool sinks_end(struct sinks *sinks, bool failed, struct err *err);

#endif
