/* services.c: names of ports. */
#include <loopcraft/services.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <stddef.h>
#include <string.h>

/*
 * By IANA's service registry, in the order of the ports. (A static table can't call a function.)
 */
#define WELL_KNOWN(port_, name_)                  \
    {                                             \
        port_, name_, name_ ": a well-known port" \
    }
#define REGISTERED(port_, name_)                  \
    {                                             \
        port_, name_, name_ ": a registered port" \
    }
static const struct service {
    uint16_t port;
    const char *name, *words;
} services[] = {
    WELL_KNOWN(7, "echo"),
    WELL_KNOWN(9, "discard"),
    WELL_KNOWN(13, "daytime"),
    WELL_KNOWN(19, "chargen"),
    WELL_KNOWN(20, "ftp-data"),
    WELL_KNOWN(21, "ftp"),
    WELL_KNOWN(22, "ssh"),
    WELL_KNOWN(23, "telnet"),
    WELL_KNOWN(25, "smtp"),
    WELL_KNOWN(37, "time"),
    WELL_KNOWN(43, "whois"),
    WELL_KNOWN(53, "domain"),
    WELL_KNOWN(67, "bootps"),
    WELL_KNOWN(68, "bootpc"),
    WELL_KNOWN(69, "tftp"),
    WELL_KNOWN(79, "finger"),
    WELL_KNOWN(80, "http"),
    WELL_KNOWN(88, "kerberos"),
    WELL_KNOWN(110, "pop3"),
    WELL_KNOWN(111, "sunrpc"),
    WELL_KNOWN(119, "nntp"),
    WELL_KNOWN(123, "ntp"),
    WELL_KNOWN(135, "epmap"),
    WELL_KNOWN(137, "netbios-ns"),
    WELL_KNOWN(138, "netbios-dgm"),
    WELL_KNOWN(139, "netbios-ssn"),
    WELL_KNOWN(143, "imap"),
    WELL_KNOWN(161, "snmp"),
    WELL_KNOWN(162, "snmptrap"),
    WELL_KNOWN(179, "bgp"),
    WELL_KNOWN(389, "ldap"),
    WELL_KNOWN(443, "https"),
    WELL_KNOWN(445, "microsoft-ds"),
    WELL_KNOWN(465, "submissions"),
    WELL_KNOWN(500, "isakmp"),
    WELL_KNOWN(546, "dhcpv6-client"),
    WELL_KNOWN(547, "dhcpv6-server"),
    WELL_KNOWN(587, "submission"),
    WELL_KNOWN(631, "ipp"),
    WELL_KNOWN(636, "ldaps"),
    WELL_KNOWN(853, "domain-s"),
    WELL_KNOWN(873, "rsync"),
    WELL_KNOWN(993, "imaps"),
    WELL_KNOWN(995, "pop3s"),
    REGISTERED(1080, "socks"),
    REGISTERED(1194, "openvpn"),
    REGISTERED(1433, "ms-sql-s"),
    REGISTERED(1883, "mqtt"),
    REGISTERED(2049, "nfs"),
    REGISTERED(3128, "ndl-aas"),
    REGISTERED(3306, "mysql"),
    REGISTERED(3389, "ms-wbt-server"),
    REGISTERED(4789, "vxlan"),
    REGISTERED(5060, "sip"),
    REGISTERED(5353, "mdns"),
    REGISTERED(5355, "llmnr"),
    REGISTERED(5432, "postgresql"),
    REGISTERED(5672, "amqp"),
    REGISTERED(6379, "redis"),
    REGISTERED(8080, "http-alt"),
    REGISTERED(8443, "pcsync-https"),
    REGISTERED(11211, "memcache"),
    REGISTERED(27017, "mongodb"),
};

/* What people type as well. */
static const struct {
    const char *name;
    uint16_t port;
} nicknames[] = {{"dns", 53}, {"rdp", 3389}};

bool service_port(const char *name, const char *proto, uint16_t *port)
{
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (strcmp(services[i].name, name) == 0) {
            *port = services[i].port;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof nicknames / sizeof nicknames[0]; i++) {
        if (strcmp(nicknames[i].name, name) == 0) {
            *port = nicknames[i].port;
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
    size_t from = 0, to = sizeof services / sizeof services[0];
    if (port > services[to - 1].port)
        return class_words(port);
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (services[middle].port == port)
            return services[middle].words;
        if (services[middle].port < port)
            from = middle + 1;
        else
            to = middle;
    }
    return class_words(port);
}
