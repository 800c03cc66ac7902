/* recipe_file.c: a recipe's words from a file. The file is foreign: bounded, and never printed raw.
 */
#include <loopcraft/recipe.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* --- the file ------------------------------------------------------------------ */

/* Cut before it is escaped, so that what is wrong with the file still fits behind it. */
static void set_name(struct recipe_file *file, const char *name)
{
    enum { SHOWN = 60 };
    size_t len = strlen(name);
    const char *from = len > SHOWN ? name + len - SHOWN : name; /* its end tells more */
    text_put(&file->name, from > name ? "..." : "");
    text_escape(&file->name, (struct bytes){(const uint8_t *)from, strlen(from)});
}

static bool refuse(const struct recipe_file *file, unsigned line, const char *why, struct err *err)
{
    return err_set(err, STATUS_USAGE, "%s:%u: %s", file->name.at, line, why);
}

bool recipe_file_open(struct recipe_file *file, const char *path, struct err *err)
{
    bool standard = strcmp(path, "-") == 0;
    *file = (struct recipe_file){0};
    set_name(file, standard ? "standard input" : path);
    FILE *from = standard ? stdin : fopen(path, "rbe");
    struct text text = TEXT_EMPTY;
    size_t got = 0;
    if (from) {
        got = fread(text_room(&text, RECIPE_FILE_MOST + 1), 1, RECIPE_FILE_MOST + 1, from);
        text_grew(&text, got);
    }
    bool good = from && !ferror(from);
    if (!good)
        err_set(err, STATUS_USAGE, "%s: %s", file->name.at, strerror(errno));
    else if (got > RECIPE_FILE_MOST)
        good = err_set(err, STATUS_USAGE, "%s: more than %d bytes: no recipe is that long",
                       file->name.at, RECIPE_FILE_MOST);
    if (from && !standard)
        fclose(from);
    struct recipe_file read = {0};
    good = good && recipe_file_read(&read, standard ? "standard input" : path,
                                    (struct bytes){(const uint8_t *)text.at, got}, err);
    text_free(&text);
    recipe_file_free(file);
    *file = read;
    return good;
}

void recipe_file_free(struct recipe_file *file)
{
    text_free(&file->name);
    text_free(&file->text);
    file->count = 0;
}

const char *recipe_file_word(const struct recipe_file *file, size_t n)
{
    return file->text.at + file->each[n].at;
}

bool recipe_file_blame(const struct recipe_file *file, size_t n, struct err *err)
{
    struct err about = *err;
    return err_set(err, (enum status)about.status, "%s:%u: %s", file->name.at, file->each[n].line,
                   about.message);
}

/* --- its lines ------------------------------------------------------------------- */

static bool blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/*
 * One word, quotes taken off, to file->text; what follows it in *line. A backslash and what
 * stands behind it stay together, for data= to read; in single quotes it is a letter like others.
 */
static bool take_word(struct recipe_file *file, struct bytes *line, unsigned number,
                      struct err *err)
{
    size_t i = 0;
    uint8_t quote = 0;
    for (; i < line->len && (quote || !blank(line->at[i])); i++) {
        uint8_t c = line->at[i];
        if (c == '\0')
            return refuse(file, number, "a byte of 0: this is no text file", err);
        if (c == '\\' && quote != '\'' && i + 1 < line->len && line->at[i + 1] != '\0') {
            text_char(&file->text, (char)c);
            c = line->at[++i];
        } else if (quote ? c == quote : c == '"' || c == '\'') {
            quote = quote ? 0 : c;
            continue;
        }
        text_char(&file->text, (char)c);
    }
    if (quote)
        return refuse(file, number, "a quote begins here that does not end on this line", err);
    text_char(&file->text, '\0');
    *line = bytes_part(*line, i, line->len);
    return true;
}

static bool take_line(struct recipe_file *file, struct bytes line, unsigned number, struct err *err)
{
    for (;;) {
        while (line.len && blank(line.at[0]))
            line = bytes_part(line, 1, line.len);
        if (!line.len || line.at[0] == '#')
            return true;
        if (file->count == RECIPE_FILE_WORDS)
            return refuse(file, number, "more words than any recipe has", err);
        file->each[file->count].line = number;
        file->each[file->count].at = file->text.len;
        if (!take_word(file, &line, number, err))
            return false;
        file->count++;
    }
}

bool recipe_file_read(struct recipe_file *file, const char *name, struct bytes text,
                      struct err *err)
{
    static const uint8_t mark[] = {0xef, 0xbb, 0xbf}; /* U+FEFF, as some editors begin a file */
    *file = (struct recipe_file){0};
    set_name(file, name);
    if (bytes_equal(bytes_part(text, 0, sizeof mark), (struct bytes){mark, sizeof mark}))
        text = bytes_part(text, sizeof mark, text.len);
    for (unsigned number = 1; text.len; number++) {
        const uint8_t *end = memchr(text.at, '\n', text.len);
        size_t len = end ? (size_t)(end - text.at) : text.len;
        if (!take_line(file, bytes_part(text, 0, len), number, err))
            return false;
        text = bytes_part(text, end ? len + 1 : len, text.len);
    }
    return true;
}
