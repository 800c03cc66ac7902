/* resolve_system.c: what this machine knows itself, and what its own resolver says. */
#include "resolve.h"

#include <loopcraft/dns.h>

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <nss.h>
#include <string.h>
#include <unistd.h>

/* --- this machine ------------------------------------------------------------------ */

/* The address's own bytes in a socket address, and its family; NULL for other families. */
static const uint8_t *address_of(const struct sockaddr *from, int *family, socklen_t *len)
{
    *family = from ? from->sa_family : AF_UNSPEC;
    *len = *family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (*family == AF_INET)
        return (const uint8_t *)&((const struct sockaddr_in *)(const void *)from)->sin_addr;
    if (*family == AF_INET6)
        return (const uint8_t *)&((const struct sockaddr_in6 *)(const void *)from)->sin6_addr;
    return NULL;
}

static bool tell_address(struct resolve *r, const char *name, const char *kind,
                         const struct sockaddr *from, const char *source, struct err *err)
{
    int family;
    socklen_t len;
    char text[NI_MAXHOST];
    const uint8_t *addr = address_of(from, &family, &len);
    if (!addr || getnameinfo(from, len, text, sizeof text, NULL, 0, NI_NUMERICHOST) != 0)
        return true;
    return resolve_tell(r,
                        &(struct found){.name = name,
                                        .kind = kind                ? kind
                                                : family == AF_INET ? "A"
                                                                    : "AAAA",
                                        .data = text,
                                        .ttl = -1,
                                        .source = source,
                                        .family = family,
                                        .addr = addr},
                        err);
}

bool resolve_host(struct resolve *r, struct err *err)
{
    char name[256] = "";
    struct ifaddrs *all;
    struct text safe = TEXT_EMPTY;
    if (gethostname(name, sizeof name - 1) < 0 || getifaddrs(&all) < 0)
        return err_system(err, "the system does not tell its name and addresses");
    text_escape(&safe, (struct bytes){(const uint8_t *)name, strlen(name)});
    bool good = resolve_tell(
        r,
        &(struct found){.name = "this machine",
                        .kind = "name",
                        .data = text_string(&safe),
                        .means = "what it calls itself; others need not know it",
                        .ttl = -1,
                        .source = "gethostname(2)"},
        err);
    for (const struct ifaddrs *at = all; good && at; at = at->ifa_next)
        if (at->ifa_flags & IFF_UP) {
            text_clear(&safe);
            text_escape(&safe, (struct bytes){(const uint8_t *)at->ifa_name, strlen(at->ifa_name)});
            good = tell_address(r, text_string(&safe), "address", at->ifa_addr, "getifaddrs(3)",
                                err);
        }
    freeifaddrs(all);
    text_free(&safe);
    return good;
}

/* --- the system's resolver ------------------------------------------------------------ */

/* Its errors, by the names that getaddrinfo(3) has for them: words of the glossary. */
static const char *failure_name(int error)
{
    static const struct {
        int error;
        const char *name;
    } names[] = {
        {EAI_NONAME, "EAI_NONAME"}, {EAI_NODATA, "EAI_NODATA"},
        {EAI_AGAIN, "EAI_AGAIN"},   {EAI_ADDRFAMILY, "EAI_ADDRFAMILY"},
        {EAI_FAIL, "EAI_FAIL"},     {EAI_OVERFLOW, "EAI_OVERFLOW"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].error == error)
            return names[i].name;
    return "EAI_SYSTEM";
}

static const char *source_of(const struct resolve *r)
{
    return r->offline ? "/etc/hosts" : "the system's resolver";
}

/* Has the list this address already, before `at`? A hosts file may say a thing twice. */
static bool told_before(const struct addrinfo *list, const struct addrinfo *at)
{
    while (list != at && (list->ai_addrlen != at->ai_addrlen ||
                          memcmp(list->ai_addr, at->ai_addr, at->ai_addrlen) != 0))
        list = list->ai_next;
    return list != at;
}

/* The addresses of one family; the error of getaddrinfo(), or 0. */
static bool ask_family(struct resolve *r, int family, int *error, struct err *err)
{
    const struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    bool good = true;
    *error = getaddrinfo(r->name, NULL, &hints, &list);
    for (const struct addrinfo *at = list; good && at && *error == 0; at = at->ai_next)
        if (!told_before(list, at))
            good = tell_address(r, text_string(&r->safe), NULL, at->ai_addr, source_of(r), err);
    if (*error == 0)
        freeaddrinfo(list);
    return good;
}

/* A name that is known for one family: of the other it has no address, whatever the error is. */
static bool miss_family(struct resolve *r, int family, int error, bool known, struct err *err)
{
    static const char *const none[] = {"the name is known, and has no IPv4 address",
                                       "the name is known, and has no IPv6 address"};
    bool absent = error == EAI_NONAME || error == EAI_NODATA || error == EAI_ADDRFAMILY;
    const char *means = known && absent        ? none[family == AF_INET6]
                        : error == EAI_SYSTEM  ? strerrordesc_np(errno)
                        : r->offline && absent ? "the hosts file does not have it"
                                               : NULL;
    return resolve_miss(r, text_string(&r->safe), family == AF_INET6 ? "AAAA" : "A",
                        failure_name(error), means, source_of(r), err);
}

static bool ask_addresses(struct resolve *r, struct err *err)
{
    static const int families[] = {AF_INET, AF_INET6};
    int errors[2] = {0, 0};
    for (size_t i = 0; i < 2; i++) {
        bool wanted = !r->typed || (r->type == DNS_AAAA) == (families[i] == AF_INET6);
        if (wanted && !ask_family(r, families[i], &errors[i], err))
            return false;
    }
    r->no = r->found == 0;
    for (size_t i = 0; i < 2; i++)
        if (errors[i] && !miss_family(r, families[i], errors[i], r->found > 0, err))
            return false;
    return true;
}

/* The name of an address. */
static bool ask_name(struct resolve *r, struct err *err)
{
    char name[NI_MAXHOST];
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    bool is_six = r->family == AF_INET6;
    const struct sockaddr *asked = is_six ? (const void *)&six : (const void *)&four;
    memcpy(&four.sin_addr, r->addr, sizeof four.sin_addr);
    memcpy(&six.sin6_addr, r->addr, sizeof six.sin6_addr);
    int error = getnameinfo(asked, is_six ? sizeof six : sizeof four, name, sizeof name, NULL, 0,
                            NI_NAMEREQD);
    if (!tell_address(r, text_string(&r->safe), "address", asked, "as typed", err))
        return false;
    if (error) {
        r->no = true;
        return resolve_miss(r, text_string(&r->safe), "PTR", failure_name(error),
                            error == EAI_NONAME ? "no name is known for this address" : NULL,
                            source_of(r), err);
    }
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)name, strlen(name)});
    bool good = resolve_tell(r,
                             &(struct found){.name = text_string(&r->safe),
                                             .kind = "PTR",
                                             .data = text_string(&safe),
                                             .means = "the name of the address",
                                             .ttl = -1,
                                             .source = source_of(r)},
                             err);
    text_free(&safe);
    return good;
}

/* With "files" neither a server nor a cache is asked: nsswitch.conf(5), __nss_configure_lookup. */
bool resolve_system(struct resolve *r, struct err *err)
{
    if (r->offline && __nss_configure_lookup("hosts", "files") != 0)
        return err_system(err, "the system's resolver can't be kept to the hosts file");
    return r->family ? ask_name(r, err) : ask_addresses(r, err);
}
