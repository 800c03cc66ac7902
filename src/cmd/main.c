/* main.c: finds the command, runs it, and says what went wrong. */
#include "command.h"

#include "print.h"

#include <loopcraft/nearest.h>
#include <loopcraft/version.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const enum option general_options[] = {OPTION_HELP, OPTION_VERSION, OPTION_COUNT};

/* --- help ---------------------------------------------------------------------- */

static void help_all(struct text *out)
{
    text_put(out, "loopcraft: craft packets by hand, send them to loopback, and see every byte.\n\n"
                  "  loopcraft COMMAND [OPTION...] [WORD...]\n\n");
    for (const struct command *const *c = commands; *c; c++)
        text_format(out, "  %-10s %-18s %s\n", (*c)->name, (*c)->arguments, (*c)->summary);
    text_put(out, "\nWithout root everything happens in the sandbox; `loopcraft COMMAND --help` "
                  "tells more.\n");
}

static void help_one(struct text *out, const struct command *command)
{
    text_format(out, "loopcraft %s%s%s: %s\n\n%s\n", command->name, *command->arguments ? " " : "",
                command->arguments, command->summary, command->help);
    options_help(out, command->options);
    options_help(out, general_options);
}

/* --- finding and running ---------------------------------------------------------- */

static const struct command *find(const char *name, struct err *err)
{
    struct nearest nearest = nearest_to(name);
    for (const struct command *const *c = commands; *c; c++) {
        if (strcmp((*c)->name, name) == 0)
            return *c;
        nearest_try(&nearest, (*c)->name);
    }
    struct text safe = TEXT_EMPTY, names = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)name, strnlen(name, 60)});
    nearest_put(&names, &nearest);
    err_set(err, STATUS_USAGE, "%s: no such command; %s%s", text_string(&safe),
            names.len ? "did you mean " : "`loopcraft --help` lists them", text_string(&names));
    text_free(&safe);
    text_free(&names);
    return NULL;
}

/* An option that exists, but not for this command. */
static bool options_fit(const struct line *line, const struct command *command, struct err *err)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const enum option *takes = command->options;
        while (*takes != OPTION_COUNT && *takes != i)
            takes++;
        if (line->options[i] && *takes == OPTION_COUNT && i != OPTION_HELP && i != OPTION_VERSION)
            return err_set(err, STATUS_USAGE,
                           "--%s is no option of %s; `loopcraft %s --help` lists those it has",
                           option_name((enum option)i), command->name, command->name);
    }
    return true;
}

static int run(struct line *line, struct err *err)
{
    struct text out = TEXT_EMPTY;
    if (line->options[OPTION_VERSION]) {
        text_format(&out, "loopcraft %s\n", LOOPCRAFT_VERSION);
        return print_text(&out, err);
    }
    if (!line->word_count && !line_take_rest(line, err))
        return err->status;
    bool help = line->word_count && strcmp(line->words[0], "help") == 0;
    if (help)
        line_shift(line);
    help = help || line->options[OPTION_HELP] || !line->word_count;
    if (!line->word_count) {
        help_all(&out);
        return print_text(&out, err);
    }
    const struct command *command = find(line->words[0], err);
    if (!command)
        return err->status;
    if (help) {
        help_one(&out, command);
        return print_text(&out, err);
    }
    if (!options_fit(line, command, err) || (!command->runs_rest && !line_take_rest(line, err)))
        return err->status;
    line_shift(line);
    return command->run(line, err);
}

/* One line on stderr; for programs, the same as an object on stdout. */
static void complain(const struct err *err, bool json)
{
    if (err->quiet || !err->message[0])
        return;
    fprintf(stderr, "loopcraft: %s\n", err->message);
    if (!json)
        return;
    struct text out = TEXT_EMPTY;
    text_format(&out, "{\"type\":\"error\",\"status\":%d,\"message\":", err->status);
    text_json_string(&out, err->message);
    text_put(&out, "}\n");
    struct err ignored; /* the first error is the one to tell */
    print_text(&out, &ignored);
}

/* Also when the command line could not be read to its end. */
static bool wants_json(char **argv)
{
    for (; *argv && strcmp(*argv, "--") != 0; argv++)
        if (strcmp(*argv, "--json") == 0)
            return true;
    return false;
}

/*
 * A standard descriptor that was closed would be given to the next socket, and output would go
 * there. /dev/null takes its place, opened the wrong way round, so that its use is an error.
 */
static bool hold_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return true;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct line *line = calloc(1, sizeof *line);
    if (!line || argc < 1 || !hold_standard_descriptors())
        return STATUS_SYSTEM;
    signal(SIGPIPE, SIG_IGN);
    int status = line_read(line, argv, &err) ? run(line, &err) : err.status;
    complain(&err, wants_json(argv));
    free(line);
    return status;
}
