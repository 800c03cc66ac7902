/*
 * hints.c: a word that nobody knows, but whose shape tells what it was meant to be.
 *
 * Its shape: "9" for each run of digits, "a" for each other name, the rest as it stands, so that
 * "icmp 3/99" is "a 9/9".
 */
#include "hints.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { SHAPE_MOST = 24 };

static const char port[] = "ports go up to 65535";
static const char code[] = "ICMP has no such type and code; `loopcraft explain icmp 3` has the "
                           "codes of type 3";
static const char address[] = "an address is four numbers up to 255: 127.0.0.1";
static const char field[] = "`loopcraft fields PREFIX` lists the fields that there are";

static const struct {
    const char *shape, *hint;
} hints[] = {
    {"9", port},
    {"9/a", "a port is one of tcp or udp: 53/udp"},
    {"9-9", "one port at a time"},
    {"9/9", code},
    {"a 9/9", code},
    {"9.9", address},
    {"9.9.9", address},
    {"9.9.9.9", address},
    {"9.9.9.9.9", address},
    {"9.9.9.9:9", "behind an address up to 255.255.255.255 stands a port up to 65535"},
    {"9.9.9.9/9", "behind an address up to 255.255.255.255 stands a prefix length up to 32"},
    {"a.a", field},
    {"a.a.a", field},
    {NULL, NULL},
};

/* False: it is longer than any shape here. */
static bool shape_of(const char *word, char *shape)
{
    size_t len = 0;
    while (*word) {
        const char *from = word;
        if (len + 1 == SHAPE_MOST)
            return false;
        while (isalnum((unsigned char)*word) || *word == '_')
            word++;
        shape[len++] = word == from                                          ? *word++
                       : strspn(from, "0123456789") == (size_t)(word - from) ? '9'
                                                                             : 'a';
    }
    shape[len] = '\0';
    return true;
}

const char *hint_for(const char *word)
{
    char shape[SHAPE_MOST];
    if (!shape_of(word, shape))
        return NULL;
    for (size_t i = 0; hints[i].shape; i++)
        if (strcmp(hints[i].shape, shape) == 0)
            return hints[i].hint;
    return NULL;
}
