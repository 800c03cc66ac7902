/* diff_say.c: a difference in words. */
#include "diff_counted.h"

#include <loopcraft/dissect.h>
#include <loopcraft/proto.h>
#include <loopcraft/sums.h>

#include <string.h>

/* --- who made it ----------------------------------------------------------------------- */

enum maker { MAKER_UNKNOWN, MAKER_KERNEL, MAKER_HAND };

static bool is_loopback(const struct dissection *d)
{
    static const uint8_t six[16] = {[15] = 1};
    for (size_t i = 0; i < d->count; i++) {
        const struct node *node = &d->nodes[i];
        if (!node->field || node->field->role != ROLE_SOURCE ||
            node->record->layer != LAYER_INTERNET)
            continue;
        struct bytes addr = node_raw(d, node);
        return (addr.len == 4 && addr.at[0] == 127) ||
               (addr.len == 16 && memcmp(addr.at, six, 16) == 0);
    }
    return false;
}

static enum maker maker_of(const struct dissection *d)
{
    const struct node *layer = dissection_layer(d, &proto_tcp);
    uint64_t reset = 0;
    if (dissection_quote(d) < d->count || !is_loopback(d))
        return MAKER_UNKNOWN;
    if (layer)
        dissection_number(d, layer, "tcp.flags.reset", &reset);
    else
        layer = dissection_layer(d, &proto_udp);
    if (!layer)
        return MAKER_UNKNOWN;
    enum sum_verdict verdict = sum_check(d, (size_t)(layer - d->nodes)).verdict;
    if (verdict == SUM_PARTIAL)
        return MAKER_KERNEL;
    return verdict == SUM_FULL && !reset ? MAKER_HAND : MAKER_UNKNOWN;
}

void diff_name_halves(struct diff_half halves[2], const char *title)
{
    static const char *const sides[2] = {"A's", "B's"};
    const char *what = strpbrk(title, " ,") ? "packet" : title;
    enum maker a = maker_of(halves[0].d), b = maker_of(halves[1].d);
    bool known = a != b && a != MAKER_UNKNOWN && b != MAKER_UNKNOWN;
    for (int i = 0; i < 2; i++) {
        bool kernel = (i ? b : a) == MAKER_KERNEL;
        text_clear(&halves[i].who);
        if (known && kernel)
            text_put(&halves[i].who, "the kernel");
        else
            text_format(&halves[i].who, "%s %s", known ? "your" : sides[i], what);
    }
}

static void put_who(struct text *out, const struct diff_half *half)
{
    text_put_n(out, half->who.at, half->who.len);
}

/* --- values ------------------------------------------------------------------------------- */

enum { LONG_MOST = 32 }; /* bytes of data that are shown */

bool diff_is_long(const struct node *node)
{
    return node->kind == NODE_BYTES || (node->field && node->field->bits == 0);
}

static void put_long(struct text *out, struct bytes raw)
{
    struct bytes start = bytes_part(raw, 0, LONG_MOST);
    bool text = start.len > 0;
    for (size_t i = 0; i < start.len; i++)
        text = text && (start.at[i] >= 0x20 || strchr("\r\n\t", start.at[i])) && start.at[i] < 0x7f;
    text_format(out, "%zu byte%s ", raw.len, raw.len == 1 ? "" : "s");
    if (text) {
        text_char(out, '"');
        text_escape(out, start);
        text_char(out, '"');
    } else {
        text_hex_bytes(out, start, ' ');
    }
    if (start.len < raw.len)
        text_put(out, "...");
}

void diff_value(struct text *out, const struct diff_half *half, const struct node *node)
{
    if (node->kind == NODE_RECORD) {
        text_put(out, "there");
        return;
    }
    if (diff_is_long(node)) {
        put_long(out, node_raw(half->d, node));
        return;
    }
    node_say(out, half->d, node);
    struct diff_counted counted;
    if (diff_counted(&counted, half, node) && counted.known)
        text_format(out, " (%+d)", (int32_t)counted.relative);
}

/* --- sentences ---------------------------------------------------------------------------- */

void diff_say_alone(struct text *out, const struct diff_half *has, const struct diff_half *lacks,
                    const struct node *node, const struct diff_rule *rule)
{
    bool record = node->kind == NODE_RECORD;
    if (rule->kind == DIFF_FOLLOWS && rule->says) {
        text_put(out, rule->says);
        return;
    }
    put_who(out, has);
    if (rule->does)
        text_format(out, " %s; ", rule->does);
    else if (record)
        text_format(out, " carries %s; ", node->record->title);
    else if (node->field)
        text_format(out, " has %s; ", node->field->label);
    else
        text_put(out, " has bytes there; ");
    put_who(out, lacks);
    text_put(out, " does not");
    const char *means = record ? node->record->means : node->field ? node->field->means : node->why;
    if (means)
        text_format(out, " (\"%s\")", means);
}

static void put_values(struct text *out, const struct diff_half halves[2], const struct node *a,
                       const struct node *b)
{
    put_who(out, &halves[0]);
    text_format(out, " says %s ", a->field->label);
    diff_value(out, &halves[0], a);
    text_put(out, ", ");
    put_who(out, &halves[1]);
    text_char(out, ' ');
    diff_value(out, &halves[1], b);
}

/* The layer that a row belongs to. */
static size_t layer_of(const struct dissection *d, const struct node *node)
{
    size_t i = (size_t)(node - d->nodes);
    while (i > 0 && (d->nodes[i].kind != NODE_RECORD || d->nodes[i].record->layer == LAYER_PART ||
                     d->nodes[i].depth != node->depth))
        i--;
    return i;
}

static struct sum_check sum_of(const struct diff_half *half, const struct node *node)
{
    return sum_check(half->d, layer_of(half->d, node));
}

/* "A's checksum is right, B's is wrong: it should be 0x1234" */
static void put_verdict(struct text *out, const char *whose, const struct sum_check *sum)
{
    static const char *const words[] = {
        [SUM_UNKNOWN] = "can't be checked, not all bytes are here",
        [SUM_FULL] = "is right",
        [SUM_PARTIAL] = "is right as the partial sum that the kernel leaves",
        [SUM_ZERO] = "is 0: there is none",
        [SUM_WRONG] = "is wrong: it should be",
    };
    text_format(out, "%s %s", whose, words[sum->verdict]);
    if (sum->verdict == SUM_WRONG)
        text_format(out, " 0x%04x", sum->expected);
}

static void say_sums(struct text *out, const struct diff_half halves[2], const struct node *a,
                     const struct node *b, enum diff_kind *kind)
{
    struct sum_check one = sum_of(&halves[0], a), two = sum_of(&halves[1], b);
    bool wrong = one.verdict == SUM_WRONG || two.verdict == SUM_WRONG;
    bool zero = one.verdict == SUM_ZERO || two.verdict == SUM_ZERO;
    bool partial = one.verdict == SUM_PARTIAL || two.verdict == SUM_PARTIAL;
    *kind = wrong || zero ? DIFF_SUBSTANCE : DIFF_EXPECTED;
    if (wrong) {
        put_verdict(out, "A's checksum", &one);
        put_verdict(out, ", B's", &two);
    } else if (zero) {
        put_values(out, halves, a, b);
        text_put(out, ": 0 says that there is none; UDP over IPv4 may leave it out (RFC 768)");
    } else if (partial && one.verdict != two.verdict) {
        text_put(out,
                 "both are right: one is the full sum, of the other the kernel leaves the rest "
                 "to a network card that loopback doesn't have");
    } else {
        text_put(out, "it follows from the other bytes");
    }
}

bool diff_means_other(const struct diff_half halves[2], const struct node *a, const struct node *b)
{
    struct diff_counted one, two;
    if (diff_counted(&one, &halves[0], a) && diff_counted(&two, &halves[1], b))
        return one.known && two.known && one.relative != two.relative;
    if (!a->field || a->field->role != ROLE_CHECKSUM)
        return false;
    enum sum_verdict x = sum_of(&halves[0], a).verdict, y = sum_of(&halves[1], b).verdict;
    return x != SUM_UNKNOWN && y != SUM_UNKNOWN && (x == SUM_WRONG) != (y == SUM_WRONG);
}

/* ping writes the time of sending into the first bytes of what it sends (struct timeval). */
static bool is_ping_time(const struct dissection *d, struct bytes a, struct bytes b)
{
    enum { TIME = 16 };
    bool echo = node_find(d, 0, "icmp.ident") || node_find(d, 0, "icmpv6.echo.identifier");
    return echo && a.len > TIME && a.len == b.len &&
           memcmp(a.at + TIME, b.at + TIME, a.len - TIME) == 0;
}

static void say_long(struct text *out, const struct diff_half halves[2], const struct node *a,
                     const struct node *b, enum diff_kind *kind)
{
    struct bytes one = node_raw(halves[0].d, a), two = node_raw(halves[1].d, b);
    size_t same = 0, most = one.len < two.len ? one.len : two.len;
    while (same < most && one.at[same] == two.at[same])
        same++;
    if (is_ping_time(halves[0].d, one, two)) {
        *kind = DIFF_EXPECTED;
        text_put(out, "ping writes the time of sending into its first 16 bytes");
    } else if (same == most) {
        text_format(out, "the first %zu bytes are the same, then only one goes on", same);
    } else {
        text_format(out, "they differ from byte %zu on: 0x%02x there, 0x%02x here", same + 1,
                    one.at[same], two.at[same]);
    }
}

void diff_say_both(struct text *out, const struct diff_half halves[2], const struct node *a,
                   const struct node *b, const struct diff_rule *rule, enum diff_kind *kind)
{
    *kind = rule->kind;
    if (a->field && a->field->role == ROLE_CHECKSUM) {
        say_sums(out, halves, a, b, kind);
        return;
    }
    struct diff_counted counted;
    if (diff_counted(&counted, &halves[0], a)) {
        diff_say_counted(out, halves, a, b, rule, kind);
        return;
    }
    if (diff_is_long(a)) {
        say_long(out, halves, a, b, kind);
        return;
    }
    if (a->fault || b->fault)
        *kind = DIFF_SUBSTANCE;
    const char *says = rule->says ? rule->says : a->field->means;
    if (*kind == DIFF_SUBSTANCE) {
        put_values(out, halves, a, b);
        text_put(out, ": ");
    }
    text_put(out, says ? says : a->field->label);
}
