/*
 * counters.c: reads /proc/net/snmp, netstat and snmp6 (net/ipv4/proc.c, net/ipv6/proc.c).
 *
 * They tell of the network namespace in which they were opened, wherever they are read.
 */
#include "counters.h"

#include <fcntl.h>
#include <unistd.h>

enum { FILE_MOST = 64 * 1024 }; /* netstat, the longest, has about 5,000 bytes */

static const struct {
    const char *path;
    bool optional; /* a kernel without IPv6 has none */
    void (*parse)(struct counters *counters, struct bytes text);
} sources[COUNTERS_FILES] = {
    {"/proc/net/snmp", false, counters_parse_table},
    {"/proc/net/netstat", false, counters_parse_table},
    {"/proc/net/snmp6", true, counters_parse_list},
};

bool counter_files_open(struct counter_files *files)
{
    bool good = true;
    for (size_t i = 0; i < COUNTERS_FILES; i++) {
        files->fd[i] = open(sources[i].path, O_RDONLY | O_CLOEXEC);
        good = good && (files->fd[i] >= 0 || sources[i].optional);
    }
    return good;
}

void counter_files_close(struct counter_files *files)
{
    for (size_t i = 0; i < COUNTERS_FILES; i++)
        if (files->fd[i] >= 0)
            close(files->fd[i]);
}

/* All of a file; how much in *len. A file that does not end within FILE_MOST is not believed. */
static bool read_all(int fd, uint8_t *buffer, size_t *len)
{
    *len = 0;
    while (*len < FILE_MOST) {
        ssize_t got = pread(fd, buffer + *len, FILE_MOST - *len, (off_t)*len);
        if (got <= 0)
            return got == 0;
        *len += (size_t)got;
    }
    return false;
}

bool counter_files_read(const struct counter_files *files, struct counters *counters)
{
    uint8_t buffer[FILE_MOST];
    counters->count = 0;
    for (size_t i = 0; i < COUNTERS_FILES; i++) {
        size_t len;
        if (files->fd[i] < 0 && sources[i].optional)
            continue;
        if (files->fd[i] < 0 || !read_all(files->fd[i], buffer, &len))
            return false;
        sources[i].parse(counters, (struct bytes){buffer, len});
    }
    return true;
}

/* --- parse ------------------------------------------------------------------------ */

/* Takes the next line off, without its newline; false when there is nothing left. */
static bool next_line(struct bytes *text, struct bytes *line)
{
    const uint8_t *end = text->len ? memchr(text->at, '\n', text->len) : NULL;
    size_t len = end ? (size_t)(end - text->at) : text->len;
    *line = bytes_part(*text, 0, len);
    bool any = text->len > 0;
    *text = bytes_part(*text, len + (end != NULL), text->len);
    return any;
}

/* Takes the next word off, blanks and tabs around it; empty at the end. */
static struct bytes next_word(struct bytes *line)
{
    size_t from = 0, to;
    while (from < line->len && (line->at[from] == ' ' || line->at[from] == '\t'))
        from++;
    for (to = from; to < line->len && line->at[to] != ' ' && line->at[to] != '\t';)
        to++;
    struct bytes word = bytes_part(*line, from, to - from);
    *line = bytes_part(*line, to, line->len);
    return word;
}

/* Decimal, 64 bits, perhaps with a minus. */
static bool read_value(struct bytes word, uint64_t *value)
{
    bool minus = word.len > 1 && word.at[0] == '-';
    *value = 0;
    for (size_t i = minus; i < word.len; i++) {
        unsigned digit = word.at[i] - (unsigned)'0';
        if (digit > 9 || *value > (UINT64_MAX - digit) / 10)
            return false;
        *value = *value * 10 + digit;
    }
    if (minus)
        *value = 0 - *value;
    return word.len > minus;
}

/* Letters and digits alone: so has the kernel named them all, and so they can be printed. */
static bool append_name(char *name, size_t *len, struct bytes word)
{
    if (word.len >= WITNESS_NAME - *len)
        return false;
    for (size_t i = 0; i < word.len; i++) {
        uint8_t c = word.at[i];
        bool fine = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                    c == '_';
        if (!fine)
            return false;
        name[(*len)++] = (char)c;
    }
    name[*len] = '\0';
    return true;
}

static void add(struct counters *counters, struct bytes prefix, struct bytes name,
                struct bytes number)
{
    if (counters->count == COUNTERS_MOST)
        return;
    struct counter *counter = &counters->each[counters->count];
    size_t len = 0;
    if (name.len && append_name(counter->name, &len, prefix) &&
        append_name(counter->name, &len, name) && read_value(number, &counter->value))
        counters->count++;
}

void counters_parse_table(struct counters *counters, struct bytes text)
{
    struct bytes names, numbers;
    while (next_line(&text, &names) && next_line(&text, &numbers)) {
        struct bytes prefix = next_word(&names), same = next_word(&numbers), name;
        if (!bytes_equal(prefix, same) || prefix.len < 2 || prefix.at[prefix.len - 1] != ':')
            return; /* out of step: what follows can't be trusted */
        prefix.len--;
        while ((name = next_word(&names)).len)
            add(counters, prefix, name, next_word(&numbers));
    }
}

void counters_parse_list(struct counters *counters, struct bytes text)
{
    struct bytes line;
    while (next_line(&text, &line)) {
        struct bytes name = next_word(&line);
        add(counters, (struct bytes){0}, name, next_word(&line));
    }
}

const struct counter *counters_find(const struct counters *counters, const char *name, size_t at)
{
    if (at < counters->count && strcmp(counters->each[at].name, name) == 0)
        return &counters->each[at];
    for (size_t i = 0; i < counters->count; i++)
        if (strcmp(counters->each[i].name, name) == 0)
            return &counters->each[i];
    return NULL;
}
