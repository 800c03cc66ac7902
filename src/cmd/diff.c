/* diff.c: two captures, field by field, each difference explained. */
#include "command.h"

#include "sinks.h"

#include <loopcraft/catalog.h>
#include <loopcraft/diff.h>
#include <loopcraft/wire.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IGNORE_MOST = 64, LISTED_MOST = 12 };

struct work {
    const char *paths[2];
    struct reader *readers[2];
    struct diff_side *sides[2];
    bool full[2]; /* not all of it was kept */
    bool strict;
    char *ignored; /* owned: the names, each ended */
    const char *ignore[IGNORE_MOST];
    size_t ignore_count;
    struct sinks sinks;
    struct differences differences;
    size_t same, different, fields; /* pairs, pairs, differences that count */
};

/* --- the command line --------------------------------------------------------------- */

static bool unknown(const struct catalog *catalog, const char *name, struct err *err)
{
    struct nearest nearest = nearest_to(name);
    struct text safe = TEXT_EMPTY, names = TEXT_EMPTY;
    catalog_nearest(catalog, &nearest);
    nearest_try(&nearest, DIFF_TIME_NAME);
    text_escape(&safe, (struct bytes){(const uint8_t *)name, strnlen(name, 60)});
    nearest_put(&names, &nearest);
    err_set(err, STATUS_USAGE, "--ignore %s: no such field; %s%s", text_string(&safe),
            names.len ? "did you mean " : "`loopcraft fields` lists them", text_string(&names));
    text_free(&safe);
    text_free(&names);
    return false;
}

static bool read_ignored(struct work *w, const char *list, struct err *err)
{
    struct catalog catalog;
    char *rest = w->ignored = strdup(list);
    if (!rest)
        return err_system(err, "no memory for --ignore");
    catalog_open(&catalog);
    bool good = true;
    for (char *name; good && (name = strsep(&rest, ","));) {
        if (w->ignore_count == IGNORE_MOST)
            good = err_set(err, STATUS_USAGE, "--ignore takes at most %d names", IGNORE_MOST);
        else if (!catalog_knows(&catalog, name) && strcmp(name, DIFF_TIME_NAME) != 0)
            good = unknown(&catalog, name, err);
        else
            w->ignore[w->ignore_count++] = name;
    }
    catalog_free(&catalog);
    return good;
}

static bool read_line(struct work *w, const struct line *line, struct err *err)
{
    const char *const *words = line->words;
    if (line->word_count != 2)
        return err_set(err, STATUS_USAGE, "which two captures? `loopcraft diff A B`");
    if (strcmp(words[0], "-") == 0 && strcmp(words[1], "-") == 0)
        return err_set(err, STATUS_USAGE,
                       "- twice: standard input is one capture; name a file for the other");
    w->paths[0] = words[0];
    w->paths[1] = words[1];
    w->strict = line->options[OPTION_STRICT] != NULL;
    return !line->options[OPTION_IGNORE] || read_ignored(w, line->options[OPTION_IGNORE], err);
}

/* --- reading ------------------------------------------------------------------------- */

static bool keep_all(struct work *w, int side, struct err *err)
{
    w->sides[side] = diff_side_new();
    for (;;) {
        struct frame frame;
        enum capture_result result = reader_next(w->readers[side], &frame, err);
        if (result != CAPTURE_FRAME)
            return result == CAPTURE_TIMEOUT;
        if (!diff_keep(w->sides[side], &frame)) {
            w->full[side] = true;
            return true;
        }
    }
}

static bool tell_note(struct work *w, struct text *note, struct err *err)
{
    struct event event = {.kind = EVENT_NOTE, .note = text_string(note)};
    bool good = sinks_event(&w->sinks, &event, err);
    text_free(note);
    return good;
}

static bool tell_start(struct work *w, struct err *err)
{
    struct text place = TEXT_EMPTY;
    for (int i = 0; i < 2; i++) {
        text_put(&place, i ? "   B: " : "A: ");
        text_escape(&place, (struct bytes){(const uint8_t *)w->paths[i], strlen(w->paths[i])});
    }
    struct event event = {.kind = EVENT_START};
    event.start = (struct start_event){
        .command = "diff", .world = "file", .place = text_string(&place)};
    bool good = sinks_event(&w->sinks, &event, err);
    text_free(&place);
    for (int i = 0; i < 2 && good; i++) {
        struct text note = TEXT_EMPTY;
        text_format(&note,
                    "Only the first %zu packets of %c are compared: that is all there is "
                    "room for.",
                    diff_count(w->sides[i]), 'A' + i);
        good = !w->full[i] || tell_note(w, &note, err);
        text_free(&note);
    }
    return good;
}

/* --- comparing ------------------------------------------------------------------------ */

static bool is_ignored(const struct work *w, const struct diff_event *difference)
{
    for (size_t i = 0; difference->name && i < w->ignore_count; i++)
        if (name_below(difference->name, w->ignore[i]))
            return true;
    return false;
}

/* What follows counts only when there is nothing that it could follow from. */
static bool counts(const struct work *w, const struct diff_event *difference, bool substance)
{
    return w->strict || difference->kind == DIFF_SUBSTANCE ||
           (difference->kind == DIFF_FOLLOWS && !substance);
}

static bool tell_pair(struct work *w, struct diff_pair pair, struct err *err)
{
    struct differences *found = &w->differences;
    bool substance = false, differs = false;
    diff_compare(found, w->sides[0], w->sides[1], pair);
    for (size_t i = 0; i < found->count; i++)
        substance = substance || found->each[i].kind == DIFF_SUBSTANCE;
    for (int kind = DIFF_SUBSTANCE; kind >= DIFF_EXPECTED; kind--) {
        for (size_t i = 0; i < found->count; i++) {
            struct event event = {.kind = EVENT_DIFF, .diff = found->each[i]};
            if (event.diff.kind != (enum diff_kind)kind || is_ignored(w, &event.diff))
                continue;
            event.diff.counts = counts(w, &event.diff, substance);
            differs = differs || event.diff.counts;
            w->fields += event.diff.counts;
            if (!sinks_event(&w->sinks, &event, err))
                return false;
        }
    }
    *(differs ? &w->different : &w->same) += 1;
    return true;
}

/* The packets of one side that have no counterpart: how many, and the first of them. */
static bool tell_alone(struct work *w, int side, size_t pairs, struct err *err)
{
    struct text note = TEXT_EMPTY;
    struct summary summary = {0};
    struct dissection d = {0};
    size_t alone = diff_count(w->sides[side]) - pairs, listed = 0;
    text_format(&note, "Set aside, without a counterpart: %zu of %c's packets:", alone, 'A' + side);
    for (size_t i = 0; i < diff_count(w->sides[side]) && listed < LISTED_MOST; i++) {
        if (diff_is_paired(w->sides[side], i))
            continue;
        const struct frame *frame = diff_frame(w->sides[side], i);
        dissect(&d, frame);
        summarise(&summary, &d);
        text_format(&note, "%s #%llu %s", listed++ ? "," : "", (unsigned long long)frame->number,
                    text_string(&summary.title));
    }
    text_put(&note, alone > listed ? " ..." : "");
    dissection_free(&d);
    summary_free(&summary);
    bool good = alone == 0 || tell_note(w, &note, err);
    text_free(&note);
    return good;
}

/* --- the end ---------------------------------------------------------------------------- */

/* Then nothing can be said of the rest. */
static bool is_full(const struct work *w)
{
    return w->full[0] || w->full[1];
}

static void put_end(struct text *out, const struct work *w, size_t pairs, size_t a, size_t b)
{
    if (!a && !b)
        text_put(out, "Both captures are empty.");
    else if (!pairs)
        text_format(out,
                    "Nothing in common: none of A's %zu packets has a counterpart among B's %zu.",
                    a, b);
    else if (!w->different)
        text_format(out, "%s%s: %zu pair%s compared.",
                    is_full(w)                              ? "No difference in what was compared"
                    : w->strict && (a > pairs || b > pairs) ? "No pair differs"
                                                            : "The same",
                    w->strict ? "" : " but for what must differ", pairs, pairs == 1 ? "" : "s");
    else
        text_format(out, "%s: %zu of %zu pair%s, in %zu field%s.",
                    w->strict ? "Different" : "Different in substance", w->different, pairs,
                    pairs == 1 ? "" : "s", w->fields, w->fields == 1 ? "" : "s");
    if (pairs && (a > pairs || b > pairs))
        text_format(out, " Set aside: %zu of A's packets, %zu of B's.", a - pairs, b - pairs);
}

static int tell_end(struct work *w, size_t pairs, struct err *err)
{
    size_t a = diff_count(w->sides[0]), b = diff_count(w->sides[1]);
    struct text told = TEXT_EMPTY;
    put_end(&told, w, pairs, a, b);
    struct event event = {.kind = EVENT_SUMMARY};
    event.summary = (struct summary_event){
        .text = text_string(&told),
        .partial = is_full(w),
        .states = {{"pairs", (unsigned)pairs},
                   {"same", (unsigned)w->same},
                   {"different", (unsigned)w->different},
                   {"fields", (unsigned)w->fields},
                   {"only_a", (unsigned)(a - pairs)},
                   {"only_b", (unsigned)(b - pairs)}},
    };
    bool good = sinks_event(&w->sinks, &event, err);
    text_free(&told);
    if (!good)
        return err->status;
    bool nothing = !pairs && (a || b), alone = w->strict && (a > pairs || b > pairs);
    if (w->different || nothing || alone)
        return STATUS_NO;
    if (!is_full(w))
        return STATUS_DONE;
    err_set(err, STATUS_SYSTEM,
            "not all was compared: %s more than there is room for; cut the captures into parts "
            "(editcap -c %d) or filter them (tshark -Y ... -w FILE)",
            w->full[0] && w->full[1] ? "both captures have"
            : w->full[0]             ? "A has"
                                     : "B has",
            DIFF_PACKETS_MOST);
    return err->status;
}

static int compare(struct work *w, struct err *err)
{
    size_t count = 0;
    struct diff_pair *pairs = diff_pair(w->sides[0], w->sides[1], &count);
    bool good = tell_start(w, err);
    for (size_t i = 0; i < count && good; i++)
        good = tell_pair(w, pairs[i], err);
    free(pairs);
    for (int side = 0; side < 2 && good; side++)
        good = tell_alone(w, side, count, err);
    return good ? tell_end(w, count, err) : err->status;
}

static int run(const struct line *line, struct err *err)
{
    struct work w = {0};
    bool good = read_line(&w, line, err);
    for (int i = 0; i < 2 && good; i++)
        good = (w.readers[i] = reader_open(w.paths[i], err)) != NULL;
    good = good && sinks_open(&w.sinks, line, false, false, err) && privilege_drop(err);
    for (int i = 0; i < 2 && good; i++)
        good = reader_start(w.readers[i], err) && keep_all(&w, i, err);
    int status = good ? compare(&w, err) : err->status;
    bool failed = status != STATUS_DONE && status != STATUS_NO;
    if (!sinks_end(&w.sinks, failed, err) && !failed)
        status = err->status;
    for (int i = 0; i < 2; i++) {
        if (w.readers[i])
            reader_close(w.readers[i]);
        diff_side_free(w.sides[i]);
    }
    differences_free(&w.differences);
    free(w.ignored);
    return status;
}

static const enum option options[] = {
    OPTION_STRICT, OPTION_IGNORE, OPTION_JSON,  OPTION_VERBOSE,
    OPTION_QUIET,  OPTION_COLOR,  OPTION_ASCII, OPTION_COUNT,
};

const struct command command_diff = {
    .name = "diff",
    .arguments = "A B",
    .summary = "two captures, field by field, each difference explained",
    .help =
        "Pairs the packets of two captures by conversation, direction and flags or type, then by\n"
        "their place in it (TCP's numbers, the length), then by order, and compares each pair "
        "from\n"
        "the internet layer up. What must differ (time, ids, initial sequence numbers, ports "
        "chosen\n"
        "by chance, the sums that follow) is told apart from what differs in substance. A "
        "sequence\n"
        "number is compared as counted from the first one of its end, which the handshake tells;\n"
        "without one the first number seen counts as +1. Packets without a counterpart are "
        "counted\n"
        "and set aside; with --strict they, and all differences, count. A sentence that explains\n"
        "what must differ is told once; with -v, beside each difference.\n\n"
        "Exit status: 0 the same, 1 different, 4 when no difference was found but not all was\n"
        "compared: there is room for the first 100,000 packets (or 128 MiB) of each capture.\n\n"
        "  loopcraft -S handshake 8080 -w mine.pcapng\n"
        "  loopcraft -S handshake 8080 --by kernel -w kernel.pcapng\n"
        "  loopcraft diff mine.pcapng kernel.pcapng\n"
        "  loopcraft diff A B --ignore ip.ttl,tcp.options\n",
    .options = options,
    .run = run,
};
