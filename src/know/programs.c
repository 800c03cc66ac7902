/*
 * programs.c: programs by the name of their file, and the services that they are usual for.
 *
 * Names: the file lists of Debian's packages, and what upstreams install. Services: the names of
 * rows in advice_system.c and advice_user.c.
 */
#include <loopcraft/programs.h>

#include <stddef.h>
#include <string.h>

#define WEB   "http https http-alt https-alt irdmi hbci commplex-main jupyter prometheus squid"
#define MAIL  "smtp submission submissions"
#define NAMES "domain domain-s"

enum {
    SERVER = PROGRAM_SERVER,
    ANY = PROGRAM_ANY,
    INTERPRETER = PROGRAM_INTERPRETER,
    TOOL = PROGRAM_TOOL,
    SHELL = PROGRAM_SHELL
};

const struct program programs[] = {
    /* hold ports for others: socket activation, containers, proxies of any connection */
    {"systemd", ANY, NULL},
    {"inetd", ANY, NULL},
    {"xinetd", ANY, NULL},
    {"docker-proxy", ANY, NULL},
    {"rootlessport", ANY, NULL},
    {"slirp4netns", ANY, NULL},
    {"pasta", ANY, NULL},
    {"haproxy", ANY, NULL},
    {"envoy", ANY, NULL},
    {"stunnel", ANY, NULL},
    {"ssh", ANY, NULL}, /* ssh -L, -D */

    {"sshd", SERVER, "ssh"},
    {"sshd-session", SERVER, "ssh"},
    {"dropbear", SERVER, "ssh"},
    {"tinysshd", SERVER, "ssh"},
    {"nginx", SERVER, WEB " " MAIL " imap imaps pop3 pop3s"},
    {"apache2", SERVER, WEB},
    {"httpd", SERVER, WEB},
    {"lighttpd", SERVER, WEB},
    {"caddy", SERVER, WEB},
    {"traefik", SERVER, WEB},
    {"varnishd", SERVER, WEB},
    {"squid", SERVER, WEB},
    {"loopcraft", SERVER, "http-alt"}, /* the sandbox's practice server */
    {"vsftpd", SERVER, "ftp ftps ftp-data"},
    {"proftpd", SERVER, "ftp ftps ftp-data ssh"},
    {"pure-ftpd", SERVER, "ftp ftps ftp-data"},
    {"telnetd", SERVER, "telnet"},
    {"in.telnetd", SERVER, "telnet"},
    {"in.tftpd", SERVER, "tftp"},
    {"exim", SERVER, MAIL},
    {"sendmail", SERVER, MAIL},
    {"smtpd", SERVER, MAIL},
    {"master", SERVER, MAIL}, /* Postfix */
    {"dovecot", SERVER, "imap imaps pop3 pop3s submission submissions"},
    {"named", SERVER, NAMES " https"},
    {"unbound", SERVER, NAMES " https"},
    {"knotd", SERVER, NAMES},
    {"kresd", SERVER, NAMES " https"},
    {"pdns_server", SERVER, NAMES},
    {"pdns_recursor", SERVER, NAMES},
    {"coredns", SERVER, NAMES " https"},
    {"dnsmasq", SERVER, "domain bootps tftp dhcpv6-server"},
    {"systemd-resolve", SERVER, "domain llmnr mdns"},
    {"systemd-resolved", SERVER, "domain llmnr mdns"},
    {"avahi-daemon", SERVER, "mdns"},
    {"chronyd", SERVER, "ntp"},
    {"ntpd", SERVER, "ntp"},
    {"systemd-timesyncd", SERVER, "ntp"},
    {"dhclient", SERVER, "bootpc dhcpv6-client"},
    {"dhcpcd", SERVER, "bootpc dhcpv6-client"},
    {"systemd-networkd", SERVER, "bootpc dhcpv6-client bootps"},
    {"NetworkManager", SERVER, "bootpc dhcpv6-client"},
    {"dhcpd", SERVER, "bootps dhcpv6-server"},
    {"rpcbind", SERVER, "sunrpc"},
    {"smbd", SERVER, "microsoft-ds netbios-ssn"},
    {"nmbd", SERVER, "netbios-ns netbios-dgm"},
    {"slapd", SERVER, "ldap ldaps"},
    {"snmpd", SERVER, "snmp"},
    {"snmptrapd", SERVER, "snmptrap"},
    {"rsyslogd", SERVER, "syslog syslog-tls"},
    {"syslog-ng", SERVER, "syslog syslog-tls"},
    {"rsync", SERVER, "rsync"},
    {"cupsd", SERVER, "ipp"},
    {"mysqld", SERVER, "mysql"},
    {"mariadbd", SERVER, "mysql"},
    {"postgres", SERVER, "postgresql"},
    {"mongod", SERVER, "mongodb"},
    {"mongos", SERVER, "mongodb"},
    {"redis-server", SERVER, "redis"},
    {"redis-check-rdb", SERVER, "redis"}, /* redis-server is a link to it */
    {"valkey-server", SERVER, "redis"},
    {"valkey-check-rdb", SERVER, "redis"},
    {"memcached", SERVER, "memcache"},
    {"influxd", SERVER, "influxdb"},
    {"etcd", SERVER, "etcd-client"},
    {"mosquitto", SERVER, "mqtt secure-mqtt"},
    {"nats-server", SERVER, "nats"},
    {"epmd", SERVER, "epmd"},
    {"dockerd", SERVER, "docker docker-s"},
    {"kubelet", SERVER, "kubelet"},
    {"kube-apiserver", SERVER, "kubernetes"},
    {"openvpn", SERVER, "openvpn https"},
    {"charon", SERVER, "isakmp ipsec-nat-t"},
    {"pluto", SERVER, "isakmp ipsec-nat-t"},
    {"prosody", SERVER, "xmpp-client xmpp-server"},
    {"asterisk", SERVER, "sip sips"},
    {"turnserver", SERVER, "stun"},
    {"xrdp", SERVER, "ms-wbt-server"},
    {"Xorg", SERVER, "x11"},
    {"Xvnc", SERVER, "rfb x11"},
    {"Xtigervnc", SERVER, "rfb x11"},
    {"x11vnc", SERVER, "rfb"},
    {"grafana", SERVER, "hbci"},
    {"prometheus", SERVER, "prometheus"},
    {"ollama", SERVER, "ollama"},
    {"zabbix_agentd", SERVER, "zabbix-agent"},

    {"python", INTERPRETER, WEB},
    {"pypy", INTERPRETER, WEB},
    {"perl", INTERPRETER, WEB},
    {"ruby", INTERPRETER, WEB},
    {"php", INTERPRETER, WEB},
    {"node", INTERPRETER, WEB},
    {"nodejs", INTERPRETER, WEB},
    {"deno", INTERPRETER, WEB},
    {"bun", INTERPRETER, WEB},
    {"java", INTERPRETER, WEB " elasticsearch kafka cassandra zookeeper"},
    {"dotnet", INTERPRETER, WEB},
    {"mono", INTERPRETER, WEB},
    {"lua", INTERPRETER, WEB},
    {"beam.smp", INTERPRETER, WEB " amqp amqps epmd xmpp-client xmpp-server"},

    {"ncat", TOOL, NULL},
    {"nc", TOOL, NULL},
    {"nc.openbsd", TOOL, NULL},
    {"nc.traditional", TOOL, NULL},
    {"netcat", TOOL, NULL},
    {"socat", TOOL, NULL},
    {"busybox", TOOL, NULL},

    {"sh", SHELL, NULL},
    {"bash", SHELL, NULL},
    {"rbash", SHELL, NULL},
    {"dash", SHELL, NULL},
    {"ash", SHELL, NULL},
    {"ksh", SHELL, NULL},
    {"mksh", SHELL, NULL},
    {"zsh", SHELL, NULL},
    {"fish", SHELL, NULL},
    {"csh", SHELL, NULL},
    {"tcsh", SHELL, NULL},
    {"pwsh", SHELL, NULL},
    {0},
};

static const struct program *find(const char *name, size_t len)
{
    for (const struct program *p = programs; p->name; p++)
        if (strlen(p->name) == len && strncmp(p->name, name, len) == 0)
            return p;
    return NULL;
}

const struct program *program_find(const char *name)
{
    size_t len = strlen(name);
    const struct program *found = find(name, len);
    while (len && strchr("0123456789.-", name[len - 1])) /* "python3.11", "exim4" */
        len--;
    return found || !len ? found : find(name, len);
}

/* Is the service one of the program's? */
static bool serves(const struct program *program, const char *service)
{
    size_t len = strlen(service);
    for (const char *at = program->services; at && *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == len && strncmp(at, service, len) == 0)
            return true;
        at += word;
    }
    return false;
}

enum fit program_fit(const char *name, const struct advice *advice)
{
    const struct program *program = program_find(name);
    if (program && program->kind == PROGRAM_SHELL)
        return FIT_SHELL;
    if (program && program->kind == PROGRAM_TOOL)
        return FIT_TOOL;
    if (!advice)
        return FIT_UNKNOWN;
    if (!program)
        return FIT_STRANGER;
    if (program->kind == PROGRAM_ANY || serves(program, advice->name))
        return FIT_USUAL;
    return program->kind == PROGRAM_INTERPRETER ? FIT_SCRIPT : FIT_OTHER;
}
