/* resolve_service.c: the port of a service, and the service of a port: tables of this machine. */
#include "resolve.h"

#include "meanings.h"

#include <loopcraft/advice.h>
#include <loopcraft/services.h>

#include <stdio.h>
#include <string.h>

static const char kind_port[] = "port", kind_service[] = "service";

static const char *source_of(const struct advice *row)
{
    return row ? "loopcraft's table of services" : "/etc/services";
}

/* The names of a port, over one protocol: the program's own, else the system's. */
static bool tell_names(struct resolve *r, const char *word, uint16_t port, unsigned over,
                       struct err *err)
{
    const struct advice *row = advice_find(port, over);
    struct text asked = TEXT_EMPTY, names = TEXT_EMPTY;
    bool known = service_names(port, advice_proto(over), &names) || row, good = true;
    text_format(&asked, "%s/%s", word, advice_proto(over));
    if (known)
        good = resolve_tell(r,
                            &(struct found){.name = text_string(&asked),
                                            .kind = kind_service,
                                            .data = row ? row->name : text_string(&names),
                                            .means = row ? row->purpose : NULL,
                                            .ttl = -1,
                                            .source = source_of(row)},
                            err);
    text_free(&asked);
    text_free(&names);
    return good;
}

/* Does the name mean this port over this protocol? */
static const struct advice *named_row(const char *name, uint16_t port, unsigned over)
{
    const struct advice *row = advice_find(port, over);
    return row && advice_named(row, name) ? row : NULL;
}

static bool tell_port(struct resolve *r, const char *word, const char *safe, unsigned over,
                      struct err *err)
{
    uint16_t port;
    char data[16];
    struct text names = TEXT_EMPTY;
    if (!service_port(word, advice_proto(over), &port))
        return true;
    const struct advice *row = named_row(word, port, over);
    bool here = row || service_names(port, advice_proto(over), &names), good = true;
    snprintf(data, sizeof data, "%u/%s", port, advice_proto(over));
    if (here)
        good = resolve_tell(r,
                            &(struct found){.name = safe,
                                            .kind = kind_port,
                                            .data = data,
                                            .means = row ? row->purpose : NULL,
                                            .ttl = -1,
                                            .source = source_of(row)},
                            err);
    text_free(&names);
    return good;
}

bool resolve_service(struct resolve *r, struct err *err)
{
    unsigned long port;
    unsigned before = r->found;
    const char *word = r->service;
    bool digits = *word && strspn(word, "0123456789") == strlen(word), good = true;
    bool number = digits && meaning_number(word, UINT16_MAX, &port) && port > 0;
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)word, strlen(word)});
    for (unsigned over = OVER_TCP; good && over <= OVER_UDP; over *= 2)
        if (number)
            good = tell_names(r, word, (uint16_t)port, over, err);
        else if (!digits)
            good = tell_port(r, word, text_string(&safe), over, err);
    if (good && r->found == before) {
        r->no = true;
        good = resolve_miss(r, text_string(&safe), digits ? kind_service : kind_port,
                            "unknown-service",
                            digits && !number ? "no port: ports go from 1 to 65535" : NULL,
                            "loopcraft's table of services, /etc/services", err);
    }
    text_free(&safe);
    return good;
}
