/* output.c: opens what is written, as the user who called sudo would have (promise 5). */
#include "file.h"

#include <loopcraft/caller.h>
#include <loopcraft/wire.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GROUPS_MOST = 256 }; /* of the caller's groups; the others do not count for a file */

struct ids {
    uid_t uid;
    gid_t gid;
    gid_t groups[GROUPS_MOST];
    int group_count;
};

/* Who called sudo, if this is root by sudo and another user called it. */
static bool ids_caller(struct ids *ids)
{
    if (!caller_ids(&ids->uid, &ids->gid))
        return false;
    const struct passwd *user = getpwuid(ids->uid);
    ids->group_count = GROUPS_MOST;
    if (!user || getgrouplist(user->pw_name, ids->gid, ids->groups, &ids->group_count) < 0) {
        ids->groups[0] = ids->gid;
        ids->group_count = 1;
    }
    return true;
}

static bool ids_now(struct ids *ids)
{
    ids->uid = geteuid();
    ids->gid = getegid();
    ids->group_count = getgroups(GROUPS_MOST, ids->groups);
    return ids->group_count >= 0;
}

/* Groups and gid may be set while the uid is root's alone: first on the way out, last back. */
static bool ids_become(const struct ids *ids)
{
    return setgroups((size_t)ids->group_count, ids->groups) == 0 && setegid(ids->gid) == 0 &&
           seteuid(ids->uid) == 0;
}

static bool ids_return(const struct ids *ids)
{
    return seteuid(ids->uid) == 0 && setegid(ids->gid) == 0 &&
           setgroups((size_t)ids->group_count, ids->groups) == 0;
}

static FILE *output_file(const char *path)
{
    int fd = file_is_standard(path)
                 ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
                 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "wb");
    int error = errno;
    if (!file && fd >= 0)
        close(fd);
    errno = error;
    return file;
}

/* Opens it as the caller; without the ids' change nothing is opened, so nothing is root's. */
static FILE *output_as(const struct ids *caller, const char *path, const char *name,
                       struct err *err)
{
    struct ids root;
    if (!ids_now(&root)) {
        err_system(err, "%s: can't tell this process's groups", name);
        return NULL;
    }
    FILE *file = NULL;
    int error = 0;
    bool became = ids_become(caller);
    if (became)
        file = output_file(path);
    error = errno;
    if (!ids_return(&root) && became) {
        err_system(err, "%s: can't become root again", name);
        if (file)
            fclose(file);
        return NULL;
    }
    if (!became)
        err_set(err, STATUS_SYSTEM, "%s: can't be opened as uid %lu, who called sudo: %s", name,
                (unsigned long)caller->uid, strerror(error));
    else if (!file)
        err_set(err, STATUS_SYSTEM, "%s: %s for uid %lu, who called sudo and would own it: "
                "name a file that user may write", name, strerror(error),
                (unsigned long)caller->uid);
    return file;
}

FILE *output_open(const char *path, struct err *err)
{
    struct text name = TEXT_EMPTY;
    struct ids caller;
    FILE *file;
    file_name(&name, path, "standard output");
    if (!file_is_standard(path) && ids_caller(&caller)) {
        file = output_as(&caller, path, text_string(&name), err);
    } else if (!(file = output_file(path))) {
        err_set(err, STATUS_SYSTEM, "%s: %s: name a file that can be written", text_string(&name),
                strerror(errno));
    }
    text_free(&name);
    return file;
}
