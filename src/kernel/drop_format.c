/*
 * drop_format.c: reads a tracepoint's description: where its fields lie, how its reasons are
 * called.
 *
 * The numbers of reasons change from kernel to kernel (include/net/dropreason-core.h); their
 * names, which stand behind "print fmt:" as __print_symbolic(REC->reason, { 2, "X" }, ...), last.
 */
#include "drops.h"

/* What lies behind `word` in the text; empty when it is not there. */
static struct bytes behind(struct bytes text, const char *word)
{
    size_t len = strlen(word);
    const uint8_t *at = text.len ? memmem(text.at, text.len, word, len) : NULL;
    return at ? bytes_part(text, (size_t)(at - text.at) + len, text.len)
              : (struct bytes){text.at, 0};
}

/* The number at the beginning, decimal or 0x; false when there is none or it is too large. */
static bool leading_number(struct bytes text, uint64_t *number)
{
    bool hex = text.len > 2 && text.at[0] == '0' && text.at[1] == 'x';
    size_t from = hex ? 2 : 0, at = from;
    *number = 0;
    for (; at < text.len; at++) {
        unsigned c = text.at[at], digit = c - '0';
        if (hex && c >= 'a' && c <= 'f')
            digit = c - 'a' + 10;
        if (digit > (hex ? 15u : 9u))
            break;
        if (*number > UINT32_MAX)
            return false;
        *number = *number * (hex ? 16 : 10) + digit;
    }
    return at > from;
}

/* "field:enum skb_drop_reason reason;\toffset:36;\tsize:4;": within the line. */
static bool find_field(struct bytes text, const char *name, size_t *at, size_t *size)
{
    struct bytes rest = behind(text, name);
    const uint8_t *end = rest.len ? memchr(rest.at, '\n', rest.len) : NULL;
    if (end)
        rest.len = (size_t)(end - rest.at);
    uint64_t offset, bytes;
    if (!leading_number(behind(rest, "offset:"), &offset) ||
        !leading_number(behind(rest, "size:"), &bytes))
        return false;
    *at = (size_t)offset;
    *size = (size_t)bytes;
    return offset + bytes <= DROP_RECORD_MOST && (bytes == 2 || bytes == 4);
}

/* `{ 2, "NO_SOCKET" }, ...` until no brace follows; capitals, digits and _ make a name. */
static void read_names(struct drop_format *format, struct bytes text)
{
    while (format->name_count < DROP_REASONS_MOST) {
        struct drop_name *name = &format->names[format->name_count];
        text = behind(text, "{ ");
        if (!leading_number(text, &name->number))
            return;
        text = behind(text, "\"");
        size_t len = 0;
        while (len < text.len && len < WITNESS_NAME - 1 &&
               (text.at[len] == '_' || (text.at[len] >= 'A' && text.at[len] <= 'Z') ||
                (text.at[len] >= '0' && text.at[len] <= '9')))
            len++;
        if (!len || len == text.len || text.at[len] != '"')
            return;
        memcpy(name->name, text.at, len);
        name->name[len] = '\0';
        format->name_count++;
    }
}

bool drop_format_parse(struct drop_format *format, struct bytes text)
{
    *format = (struct drop_format){0};
    if (!find_field(text, " reason;", &format->reason_at, &format->reason_size) ||
        !find_field(text, " protocol;", &format->protocol_at, &format->protocol_size))
        return false;
    read_names(format, behind(behind(text, "__print_symbolic("), "reason,"));
    return format->name_count > 0;
}

/* A number of 2 or 4 bytes in this machine's own order. */
static bool own_number(struct bytes record, size_t at, size_t size, uint64_t *number)
{
    uint16_t two;
    uint32_t four;
    struct bytes part = bytes_part(record, at, size);
    if (part.len != size)
        return false;
    if (size == sizeof two) {
        memcpy(&two, part.at, sizeof two);
        *number = two;
    } else {
        memcpy(&four, part.at, sizeof four);
        *number = four;
    }
    return true;
}

const char *drop_format_reason(const struct drop_format *format, struct bytes record)
{
    enum { IPV4 = 0x0800, IPV6 = 0x86dd }; /* EtherTypes: netlink's and a pipe's are not for us */
    uint64_t protocol, reason;
    if (!own_number(record, format->protocol_at, format->protocol_size, &protocol) ||
        !own_number(record, format->reason_at, format->reason_size, &reason) ||
        (protocol != IPV4 && protocol != IPV6))
        return NULL;
    for (size_t i = 0; i < format->name_count; i++)
        if (format->names[i].number == reason)
            return format->names[i].name;
    return "UNNAMED"; /* a subsystem's own: its name is not in the tracepoint's description */
}
