/*
 * processes.h: which process holds a socket, by /proc (proc_pid_fd(5)).
 *
 * Without privilege only one's own processes can be looked into. All texts are foreign: a process
 * chooses its name and its command line, and whoever made the file its path.
 */
#ifndef LOOPCRAFT_PROCESSES_H
#define LOOPCRAFT_PROCESSES_H

#include <loopcraft/text.h>

#include <stdint.h>

enum { HOLDER_PATH = 256, HOLDER_NAME = 32, HOLDER_COMMAND = 256 };

/* A socket, and who has it open. */
struct holder {
    uint32_t inode;               /* the question: the socket's (socket_info) */
    int pid;                      /* 0: no process that could be looked into */
    unsigned more;                /* other processes that hold it too */
    char path[HOLDER_PATH];       /* the program's file; "" when it can't be read */
    char name[HOLDER_NAME];       /* comm */
    char command[HOLDER_COMMAND]; /* the command line, spaces between its words; cut: "..." */
};

/* How far the look reached. */
struct processes_seen {
    unsigned opened, closed; /* processes that could be looked into, and that could not */
    bool cut;                /* there were more descriptors than are looked at: LINKS_MOST */
};

enum { LINKS_MOST = 1000000 };

/*
 * Fills in who holds each of these sockets, and sorts them by inode. Of several processes the one
 * with the lowest number, which mostly is the parent of the others; the first process of all only
 * if there is no other, for it holds sockets on behalf of servers that it starts
 * (systemd.socket(5)).
 */
void processes_find(struct holder *holders, size_t count, struct processes_seen *seen);

/* The first of the sorted holders with this inode, or NULL. */
struct holder *holder_find(struct holder *holders, size_t count, uint32_t inode);

/* The last part of the path of the holder's program, "" when unknown; foreign. */
void holder_program(const struct holder *holder, struct text *out);

/* Is the program's file gone, or another one by now? */
bool holder_deleted(const struct holder *holder);

/* A user's name by /etc/passwd alone; no directory on a network is asked. False: it has none. */
bool user_name(uint32_t uid, struct text *out);

#endif
