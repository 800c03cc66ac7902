/* services.c: names of ports. */
#include <loopcraft/services.h>

#include <loopcraft/advice.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <nss.h>
#include <stddef.h>
#include <string.h>

/* /etc/services alone is read: no directory on a network is asked (nsswitch.conf(5)). */
static void files_only(void)
{
    __nss_configure_lookup("services", "files");
}

static void put_name(struct text *names, const char *name)
{
    text_escape(names, (struct bytes){(const uint8_t *)name, strlen(name)});
}

bool service_port(const char *name, const char *proto, uint16_t *port)
{
    const struct advice *row = NULL, *other = NULL;
    while ((row = advice_next(row))) {
        if (!advice_named(row, name))
            continue;
        *port = row->port;
        if (row->over & advice_over(proto))
            return true;
        other = row; /* "ntp", asked for over TCP: its number is the same */
    }
    char buffer[1024];
    struct servent entry, *found = NULL;
    files_only();
    if (getservbyname_r(name, proto, &entry, buffer, sizeof buffer, &found) == 0 && found)
        *port = ntohs((uint16_t)found->s_port);
    return found || other;
}

bool service_names(uint16_t port, const char *proto, struct text *names)
{
    char buffer[1024];
    struct servent entry, *found = NULL;
    files_only();
    if (getservbyport_r(htons(port), proto, &entry, buffer, sizeof buffer, &found) != 0 || !found)
        return false;
    put_name(names, found->s_name);
    for (char **alias = found->s_aliases; *alias; alias++) {
        text_char(names, ' ');
        put_name(names, *alias);
    }
    return true;
}

/* RFC 6335, 6. Linux takes 32768 to 60999 for its programs (ip(7), ip_local_port_range). */
static const char *class_words(uint16_t port)
{
    if (port == 0)
        return "reserved: no program can have it";
    if (port < 1024)
        return "a well-known port (0 to 1023)";
    if (port < 32768)
        return "a registered port (1024 to 49151)";
    if (port < 49152)
        return "a registered port; Linux lends it out as well";
    return "dynamic: lent to a program for a while";
}

const char *service_words(uint16_t port)
{
    const struct advice *row = advice_first(port);
    return row->port == port && row->name ? row->words : class_words(port);
}
