/*
 * options.h: the options of all commands, in one table.
 */
#ifndef LOOPCRAFT_CMD_OPTIONS_H
#define LOOPCRAFT_CMD_OPTIONS_H

#include <loopcraft/err.h>
#include <loopcraft/text.h>

enum option {
    OPTION_SANDBOX,
    OPTION_HOST,
    OPTION_IPV4,
    OPTION_IPV6,
    OPTION_TO,
    OPTION_WRITE,
    OPTION_JSON,
    OPTION_VERBOSE,
    OPTION_QUIET,
    OPTION_COLOR,
    OPTION_ASCII,
    OPTION_EXPECT,
    OPTION_PORTS,
    OPTION_DATA,
    OPTION_CLOSE,
    OPTION_STOP_AFTER,
    OPTION_HOLD,
    OPTION_LET_KERNEL_RESET,
    OPTION_BY,
    OPTION_STRICT,
    OPTION_IGNORE,
    OPTION_LIST,
    OPTION_DISPLAY_FILTER,
    OPTION_CAPTURE_FILTER,
    OPTION_PACKET,
    OPTION_FIELD,
    OPTION_VIEW,
    OPTION_EXPLAIN_CHECKSUM,
    OPTION_TIMES,
    OPTION_RATE,
    OPTION_WAIT,
    OPTION_FOR,
    OPTION_DRY_RUN,
    OPTION_EXACT,
    OPTION_RECIPE,
    OPTION_WITNESS,
    OPTION_PROBE,
    OPTION_UDP,
    OPTION_REPORT,
    OPTION_TECHNIQUE,
    OPTION_SERVER,
    OPTION_TYPE,
    OPTION_OFFLINE,
    OPTION_AUTO,
    OPTION_ALL,
    OPTION_RESET,
    OPTION_SEED,
    OPTION_TRANSCRIPT,
    OPTION_WATCH,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_COUNT
};

enum { WORDS_MOST = 4096 };

/* A command line, taken apart. Borrows from argv. */
struct line {
    const char *options[OPTION_COUNT]; /* the value; "" for one without; NULL: not given */
    const char *words[WORDS_MOST];     /* the command's name first */
    size_t word_count;
    char **rest; /* what follows `--`, ended by NULL; NULL without `--` */
};

/* Takes argv apart; options may stand anywhere before `--`. STATUS_USAGE for what is unknown. */
bool line_read(struct line *line, char **argv, struct err *err);

/* An option's number, from 1 to `most`, or its seconds, from 0 on; without it nothing is changed. */
bool line_number(const struct line *line, enum option option, unsigned long most,
                 unsigned long *number, struct err *err);
bool line_seconds(const struct line *line, enum option option, unsigned most, int64_t *ns,
                  struct err *err);

/* --color's word: "always", "never", or "auto", which is also what its absence means. */
bool line_color(const struct line *line, const char **color, struct err *err);

/* Makes what follows `--` words like the others: for all commands but the one that runs it. */
bool line_take_rest(struct line *line, struct err *err);

/* Takes the first word off; there must be one. */
void line_shift(struct line *line);

/* The option's long name, without its dashes: "to". */
const char *option_name(enum option option);

/* Help for a list of options (ended by OPTION_COUNT), a line each. */
void options_help(struct text *out, const enum option *options);

#endif
