/* services.c: names of ports. */
#include <loopcraft/services.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <stddef.h>
#include <string.h>

/* The names that people type, for machines without /etc/services (IANA's service registry). */
static const struct { const char *name; uint16_t port; } services[] = {
    {"ftp", 21},     {"ssh", 22},    {"telnet", 23},     {"smtp", 25},       {"domain", 53},
    {"dns", 53},     {"http", 80},   {"pop3", 110},      {"ntp", 123},       {"imap", 143},
    {"ldap", 389},   {"https", 443}, {"submission", 587}, {"imaps", 993},    {"pop3s", 995},
    {"mysql", 3306}, {"rdp", 3389},  {"postgresql", 5432}, {"redis", 6379},  {"mongodb", 27017},
};

bool service_port(const char *name, const char *proto, uint16_t *port)
{
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (strcmp(services[i].name, name) == 0) {
            *port = services[i].port;
            return true;
        }
    }
    char buffer[1024];
    struct servent entry, *found = NULL;
    if (getservbyname_r(name, proto, &entry, buffer, sizeof buffer, &found) != 0 || !found)
        return false;
    *port = ntohs((uint16_t)found->s_port);
    return true;
}
