/* fields.c: every field that the tables know. */
#include "command.h"

#include "sinks.h"

#include <loopcraft/catalog.h>
#include <loopcraft/wire.h>

#include <string.h>
#include <strings.h>

/* Nobody knows it: the answer is no, and the names that come near. */
static int unknown(const struct catalog *catalog, const char *prefix, struct err *err)
{
    struct nearest nearest = nearest_to(prefix);
    struct text safe = TEXT_EMPTY, names = TEXT_EMPTY;
    catalog_nearest(catalog, &nearest);
    text_escape(&safe, (struct bytes){(const uint8_t *)prefix, strnlen(prefix, 60)});
    nearest_put(&names, &nearest);
    err_set(err, STATUS_NO, "%s: no field begins like that; %s%s", text_string(&safe),
            names.len ? "did you mean " : "`loopcraft fields` lists them all", text_string(&names));
    text_free(&safe);
    text_free(&names);
    return STATUS_NO;
}

static bool begins(const struct field_event *entry, const char *prefix)
{
    const char *name = catalog_name(entry);
    return strncasecmp(name ? name : entry->protocol, prefix, strlen(prefix)) == 0;
}

static int tell(const struct catalog *catalog, struct sinks *sinks, const char *prefix,
                struct err *err)
{
    size_t told = 0;
    for (size_t i = 0; i < catalog->count; i++) {
        struct event event = {.kind = EVENT_FIELD, .field = catalog->each[i]};
        if (!begins(&catalog->each[i], prefix))
            continue;
        told++;
        if (!sinks_event(sinks, &event, err))
            return err->status;
    }
    return told ? STATUS_DONE : unknown(catalog, prefix, err);
}

static int run(const struct line *line, struct err *err)
{
    struct sinks sinks = {0};
    struct catalog catalog;
    if (line->word_count > 1) {
        err_set(err, STATUS_USAGE, "one beginning of a name at a time: loopcraft fields tcp.flags");
        return STATUS_USAGE;
    }
    if (!privilege_drop(err) || !sinks_open(&sinks, line, false, false, err))
        return err->status;
    catalog_open(&catalog);
    int status = tell(&catalog, &sinks, line->word_count ? line->words[0] : "", err);
    if (!sinks_end(&sinks, status != STATUS_DONE, err) && status == STATUS_DONE)
        status = err->status;
    catalog_free(&catalog);
    return status;
}

static const enum option options[] = {OPTION_JSON, OPTION_COLOR, OPTION_ASCII, OPTION_COUNT};

const struct command command_fields = {
    .name = "fields",
    .arguments = "[PREFIX]",
    .summary = "every field the tables know: offset, width, RFC, meaning",
    .help =
        "Lists the fields by Wireshark's names, with the bit where each begins in its record, its "
        "width\nin bits, the RFC and section that defines it, and what it means.\n\n"
        "  loopcraft fields\n"
        "  loopcraft fields tcp.flags\n"
        "  loopcraft fields ip --json\n",
    .options = options,
    .run = run,
};
