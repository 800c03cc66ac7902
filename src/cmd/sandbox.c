/* sandbox.c: opens the sandbox and runs a command in it. */
#include "command.h"

#include "print.h"

#include <loopcraft/sandbox.h>

static int list(const struct line *line, struct err *err)
{
    struct text out = TEXT_EMPTY;
    sandbox_list(&out, line->options[OPTION_JSON] != NULL);
    return print_text(&out, err);
}

static int run(const struct line *line, struct err *err)
{
    if (line->word_count) {
        err_set(err, STATUS_USAGE, "put -- before the command: loopcraft sandbox -- COMMAND");
        return err->status;
    }
    if (line->options[OPTION_LIST])
        return list(line, err);
    int status = STATUS_DONE;
    char *const *command = line->rest && line->rest[0] ? line->rest : NULL;
    return sandbox_run((char *const *)command, false, &status, err) ? status : err->status;
}

static const enum option options[] = {OPTION_LIST, OPTION_JSON, OPTION_COUNT};

const struct command command_sandbox = {
    .name = "sandbox",
    .arguments = "[-- CMD]",
    .summary = "open the sandbox and run CMD in it (default: your shell)",
    .help = "A private network with nothing in it but a loopback, a firewall and practice "
            "services. What\n"
            "happens in it can't leave it, and ends with it. No root needed.\n\n"
            "  loopcraft sandbox\n"
            "  loopcraft sandbox --list\n"
            "  loopcraft sandbox -- wireshark -k -i lo\n",
    .options = options,
    .runs_rest = true,
    .run = run,
};
