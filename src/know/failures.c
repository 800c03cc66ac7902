/*
 * failures.c: why a name has no answer: a DNS server's reply codes (RFC 1035, 4.1.1; RFC 2308, 2),
 * the errors of getaddrinfo(3), and what never became an answer.
 */
#include "glossary.h"

#include <stddef.h>

const struct word words_failures[] = {
    {"NXDOMAIN", NULL, "there is no such name at all, of whatever type", "RFC 2308, 2.1"},
    {"NODATA", NULL, "the name is there, and has nothing of this type", "RFC 2308, 2.2"},
    {"FORMERR", NULL, "the server can't read the question", "RFC 1035, 4.1.1"},
    {"SERVFAIL", NULL, "the server has trouble of its own, or those that it asks have",
     "RFC 1035, 4.1.1"},
    {"NOTIMP", NULL, "the server can't do that", "RFC 1035, 4.1.1"},
    {"REFUSED", NULL, "the server does not want to: it may serve other names, or other people",
     "RFC 1035, 4.1.1"},
    {"malformed", NULL, "what came back can't be read as an answer", "loopcraft"},
    {"unknown-service", NULL,
     "neither the program's table nor the system's services database has it", "services(5)"},
    {"EAI_NONAME", NULL, "the system's resolver knows no such name", "getaddrinfo(3)"},
    {"EAI_NODATA", NULL, "the name is known, and has no address", "getaddrinfo(3)"},
    {"EAI_ADDRFAMILY", NULL, "the name is known, and has no address of this family",
     "getaddrinfo(3)"},
    {"EAI_AGAIN", NULL, "no server could be reached that would know, or it has trouble just now",
     "getaddrinfo(3)"},
    {"EAI_FAIL", NULL, "a server that was asked failed, and will again", "getaddrinfo(3)"},
    {"EAI_OVERFLOW", NULL, "no name is so long", "getaddrinfo(3)"},
    {"EAI_SYSTEM", NULL, "the system's resolver failed", "getaddrinfo(3)"},
    {0},
};
