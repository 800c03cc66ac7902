/* ports.c: the one grammar of ports. */
#include "ports.h"

#include <loopcraft/services.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool refuse(const char *word, size_t len, const char *why, struct err *err)
{
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)word, len < 60 ? len : 60});
    err_set(err, STATUS_USAGE, "\"%s\": %s", text_string(&safe), why);
    text_free(&safe);
    return false;
}

void ports_add(struct ports *ports, uint16_t port)
{
    uint8_t bit = (uint8_t)(1u << port % 8);
    if (ports->seen[port / 8] & bit)
        return;
    ports->seen[port / 8] |= bit;
    if (ports->count == ports->cap) {
        ports->cap = ports->cap ? ports->cap * 2 : 16;
        ports->each = realloc(ports->each, ports->cap * sizeof *ports->each);
        if (!ports->each)
            abort();
    }
    ports->each[ports->count++] = port;
}

/* A number from 1 to 65535, or the name of a service. */
static bool read_one(const char *at, size_t len, const char *proto, uint16_t *port, struct err *err)
{
    char name[64];
    if (len == 0)
        return refuse(at, len, "a port is missing; write 80, ssh, 80,443 or 8000-8100", err);
    if (len >= sizeof name)
        return refuse(at, len, "no service has so long a name", err);
    memcpy(name, at, len);
    name[len] = '\0';
    if (strspn(name, "0123456789") == len) {
        unsigned long number = len > 6 ? 99999 : strtoul(name, NULL, 10);
        if (number < 1 || number > 65535)
            return refuse(at, len, "no port: ports go from 1 to 65535", err);
        *port = (uint16_t)number;
        return true;
    }
    if (!service_port(name, proto, port))
        return refuse(at, len, "neither a port nor a known service; ports go from 1 to 65535", err);
    return true;
}

/* "8000-8100": the dash parts two numbers; services have dashes in their names. */
static bool read_range(struct ports *ports, const char *at, size_t len, const char *proto,
                       struct err *err)
{
    size_t digits = strspn(at, "0123456789");
    uint16_t first, last;
    bool range = digits && digits < len && at[digits] == '-';
    if (!read_one(at, range ? digits : len, proto, &first, err))
        return false;
    last = first;
    if (range && !read_one(at + digits + 1, len - digits - 1, proto, &last, err))
        return false;
    if (last < first)
        return refuse(at, len, "a range goes from the lower to the higher port", err);
    for (uint32_t port = first; port <= last; port++)
        ports_add(ports, (uint16_t)port);
    return true;
}

/* Cuts "127.0.0.1:" or "[::1]:" off the front; the address is for the guard to judge. */
static bool read_address(const char **word, char *addr, struct err *err)
{
    const char *start = *word, *end = NULL, *ports = NULL;
    if (start[0] == '[') {
        start++;
        end = strstr(start, "]:");
        ports = end ? end + 2 : NULL;
        if (!end)
            return refuse(*word, strlen(*word), "write an IPv6 address as [::1]:8080", err);
    } else if ((end = strrchr(start, ':'))) {
        ports = end + 1;
    }
    if (!end)
        return true;
    char found[48];
    size_t len = (size_t)(end - start);
    if (len == 0)
        return refuse(*word, strlen(*word), "no address before the colon", err);
    if (len >= sizeof found) {
        refuse(*word, strlen(*word), "too long for an address", err);
        err->status = STATUS_GUARD; /* not proved loopback, as the guard would say */
        return false;
    }
    memcpy(found, start, len);
    found[len] = '\0';
    if (*addr && strcmp(addr, found) != 0)
        return refuse(*word, strlen(*word), "two different addresses: a command goes to one", err);
    memcpy(addr, found, len + 1);
    *word = ports;
    return true;
}

bool ports_read(struct ports *ports, const char *word, const char *proto, char *addr,
                struct err *err)
{
    if (!read_address(&word, addr, err))
        return false;
    for (;;) {
        size_t len = strcspn(word, ",");
        if (!read_range(ports, word, len, proto, err))
            return false;
        if (!word[len])
            return true;
        word += len + 1;
    }
}

void ports_free(struct ports *ports)
{
    free(ports->each);
    *ports = (struct ports){0};
}
