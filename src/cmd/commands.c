/* commands.c: the list of commands. */
#include "command.h"

#include <stddef.h>

const struct command *const commands[] = {
    /* in the order of the help */
    &command_handshake,
    &command_syn,
    &command_connect,
    &command_udp,
    &command_ping,
    &command_send,
    &command_scan,
    &command_dump,
    &command_diff,
    &command_audit,
    &command_watch,
    &command_explain,
    &command_resolve,
    &command_fields,
    &command_lab,
    &command_sandbox,
    NULL,
};
