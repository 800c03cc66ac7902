/* service_list.c: the names of all ports, for those who ask for many. */
#include <loopcraft/services.h>

#include <loopcraft/advice.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <nss.h>
#include <stdlib.h>
#include <string.h>

struct service_list {
    char *names[2][65536]; /* of TCP, of UDP; owned, printable */
};

/* The first name counts: the program's own, then the system's. */
static void name_port(struct service_list *list, uint16_t port, unsigned over, const char *name)
{
    for (size_t k = 0; k < 2; k++) {
        bool meant = over & (k == 0 ? OVER_TCP : OVER_UDP);
        struct text safe = TEXT_EMPTY;
        if (!meant || list->names[k][port])
            continue;
        text_escape(&safe, (struct bytes){(const uint8_t *)name, strlen(name)});
        list->names[k][port] = safe.at; /* NULL for an empty one */
    }
}

struct service_list *service_list_open(void)
{
    struct service_list *list = calloc(1, sizeof *list);
    char buffer[1024];
    struct servent entry, *found = NULL;
    if (!list)
        abort();
    for (const struct advice *row = NULL; (row = advice_next(row));)
        name_port(list, row->port, row->over, row->name);
    __nss_configure_lookup("services", "files"); /* no directory on a network is asked */
    setservent(1);
    while (getservent_r(&entry, buffer, sizeof buffer, &found) == 0 && found)
        name_port(list, ntohs((uint16_t)found->s_port), advice_over(found->s_proto), found->s_name);
    endservent();
    return list;
}

void service_list_close(struct service_list *list)
{
    for (size_t k = 0; list && k < 2; k++)
        for (size_t i = 0; i < 65536; i++)
            free(list->names[k][i]);
    free(list);
}

const char *service_list_name(const struct service_list *list, uint16_t port, const char *proto)
{
    const char *name = list->names[advice_over(proto) == OVER_UDP][port];
    return name ? name : "";
}
