/*
 * report.c: an audit as a page of Markdown to hand in.
 *
 * Its parts are gathered, and written when all is known. What others wrote (programs, command
 * lines, banners) is escaped twice: for terminals, and so that it is no Markdown (CommonMark
 * 0.31, 2.4: any ASCII punctuation may have a backslash before it).
 */
#include <loopcraft/view.h>

#include <loopcraft/text.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct report {
    struct sink sink; /* first */
    FILE *file;
    struct text place, limits, rows, findings, heard, closed, summary;
};

/* --- escaping ------------------------------------------------------------------------- */

static void put_escaped(struct text *out, const char *string, const char *marks)
{
    for (; *string; string++) {
        if (strchr(marks, *string))
            text_char(out, '\\');
        text_char(out, *string);
    }
}

/* A text of our own: what would be Markdown in it is none. */
static void put_own(struct text *out, const char *string)
{
    put_escaped(out, string, "\\`*_[]<>|#");
}

/* Foreign: no link, mention or HTML comes of it either. */
static void put_foreign(struct text *out, const char *string)
{
    struct text safe = TEXT_EMPTY;
    text_escape(&safe, (struct bytes){(const uint8_t *)string, strlen(string)});
    put_escaped(out, text_string(&safe), "\\`*_{}[]<>()!|~&$@:.#");
    text_free(&safe);
}

/* --- events ----------------------------------------------------------------------------- */

static void put_name(struct text *out, const struct port_event *port)
{
    text_format(out, "%u/%s", port->port, port->proto);
}

static void put_who(struct text *out, const struct port_event *port)
{
    if (port->program) {
        put_foreign(out, port->program);
        text_put(out, ", ");
    }
    if (port->user)
        put_foreign(out, port->user);
    else
        text_put(out, "nobody in sight");
}

static void put_row(struct report *r, const struct port_event *port)
{
    struct text *out = &r->rows;
    text_put(out, "| ");
    put_name(out, port);
    text_put(out, " | ");
    put_own(out, port->service ? port->service : "unknown");
    text_put(out, " | ");
    put_own(out, port->state ? port->state : "not asked");
    text_put(out, " | ");
    put_own(out, port->exposure ? port->exposure : "no socket in sight");
    text_put(out, " | ");
    text_put(out, port->encryption ? port->encryption : "unknown");
    if (port->encryption)
        text_put(out, port->observed ? ", seen" : ", usual for this port");
    text_put(out, " | ");
    put_who(out, port);
    text_put(out, " | ");
    put_own(out, port->advice);
    text_put(out, " | ");
    put_own(out, port->instead ? port->instead : "");
    text_put(out, " |\n");
}

static void put_finding(struct report *r, const struct port_event *port)
{
    if (!port->finding)
        return;
    text_put(&r->findings, "- **");
    put_name(&r->findings, port);
    text_put(&r->findings, "** (");
    put_who(&r->findings, port);
    text_put(&r->findings, "): ");
    put_own(&r->findings, port->finding);
    text_put(&r->findings, ".\n");
}

static void put_witnesses(struct report *r, const struct port_event *port)
{
    struct text *out = &r->heard;
    text_put(out, "- **");
    put_name(out, port);
    text_put(out, "**: ");
    put_own(out, port->bound ? port->binding : "no socket in sight");
    if (port->program) {
        text_format(out, "; process %d", port->pid);
        if (port->pids_more)
            text_format(out, " and %u more", port->pids_more);
        text_put(out, ", command line: ");
        put_foreign(out, port->command);
    } else if (port->unknown) {
        text_put(out, "; ");
        put_own(out, port->unknown);
    }
    for (size_t i = 0; i < port->asked_count; i++) {
        const struct port_asked *asked = &port->asked[i];
        text_format(out, "; at %s", asked->addr);
        if (asked->state) {
            text_put(out, " by hand ");
            put_own(out, asked->state);
            text_format(out, " (%s)", asked->reason);
        }
        if (asked->called) {
            text_put(out, ", connect() ");
            put_own(out, asked->called);
        }
    }
    if (port->unasked) {
        text_put(out, "; told from the table of sockets alone: ");
        put_own(out, port->unasked);
    }
    if (port->banner) {
        text_put(out, "; it said: ");
        put_foreign(out, port->banner);
    }
    text_put(out, ".\n");
}

static void take_port(struct report *r, const struct port_event *port)
{
    if (strcmp(port->concern, "closed") == 0) {
        text_format(&r->closed, "%s%u", r->closed.len ? ", " : "", port->port);
        return;
    }
    put_row(r, port);
    put_finding(r, port);
    put_witnesses(r, port);
}

static bool report_event(struct sink *sink, const struct event *event, struct err *err)
{
    struct report *r = (struct report *)sink;
    (void)err;
    if (event->kind == EVENT_START) {
        put_own(&r->place, event->start.place);
        text_format(&r->place, "; loopcraft %s", event->start.version);
    } else if (event->kind == EVENT_NOTE) {
        text_put(&r->limits, "- ");
        put_own(&r->limits, event->note);
        text_char(&r->limits, '\n');
    } else if (event->kind == EVENT_PORT) {
        take_port(r, &event->port);
    } else if (event->kind == EVENT_SUMMARY) {
        put_own(&r->summary, event->summary.text);
        if (event->summary.partial)
            text_put(&r->summary, " (**partial: it was interrupted**)");
    }
    return true;
}

/* --- the page ----------------------------------------------------------------------------- */

static void put_head(struct text *out, struct report *r)
{
    char host[256] = "", when[64] = "";
    struct tm local;
    time_t now = time(NULL);
    gethostname(host, sizeof host - 1);
    if (localtime_r(&now, &local))
        strftime(when, sizeof when, "%Y-%m-%d %H:%M %z", &local);
    text_put(out, "# Ports of ");
    put_foreign(out, host);
    text_format(out, "\n\n- When: %s\n- Where: %s\n- Outcome: %s.\n\n", when,
                text_string(&r->place),
                r->summary.len ? text_string(&r->summary)
                               : "**incomplete: the audit did not come to its end**");
    text_put(out,
             "\"Bound to\" is what a program asked for. It does not say who can reach it: that\n"
             "firewalls and routers decide, and from this machine it can't be seen.\n\n");
}

static void put_part(struct text *out, const char *title, struct text *part, const char *otherwise)
{
    text_format(out, "## %s\n\n%s\n", title, part->len ? text_string(part) : otherwise);
}

static void put_page(struct text *out, struct report *r)
{
    put_head(out, r);
    put_part(out, "Findings", &r->findings, "None.\n");
    text_put(out,
             "## Ports, the worst first\n\n"
             "The order: programs that do not belong on their port, answers without a socket,\n"
             "then what is bound to more than loopback (plaintext, unknown, encrypted), then\n"
             "loopback.\n\n"
             "| Port | Service | State | Bound to | Encryption | Who | Should it be open? | "
             "Encrypted alternative |\n"
             "|---|---|---|---|---|---|---|---|\n");
    text_put(out, text_string(&r->rows));
    text_char(out, '\n');
    put_part(out, "What each witness said", &r->heard, "Nothing.\n");
    if (r->closed.len) {
        text_put(&r->closed, ".\n");
        put_part(out, "TCP ports that were asked, and where nothing is", &r->closed, "");
    }
    put_part(out, "What was left out", &r->limits, "Nothing.\n");
}

static bool report_end(struct sink *sink, struct err *err)
{
    struct report *r = (struct report *)sink;
    struct text page = TEXT_EMPTY;
    put_page(&page, r);
    errno = 0;
    bool done = fwrite(page.at, 1, page.len, r->file) == page.len && fflush(r->file) == 0;
    int error = errno;
    if (fclose(r->file) != 0 && done) {
        error = errno;
        done = false;
    }
    if (!done)
        err_set(err, STATUS_SYSTEM, "the report can't be written: %s",
                strerror(error ? error : EIO));
    struct text *parts[] = {&page,        &r->place, &r->limits, &r->rows,
                            &r->findings, &r->heard, &r->closed, &r->summary};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        text_free(parts[i]);
    free(r);
    return done;
}

struct sink *report_view(FILE *out)
{
    struct report *r = calloc(1, sizeof *r);
    if (!r) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    r->sink = (struct sink){
        .event = report_event, .end = report_end, .without = WITHOUT_TITLE | WITHOUT_DETAIL};
    r->file = out;
    return &r->sink;
}
