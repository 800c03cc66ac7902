/* beacon.c: an abstract Unix socket that says "this is a sandbox". */
#include "beacon.h"

#include "namespace.h"

#include <loopcraft/sandbox.h>

#include <stddef.h>
#include <string.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static socklen_t beacon_address(struct sockaddr_un *address)
{
    static const char name[] = "\0loopcraft-sandbox";
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(address->sun_path, name, sizeof name - 1);
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + sizeof name - 1);
}

bool beacon_open(int *fd, struct err *err)
{
    struct sockaddr_un address;
    socklen_t len = beacon_address(&address);
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0 || bind(*fd, (struct sockaddr *)&address, len) != 0 || listen(*fd, 128) != 0)
        return err_system(err, "can't open the sandbox: its socket @loopcraft-sandbox");
    return true;
}

void beacon_greet(int fd)
{
    int caller = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    if (caller >= 0)
        close(caller);
}

bool beacon_answers(struct ucred *who)
{
    struct sockaddr_un address;
    socklen_t len = beacon_address(&address), who_len = sizeof *who;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    /* A stopped init does not empty its queue: do not wait for it for ever. */
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &(struct timeval){.tv_sec = 1}, sizeof(struct timeval));
    bool answers = connect(fd, (struct sockaddr *)&address, len) == 0 &&
                   getsockopt(fd, SOL_SOCKET, SO_PEERCRED, who, &who_len) == 0;
    close(fd);
    return answers;
}

/*
 * Ids are mapped to themselves, so that init's uid reads as ours in the user namespace too.
 * In a user namespace made *inside* a sandbox, an outer root reads as the overflow uid:
 * then the answer is no, and a sandbox of one's own is made there.
 */
bool sandbox_here(void)
{
    struct ucred who;
    return beacon_answers(&who) && (who.uid == geteuid() || who.uid == 0) && namespace_lo_only();
}
