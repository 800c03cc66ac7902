/*
 * summary.c: the line that sums a packet up, from the rows that the tables mark as brief
 * and from the roles of addresses and ports.
 */
#include <loopcraft/dissect.h>

#include <loopcraft/format.h>

#include <ctype.h>
#include <string.h>

static void put_lower(struct text *out, const char *label)
{
    for (; *label; label++)
        text_char(out, (char)tolower((unsigned char)*label));
}

/* "tcp.seq_raw" to "seq_raw": the protocol is plain from the title; "vlan.id" to "vlan". */
static void put_short_name(struct text *out, const struct field *field)
{
    const char *dot = field->name ? strchr(field->name, '.') : NULL;
    if (dot && strcmp(dot, ".id") == 0)
        put_lower(out, field->label);
    else
        text_put(out, dot ? dot + 1 : field->label);
}

/* "SYN ACK" to "SYN-ACK": one thing with one name. */
static void put_flags(struct text *out, const struct dissection *d, const struct node *node)
{
    size_t from = out->len;
    node_say(out, d, node);
    if (strcmp(out->at + from, "none set") == 0) { /* format.c; reserved bits have no name */
        out->len = from;
        text_put(out, "no flags");
        return;
    }
    for (size_t i = from; i < out->len; i++)
        if (out->at[i] == ' ')
            out->at[i] = '-';
}

static void add_labelled(struct text *out, const char *label, uint64_t number)
{
    text_put(out, label);
    text_char(out, ' ');
    text_number(out, number);
}

static void add_title(struct summary *s, const struct dissection *d, const struct node *node)
{
    uint64_t number = node_number(d, node);
    const struct term *term = term_find(node->terms, number);
    if (s->title.len)
        text_put(&s->title, ", ");
    if (node->field->format == &format_flags)
        put_flags(&s->title, d, node);
    else if (term)
        text_put(&s->title, term->name);
    else
        add_labelled(&s->title, node->field->label, number);
}

static void begin_detail(struct summary *s)
{
    if (s->detail.len)
        text_char(&s->detail, ' ');
}

static void add_detail(struct summary *s, const struct dissection *d, const struct node *node)
{
    begin_detail(s);
    put_short_name(&s->detail, node->field);
    text_char(&s->detail, '=');
    node_show(&s->detail, d, node);
}

/* A row whose value can't be true: what the line says of the packet rests on a guess. */
static void add_bad(struct summary *s, const struct node *node)
{
    begin_detail(s);
    text_put(&s->detail, "bad ");
    text_put(&s->detail, node->field->name ? node->field->name : node->field->label);
}

/* The rows that name both ends. What a layer carries is nearer the user: the later row counts. */
struct ends {
    const struct node *from, *from_port, *to, *to_port;
};

static void see_end(struct ends *ends, const struct node *node)
{
    bool port = node->record->layer == LAYER_TRANSPORT;
    if (node->field->role == ROLE_SOURCE)
        *(port ? &ends->from_port : &ends->from) = node;
    else
        *(port ? &ends->to_port : &ends->to) = node;
}

/* Is it what stands there already? Else notes what will. */
static bool is_made(struct end_made *made, const struct dissection *d, const struct node *node)
{
    struct bytes raw = node ? node_raw(d, node) : (struct bytes){0};
    const struct field *field = node ? node->field : NULL;
    if (made->field == field &&
        (!field || (raw.len == made->size && memcmp(made->bytes, raw.at, raw.len) == 0)))
        return true;
    bool whole = raw.len <= sizeof made->bytes && !(node && node_looks_around(node));
    *made = (struct end_made){.field = field, .size = whole ? raw.len : SIZE_MAX};
    if (whole && raw.len)
        memcpy(made->bytes, raw.at, raw.len);
    return false;
}

static void put_end(struct summary *s, struct end_made *made, char *out, size_t size,
                    const struct dissection *d, const struct node *node)
{
    size_t len = 0;
    if (is_made(made, d, node))
        return;
    if (node) {
        text_clear(&s->piece);
        node_show(&s->piece, d, node);
        len = s->piece.len < size ? s->piece.len : size - 1;
        memcpy(out, text_string(&s->piece), len);
    }
    out[len] = '\0';
}

static void put_ends(struct summary *s, const struct dissection *d, const struct ends *ends)
{
    put_end(s, &s->made[0], s->from.addr, sizeof s->from.addr, d, ends->from);
    put_end(s, &s->made[1], s->from.port, sizeof s->from.port, d, ends->from_port);
    put_end(s, &s->made[2], s->to.addr, sizeof s->to.addr, d, ends->to);
    put_end(s, &s->made[3], s->to.port, sizeof s->to.port, d, ends->to_port);
}

/* "IPv4, protocol 254": what it carries is said by a number that no table reads. */
static bool add_carried(struct summary *s, const struct dissection *d, const struct node *next)
{
    uint64_t number = node_number(d, next);
    const struct term *term = term_find(next->terms, number);
    if (branch_find(next->record->next, number))
        return false;
    text_put(&s->title, ", ");
    if (term) {
        text_put(&s->title, term->name);
    } else {
        put_lower(&s->title, next->field->label);
        text_char(&s->title, ' ');
        node_show(&s->title, d, next);
    }
    return true;
}

/* The title of a packet that has no brief row: the innermost layer that is more than data, or
 * that it is a later fragment of one, and which. */
static void default_title(struct summary *s, const struct dissection *d, unsigned without)
{
    const struct record *best = NULL;
    const struct node *offset = NULL, *next = NULL;
    bool later = false;
    for (size_t i = 0; i < d->count; i++) {
        const struct node *node = &d->nodes[i];
        if (node->field && node->field->role == ROLE_FRAGMENT)
            offset = node;
        if (node->field && node->field->role == ROLE_NEXT && node->record == best)
            next = node;
        later = later || (best && node->kind == NODE_RECORD && node->record == best->piece);
        if (node->kind == NODE_RECORD && node->record->layer < LAYER_APPLICATION)
            best = node->record;
    }
    text_put(&s->title, later ? "Later fragment" : best ? best->title : "data");
    if (later && offset && !(without & WITHOUT_DETAIL))
        add_detail(s, d, offset);
    if (!later && best && next && next->record == best && add_carried(s, d, next))
        return;
    if (!later && best && best->unit) {
        text_char(&s->title, ' ');
        text_put(&s->title, best->unit);
    }
}

/* Where the packet itself ends and a packet that it quotes begins: a second internet layer. */
size_t dissection_quote(const struct dissection *d)
{
    bool transport = false;
    for (size_t i = 0; i < d->count; i++) {
        const struct node *node = &d->nodes[i];
        if (node->kind != NODE_RECORD)
            continue;
        if (transport && node->record->layer == LAYER_INTERNET)
            return i;
        transport = transport || node->record->spans_all || node->record->layer == LAYER_TRANSPORT;
    }
    return d->count;
}

static void add_brief(struct summary *s, const struct dissection *d, const struct node *node,
                      unsigned without)
{
    bool unnamed_code = node->field->role == ROLE_CODE && !node->terms;
    bool title = node->terms || node->field->format == &format_flags;
    if (unnamed_code)
        return;
    if (title)
        add_title(s, d, node);
    else if (!(without & WITHOUT_DETAIL))
        add_detail(s, d, node);
}

static bool is_end(const struct field *field)
{
    return field->role == ROLE_SOURCE || field->role == ROLE_DESTINATION;
}

static bool is_summed(const struct node *node)
{
    const struct field *field = node->field;
    return field && node->kind != NODE_ALSO &&
           (field->brief || is_end(field) || node->fault == FAULT_BAD);
}

struct summary_rows summary_rows(const struct dissection *d)
{
    struct summary_rows rows = {.end = dissection_quote(d)};
    for (; rows.listed < rows.end && rows.count < SUMMARY_ROWS; rows.listed++)
        if (is_summed(&d->nodes[rows.listed]))
            rows.each[rows.count++] = (uint32_t)rows.listed;
    return rows;
}

static void sum_row_up(struct summary *s, struct ends *ends, const struct dissection *d,
                       const struct node *node, unsigned without)
{
    if (is_end(node->field))
        see_end(ends, node);
    if (node->field->brief)
        add_brief(s, d, node, without);
    if (node->fault == FAULT_BAD && !(without & WITHOUT_DETAIL))
        add_bad(s, node);
}

void summarise_rows(struct summary *s, const struct dissection *d, const struct summary_rows *rows,
                    unsigned without)
{
    struct ends ends = {0};
    text_clear(&s->title);
    text_clear(&s->detail);
    if (!(without & WITHOUT_TITLE)) {
        for (size_t k = 0; k < rows->count; k++)
            sum_row_up(s, &ends, d, &d->nodes[rows->each[k]], without);
        for (size_t i = rows->listed; i < rows->end; i++)
            if (is_summed(&d->nodes[i]))
                sum_row_up(s, &ends, d, &d->nodes[i], without);
        if (!s->title.len)
            default_title(s, d, without);
    }
    put_ends(s, d, &ends);
}

void summarise(struct summary *s, const struct dissection *d)
{
    struct summary_rows rows = summary_rows(d);
    summarise_rows(s, d, &rows, 0);
}

void summary_free(struct summary *s)
{
    text_free(&s->title);
    text_free(&s->detail);
    text_free(&s->piece);
}
