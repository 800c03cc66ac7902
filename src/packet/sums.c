/* sums.c: checksums of headers. */
#include <loopcraft/sums.h>

#include <loopcraft/checksum.h>

struct sum_pseudo sum_pseudo(uint8_t protocol, size_t len)
{
    return (struct sum_pseudo){{(uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8),
                                (uint8_t)len, 0, protocol}};
}

static uint32_t pseudo_header(uint8_t protocol, size_t len, struct bytes source,
                              struct bytes destination)
{
    uint32_t sum = checksum_add(checksum_add(0, source), destination);
    struct sum_pseudo rest = sum_pseudo(protocol, len);
    return checksum_add(sum, (struct bytes){rest.at, sizeof rest.at});
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

/* The rows of a layer by their roles: of several the first. */
struct layer_rows {
    const struct node *head; /* NULL: no layer */
    uint32_t by_role[ROLES]; /* so many nodes after the head; 0: there is none */
};

static void layer_rows(struct layer_rows *rows, const struct dissection *d, const struct node *head)
{
    const struct node *end = d->nodes + d->count;
    const uint8_t depth = head->depth;
    rows->head = head;
    for (const struct node *node = head + 1; node < end && node->depth == depth; node++)
        if (node->field && !rows->by_role[node->field->role])
            rows->by_role[node->field->role] = (uint32_t)(node - head);
}

static const struct node *layer_row(const struct layer_rows *rows, enum role role)
{
    return rows->head && rows->by_role[role] ? rows->head + rows->by_role[role] : NULL;
}

/* The internet layer around it, unless this is a fragment of a packet; else NULL. */
static const struct node *layer_ip(const struct dissection *d, size_t layer)
{
    for (size_t i = layer; i-- > 0;) {
        const struct node *node = &d->nodes[i];
        if (node->field && node->field->role == ROLE_MORE && node_number(d, node))
            return NULL;
        if (node->kind == NODE_RECORD && node->record->layer == LAYER_INTERNET &&
            record_role(node->record, ROLE_SOURCE))
            return node;
    }
    return NULL;
}

/* Where the layer ends by its own row of this role; 0: no such row, impossible, not all here. */
static size_t stated_end(const struct dissection *d, const struct layer_rows *rows, enum role role)
{
    const struct node *head = rows->head, *row = layer_row(rows, role);
    if (!row)
        return 0;
    uint64_t len = field_shown(row->field, node_number(d, row));
    if (role == ROLE_PAYLOAD_LENGTH)
        len += head->record->size;
    return len < head->record->size || len > d->bytes.len - head->bit / 8
               ? 0
               : head->bit / 8 + (size_t)len;
}

/* Where that ends which the checksum covers: with the header, by its own length (UDP), or with
 * the packet; 0 when not all of it is here. The capture's end says nothing: it may be cut. */
static size_t message_end(const struct dissection *d, const struct layer_rows *rows,
                          const struct layer_rows *ip)
{
    if (rows->head->record->sum == SUM_HEADER)
        return stated_end(d, rows, ROLE_HEADER_LENGTH);
    if (!ip->head)
        return 0;
    size_t end = stated_end(d, ip, ROLE_LENGTH);
    if (!end)
        end = stated_end(d, ip, ROLE_PAYLOAD_LENGTH);
    if (!layer_row(rows, ROLE_LENGTH))
        return end;
    size_t own = stated_end(d, rows, ROLE_LENGTH);
    return own <= end ? own : 0;
}

struct sum_place sum_place(const struct dissection *d, size_t layer)
{
    const struct node *head = &d->nodes[layer];
    const struct record *record = head->record;
    const struct node *around = record->sum == SUM_HEADER ? NULL : layer_ip(d, layer);
    struct sum_place place = {.record = record, .row = record_role(record, ROLE_CHECKSUM)};
    struct layer_rows rows = {0}, ip = {0};
    layer_rows(&rows, d, head);
    if (around)
        layer_rows(&ip, d, around);
    const struct node *row = layer_row(&rows, ROLE_CHECKSUM);
    size_t start = head->bit / 8, end = message_end(d, &rows, &ip);
    if (!row || end < start + record->size)
        return place;
    place.start = (uint32_t)start;
    place.len = (uint32_t)(end - start);
    place.at = (uint32_t)(row->bit / 8 - start);
    if (wants_pseudo(record)) {
        const struct node *source = layer_row(&ip, ROLE_SOURCE);
        place.source = node_pos(source);
        place.destination = node_pos(layer_row(&ip, ROLE_DESTINATION));
        place.address = node_size(source);
    }
    return place;
}

size_t sum_places(struct sum_place *places, size_t most, const struct dissection *d)
{
    size_t count = 0;
    for (size_t i = 0; i < d->count && count < most; i++) {
        const struct record *record = d->nodes[i].record;
        if (d->nodes[i].kind == NODE_RECORD && record->sum != SUM_NONE)
            places[count++] = sum_place(d, i);
    }
    return count;
}

bool sum_covered(struct sum_covered *covered, const struct dissection *d,
                 const struct sum_place *place)
{
    *covered = (struct sum_covered){.message = bytes_part(d->bytes, place->start, place->len),
                                    .at = place->at};
    if (place->address) {
        covered->source = bytes_part(d->bytes, place->source, place->address);
        covered->destination = bytes_part(d->bytes, place->destination, place->address);
    }
    return place->len && bytes_u16(covered->message, place->at, &covered->stored);
}

struct sum_check sum_check_at(const struct dissection *d, const struct sum_place *place)
{
    struct sum_check check = {.verdict = SUM_UNKNOWN};
    const struct record *record = place->record;
    struct sum_covered c;
    if (!sum_covered(&c, d, place))
        return check;
    check.stored = c.stored;
    check.expected = sum_expected(record, c.message, c.at, c.source, c.destination);
    if (check.stored == check.expected)
        check.verdict = SUM_FULL;
    else if (check.stored == 0 && record->sum == SUM_PSEUDO_OPTIONAL && c.source.len == 4)
        check.verdict = SUM_ZERO;
    else if (wants_pseudo(record) &&
             check.stored == checksum_fold(pseudo_header(record->protocol, c.message.len, c.source,
                                                         c.destination)))
        check.verdict = SUM_PARTIAL;
    else
        check.verdict = SUM_WRONG;
    return check;
}

struct sum_check sum_check(const struct dissection *d, size_t layer)
{
    struct sum_place place = sum_place(d, layer);
    return sum_check_at(d, &place);
}

const char *sum_words(enum sum_verdict verdict)
{
    static const char *const words[] = {
        [SUM_UNKNOWN] = "can't be checked: not all of what it covers is here",
        [SUM_FULL] = "right: the receiver gets the same sum",
        [SUM_PARTIAL] =
            "not wrong: the kernel leaves this to a network card that loopback doesn't have",
        [SUM_ZERO] = "none was sent: UDP over IPv4 may leave it out",
        [SUM_WRONG] = "wrong: it should be 0x",
    };
    return words[verdict];
}

void sum_say(struct text *out, const struct sum_check *check)
{
    text_put(out, sum_words(check->verdict));
    if (check->verdict == SUM_WRONG)
        text_hex(out, check->expected, 4);
}
