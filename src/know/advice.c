/* advice.c: looking things up in the curated table of services. */
#include <loopcraft/advice.h>

#include <stddef.h>
#include <string.h>
#include <strings.h>

unsigned advice_over(const char *proto)
{
    return strcasecmp(proto, "tcp") == 0 ? OVER_TCP : strcasecmp(proto, "udp") == 0 ? OVER_UDP : 0;
}

const char *advice_proto(unsigned over)
{
    return over == OVER_TCP ? "tcp" : "udp";
}

const struct advice *advice_next(const struct advice *last)
{
    if (!last)
        return advice_system;
    if ((++last)->name)
        return last;
    return last[-1].port < advice_user[0].port ? advice_user : NULL;
}

/* By halves: a dump asks this of each packet's ports. */
const struct advice *advice_first(uint16_t port)
{
    bool system = port < advice_user[0].port;
    const struct advice *rows = system ? advice_system : advice_user;
    size_t from = 0, to = system ? advice_system_count : advice_user_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (rows[middle].port < port)
            from = middle + 1;
        else
            to = middle;
    }
    return &rows[from];
}

const struct advice *advice_find(uint16_t port, unsigned over)
{
    for (const struct advice *row = advice_first(port); row->name && row->port == port; row++)
        if (row->over & over)
            return row;
    return NULL;
}

bool advice_named(const struct advice *advice, const char *name)
{
    size_t len = strlen(name);
    if (strcasecmp(advice->name, name) == 0)
        return true;
    for (const char *at = advice->others; len && at && *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == len && strncasecmp(at, name, len) == 0)
            return true;
        at += word;
    }
    return false;
}

void advice_nearest(struct nearest *nearest)
{
    const struct advice *row = NULL;
    while ((row = advice_next(row)))
        nearest_try(nearest, row->name);
}

const char *secrecy_name(unsigned secrecy)
{
    static const char *const names[] = {
        [SECRECY_PLAINTEXT] = "plaintext",
        [SECRECY_UPGRADABLE] = "upgradable",
        [SECRECY_VARIES] = "varies",
        [SECRECY_ENCRYPTED] = "encrypted",
    };
    return names[secrecy];
}

const char *port_class(uint16_t port)
{
    static const struct {
        uint16_t last;
        const char *means;
    } classes[] = {
        {0, "reserved (0): no service has it; a program that binds it gets a free port"},
        {1023, "system port (0 to 1023), well-known: listening there needs privilege"},
        {32767, "user port (1024 to 49151), registered: any user's program may listen there"},
        {49151,
         "user port (1024 to 49151), registered; from 32768 Linux also gives them to clients"},
        {60999, "dynamic port (49152 to 65535): never registered; Linux gives them to clients"},
        {61999, "dynamic port (49152 to 65535): loopcraft sends from 61000 to 61999"},
        {65535, "dynamic port (49152 to 65535): never registered, for anybody's use"},
    };
    size_t i = 0;
    while (port > classes[i].last)
        i++;
    return classes[i].means;
}
