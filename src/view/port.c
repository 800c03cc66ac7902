/* port.c: a port of this machine: a line of the table, and under it what it rests on. */
#include "dump.h"

#include "pieces.h"

#include <string.h>

enum { SERVICE_AT = 11, STATE_AT = 26, BOUND_AT = 41, SECRECY_AT = 58, TABLE = 77, TEXT_AT = 18 };

/* A word of the line, in its column; on a narrow terminal behind the word before. */
static void put_cell(struct line *line, unsigned at, enum tone tone, const char *word)
{
    if (line->page->columns < TABLE) {
        line_piece(line, 2, tone, word);
        return;
    }
    line_pad(line, at);
    line_told(line, tone, word);
}

static void put_header(struct dump *d)
{
    struct line line = line_at(d, SERVICE_AT);
    blank_line(d);
    line_put(&line, TONE_DIM, "PORT");
    put_cell(&line, SERVICE_AT, TONE_DIM, "SERVICE");
    put_cell(&line, STATE_AT, TONE_DIM, "STATE");
    put_cell(&line, BOUND_AT, TONE_DIM, "BOUND TO");
    put_cell(&line, SECRECY_AT, TONE_DIM, "ENCRYPTION");
    line_end(&line);
    d->ports = true;
}

/* Words of the order that should be seen first. */
static enum tone concern_tone(const char *concern)
{
    static const struct {
        const char *concern;
        enum tone tone;
    } tones[] = {
        {"program", TONE_BAD},
        {"unseen", TONE_BAD},
        {"exposed-plaintext", TONE_WARN},
        {"exposed-unknown", TONE_WARN},
    };
    for (size_t i = 0; i < sizeof tones / sizeof tones[0]; i++)
        if (strcmp(tones[i].concern, concern) == 0)
            return tones[i].tone;
    return TONE_BOLD;
}

static void put_table_line(struct dump *d, const struct port_event *port)
{
    struct line line = line_at(d, SERVICE_AT);
    text_clear(&d->piece);
    text_format(&d->piece, "%u/%s", port->port, port->proto);
    line_put(&line, concern_tone(port->concern), text_string(&d->piece));
    put_cell(&line, SERVICE_AT, TONE_PLAIN, port->service ? port->service : "-");
    put_cell(&line, STATE_AT, TONE_PLAIN, port->state ? port->state : "not asked");
    put_cell(&line, BOUND_AT, TONE_PLAIN, port->exposure ? port->exposure : "-");
    text_clear(&d->piece);
    text_put(&d->piece, port->encryption ? port->encryption : "unknown");
    if (port->encryption)
        text_put(&d->piece, port->observed ? ", seen" : ", usual");
    put_cell(&line, SECRECY_AT, TONE_PLAIN, text_string(&d->piece));
    line_end(&line);
}

/* Was it told of this port already, at another of its sockets? */
static bool told_already(struct dump *d, const char *key, const char *text)
{
    struct text line = TEXT_EMPTY;
    text_format(&line, "\n%s %s\n", key, text);
    bool told = strstr(text_string(&d->port_told), text_string(&line)) != NULL;
    if (!told)
        text_put(&d->port_told, text_string(&line));
    text_free(&line);
    return told;
}

/* A line under it: what it is about, and the text, that wraps. */
static void put_detail(struct dump *d, const char *key, enum tone tone, const char *text)
{
    struct line line = line_at(d, TEXT_AT);
    if (told_already(d, key, text))
        return;
    line_pad(&line, SERVICE_AT);
    line_put(&line, tone == TONE_PLAIN ? TONE_DIM : tone, key);
    line_pad(&line, TEXT_AT);
    line_told(&line, tone, text);
    line_end(&line);
}

/* Foreign text, made safe. */
static void add_foreign(struct dump *d, struct text *out, const char *string)
{
    put_foreign(out, (struct bytes){(const uint8_t *)string, strlen(string)}, d->page.utf8);
}

static void put_who(struct dump *d, const struct port_event *port)
{
    struct text who = TEXT_EMPTY;
    if (!port->user)
        return;
    if (port->program) {
        add_foreign(d, &who, port->program);
        text_format(&who, ", process %d of ", port->pid);
        add_foreign(d, &who, port->user);
        if (port->pids_more)
            text_format(&who, " (and %u more)", port->pids_more);
        text_put(&who, *port->command ? ": " : "");
        add_foreign(d, &who, port->command);
    } else {
        text_put(&who, "user ");
        add_foreign(d, &who, port->user);
        text_format(&who, "; %s", port->unknown ? port->unknown : "");
    }
    put_detail(d, "who", TONE_PLAIN, text_string(&who));
    text_free(&who);
}

static void put_asked(struct dump *d, const struct port_event *port)
{
    struct text text = TEXT_EMPTY;
    for (size_t i = 0; i < port->asked_count; i++) {
        const struct port_asked *asked = &port->asked[i];
        text_format(&text, "%s%s:", i ? "; " : "", asked->addr);
        if (asked->state)
            text_format(&text, " %s by hand (%s)", asked->state, asked->reason);
        if (asked->called)
            text_format(&text, "%s connect() %s", asked->state ? "," : "", asked->called);
        if (!asked->state && !asked->called)
            text_put(&text, " not yet");
    }
    if (port->unasked)
        text_format(&text, "no, told from the table of sockets alone: %s", port->unasked);
    if (port->banner) {
        text_put(&text, "; it said \"");
        add_foreign(d, &text, port->banner);
        text_char(&text, '"');
    }
    if (text.len)
        put_detail(d, "asked", TONE_PLAIN, text_string(&text));
    text_free(&text);
}

static void put_advice(struct dump *d, const struct port_event *port)
{
    struct text text = TEXT_EMPTY;
    if (port->purpose)
        text_format(&text, "%s: ", port->purpose);
    text_put(&text, port->advice);
    if (port->instead)
        text_format(&text, ". Encrypted: %s", port->instead);
    put_detail(d, "open?", TONE_PLAIN, text_string(&text));
    text_free(&text);
}

/* Of the common ones where nothing is: only their numbers, when all are told. */
static void keep_closed(struct dump *d, const struct port_event *port)
{
    text_put(&d->closed, d->closed.len ? ", " : "");
    text_number(&d->closed, port->port);
    if (port->asked_count == 1)
        text_format(&d->closed, " at %s", port->asked[0].addr);
    if (port->state && strcmp(port->state, "closed") != 0)
        text_format(&d->closed, " (%s)", port->state);
}

/* Another socket of the port that was told last? Then what is the same is not told again. */
static bool is_same_port(struct dump *d, const struct port_event *port)
{
    struct text name = TEXT_EMPTY;
    text_format(&name, "%u/%s %s\n", port->port, port->proto, port->concern);
    const char *told = text_string(&d->port_told);
    bool same = strncmp(told, text_string(&name), name.len) == 0;
    if (!same) {
        text_clear(&d->port_told);
        text_put(&d->port_told, text_string(&name));
    }
    text_free(&name);
    return same;
}

void put_port(struct dump *d, const struct port_event *port)
{
    if (strcmp(port->concern, "closed") == 0 && !d->look.verbose) {
        keep_closed(d, port);
        return;
    }
    bool first = !d->ports;
    if (first)
        put_header(d);
    if (!is_same_port(d, port) && !first)
        blank_line(d);
    put_table_line(d, port);
    if (port->finding)
        put_detail(d, "odd", TONE_WARN, port->finding);
    put_advice(d, port);
    put_who(d, port);
    if (port->bound && !d->look.quiet)
        put_detail(d, "socket", TONE_PLAIN, port->binding);
    if (!d->look.quiet)
        put_asked(d, port);
}

void put_closed_ports(struct dump *d)
{
    if (!d->closed.len)
        return;
    struct line line = line_at(d, 2);
    blank_line(d);
    line_put(&line, TONE_DIM, "Asked over TCP, and nothing is there:");
    line_gap(&line, 1);
    line_told(&line, TONE_PLAIN, text_string(&d->closed));
    line_end(&line);
    text_clear(&d->closed);
}
