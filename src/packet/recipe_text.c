/* recipe_text.c: a payload as people type it. */
#include <loopcraft/recipe.h>

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DATA_MOST = 65535 }; /* no packet carries more */

static bool read_hex(struct text *out, const char *hex, struct err *err)
{
    while (*hex) {
        if (*hex == ' ' || *hex == ':') {
            hex++;
            continue;
        }
        if (!isxdigit((unsigned char)hex[0]) || !isxdigit((unsigned char)hex[1]))
            return err_set(err, STATUS_USAGE,
                           "data=hex: takes pairs of hex digits, as in hex:48 65");
        char pair[3] = {hex[0], hex[1], '\0'};
        text_char(out, (char)(uint8_t)strtoul(pair, NULL, 16));
        hex += 2;
    }
    return true;
}

static bool read_file(struct text *out, const char *path, struct err *err)
{
    FILE *file = fopen(path, "rbe");
    size_t got = 0;
    if (file) {
        got = fread(text_room(out, DATA_MOST + 1), 1, DATA_MOST + 1, file);
        text_grew(out, got);
    }
    bool failed = !file || ferror(file);
    const char *why = strerror(errno);
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)path, strnlen(path, 200)});
    if (failed)
        err_set(err, STATUS_USAGE, "data=@%s: %s", text_string(&safe), why);
    else if (got > DATA_MOST)
        err_set(err, STATUS_USAGE, "data=@%s: more than %d bytes: no packet holds that",
                text_string(&safe), DATA_MOST);
    text_free(&safe);
    if (file)
        fclose(file);
    return !failed && got <= DATA_MOST;
}

/* One escape, at the character after the backslash; returns what follows it, or NULL. */
static const char *read_escape(struct text *out, const char *at)
{
    static const char letters[] = "n\nr\rt\t0\0\\\\\"\"''";
    if (at[0] == 'x' && isxdigit((unsigned char)at[1]) && isxdigit((unsigned char)at[2])) {
        char pair[3] = {at[1], at[2], '\0'};
        text_char(out, (char)(uint8_t)strtoul(pair, NULL, 16));
        return at + 3;
    }
    for (size_t i = 0; i + 1 < sizeof letters; i += 2) {
        if (letters[i] == *at && *at) {
            text_char(out, letters[i + 1]);
            return at + 1;
        }
    }
    return NULL;
}

bool recipe_text(struct text *out, const char *text, struct err *err)
{
    if (strncmp(text, "hex:", 4) == 0)
        return read_hex(out, text + 4, err);
    if (text[0] == '@')
        return read_file(out, text + 1, err);
    while (*text) {
        if (*text != '\\') {
            text_char(out, *text++);
            continue;
        }
        text = read_escape(out, text + 1);
        if (!text)
            return err_set(
                err, STATUS_USAGE,
                "data: a \\ that starts no escape: \\r \\n \\t \\0 \\xNN \\\\ are known");
    }
    return true;
}
