/* look.c: what the terminal can show. */
#include <loopcraft/view.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    COLUMNS_LEAST = 40,
    COLUMNS_TERMINAL = 80, /* when it does not say */
    COLUMNS_FILE = 120,    /* nobody's terminal: wide enough for aligned columns */
    COLUMNS_MOST = 200     /* beyond this a line is hard to follow with the eye */
};

/* The terminal's width: of `out`, or of what `out` is piped into (less, head) where errors still
 * go to the terminal. 0: no telling. */
static long window_of(FILE *out)
{
    struct winsize size = {0};
    struct stat kind;
    if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0)
        return size.ws_col;
    bool piped = fstat(fileno(out), &kind) == 0 && S_ISFIFO(kind.st_mode);
    return piped && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* COLUMNS is what the user asked for; the window's size is what there is. */
static unsigned columns_of(FILE *out, bool terminal)
{
    const char *asked = getenv("COLUMNS");
    long columns = asked ? strtol(asked, NULL, 10) : 0;
    if (columns <= 0)
        columns = window_of(out);
    if (columns <= 0)
        columns = terminal ? COLUMNS_TERMINAL : COLUMNS_FILE;
    return columns < COLUMNS_LEAST  ? COLUMNS_LEAST
           : columns > COLUMNS_MOST ? COLUMNS_MOST
                                    : (unsigned)columns;
}

/* The first of the three that is set decides: locale(7). */
static bool locale_is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *locale = getenv(names[i]);
        if (!locale || !*locale)
            continue;
        const char *charset = strchr(locale, '.');
        return charset &&
               (strncasecmp(charset, ".utf-8", 6) == 0 || strncasecmp(charset, ".utf8", 5) == 0);
    }
    return false;
}

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

/* https://no-color.org and https://bixense.com/clicolors: none, or even into a pipe. */
static bool colour_wanted(bool terminal)
{
    const char *term = getenv("TERM");
    bool able = terminal && term && strcmp(term, "dumb") != 0;
    return !is_set("NO_COLOR") && (able || is_set("CLICOLOR_FORCE"));
}

struct look look_at(FILE *out, const char *colour, bool ascii)
{
    bool terminal = isatty(fileno(out)) == 1;
    return (struct look){
        .columns = columns_of(out, terminal),
        .colour = strcmp(colour, "always") == 0 ||
                  (strcmp(colour, "never") != 0 && colour_wanted(terminal)),
        .utf8 = !ascii && locale_is_utf8(),
        .live = terminal,
    };
}
