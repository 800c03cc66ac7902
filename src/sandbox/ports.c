/* ports.c: the sandbox's ports. List, firewall and services are made from this table. */
#include <loopcraft/sandbox.h>

#include <string.h>

const struct sandbox_port sandbox_ports[] = {
    {"tcp", 8080, SERVICE_HTTP, RULE_PASS, "open", "a small HTTP server"},
    {"tcp", 8081, SERVICE_NONE, RULE_PASS, "closed", "nobody listens"},
    {"tcp", 8082, SERVICE_NONE, RULE_DROP, "filtered", "the firewall drops"},
    {"tcp", 8083, SERVICE_NONE, RULE_REJECT_ADMIN, "filtered",
     "the firewall rejects with ICMP admin-prohibited"},
    {"tcp", 8084, SERVICE_NONE, RULE_REJECT_RESET, "closed",
     "looks closed: the firewall rejects with a TCP reset"},
    {"udp", 9000, SERVICE_ECHO, RULE_PASS, "open",
     "echo: sends back what it gets, 512 bytes at most"},
    {"udp", 9001, SERVICE_NONE, RULE_PASS, "closed", "nobody listens: ICMP port-unreachable"},
    {"udp", 9002, SERVICE_SILENT, RULE_PASS, "open|filtered", "a server that never answers"},
    {"udp", 9003, SERVICE_NONE, RULE_REJECT_ADMIN, "filtered",
     "the firewall rejects with ICMP admin-prohibited"},
    {"udp", 9004, SERVICE_NONE, RULE_DROP, "open|filtered", "the firewall drops"},
    {.proto = NULL},
};

const struct sandbox_port *sandbox_port_find(const char *proto, uint16_t port)
{
    for (const struct sandbox_port *p = sandbox_ports; p->proto; p++)
        if (p->port == port && strcmp(p->proto, proto) == 0)
            return p;
    return NULL;
}

static void list_json(struct text *out, const struct sandbox_port *p)
{
    text_put(out, "{\"type\":\"port\",\"proto\":");
    text_json_string(out, p->proto);
    text_format(out, ",\"port\":%u,\"state\":", p->port);
    text_json_string(out, p->state);
    text_put(out, ",\"what\":");
    text_json_string(out, p->what);
    text_put(out, "}\n");
}

void sandbox_list(struct text *out, bool json)
{
    int width = 0;
    for (const struct sandbox_port *p = sandbox_ports; p->proto; p++)
        if ((int)strlen(p->state) > width)
            width = (int)strlen(p->state);
    if (!json)
        text_format(out, "%-8s  %-*s  %s\n", "PORT", width, "STATE",
                    "WHAT IS THERE, on 127.0.0.1 and ::1");
    for (const struct sandbox_port *p = sandbox_ports; p->proto; p++) {
        if (json)
            list_json(out, p);
        else
            text_format(out, "%s %-4u  %-*s  %s\n", p->proto, p->port, width, p->state, p->what);
    }
}
