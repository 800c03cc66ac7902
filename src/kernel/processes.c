/*
 * processes.c: which process holds a socket: every process's descriptors are looked at, once.
 *
 * All that is read here was written by others, and is copied no further than its buffer.
 */
#include <loopcraft/processes.h>

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char deleted[] = " (deleted)"; /* what the kernel puts behind the path: d_path() */

static int by_inode(const void *a, const void *b)
{
    const struct holder *x = a, *y = b;
    return x->inode < y->inode ? -1 : x->inode > y->inode;
}

/* "socket:[4026]" to 4026; 0 for all other links. */
static uint32_t socket_inode(const char *link)
{
    static const char start[] = "socket:[";
    if (strncmp(link, start, sizeof start - 1) != 0)
        return 0;
    char *end;
    unsigned long inode = strtoul(link + sizeof start - 1, &end, 10);
    return *end == ']' && inode <= UINT32_MAX ? (uint32_t)inode : 0;
}

/* --- one process ------------------------------------------------------------------- */

/* A file of the process's folder, as far as it fits; 0 bytes between words become spaces, and what
 * is left out "...". */
static void read_words(int folder, const char *name, char *to, size_t size)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, to, size - 1);
    char more[2]; /* beyond the 0 byte that may end it */
    bool cut = len == (ssize_t)size - 1 && read(fd, more, sizeof more) > (to[len - 1] != '\0');
    if (fd >= 0)
        close(fd);
    len = len < 0 ? 0 : len;
    while (len && (to[len - 1] == '\0' || to[len - 1] == '\n'))
        len--;
    for (ssize_t i = 0; i < len; i++)
        if (to[i] == '\0')
            to[i] = ' ';
    to[len] = '\0';
    if (cut)
        strcpy(to + (len < (ssize_t)size - 4 ? len : (ssize_t)size - 4), "...");
}

static void take(struct holder *holder, int pid, int folder)
{
    holder->pid = pid;
    ssize_t len = readlinkat(folder, "exe", holder->path, sizeof holder->path - 1);
    holder->path[len < 0 ? 0 : len] = '\0';
    read_words(folder, "comm", holder->name, sizeof holder->name);
    read_words(folder, "cmdline", holder->command, sizeof holder->command);
}

struct search {
    struct holder *holders;
    size_t count;
    struct processes_seen *seen;
    size_t links;
};

struct holder *holder_find(struct holder *holders, size_t count, uint32_t inode)
{
    struct holder key = {.inode = inode};
    struct holder *at = count ? bsearch(&key, holders, count, sizeof key, by_inode) : NULL;
    while (at && at > holders && at[-1].inode == inode)
        at--;
    return at;
}

/* All of them with this inode: the same socket may have been asked for twice. */
static void found(struct search *s, uint32_t inode, int pid, int folder)
{
    struct holder *at = holder_find(s->holders, s->count, inode);
    for (; at && at < s->holders + s->count && at->inode == inode; at++) {
        if (at->pid == pid)
            continue; /* two descriptors of one socket */
        at->more += at->pid != 0;
        if (at->pid == 0 || at->pid == 1)
            take(at, pid, folder);
    }
}

static void look_into(struct search *s, int pid, int folder)
{
    int fds = openat(folder, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fds < 0 ? NULL : fdopendir(fds);
    if (!dir) {
        if (fds >= 0)
            close(fds);
        s->seen->closed++;
        return;
    }
    s->seen->opened++;
    const struct dirent *entry;
    while ((entry = readdir(dir)) && !s->seen->cut) {
        char link[64];
        ssize_t len = readlinkat(dirfd(dir), entry->d_name, link, sizeof link - 1);
        s->seen->cut = ++s->links >= LINKS_MOST;
        if (len <= 0)
            continue;
        link[len] = '\0';
        uint32_t inode = socket_inode(link);
        if (inode)
            found(s, inode, pid, folder);
    }
    closedir(dir);
}

/* --- all processes ------------------------------------------------------------------ */

void processes_find(struct holder *holders, size_t count, struct processes_seen *seen)
{
    struct search s = {.holders = holders, .count = count, .seen = seen};
    *seen = (struct processes_seen){0};
    if (count) /* qsort may not be given the NULL of an empty list */
        qsort(holders, count, sizeof *holders, by_inode);
    DIR *proc = opendir("/proc");
    const struct dirent *entry;
    while (proc && (entry = readdir(proc)) && !seen->cut) {
        long pid = strtol(entry->d_name, NULL, 10); /* 0 for "self", "net" ... */
        if (!isdigit((unsigned char)entry->d_name[0]) || pid < 1 || pid > INT_MAX)
            continue;
        int folder = openat(dirfd(proc), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder < 0)
            continue; /* it has just ended */
        look_into(&s, (int)pid, folder);
        close(folder);
    }
    if (proc)
        closedir(proc);
}

/* --- what they are called -------------------------------------------------------------- */

bool holder_deleted(const struct holder *holder)
{
    size_t len = strlen(holder->path), end = sizeof deleted - 1;
    return len > end && strcmp(holder->path + len - end, deleted) == 0;
}

void holder_program(const struct holder *holder, struct text *out)
{
    size_t len = strlen(holder->path) - (holder_deleted(holder) ? sizeof deleted - 1 : 0);
    size_t from = len;
    while (from && holder->path[from - 1] != '/')
        from--;
    text_put_n(out, holder->path + from, len - from);
    if (len == 0) /* its file can't be read: what it calls itself */
        text_put(out, holder->name);
}

bool user_name(uint32_t uid, struct text *out)
{
    FILE *file = fopen("/etc/passwd", "re");
    struct passwd entry, *user = NULL;
    char buffer[4096];
    while (file && fgetpwent_r(file, &entry, buffer, sizeof buffer, &user) == 0)
        if (user->pw_uid == uid) {
            text_put(out, user->pw_name);
            break;
        }
    if (file)
        fclose(file);
    return user && user->pw_uid == uid;
}
