/* sums.c: checksums of headers. */
#include <loopcraft/sums.h>

#include <loopcraft/checksum.h>

/* RFC 9293, 3.1: source, destination, zero, protocol, length; RFC 8200, 8.1: length and next
 * header. */
static uint32_t pseudo_header(uint8_t protocol, size_t len, struct bytes source,
                              struct bytes destination)
{
    uint32_t sum = checksum_add(checksum_add(0, source), destination);
    uint8_t rest[] = {
        (uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8), (uint8_t)len, 0, protocol};
    return checksum_add(sum, (struct bytes){rest, sizeof rest});
}

static bool wants_pseudo(const struct record *record)
{
    return record->sum == SUM_PSEUDO || record->sum == SUM_PSEUDO_OPTIONAL;
}

uint16_t sum_expected(const struct record *record, struct bytes message, size_t at,
                      struct bytes source, struct bytes destination)
{
    uint32_t sum = checksum_add(0, bytes_part(message, 0, at));
    sum = checksum_add(sum, bytes_part(message, at + 2, message.len));
    if (wants_pseudo(record))
        sum += pseudo_header(record->protocol, message.len, source, destination);
    uint16_t finished = checksum_finish(sum);
    return finished == 0 && record->sum == SUM_PSEUDO_OPTIONAL ? 0xffff : finished;
}

/* --- in a dissection ----------------------------------------------------------- */

/* The byte after all that the layer carries; 0 when some of it is missing. */
static size_t layer_end(const struct dissection *d, size_t layer)
{
    const struct node *head = &d->nodes[layer];
    uint32_t end = head->bit + head->bits;
    for (size_t i = layer + 1; i < d->count && d->nodes[i].depth >= head->depth; i++) {
        const struct node *node = &d->nodes[i];
        if (node->kind == NODE_RECORD && node->depth == head->depth &&
            node->record->layer != LAYER_PART)
            break;
        if (node->fault == FAULT_CUT || node->fault == FAULT_BAD)
            return 0;
        if (node->bit + node->bits > end)
            end = node->bit + node->bits;
    }
    return end / 8;
}

/* The row of a layer with this role, or NULL. */
static const struct node *layer_row(const struct dissection *d, size_t layer, enum role role)
{
    for (size_t i = layer + 1; i < d->count && d->nodes[i].depth >= d->nodes[layer].depth; i++) {
        const struct node *node = &d->nodes[i];
        if (node->depth == d->nodes[layer].depth && node->field && node->field->role == role)
            return node;
        if (node->kind == NODE_RECORD && node->depth == d->nodes[layer].depth + 1)
            break;
    }
    return NULL;
}

/* The internet layer around it, when it is whole and no fragment; else NULL. */
static const struct node *layer_ip(const struct dissection *d, size_t layer)
{
    for (size_t i = layer; i-- > 0;) {
        const struct node *node = &d->nodes[i];
        if (node->kind != NODE_RECORD || node->record->layer != LAYER_INTERNET ||
            !record_role(node->record, ROLE_SOURCE))
            continue;
        const struct node *more = node_find(d, i, "ip.flags.mf");
        bool fragment = more && more->depth == node->depth && node_number(d, more);
        const struct node *length = layer_row(d, i, ROLE_LENGTH);
        return fragment || (length && length->fault) ? NULL : node;
    }
    return NULL;
}

struct sum_check sum_check(const struct dissection *d, size_t layer)
{
    struct sum_check check = {.verdict = SUM_UNKNOWN};
    const struct node *head = &d->nodes[layer];
    const struct node *row = layer_row(d, layer, ROLE_CHECKSUM);
    const struct node *ip = layer_ip(d, layer);
    bool alone = head->record->sum == SUM_HEADER;
    size_t start = head->bit / 8, end = alone ? start + head->bits / 8 : layer_end(d, layer);
    if (!row || end <= start || (!alone && !ip))
        return check;
    struct bytes source = {0}, destination = {0},
                 message = bytes_part(d->bytes, start, end - start);
    if (wants_pseudo(head->record)) {
        size_t at = (size_t)(ip - d->nodes);
        source = node_raw(d, layer_row(d, at, ROLE_SOURCE));
        destination = node_raw(d, layer_row(d, at, ROLE_DESTINATION));
    }
    check.stored = (uint16_t)node_number(d, row);
    check.expected = sum_expected(head->record, message, row->bit / 8 - start, source, destination);
    uint16_t partial = checksum_fold(
        pseudo_header(head->record->protocol, message.len, source, destination));
    if (check.stored == check.expected)
        check.verdict = SUM_FULL;
    else if (check.stored == 0 && head->record->sum == SUM_PSEUDO_OPTIONAL && source.len == 4)
        check.verdict = SUM_ZERO;
    else if (wants_pseudo(head->record) && check.stored == partial)
        check.verdict = SUM_PARTIAL;
    else
        check.verdict = SUM_WRONG;
    return check;
}

void sum_say(struct text *out, const struct sum_check *check)
{
    static const char *const words[] = {
        [SUM_UNKNOWN] = "can't be checked: not all of what it covers is here",
        [SUM_FULL] = "right: the receiver gets the same sum",
        [SUM_PARTIAL] =
            "not wrong: the kernel leaves this to a network card that loopback doesn't have",
        [SUM_ZERO] = "none was sent: UDP over IPv4 may leave it out",
        [SUM_WRONG] = "wrong: it should be 0x",
    };
    text_put(out, words[check->verdict]);
    if (check->verdict == SUM_WRONG)
        text_hex(out, check->expected, 4);
}
