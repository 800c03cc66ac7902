/* send.c: any packet, from words or from a file. */
#include "command.h"

#include "dry.h"
#include "live.h"

#include <loopcraft/caps.h>
#include <loopcraft/clock.h>
#include <loopcraft/guard.h>
#include <loopcraft/proto.h>
#include <loopcraft/sandbox.h>
#include <loopcraft/volley.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    COUNT_MOST = 1000000,
    RATE_MOST = 1000000,
    RATE_DEFAULT = 1000,
    WAIT_MOST = 600, /* seconds */
    SHOWN_MOST = 20, /* packets, one by one: those that were sent and those that came back */
    DRY_PORT = 61000 /* for the source port that sending would choose and reserve */
};

struct job {
    struct live live;
    struct recipe_file file;
    const char *proto;
    struct volley volley;
    bool dry;
};

/* --- the command line -------------------------------------------------------------- */

static bool read_options(struct job *job, const struct line *line, struct err *err)
{
    unsigned long rate = RATE_DEFAULT;
    job->volley.count = 1;
    job->volley.wait_ns = -1;
    if (!line_number(line, OPTION_TIMES, COUNT_MOST, &job->volley.count, err) ||
        !line_number(line, OPTION_RATE, RATE_MOST, &rate, err) ||
        !line_seconds(line, OPTION_WAIT, WAIT_MOST, &job->volley.wait_ns, err))
        return false;
    job->volley.gap_ns = (int64_t)CLOCK_SECOND / (int64_t)rate;
    job->volley.exact = line->options[OPTION_EXACT] != NULL;
    job->dry = line->options[OPTION_DRY_RUN] != NULL;
    if (job->volley.exact && line->options[OPTION_HOST])
        return err_set(err, STATUS_USAGE, "--exact works in the sandbox only: leave out --host");
    return true;
}

/* The protocol is the one word without an =, first on the command line or in the file. */
static bool read_proto(struct job *job, const struct line *line, size_t *from_file, struct err *err)
{
    const char *typed = line->word_count && !strchr(line->words[0], '=') ? line->words[0] : NULL;
    const char *first = job->file.count ? recipe_file_word(&job->file, 0) : "=";
    const char *filed = strchr(first, '=') ? NULL : first;
    *from_file = filed != NULL;
    job->proto = typed ? typed : filed;
    if (typed && filed && strcmp(typed, filed) != 0) {
        err_set(err, STATUS_USAGE, "this is for another protocol than the command line's");
        return recipe_file_blame(&job->file, 0, err);
    }
    return job->proto || err_set(err, STATUS_USAGE,
                                 "which protocol? tcp, udp, icmp, icmpv6 or ip, for example: "
                                 "loopcraft send tcp dstport=8080 flags=SYN");
}

/* ICMPv6 is of IPv6, and of it alone. */
static bool read_place(struct job *job, const struct line *line, struct err *err)
{
    struct live *live = &job->live;
    if (!live_place(live, line, "", err))
        return false;
    bool six = strcmp(job->proto, "icmpv6") == 0;
    if (six && live->family == AF_INET && (line->options[OPTION_IPV4] || line->options[OPTION_TO]))
        return err_set(err, STATUS_USAGE,
                       "icmpv6 goes over IPv6: leave out -4, or the IPv4 address");
    if (six)
        live->family = AF_INET6;
    return recipe_begin(&live->recipe, job->proto, live->family, err);
}

static bool read_words(struct job *job, const struct line *line, size_t from_file, struct err *err)
{
    struct live *live = &job->live;
    struct text to = TEXT_EMPTY;
    text_format(&to, "%s.dst=%s", live->recipe.ip->name, live->addr);
    bool good = !line->options[OPTION_TO] ||
                recipe_word(&live->recipe, text_string(&to), ORIGIN_YOU, err);
    text_free(&to);
    for (size_t i = from_file; good && i < job->file.count; i++)
        good = live_word(live, recipe_file_word(&job->file, i), err) ||
               recipe_file_blame(&job->file, i, err);
    for (size_t i = line->word_count && !strchr(line->words[0], '='); good && i < line->word_count;
         i++)
        good = live_word(live, line->words[i], err);
    return good;
}

static bool check_port(const struct recipe *recipe, struct err *err)
{
    const struct field *row = record_role(recipe->proto, ROLE_DESTINATION);
    return !row || recipe_asked(recipe, row->name) ||
           err_set(err, STATUS_USAGE, "to which port? add dstport=%s",
                   recipe->proto == &proto_udp ? "9000" : "8080");
}

static bool read_line(struct job *job, const struct line *line, struct err *err)
{
    size_t from_file;
    const char *path = line->options[OPTION_RECIPE];
    return read_options(job, line, err) && (!path || recipe_file_open(&job->file, path, err)) &&
           read_proto(job, line, &from_file, err) && read_place(job, line, err) &&
           read_words(job, line, from_file, err) && live_addresses(&job->live.recipe, err) &&
           check_port(&job->live.recipe, err);
}

/* The packet, with stand-ins for what sending chooses; does `check` let it pass, if there is one?
 */
static bool check_packet(const struct job *job,
                         bool (*check)(const struct job *job, struct bytes packet, struct err *err),
                         struct err *err)
{
    struct recipe filled = recipe_copy(&job->live.recipe);
    struct crafted crafted = {0};
    volley_fill(&filled, DRY_PORT);
    recipe_fill(&filled);
    bool good = craft(&crafted, &filled, err) &&
                (!check || check(job, crafted_bytes(&crafted), err));
    crafted_free(&crafted);
    recipe_free(&filled);
    return good;
}

/* The guard has the last word when it is sent; this way it is heard before anything is opened. */
static bool guarded(const struct job *job, struct bytes packet, struct err *err)
{
    struct sockaddr_storage to;
    socklen_t to_len;
    return job->volley.exact ? guard_check_exact(packet, job->live.family, err)
                             : guard_check(packet, &to, &to_len, err);
}

/* --- dry ----------------------------------------------------------------------------- */

static bool show(struct job *job, const struct line *line, struct err *err)
{
    struct recipe *recipe = &job->live.recipe;
    const struct field *source = record_role(recipe->proto, ROLE_SOURCE);
    struct text note = TEXT_EMPTY;
    if (source && !recipe_asked(recipe, source->name))
        text_format(&note, "The source port is chosen when it is sent. ");
    if (job->volley.count > 1)
        text_format(&note, "Without --dry-run it goes %lu times. ", job->volley.count);
    if (!job->volley.exact)
        volley_warn(&note, recipe);
    if (note.len)
        note.at[--note.len] = '\0';
    volley_fill(recipe, DRY_PORT);
    bool good = privilege_drop(err) && sinks_open(&job->live.sinks, line, false, true, err) &&
                dry_run(recipe, "send", text_string(&note), &job->live.sinks, err);
    text_free(&note);
    return good;
}

/* --- wet ----------------------------------------------------------------------------- */

static bool tell_end(struct job *job, const struct volley_count *count, bool partial,
                     struct err *err)
{
    struct exchange *x = &job->live.exchange;
    struct event event = {.kind = EVENT_SUMMARY};
    struct text text = TEXT_EMPTY;
    text_format(&text, "Sent %lu packet%s", count->sent, count->sent == 1 ? "" : "s");
    if (count->answers)
        text_format(&text, "; %u came back", count->answers);
    else
        text_put(&text, "; nothing came back");
    if (count->kernel)
        text_format(&text, "; %u of the kernel's own in between", count->kernel);
    text_char(&text, '.');
    event.summary = (struct summary_event){.text = text_string(&text),
                                           .partial = partial,
                                           .sent = (unsigned)count->sent,
                                           .received = count->answers,
                                           .dropped = capture_dropped(x->wire.capture)};
    bool good = sinks_event(&job->live.sinks, &event, err);
    text_free(&text);
    return good;
}

/* Everything on lo is looked at: a fragment, or a packet with a false length, shows no port. */
static bool open_wire(struct job *job, const struct line *line, struct err *err)
{
    struct live *live = &job->live;
    const struct field *source = record_role(live->recipe.proto, ROLE_SOURCE);
    bool reserve = source && !recipe_asked(&live->recipe, source->name);
    const struct wants wants = {
        .send = true, .exact = job->volley.exact, .capture = true, .reserve = reserve};
    if (!live_world(live, err) || !check_packet(job, guarded, err) ||
        (job->volley.exact && !sandbox_open_link(err)) ||
        !live_open(live, line, "send", &wants, err) ||
        !capture_filter(live->exchange.wire.capture, "", err))
        return false;
    if (job->volley.count > 1)
        sinks_show(&live->sinks, line, SHOWN_MOST);
    volley_fill(&live->recipe, live->exchange.wire.port);
    return true;
}

static int fly(struct job *job, const struct line *line, struct err *err)
{
    struct volley_count count;
    if (!open_wire(job, line, err))
        return err->status;
    job->volley.words = &job->live.recipe;
    enum probe_result result = volley_run(&job->live.exchange, &job->volley, &count, err);
    bool partial = result == PROBE_INTERRUPTED;
    if (result == PROBE_FAILED || !tell_end(job, &count, partial, err))
        return err->status;
    return partial ? live_interrupted(&job->live) : STATUS_DONE;
}

static int run(const struct line *line, struct err *err)
{
    struct job job = {0};
    bool good = read_line(&job, line, err) && check_packet(&job, NULL, err);
    int status = !good                   ? err->status
                 : !job.dry              ? fly(&job, line, err)
                 : show(&job, line, err) ? STATUS_DONE
                                         : err->status;
    status = live_close(&job.live, status, err);
    recipe_file_free(&job.file);
    return status;
}

static const enum option options[] = {
    OPTION_RECIPE,  OPTION_TIMES,   OPTION_RATE,  OPTION_WAIT, OPTION_DRY_RUN,
    OPTION_EXACT,   OPTION_WITNESS, OPTIONS_LIVE, OPTION_VIEW, OPTION_EXPLAIN_CHECKSUM,
    OPTIONS_OUTPUT, OPTION_COUNT,
};

const struct command command_send = {
    .name = "send",
    .arguments = "PROTO WORD...",
    .summary = "any packet: every field as you say, and what comes back",
    .help =
        "Crafts a packet of tcp, udp, icmp, icmpv6 or ip, sends it to loopback and shows what "
        "comes "
        "back.\n"
        "Every field that `loopcraft fields` lists for it can be set by name; what you leave out "
        "is "
        "filled in\n"
        "so that the packet fits: lengths, checksums, a source port, SYN. data= takes text with "
        "\\r \\n \\xNN,\n"
        "@FILE or hex:48 65. options= and ip.options= take lists: mss:1460,nop,nop,ts:1:0.\n\n"
        "  loopcraft send tcp dstport=8080 flags=SYN,ACK ip.ttl=3\n"
        "  loopcraft send udp dstport=9000 'data=hi\\n' udp.checksum=0xbad\n"
        "  loopcraft send icmp type=13 --dry-run --view boxes\n"
        "  loopcraft send ip ip.proto=254 data=hex:01020304\n"
        "  loopcraft -S send tcp dstport=8080 ip.len=20 --exact\n"
        "  loopcraft send --recipe syn.txt --count 5 --rate 2\n\n"
        "A recipe file has the same words, one or several a line; # starts a comment, quotes keep "
        "spaces\n"
        "together; PROTO may be its first word. Words of the command line are added.\n",
    .options = options,
    .run = run,
};
