/* shell.c: the user's shell, with a prompt that says "(sandbox)". */
#include "shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * bash's own start file would set PS1 anew, so this one is read instead: it reads that one
 * first. It closes its descriptor, which must outlive the exec.
 */
static void shell_bash(struct shell *shell)
{
    int fd = memfd_create("loopcraft-bashrc", 0);
    if (fd < 0)
        return;
    dprintf(fd, "[ -r ~/.bashrc ] && . ~/.bashrc\n"
                "PS1=\"(sandbox) $PS1\"\n"
                "exec %d<&-\n", fd);
    snprintf(shell->rc, sizeof shell->rc, "/proc/self/fd/%d", fd);
    shell->argv[1] = "--rcfile";
    shell->argv[2] = shell->rc;
}

void shell_command(struct shell *shell)
{
    char *path = getenv("SHELL");
    if (!path || access(path, X_OK) != 0)
        path = "/bin/sh";
    *shell = (struct shell){.argv = {path}};
    setenv("PS1", geteuid() == 0 ? "(sandbox) # " : "(sandbox) $ ", 1);
    const char *slash = strrchr(path, '/');
    if (strcmp(slash ? slash + 1 : path, "bash") == 0)
        shell_bash(shell);
}
