/*
 * shell.h: the user's shell, with a prompt that says "(sandbox)".
 */
#ifndef SANDBOX_SHELL_H
#define SANDBOX_SHELL_H

struct shell {
    char *argv[4];
    char rc[32]; /* the path of bash's start file */
};

/*
 * The command for the user's shell. It sets PS1 for those that take it from the environment;
 * bash gets a start file of its own, in memory. To be called in the process that will exec.
 */
void shell_command(struct shell *shell);

#endif
