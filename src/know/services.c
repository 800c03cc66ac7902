/* services.c: names of ports. */
#include <loopcraft/services.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <stddef.h>
#include <stdlib.h>
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

/* --- from number to name --------------------------------------------------------- */

struct service_list {
    char *names[2][65536]; /* of tcp, of udp */
};

static size_t table_of(const char *proto)
{
    return strcmp(proto, "udp") == 0;
}

struct service_list *service_list_open(void)
{
    struct service_list *all = calloc(1, sizeof *all);
    char buffer[1024];
    struct servent entry, *found = NULL;
    if (!all)
        abort();
    setservent(1);
    while (getservent_r(&entry, buffer, sizeof buffer, &found) == 0 && found) {
        bool known = strcmp(found->s_proto, "tcp") == 0 || strcmp(found->s_proto, "udp") == 0;
        char **name = &all->names[table_of(found->s_proto)][ntohs((uint16_t)found->s_port)];
        if (known && !*name)
            *name = strdup(found->s_name);
    }
    endservent();
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
        for (size_t k = 0; k < 2; k++)
            if (!all->names[k][services[i].port])
                all->names[k][services[i].port] = strdup(services[i].name);
    return all;
}

void service_list_close(struct service_list *all)
{
    for (size_t k = 0; all && k < 2; k++)
        for (size_t i = 0; i < 65536; i++)
            free(all->names[k][i]);
    free(all);
}

const char *service_list_name(const struct service_list *all, uint16_t port, const char *proto)
{
    const char *name = all->names[table_of(proto)][port];
    return name ? name : "";
}
