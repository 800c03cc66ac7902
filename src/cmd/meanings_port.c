/* meanings_port.c: "22", "ssh", "22/tcp", "udp/53": what is usual on a port. */
#include "meanings.h"

#include <loopcraft/advice.h>
#include <loopcraft/sandbox.h>
#include <loopcraft/services.h>

#include <string.h>

enum { BOTH = OVER_TCP | OVER_UDP };

static const char *over_text(unsigned over)
{
    return over == BOTH ? "tcp, udp" : advice_proto(over);
}

/* What /etc/services calls it, over one protocol or both: each name once. */
static void put_system_names(struct text *names, uint16_t port, unsigned over)
{
    struct text more = TEXT_EMPTY;
    if (over & OVER_TCP)
        service_names(port, "tcp", names);
    if (over & OVER_UDP && service_names(port, "udp", &more) &&
        strcmp(text_string(&more), text_string(names)) != 0) {
        text_put(names, names->len ? "; " : "");
        text_put(names, text_string(&more));
    }
    text_free(&more);
}

static void add_sandbox(struct meanings *m, uint16_t port, unsigned over)
{
    struct text text = TEXT_EMPTY;
    for (unsigned bit = OVER_TCP; bit <= OVER_UDP; bit *= 2) {
        const struct sandbox_port *row = sandbox_port_find(advice_proto(bit), port);
        if (row && over & bit)
            text_format(&text, "%s; %s", row->state, row->what);
    }
    meaning_add(m, "sandbox", text_string(&text));
    text_free(&text);
}

static void add_advice(struct meanings *m, const struct advice *row)
{
    meaning_add(m, "encryption", secrecy_name(row->secrecy));
    meaning_add(m, "instead", row->instead);
    meaning_add(m, "advice", row->advice);
}

/* Over these protocols a port is the same: by one row of the table, or by none (NULL). */
static void tell_port(struct meanings *m, uint16_t port, unsigned over, const struct advice *row)
{
    struct text names = TEXT_EMPTY;
    put_system_names(&names, port, over);
    meaning_begin(m, "port");
    text_format(&m->name, "%u/%s", port, over == BOTH ? "tcp+udp" : advice_proto(over));
    if (row)
        text_format(&m->name, " %s", row->name);
    text_put(&m->means, row         ? row->purpose
                        : names.len ? "a service that the system's database knows, and this "
                                      "program has no advice on"
                                    : "no service is known for it: ask who listens there");
    meaning_add_number(m, "port", port);
    meaning_add_named(m, "protocol", over_text(over));
    meaning_add_named(m, "service", row ? row->name : NULL);
    if (row)
        add_advice(m, row);
    meaning_add(m, "class", port_class(port));
    add_sandbox(m, port, over);
    if (!row || strcmp(row->name, text_string(&names)) != 0)
        meaning_add(m, "system", text_string(&names));
    meaning_add(m, "source", row ? row->source : names.len ? "/etc/services" : "RFC 6335, 6");
    meaning_tell(m);
    text_free(&names);
}

static bool system_knows(uint16_t port, unsigned bit)
{
    struct text names = TEXT_EMPTY;
    bool known = service_names(port, advice_proto(bit), &names);
    text_free(&names);
    return known || sandbox_port_find(advice_proto(bit), port);
}

static void tell_number(struct meanings *m, uint16_t port, unsigned over)
{
    unsigned left = over;
    unsigned before = m->told;
    for (unsigned bit = OVER_TCP; bit <= OVER_UDP; bit *= 2) {
        const struct advice *row = left & bit ? advice_find(port, bit) : NULL;
        if (row) {
            tell_port(m, port, row->over & left, row);
            left &= ~row->over;
        } else if (left & bit && over == BOTH && system_knows(port, bit)) {
            tell_port(m, port, bit, NULL);
            left &= ~bit;
        }
    }
    if (m->told == before && left)
        tell_port(m, port, left, NULL);
}

/* All services of this name; each port is told once. */
static void tell_name(struct meanings *m, const char *name, unsigned over)
{
    unsigned before = m->told;
    const struct advice *row = NULL;
    while ((row = advice_next(row)))
        if (advice_named(row, name) && row->over & over)
            tell_port(m, row->port, row->over & over, row);
    if (m->told > before)
        return;
    uint16_t tcp = 0, udp = 0;
    bool by_tcp = over & OVER_TCP && service_port(name, "tcp", &tcp);
    bool by_udp = over & OVER_UDP && service_port(name, "udp", &udp);
    if (by_tcp)
        tell_number(m, tcp, by_udp && tcp == udp ? over : OVER_TCP);
    if (by_udp && !(by_tcp && tcp == udp))
        tell_number(m, udp, OVER_UDP);
}

/* "22/tcp" and "tcp/22": the protocol stands behind the slash, or before it. */
static unsigned take_protocol(const char *word, char *name, size_t size)
{
    const char *slash = strchr(word, '/');
    size_t len = slash ? (size_t)(slash - word) : strlen(word);
    if (len >= size)
        return 0;
    memcpy(name, word, len);
    name[len] = '\0';
    if (!slash)
        return BOTH;
    unsigned over = advice_over(slash + 1);
    if (!over && (over = advice_over(name)) && strlen(slash + 1) < size)
        strcpy(name, slash + 1);
    return over;
}

void meanings_port(struct meanings *m, const char *word)
{
    char name[64];
    unsigned long number;
    unsigned over = take_protocol(word, name, sizeof name),
             asked = m->only ? advice_over(m->only) : 0;
    const char *only = m->only;
    if (asked) { /* "tcp 22" */
        over &= asked;
        m->only = NULL;
    }
    if (over && meaning_number(name, UINT16_MAX, &number))
        tell_number(m, (uint16_t)number, over);
    else if (over && *name)
        tell_name(m, name, over);
    m->only = only;
}
