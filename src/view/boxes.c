/*
 * boxes.c: a packet's layers as the RFCs draw them, with the values that they have.
 *
 * put_boxes   the layers, a drawing each, and below it what had no room in its box
 * put_leaf    a leaf, as many rows as it touches
 * fill_*      what stands in its box
 */
#include "boxes.h"

#include "dump.h"
#include "pieces.h"

enum { ROWS_MOST = 8, VALUE_BITS = 256, LABEL_LINES = BOX_LINES - 1 };

struct sheet {
    struct dump *dump;
    const struct dissection *d;
    struct drawing drawing;
    struct text value, legend; /* legend: lines, each ended by \n */
    uint32_t next;             /* the bit that the drawing has come to */
    uint8_t depth;             /* of the leaves in it */
    bool begun;
};

/* --- what stands in a box ------------------------------------------------------------- */

static const char *label_of(const struct node *node)
{
    return node->field && node->field->label ? node->field->label : node->why ? node->why : "Bytes";
}

static bool fits(const char *at, unsigned columns)
{
    return columns_of(at, strlen(at)) <= columns;
}

/* The value as people read it. */
static const char *value_of(struct sheet *s, const struct node *node, bool show)
{
    struct text raw = TEXT_EMPTY;
    text_clear(&s->value);
    if (show)
        node_show(&raw, s->d, node);
    else
        node_say(&raw, s->d, node);
    put_told(&s->value, text_string(&raw));
    if (!s->dump->page.utf8)
        only_ascii(&s->value, 0);
    text_free(&raw);
    return text_string(&s->value);
}

/* "DSCP = ip.dsfield.dscp 0", for what a box had no room for. */
static void add_legend(struct sheet *s, const struct node *node, const char *in_box)
{
    const char *name = node_name(node);
    text_put(&s->legend, in_box);
    text_put(&s->legend, " = ");
    text_put(&s->legend, name ? name : label_of(node));
    text_char(&s->legend, ' ');
    text_put(&s->legend, value_of(s, node, false));
    text_char(&s->legend, '\n');
}

static void add_fault(struct sheet *s, const struct node *node)
{
    const char *const faults[] = {[FAULT_BAD] = "bad: ", [FAULT_CUT] = "cut: "};
    if (node->fault == FAULT_NONE)
        return;
    text_put(&s->legend, faults[node->fault]);
    if (node->field) {
        text_put(&s->legend, node_name(node) ? node_name(node) : label_of(node));
        text_put(&s->legend, ": ");
    }
    text_put(&s->legend, node->why ? node->why : "its bytes contradict themselves");
    text_char(&s->legend, '\n');
}

/* In words, one below the other; a bit's own letters likewise. False: there is no room. */
static bool fill_label(struct box *box, const char *label, unsigned columns)
{
    box->count = 0;
    while (*label) {
        size_t word = strcspn(label, " "), len = columns == 1 ? 1 : words_fit(label, columns);
        if (box->count == LABEL_LINES || (columns > 1 && columns_of(label, word) > columns))
            return false;
        text_clear(&box->lines[box->count]);
        text_put_n(&box->lines[box->count++], label, len);
        label += len + strspn(label + len, " ");
    }
    return true;
}

/*
 * The first of these that has room: what people read, Wireshark's, the number. False: there is
 * more to say than stands in the box.
 */
static bool fill_value(struct sheet *s, struct box *box, const struct node *node, unsigned columns)
{
    struct text *line = &box->lines[box->count++];
    text_clear(line);
    for (unsigned show = 0; show < 2; show++)
        if (fits(value_of(s, node, show), columns)) {
            text_put(line, text_string(&s->value));
            return !show || node->bits == 1 || node->field->role == ROLE_RESERVED;
        }
    if (node->bits <= 8)
        text_number(line, node_number(s->d, node));
    if (line->len == 0 || line->len > columns) {
        text_clear(line);
        text_char(line, '*');
        return false;
    }
    return node->bits == 1;
}

static void fill_named(struct sheet *s, struct box *box, const struct node *node)
{
    unsigned columns = (box->to - box->from) * 2 - 1;
    const char *label = label_of(node), *value = value_of(s, node, false);
    size_t both = columns_of(label, strlen(label)) + 2 + columns_of(value, strlen(value));
    if (both <= columns) {
        text_put(&box->lines[0], label);
        text_put(&box->lines[0], ": ");
        text_put(&box->lines[0], value);
        box->count = 1;
        return;
    }
    bool whole = fill_label(box, label, columns);
    if (!whole) {
        text_clear(&box->lines[0]);
        text_put_n(&box->lines[0], label, columns < strlen(label) ? columns : strlen(label));
        while (box->lines[0].at[box->lines[0].len - 1] == ' ')
            box->lines[0].at[--box->lines[0].len] = '\0';
        box->count = 1;
    }
    if (!fill_value(s, box, node, columns) || !whole)
        add_legend(s, node, whole ? label : text_string(&box->lines[0]));
}

/* Each byte where it lies: "     47 G      ". The leaf's name stands above the first. */
static void fill_bytes(struct sheet *s, struct box *box, const struct node *node, uint32_t bit)
{
    unsigned columns = (box->to - box->from) * 2 - 1;
    if (bit == node->bit && !fill_label(box, label_of(node), columns)) {
        fill_label(box, "Bytes", columns);
        text_put(&s->legend, "Bytes = ");
        text_put(&s->legend, label_of(node));
        text_char(&s->legend, '\n');
    }
    struct text *line = &box->lines[box->count++];
    text_clear(line);
    for (uint32_t at = bit; at < bit + (box->to - box->from); at += 8) {
        uint8_t byte = s->d->bytes.at[at / 8];
        text_put(line, at == bit ? "     " : "      ");
        text_hex(line, byte, 2);
        text_char(line, ' ');
        text_char(line, byte > 0x20 && byte < 0x7f ? (char)byte : ' ');
        text_put(line, "      ");
    }
}

/* --- leaves ----------------------------------------------------------------------------- */

/* Are its bytes drawn one by one? So are those that have no value which people could read. */
static bool by_bytes(struct sheet *s, const struct node *node)
{
    if (node->bit % 8 || node->bits % 8 || node->bit / 8 + node->bits / 8 > s->d->bytes.len)
        return false;
    if (node->kind == NODE_BYTES || node->bits > VALUE_BITS)
        return true;
    return node->bits >= 32 && !fits(value_of(s, node, false), s->drawing.width * 2 - 1);
}

static void put_gap(struct sheet *s, uint32_t bits)
{
    text_clear(&s->value);
    text_put(&s->value, s->dump->page.utf8 ? "⋮ " : "... ");
    text_number(&s->value, bits / 8);
    text_put(&s->value, " more bytes (--view full shows them)");
    if (!fits(text_string(&s->value), s->drawing.width * 2 - 1)) {
        s->value.len -= strlen(" (--view full shows them)");
        s->value.at[s->value.len] = '\0';
    }
    drawing_gap(&s->drawing, text_string(&s->value));
}

/* Where the name and the value go: the wider of its first two parts; of many rows the second. */
static uint32_t widest(const struct sheet *s, const struct node *node)
{
    uint32_t width = s->drawing.width, first = width - s->drawing.filled;
    uint32_t second = node->bits > first ? node->bits - first : 0;
    second = second < width ? second : width;
    return second > first || node->bits >= 3 * width ? node->bit + first : node->bit;
}

static void put_leaf(struct sheet *s, const struct node *node)
{
    uint32_t end = node->bit + node->bits, width = s->drawing.width, named = widest(s, node);
    bool bytes = by_bytes(s, node);
    unsigned rows = 0;
    for (uint32_t bit = node->bit, part; bit < end; bit += part) {
        uint32_t room = width - s->drawing.filled;
        if (room == width && ++rows > ROWS_MOST && end - bit > 2 * width) {
            part = (end - bit - 1) / width * width; /* all but the last row */
            put_gap(s, part);
            continue;
        }
        part = end - bit < room ? end - bit : room;
        struct box *box = drawing_box(&s->drawing, node, part);
        if (bytes)
            fill_bytes(s, box, node, bit);
        else if (bit == named)
            fill_named(s, box, node);
        else if (node->bits <= width) { /* it doesn't touch its other part */
            text_put(&box->lines[0], s->dump->page.utf8 ? "…" : "~");
            box->count = 1;
        }
        if (part == room)
            drawing_row(&s->drawing);
    }
    s->next = end;
}

/* --- layers ------------------------------------------------------------------------------- */

static void end_sheet(struct sheet *s)
{
    if (s->begun)
        drawing_end(&s->drawing);
    s->begun = false;
    for (const char *at = text_string(&s->legend); *at;) {
        size_t len = strcspn(at, "\n");
        struct line line = line_at(s->dump, 4);
        enum tone tone = strncmp(at, "bad: ", 5) == 0   ? TONE_BAD
                         : strncmp(at, "cut: ", 5) == 0 ? TONE_WARN
                                                        : TONE_DIM;
        line_pad(&line, 1);
        line_words(&line, tone, at, len);
        line_end(&line);
        at += len + 1;
    }
    text_clear(&s->legend);
}

static void start_layer(struct sheet *s, const struct node *node)
{
    end_sheet(s);
    struct line line = line_at(s->dump, 0);
    s->drawing.tone = (enum tone)(TONE_LAYER + node->record->layer);
    rows_enter(&s->dump->rows, node->record);
    rows_title(&s->dump->rows, &line, node->record, node_size(node));
}

void put_boxes(struct dump *dump, const struct packet_event *packet)
{
    struct sheet s = {.dump = dump, .d = packet->dissection};
    dump->rows.quoting = QUOTES_NOTHING;
    s.drawing.page = &dump->page;
    s.drawing.tone = TONE_LAYER;
    s.drawing.width = dump->page.columns > BITS_WIDE * 2 ? BITS_WIDE : BITS_NARROW;
    for (size_t i = 0; i < s.d->count; i++) {
        const struct node *node = &s.d->nodes[i];
        bool leaf = (node->kind == NODE_FIELD || node->kind == NODE_BYTES) && node->bits;
        if (node->kind == NODE_RECORD && node->record->layer != LAYER_PART)
            start_layer(&s, node);
        if (leaf && s.begun && (node->depth != s.depth || node->bit != s.next))
            end_sheet(&s); /* what goes on behind the layer inside */
        if (leaf && !s.begun)
            drawing_start(&s.drawing);
        if (leaf) {
            s.begun = true;
            s.depth = node->depth;
            put_leaf(&s, node);
        }
        add_fault(&s, node);
    }
    end_sheet(&s);
    drawing_free(&s.drawing);
    text_free(&s.value);
    text_free(&s.legend);
}
