/*
 * craft.c: from a recipe to finished bytes.
 *
 * libnet's builders lay the headers (build.c); the table then sets every asked value in the
 * finished bytes once more. For what the builder was told that changes nothing; for what it can't
 * be told (reserved bits, a false length) it is the only way.
 */
#include <loopcraft/craft.h>

#include "build.h"

#include <loopcraft/proto.h>
#include <loopcraft/sums.h>

#include <string.h>

static struct bytes text_bytes(const struct text *text)
{
    return (struct bytes){(const uint8_t *)text->at, text->len};
}

/* --- the table's turn ------------------------------------------------------------ */

/* Where the row's record starts in the packet; 0 for IP. */
static size_t start_of(const struct recipe *recipe, const struct record *record)
{
    if (record == recipe->ip)
        return 0;
    return recipe_ip_size(recipe) + (record == recipe->proto ? 0u : recipe->proto->size);
}

/* The number in a row of the transport's fixed part, as it is now; a record without it: 0. */
static uint64_t number_now(const struct crafted *crafted, const struct recipe *recipe,
                           enum role role)
{
    const struct field *row = record_role(recipe->proto, role);
    uint64_t number = 0;
    if (row)
        bytes_number(text_bytes(&crafted->bytes), recipe_ip_size(recipe) * 8 + row->bit, row->bits,
                     &number);
    return number;
}

/* The row as the chosen case has it: by the type, then by the code. Another may not know it. */
static const struct field *row_of(const struct recipe *recipe, const struct asked *asked,
                                  const struct crafted *crafted, struct err *err)
{
    if (asked->record == recipe->ip || asked->record == recipe->proto)
        return asked->field;
    enum role selector = ROLE_CASE;
    const struct record *record = recipe->proto;
    while (record && record->cases) {
        const struct branch *chosen = branch_find(record->cases,
                                                  number_now(crafted, recipe, selector));
        record = chosen ? chosen->record : record->other;
        const struct field *row = record ? record_field(record, asked->field->name) : NULL;
        if (row)
            return row;
        selector = ROLE_CODE;
    }
    err_set(err, STATUS_USAGE, "%s: there is no such field in a message of type %u, code %u",
            asked->field->name, (unsigned)number_now(crafted, recipe, ROLE_CASE),
            (unsigned)number_now(crafted, recipe, ROLE_CODE));
    return NULL;
}

static bool set_value(struct crafted *crafted, const struct recipe *recipe,
                      const struct asked *asked, struct err *err)
{
    const struct field *row = row_of(recipe, asked, crafted, err);
    if (!row)
        return false;
    uint8_t *packet = (uint8_t *)crafted->bytes.at;
    size_t bit = start_of(recipe, asked->record) * 8 + row->bit, len = crafted->bytes.len;
    if (row->bits > 0 && row->bits < 64 && recipe_number(recipe, asked) >> row->bits)
        return err_set(err, STATUS_USAGE, "%s: too large for its %u bits in this message",
                       row->name, row->bits);
    if (row->bits > 0 && row->bits <= 64 &&
        bytes_set_number(packet, len, bit, row->bits, recipe_number(recipe, asked)))
        return true;
    if (row->bits == 0 || bit / 8 + asked->len > len)
        return err_set(err, STATUS_USAGE, "%s: the packet has no room for it", row->name);
    memcpy(packet + bit / 8, recipe->values.at + asked->at, asked->len);
    return true;
}

/* Groups (tcp.flags) first: a row inside (tcp.flags.ece) counts whichever was asked for first. */
static bool set_values(struct crafted *crafted, const struct recipe *recipe, bool groups,
                       struct err *err)
{
    for (size_t i = 0; i < recipe->count; i++)
        if ((recipe->asked[i].field->role == ROLE_GROUP) == groups &&
            !set_value(crafted, recipe, &recipe->asked[i], err))
            return false;
    return true;
}

/* What the checksum runs over, as a receiver reads the lengths: a false one that can be counts. */
static struct bytes summed(struct bytes packet, const struct record *record, size_t start)
{
    bool header = record->sum == SUM_HEADER;
    const struct field *row = record_role(record, header ? ROLE_HEADER_LENGTH : ROLE_LENGTH);
    struct bytes rest = bytes_part(packet, start, packet.len);
    uint64_t said = 0;
    if (row && bytes_number(rest, row->bit, row->bits, &said))
        said = field_shown(row, said);
    if (said < record->size || said > rest.len)
        said = header ? record->size : rest.len;
    return bytes_part(rest, 0, (size_t)said);
}

/* Puts in the checksum that fits the bytes as they are now. */
static void set_sum(struct crafted *crafted, const struct recipe *recipe,
                    const struct record *record)
{
    const struct field *row = record_role(record, ROLE_CHECKSUM);
    if (!row || recipe_asked(recipe, row->name))
        return;
    struct bytes packet = text_bytes(&crafted->bytes), none = {0};
    const struct field *source = record_role(recipe->ip, ROLE_SOURCE);
    const struct field *destination = record_role(recipe->ip, ROLE_DESTINATION);
    size_t start = start_of(recipe, record);
    struct bytes message = summed(packet, record, start);
    bool header = record->sum == SUM_HEADER || record->sum == SUM_MESSAGE;
    uint16_t sum = sum_expected(
        record, message, row->bit / 8,
        header ? none : bytes_part(packet, source->bit / 8, source->bits / 8),
        header ? none : bytes_part(packet, destination->bit / 8, destination->bits / 8));
    bytes_set_number((uint8_t *)crafted->bytes.at, packet.len, start * 8 + row->bit, row->bits,
                     sum);
}

bool craft(struct crafted *crafted, const struct recipe *recipe, struct err *err)
{
    text_clear(&crafted->bytes);
    text_clear(&crafted->builders);
    if (!build(crafted, recipe, err))
        return false;
    if (!set_values(crafted, recipe, true, err) || !set_values(crafted, recipe, false, err))
        return false;
    set_sum(crafted, recipe, recipe->proto);
    set_sum(crafted, recipe, recipe->ip);
    return true;
}

struct bytes crafted_bytes(const struct crafted *crafted)
{
    return text_bytes(&crafted->bytes);
}

void crafted_free(struct crafted *crafted)
{
    text_free(&crafted->bytes);
    text_free(&crafted->builders);
}
