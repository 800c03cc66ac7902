/*
 * advice_rows.h: short words for the rows of the table of services.
 */
#ifndef KNOW_ADVICE_ROWS_H
#define KNOW_ADVICE_ROWS_H

#include <loopcraft/advice.h>

#include <stddef.h>

enum { TCP = OVER_TCP, UDP = OVER_UDP, BOTH = OVER_TCP | OVER_UDP };
enum {
    PLAINTEXT = SECRECY_PLAINTEXT,
    UPGRADABLE = SECRECY_UPGRADABLE,
    VARIES = SECRECY_VARIES,
    ENCRYPTED = SECRECY_ENCRYPTED
};

#endif
