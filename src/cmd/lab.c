/*
 * lab.c: finds a lab and runs it in a sandbox of its own.
 *
 * A lab is a shell script, labs/NN-topic/lab.sh, in the words of labs/lib/lab.sh, which does all
 * that a student sees. This file tells it by its environment what was asked for.
 */
#include "command.h"

#include "print.h"

#include <loopcraft/caller.h>
#include <loopcraft/nearest.h>
#include <loopcraft/sandbox.h>

#include <ctype.h>
#include <dirent.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Where the labs are, seen from the program's folder: built, built elsewhere, installed. */
static const char *const places[] = {"../labs", "../../labs", "../share/loopcraft/labs"};

/* Each option as the scripts know it; one without a value says "". */
static const struct {
    enum option option;
    const char *variable;
} told[] = {
    {OPTION_AUTO, "LAB_AUTO"},             {OPTION_SEED, "LAB_SEED"},
    {OPTION_RESET, "LAB_RESET"},           {OPTION_WATCH, "LAB_WATCH"},
    {OPTION_TRANSCRIPT, "LAB_TRANSCRIPT"}, {OPTION_WRITE, "LAB_CAPTURE"},
    {OPTION_JSON, "LAB_JSON"},
};

/* --- finding ---------------------------------------------------------------------- */

/* The program's own path, and the folder of labs that belongs to it. To be freed by the caller. */
static bool find_labs(struct text *program, struct text *labs, struct err *err)
{
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    if (len < 0)
        return err_system(err, "can't find this program's own folder");
    path[len] = '\0';
    text_put(program, path);
    *strrchr(path, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        char words[sizeof path + 64]; /* the library of a lab's words: where it is, labs are */
        snprintf(words, sizeof words, "%s/%s/lib/lab.sh", path, places[i]);
        if (access(words, R_OK) != 0)
            continue;
        text_format(labs, "%s/%s", path, places[i]);
        return true;
    }
    return err_set(err, STATUS_SYSTEM, "the labs are not beside the program (%s): install both "
                   "with `make install`, or run it where it was built", path);
}

/* Is `folder`, "05-states", what the word asks for: "5", "05", "states", "05-states"? */
static bool is_lab(const char *folder, const char *word)
{
    const char *topic = strchr(folder, '-');
    char *end;
    unsigned long number = strtoul(word, &end, 10);
    bool is_number = isdigit((unsigned char)*word) && !*end;
    return strcmp(folder, word) == 0 || (topic && strcmp(topic + 1, word) == 0) ||
           (is_number && number == strtoul(folder, NULL, 10));
}

static int is_numbered(const struct dirent *entry)
{
    const char *name = entry->d_name;
    return isdigit((unsigned char)name[0]) && isdigit((unsigned char)name[1]) && name[2] == '-';
}

/* Appends "/05-states" to the folder of labs. */
static bool find_lab(struct text *labs, const char *word, struct err *err)
{
    struct nearest nearest = nearest_to(word);
    struct text safe = TEXT_EMPTY, names = TEXT_EMPTY;
    struct dirent **folders = NULL;
    int count = scandir(text_string(labs), &folders, is_numbered, alphasort);
    bool done = false;
    for (int i = 0; i < count && !done; i++) {
        const char *folder = folders[i]->d_name;
        done = is_lab(folder, word);
        if (done)
            text_format(labs, "/%s", folder);
        nearest_try(&nearest, folder + 3);
    }
    if (!done) {
        text_escape(&safe, (struct bytes){(const uint8_t *)word, strnlen(word, 60)});
        nearest_put(&names, &nearest);
        err_set(err, STATUS_USAGE, "%s: no such lab%s%s; `loopcraft lab` lists them",
                text_string(&safe), names.len ? "; did you mean " : "", text_string(&names));
    }
    for (int i = 0; i < count; i++)
        free(folders[i]);
    free(folders);
    text_free(&safe);
    text_free(&names);
    return done;
}

/* --- running ---------------------------------------------------------------------- */

/* Labs need no root, and what they write is the student's: under sudo its caller runs them. */
static bool become_caller(struct err *err)
{
    uid_t uid;
    gid_t gid;
    if (!caller_ids(&uid, &gid))
        return true;
    const struct passwd *user = getpwuid(uid);
    if (!user || initgroups(user->pw_name, gid) != 0 || setgid(gid) != 0 || setuid(uid) != 0)
        return err_system(err, "can't become who called sudo (run it without sudo)");
    /* After setuid() /proc/self is root's (proc(5)), and with it the map of ids of the sandbox. */
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    setenv("HOME", user->pw_dir, 1);
    setenv("USER", user->pw_name, 1);
    return true;
}

/* The option speaks louder than what the environment says: look.c. */
static void tell_color(const char *color)
{
    if (strcmp(color, "always") == 0) {
        unsetenv("NO_COLOR");
        setenv("CLICOLOR_FORCE", "1", 1);
    } else if (strcmp(color, "never") == 0) {
        setenv("NO_COLOR", "1", 1);
    }
}

static void tell(const struct line *line, const char *program, const char *color)
{
    setenv("LOOPCRAFT", program, 1);
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
        if (line->options[told[i].option])
            setenv(told[i].variable, line->options[told[i].option], 1);
        else
            unsetenv(told[i].variable);
    tell_color(color);
    if (line->options[OPTION_ASCII])
        setenv("LC_ALL", "C", 1);
}

static bool fits(const struct line *line, struct err *err)
{
    const char *const *given = line->options;
    bool one = line->word_count > 0;
    unsigned long unused;
    if (line->word_count > 1)
        return err_set(err, STATUS_USAGE, "one lab at a time: its number or its name");
    if (one && given[OPTION_ALL])
        return err_set(err, STATUS_USAGE, "a lab, or --all, not both");
    if (given[OPTION_ALL] && !given[OPTION_AUTO])
        return err_set(err, STATUS_USAGE, "--all goes with --auto: nobody can sit through them all");
    if (given[OPTION_WATCH] && given[OPTION_AUTO])
        return err_set(err, STATUS_USAGE, "--watch waits for you, --auto for nobody: take one");
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        enum option option = told[i].option;
        bool of_all = given[OPTION_ALL] && (option == OPTION_AUTO || option == OPTION_SEED);
        if (!one && given[option] && option != OPTION_JSON && !of_all)
            return err_set(err, STATUS_USAGE, "--%s is for one lab: name it, for example "
                           "`loopcraft lab 4 --%s`", option_name(option), option_name(option));
    }
    if (given[OPTION_WRITE] && strcmp(given[OPTION_WRITE], "-") == 0)
        return err_set(err, STATUS_USAGE, "-w -: standard output is the lab's; name a file");
    if (given[OPTION_JSON] && one && !given[OPTION_AUTO])
        return err_set(err, STATUS_USAGE, "--json goes with --auto, or with the list of labs");
    return line_number(line, OPTION_SEED, 999999999, &unused, err);
}

/* The list, and all labs in turn, are scripts that need no sandbox of their own. */
static int run_script(struct text *labs, const char *name, struct err *err)
{
    text_format(labs, "/lib/%s", name);
    signal(SIGPIPE, SIG_DFL); /* main ignores it; a shell would complain of each line */
    execlp("bash", "bash", text_string(labs), (char *)NULL);
    err_system(err, "can't run the labs: they are scripts for bash");
    return err->status;
}

static int run_lab(struct text *labs, const char *word, struct err *err)
{
    int status = STATUS_DONE;
    if (!find_lab(labs, word, err))
        return err->status;
    text_put(labs, "/lab.sh");
    setenv("LAB_INSIDE", "1", 1);
    char *argv[] = {"bash", (char *)(uintptr_t)text_string(labs), NULL};
    if (!sandbox_run(argv, true, &status, err))
        return err->status;
    return status == STATUS_SIGNAL + SIGPIPE ? STATUS_DONE : status; /* its reader has seen enough */
}

static int run(const struct line *line, struct err *err)
{
    struct text program = TEXT_EMPTY, labs = TEXT_EMPTY;
    const char *color;
    int status;
    if (!fits(line, err) || !line_color(line, &color, err) ||
        !find_labs(&program, &labs, err) || !become_caller(err)) {
        status = err->status;
    } else {
        tell(line, text_string(&program), color);
        status = line->word_count            ? run_lab(&labs, line->words[0], err)
                 : line->options[OPTION_ALL] ? run_script(&labs, "all", err)
                                             : run_script(&labs, "list", err);
    }
    text_free(&program);
    text_free(&labs);
    return status;
}

static const enum option options[] = {
    OPTION_AUTO, OPTION_ALL,  OPTION_RESET, OPTION_SEED,  OPTION_TRANSCRIPT, OPTION_WRITE,
    OPTION_WATCH, OPTION_JSON, OPTION_COLOR, OPTION_ASCII, OPTION_COUNT};

const struct command command_lab = {
    .name = "lab",
    .arguments = "[N|NAME]",
    .summary = "list the labs; step through one",
    .help = "Without a lab: what there is, and how far you are. A lab takes a quarter of an hour at\n"
            "most. It shows each command before it runs; before an answer is shown, you say what\n"
            "you expect.\n\n"
            "  loopcraft lab\n"
            "  loopcraft lab 4\n"
            "  loopcraft lab states --transcript states.md -w states.pcapng\n"
            "  loopcraft lab 14 --watch                   its exercise, checked as you save\n"
            "  loopcraft lab --all --auto                 without a person, every step verified\n",
    .options = options,
    .run = run,
};
